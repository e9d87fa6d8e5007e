"""What staff send and are told about policies, as types: closed, with every bound. OpenAPI is written from them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from onecard.releases.drafting import DOCUMENT_BYTES_MAX, SIMULATION_BYTES_MAX
from onecard.web.answers import Words
from onecard.web.staff_bodies import Reason

__all__ = ["DraftBody", "PoliciesAnswer", "PolicyAnswer", "PolicyVersionAnswer", "ProposalsAnswer", "WaitingReleaseAnswer"]


class DraftBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A document that shall be released."""

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=DOCUMENT_BYTES_MAX, description="The YAML document itself.")]
    reason: Reason
    file: Annotated[
        str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$", description="What it is called; for findings alone.")
    ] = "document.yaml"
    simulation: Annotated[
        str, msgspec.Meta(max_length=SIMULATION_BYTES_MAX, description="What `onecard policy simulate --json` printed about it.")
    ] | None = None


class WaitingReleaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A release that waits for a second person."""

    approval: str
    kind: Literal["policy-release"]
    object: str
    digest: Annotated[str, msgspec.Meta(description="What the second person approves by.")]
    state: Literal["waiting"]
    programme: str
    version: int
    sha256: Annotated[str, msgspec.Meta(description="Of the document.")]
    simulation: Annotated[str | None, msgspec.Meta(description="SHA-256 of the simulation; null: none came with it.")]


class PoliciesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every programme that was ever released, by name."""

    policies: list[dict[str, Any]]


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One programme; its versions newest first, each with who released it, why, when, and by which simulation."""

    programme: str
    kind: str
    title: Words
    versions: int
    in_force: int | None
    ahead: list[int]
    history: list[dict[str, Any]]


class PolicyVersionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One version with its document, as it was released."""

    programme: str
    version: int
    state: Literal["ahead", "in_force", "past"]
    sha256: str
    released_at: datetime
    released: dict[str, Any] | None
    corrections: dict[str, Any] | None
    source: str


class ProposalsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what a version that reaches back would change, oldest use first. Nothing is paid or taken by it."""

    programme: str
    version: int
    last: date
    examined: int
    unknown: Annotated[int, msgspec.Meta(description="Uses that cannot be decided again: nobody kept what the version asks.")]
    missing: list[str]
    done: bool
    totals: dict[str, Any]
    proposals: list[dict[str, Any]]
    after: Annotated[str | None, msgspec.Meta(description="Where the next page begins; null: this was the last.")]
