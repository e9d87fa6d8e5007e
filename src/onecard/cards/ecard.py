"""The card on the phone follows the card in the hand: what bars the one bars the other's codes, but for FIELD §3.4. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from onecard.cards.model import CredentialReason, StateRow, state_reason, with_lapses
from onecard.values.error import OnecardError
from onecard.values.suites import SuiteName

__all__ = ["CODE_RULES", "CodeRules", "CodeRulesWrong", "HeldCard", "code_rules_from", "ecard_reason"]

_LOSSES: Final = frozenset({"temp_loss", "formal_loss"})
_SUITES: Final[tuple[SuiteName, ...]] = ("SM", "INTL")


class CodeRulesWrong(OnecardError):
    """The city's `codes.yaml` lacks a value or holds an impossible one."""

    code = "cards.code_rules_wrong"
    zh = "codes.yaml 的 {name} 不对：应为{accepted_zh}。"
    en = "{name} in codes.yaml is wrong: it should be {accepted_en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """How a city issues codes."""

    suite: SuiteName = "SM"
    consent_after: frozenset[str] = frozenset({"temp_loss"})  # The losses after which the holder may still allow codes.


CODE_RULES: Final = CodeRules()


@dataclass(slots=True)
class HeldCard:
    """One of a person's cards, as far as it matters to his codes."""

    valid_from: date
    valid_until: date | None
    states: list[StateRow] = field(default_factory=list)


def ecard_reason(
    own: Sequence[StateRow], cards: Sequence[HeldCard], at: datetime, rules: CodeRules = CODE_RULES
) -> CredentialReason | None:
    """Return why a person's codes open nothing at the instant *at*, or None where they are good.

    One good card is enough; without any, the newest says why. A locked PIN does not matter on a phone. Somebody known by
    codes alone has no cards, and nothing bars him. *own* is what was told of the codes themselves: `active` is the holder's
    consent, which outlives a loss told before it where *rules* allow that; any other state bars them.
    """
    own_reason = state_reason(with_lapses(sorted(own)), date.min, None, at)
    if own_reason is not None or not cards:
        return own_reason
    newest_first = sorted(cards, key=lambda card: card.valid_from, reverse=True)
    reasons = [_card_reason(card, own, at, rules) for card in newest_first]
    return None if None in reasons else reasons[0]


def code_rules_from(told: Mapping[str, Any]) -> CodeRules:
    """Return the rules that a city tells in `codes.yaml`; raises `CodeRulesWrong`."""
    if told.get("suite") not in _SUITES:
        raise CodeRulesWrong(name="suite", accepted_zh=" SM 或 INTL", accepted_en="SM or INTL")
    losses = told.get("consent_after")
    if not isinstance(losses, list) or not _LOSSES.issuperset(map(str, losses)):
        said_zh, said_en = "由 temp_loss、formal_loss 组成的列表", "a list of temp_loss, formal_loss"
        raise CodeRulesWrong(name="consent_after", accepted_zh=said_zh, accepted_en=said_en)
    unknown = sorted(told.keys() - {"suite", "consent_after"})
    if unknown:
        raise CodeRulesWrong(name=unknown[0], accepted_zh="已知的名称", accepted_en="a name that is known here")
    return CodeRules(suite=told["suite"], consent_after=frozenset(losses))


def _card_reason(card: HeldCard, own: Sequence[StateRow], at: datetime, rules: CodeRules) -> CredentialReason | None:
    timeline = with_lapses(sorted(card.states))
    reason = state_reason(timeline, card.valid_from, card.valid_until, at)
    if reason == "PIN_LOCKED":
        return None
    since, state = next(((since, state) for since, state in reversed(timeline) if since <= at), (None, "active"))
    if since is not None and state in rules.consent_after and _consented(own, since, at):
        return state_reason((), card.valid_from, card.valid_until, at)
    return reason


def _consented(own: Sequence[StateRow], since: datetime, at: datetime) -> bool:
    return any(row.state == "active" and since <= row.since <= at for row in own)
