"""What is in force, in memory: the rule book and the directory that lanes decide by."""

from onecard.db.change import change_number
from onecard.db.pool import Database
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import CityLists
from onecard.releases.service import load_rule_book
from onecard.terminals.model import Directory
from onecard.terminals.service import load_directory

__all__ = ["Masters"]


class Masters:
    """The rule book and the directory that lanes decide by; read anew when the store says that they changed."""

    def __init__(self, database: Database, lists: CityLists, rules: RuleBook, directory: Directory) -> None:
        self.rules = rules
        self.directory = directory
        self._database = database
        self._lists = lists
        self._past: dict[int, RuleBook] = {}

    @classmethod
    async def read(cls, database: Database, lists: CityLists) -> "Masters":
        """Read both for the first time."""
        rules, directory = await _read(database, lists)
        return cls(database, lists, rules, directory)

    async def reload(self) -> None:
        """Read both again, and let those who decide next use them."""
        self.rules, self.directory = await _read(self._database, self._lists)

    async def rules_at(self, number: int) -> RuleBook:
        """Return the rule book as it stood at *number*."""
        if number == self.rules.number:
            return self.rules
        found = self._past.get(number)
        if found is None:
            async with self._database.acquire("desk") as connection:
                found = self._past[number] = await load_rule_book(connection, self._lists, at=number)
        return found


async def _read(database: Database, lists: CityLists) -> tuple[RuleBook, Directory]:
    async with database.acquire("desk") as connection:
        version = await change_number(connection, "sites")  # Before the sites: read too early, it is only read again.
        rules = await load_rule_book(connection, lists)
        return rules, await load_directory(connection, version)
