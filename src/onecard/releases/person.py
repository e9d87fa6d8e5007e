"""One person while his uses are decided again: what is known of him, where his limits stand on either side, what came of it."""

from dataclasses import dataclass, field
from datetime import date

from onecard.releases.redeciding import Answer, Standing

__all__ = ["Person"]


@dataclass(slots=True)
class Person:
    """Where he stands and what funds bear of him, by the rules in force and by a draft."""

    born: date
    home_region: str
    facts: list[tuple[str, date, str]]
    old: Standing
    new: Standing
    funds: dict[str, list[int]] = field(default_factory=dict)
    better: int = 0  # Uses let in by the draft and not by the rules in force, less those the other way round.

    def add(self, before: Answer, after: Answer) -> None:
        """Add one use, as it comes out by either."""
        self.better += after.admitted - before.admitted
        for place, answer in enumerate((before, after)):
            for fund, fen in answer.payers:
                pair = self.funds.get(fund)
                if pair is None:
                    pair = self.funds[fund] = [0, 0]
                pair[place] += fen
