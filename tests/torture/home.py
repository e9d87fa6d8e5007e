"""The home that is tortured: the small town and some more elders, its clock on an autumn evening, nothing running."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from onecard.app.opening import Store, open_store
from onecard.cards.model import NewCard
from onecard.cards.service import register_cards
from onecard.people.model import DatedFact, NewPerson
from onecard.people.service import register_people
from onecard.settings.clock import write_clock
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from onecard.values.masked import CardNumber
from tests.database.town import LONG_AGO, NOON, open_town

__all__ = ["CARDS", "EVENING", "build_home", "settings_of"]

EVENING = NOON + timedelta(hours=7)
"""School grounds are open at this hour on any kind of day."""

_LOCALS, _VISITORS = 6, 6
CARDS = [f"C{number:08d}" for number in range(1, _LOCALS + _VISITORS + 1)]


def settings_of(folder: Path) -> Settings:
    """Return the settings of the home in *folder*."""
    return Settings(home=Home(folder=folder))


async def build_home(folder: Path, beside: Callable[[Store], Awaitable[None]] | None = None) -> None:
    """Build the home in *folder*, with what *beside* adds to it, and leave it stopped."""
    async with open_store(settings_of(folder)) as store, open_town(store):
        await _add_elders(store)
        write_clock(folder, EVENING + timedelta(minutes=10), datetime.now(UTC))
        if beside is not None:
            await beside(store)


async def _add_elders(store: Store) -> None:
    """Locals, who may eat and go to the school ground, and visitors of the delta; half of each are 70 or more."""
    people = [
        NewPerson(
            subject=100 + place, born=date(1950 if place % 2 else 1960, 3, 1), salt=bytes([place]) * 16,
            home_region="330481" if place <= _LOCALS else "341800",
            facts=(DatedFact(fact="registered_region", since=LONG_AGO, value="330481"),) if place <= _LOCALS else (),
        )
        for place in range(1, len(CARDS) + 1)
    ]  # fmt: skip
    cards = [
        NewCard(
            subject=person.subject, number=CardNumber(number), chip=CardNumber(f"{person.subject:032x}"),
            issue_region=person.home_region, issued_on=LONG_AGO, valid_until=date(2030, 1, 1),
        )
        for person, number in zip(people, CARDS, strict=True)
    ]  # fmt: skip
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOON)
        await register_cards(connection, store.keyring, cards)
