"""What a fact about a person may become: the names, levels and areas of the city's own lists, and nothing else. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from onecard.policy.facts import FACTS, vocabulary
from onecard.policy.model import CityLists
from onecard.values.error import OnecardError

__all__ = ["CorrectionRules", "CorrectionUnlisted"]


class CorrectionUnlisted(OnecardError):
    """A value of the right form that the city's lists do not hold: no rule would know it, or a region that is not the city's."""

    code = "residents.correction_unlisted"
    zh = "“{value}”不在本市的名单里，没有提交。此项可填：{accepted}。"
    en = "The city's lists do not hold '{value}'; nothing was prepared. Accepted here: {accepted}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRules:
    """A city's lists, as corrections are held to them."""

    lists: CityLists
    regions: Collection[str]  # The codes that the city's `regions.yaml` names; empty where it has none.

    def refuse_unlisted(self, fact: str, value: str) -> None:
        """Raise `CorrectionUnlisted` where *value*, of the form that *fact* has, is none that the city knows; a set name by name."""
        if fact in FACTS and FACTS[fact].type.base == "number":
            if int(value) > FACTS[fact].high:
                raise CorrectionUnlisted(field="value", value=value, accepted=f"0–{FACTS[fact].high}")
            return
        accepted = self._accepted(fact)
        for each in value.split(",") if value else ():
            if accepted is not None and each not in accepted:
                raise CorrectionUnlisted(field="value", value=each, accepted=" ".join(accepted) or "-")

    def areas(self) -> list[str]:
        """Return the codes of the city's own areas, in order."""
        city = self.lists.region
        return sorted(code for code in self.regions if code.startswith(city[:4]) and not code.endswith("00"))

    def _accepted(self, fact: str) -> Collection[str] | None:
        """Return the names that *fact* takes, None where any of its form is good."""
        if fact == "registered_region":
            return self.areas() if self.regions else None
        if fact == "blocked":
            return sorted(self.lists.gated)
        if fact in FACTS and FACTS[fact].type.vocabulary:
            return vocabulary(FACTS[fact].type, self.lists)
        return None
