"""The bodies that staff send and the answers they get, as types: closed, with every bound. OpenAPI is written from them."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from onecard.web.answers import Words

__all__ = [
    "ApprovalAnswer", "ApprovalSummary", "ApprovalsAnswer", "CancelBody", "CardAnswer", "CorrectionBody", "DecisionBody", "FullIdAnswer",
    "FullIdBody", "LossBody", "PasswordBody", "ReleaseBody", "ResidentAnswer", "ResidentsAnswer", "ScopeAnswer", "SearchAnswer",
    "SearchBody", "SessionAnswer", "SessionBody",
]  # fmt: skip

_NO_NUMBER: Final = r"^(?!.*[0-9]{17}[0-9Xx])"  # Nothing of the form of a person number: a reason is kept for ever.
_WORDS: Final = _NO_NUMBER + r"[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"  # No control characters, and not blanks alone.

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_WORDS, description="Why; no personal data.")]
Half = Literal["social", "bank"]


class SessionBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who wants to sign in."""

    user: Name
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    totp: Annotated[str, msgspec.Meta(min_length=6, max_length=6, description="The one-time code of this moment; good once.")]
    as_person: Annotated[str, msgspec.Meta(max_length=64, description="In whose place, by delegation.")] = msgspec.field(
        name="as", default=""
    )


class PasswordBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One's own password, anew."""

    old: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    new: Annotated[str, msgspec.Meta(min_length=12, max_length=256)]


class LossBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A card is lost."""

    kind: Literal["temp", "formal"]
    reason: Reason
    function: Half = "social"


class ReleaseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A lost card was found."""

    reason: Reason
    function: Half = "social"


class CancelBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A card shall end for good."""

    reason: Reason


class FullIdBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why somebody must see a whole number; with the approval, once a second person was asked."""

    purpose: Reason
    approval: Annotated[str, msgspec.Meta(max_length=36)] | None = None


class SearchBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is known of somebody: one thing, and what narrows it down."""

    by: Literal["id", "card", "chip", "name", "initials", "phone", "card-end"]
    text: Annotated[str, msgspec.Meta(min_length=2, max_length=64, description="Of a phone or a card at least the last four digits.")]
    region: Annotated[str, msgspec.Meta(pattern="^([1-9][0-9]{5}([0-9]{3}){0,2})?$", description="Belongs inside it.")] = ""
    born_year: Annotated[int, msgspec.Meta(ge=0, le=2100, description="0: whenever.")] = 0
    purpose: Annotated[str, msgspec.Meta(max_length=200, pattern=_NO_NUMBER + r"[^\x00-\x1f\x7f]*$", description="Why.")] = ""


class CorrectionBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A dated fact about a person that shall be told anew."""

    fact: Name
    since: date
    value: Annotated[str, msgspec.Meta(max_length=400)]
    reason: Reason


class DecisionBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the second person says, of exactly what."""

    decision: Literal["approve", "refuse"]
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    reason: Annotated[str, msgspec.Meta(max_length=200, pattern=_NO_NUMBER + r"[^\x00-\x1f\x7f]*$")] = ""


class ScopeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where a right holds; `*` is every one."""

    region: str | None
    scenes: list[str]
    programmes: list[str]


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in; more keys may follow."""

    user: str
    name: str
    role: str | None
    scope: ScopeAnswer | None
    roles: list[dict[str, Any]]
    acts_for: Annotated[str | None, msgspec.Meta(description="In whose place he acts.")]
    csrf: Annotated[str, msgspec.Meta(description="What writes carry as X-CSRF-Token.")]
    expires_at: Annotated[datetime, msgspec.Meta(description="Where nothing is asked until then.")]
    until: Annotated[datetime, msgspec.Meta(description="At the latest.")]


class ApprovalSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a second person, or was decided, as a list tells it."""

    approval: str
    kind: Literal["policy-release", "loss-release", "card-cancel", "person-correction", "full-id", "payout-step", "recovery"]
    say: Words
    object: str
    digest: str
    state: Literal["waiting", "approved", "refused"]
    region: str
    scene: str
    programme: str
    reason: str
    prepared_at: datetime
    prepared_by: str
    prepared_as: str | None
    decision: dict[str, Any] | None


class ApprovalAnswer(ApprovalSummary, frozen=True, kw_only=True):
    """One of them, with all that it holds."""

    content: dict[str, Any]


class ApprovalsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One page, newest first."""

    approvals: list[ApprovalSummary]
    after: Annotated[str | None, msgspec.Meta(description="Where the next page begins; null: this was the last.")]


class CardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One card as it stands; its number masked. More keys may follow."""

    id: str
    card: str
    kind: str
    issue_region: str
    issued_on: date
    valid_until: date
    social: dict[str, Any]
    bank: dict[str, Any]
    resident: str
    region: str
    history: list[dict[str, Any]]
    changed: bool | msgspec.UnsetType = msgspec.UNSET


class ResidentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One person, masked."""

    resident: str
    region: str
    name: str | None
    number: str | None
    phone: str | None
    cards: list[dict[str, Any]]


class ResidentsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One page."""

    residents: list[ResidentAnswer]
    after: str | None


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever was found, masked, twenty at most."""

    residents: list[ResidentAnswer]
    more: Annotated[bool, msgspec.Meta(description="There are others: narrow it down.")]


class FullIdAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A person with name and number whole."""

    resident: str
    region: str
    name: str
    number: str
    phone: str | None
