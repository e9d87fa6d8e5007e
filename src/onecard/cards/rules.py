"""How a city keeps its cards: days, years and letters out of `cities/<city>/cards.yaml`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from onecard.values.error import OnecardError

__all__ = ["CARD_RULES", "CardRules", "CardRulesWrong", "card_rules_from", "years_later"]

ENCODINGS: Final = ("GB18030", "UTF-8")

_BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "temp_loss_days": (1, 60),
        "renew_days_before": (0, 730),
        "valid_years": (1, 30),
        "temporary_days": (1, 183),  # Six months at most (FIELD §3.4).
        "batch_cards_max": (1, 20_000),
    }
)


class CardRulesWrong(OnecardError):
    """The city's `cards.yaml` lacks a value or holds an impossible one."""

    code = "cards.rules_wrong"
    zh = "cards.yaml 的 {name} 不对：应为{accepted_zh}。"
    en = "{name} in cards.yaml is wrong: it should be {accepted_en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRules:
    """One city's parameters; the defaults are Jiaxing's (FIELD §3.1, §3.4)."""

    temp_loss_days: int = 5
    formal_release: bool = True
    renew_days_before: int = 60
    valid_years: int = 10
    temporary_days: int = 60
    batch_cards_max: int = 5000
    bank: str = "B01"
    encoding: str = "GB18030"
    letters: Mapping[str, str] = field(default_factory=dict)
    letters_else: str = "KZ"

    @property
    def temp_loss_lasts(self) -> timedelta:
        """How long a loss told by phone or app holds."""
        return timedelta(days=self.temp_loss_days)

    def letters_of(self, region: str) -> str:
        """Return what card numbers issued in *region* begin with."""
        return self.letters.get(region, self.letters_else)

    def last_day(self, issued_on: date, *, temporary: bool) -> date:
        """Return the last day on which a card issued on *issued_on* is good."""
        return issued_on + timedelta(days=self.temporary_days - 1) if temporary else years_later(issued_on, self.valid_years)

    def renewable_from(self, valid_until: date) -> date:
        """Return the first day on which a sound card may be renewed."""
        return valid_until - timedelta(days=self.renew_days_before)


CARD_RULES: Final = CardRules()


def card_rules_from(told: Mapping[str, Any]) -> CardRules:
    """Return the rules that a city tells; raises `CardRulesWrong`."""
    for name, (least, most) in _BOUNDS.items():
        if type(told.get(name)) is not int or not least <= told[name] <= most:
            raise CardRulesWrong(name=name, accepted_zh=f" {least} 到 {most} 的整数", accepted_en=f"a whole number from {least} to {most}")
    if type(told.get("formal_release")) is not bool:
        raise CardRulesWrong(name="formal_release", accepted_zh=" true 或 false", accepted_en="true or false")
    if told.get("encoding") not in ENCODINGS:
        raise CardRulesWrong(name="encoding", accepted_zh=" GB18030 或 UTF-8", accepted_en="GB18030 or UTF-8")
    letters = told.get("letters")
    if not isinstance(letters, dict) or not all(_is_letters(text) for text in [*letters.values(), told.get("letters_else")]):
        raise CardRulesWrong(name="letters", accepted_zh="两个大写字母", accepted_en="two capital letters each")
    if not isinstance(told.get("bank"), str) or not 1 <= len(told["bank"]) <= 8:
        raise CardRulesWrong(name="bank", accepted_zh=" 1 到 8 个字符", accepted_en="1 to 8 characters")
    unknown = sorted(told.keys() - {each.name for each in fields(CardRules)})
    if unknown:
        raise CardRulesWrong(name=unknown[0], accepted_zh="已知的名称", accepted_en="a name that is known here")
    return CardRules(**{**told, "letters": MappingProxyType(dict(letters))})


def years_later(day: date, years: int) -> date:
    """Return the day before the same date *years* later: ten years from 2024-10-31 end on 2034-10-30."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # 29 February, and no 29th in that year
        return date(day.year + years, 2, 28)


def _is_letters(text: object) -> bool:
    return isinstance(text, str) and len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
