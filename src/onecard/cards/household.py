"""Take the household register's daily file: newborns are registered, the dead lose their cards, who moved is registered elsewhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from onecard.cards import making_store, store
from onecard.cards.application import NEXT
from onecard.cards.applying import applications_of, move_application
from onecard.cards.desk import DeskTools, Order, card_by_key
from onecard.cards.errors import MovedMeanwhile
from onecard.cards.householdfile import HouseholdEvent, read_household_file
from onecard.cards.issuing import retire_card
from onecard.cards.making_store import TakenFile
from onecard.cards.model import Change
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import FactExists, add_facts, find_by_number, known_facts, register_people
from onecard.values.error import OnecardError
from onecard.values.sealed_file import sm3

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["FeedRepeated", "FeedTaken", "take_household_file"]

_SUBJECT_BITS: Final = 52


class FeedRepeated(OnecardError):
    """That day was taken already, from other bytes."""

    code = "cards.feed_repeated"
    http_status = 409
    zh = "户籍文件 {feed} 已于 {day} 处理，这份内容不同，未作任何处理。请向公安部门核实，更正另发新文件。"
    en = "Household file {feed} was taken on {day}; nothing of this one, which differs, was taken. Ask for a correction under a new name."


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTaken:
    """What a day of the register came to."""

    feed: str
    duplicate: bool
    taken: Mapping[str, int]  # By event; of a duplicate all together, under `events`.
    strange: tuple[int, ...] = ()  # Rows about people we do not know, or about what we know otherwise: a clerk looks at them.
    cards: int = 0  # Cancelled.
    changes: tuple[Change, ...] = ()


async def take_household_file(connection: "Connection", tools: DeskTools, content: bytes, at: datetime) -> FeedTaken:
    """Take a daily file in the transaction of *connection*, whole or not at all; the same bytes again change nothing.

    Raises `FileProblem` with row and byte, `FeedRepeated`.
    """
    file = read_household_file(content)
    digest = sm3(content)
    before = await making_store.find_feed(connection, file.feed)
    if before is not None:
        return _taken_before(file.feed, digest, before)
    taken: Counter[str] = Counter()
    strange: list[int] = []
    changes: list[Change] = []
    for row, event in enumerate(file.events, 2):
        told = await _take(connection, tools, event, at)
        if told is None:
            strange.append(row)
        else:
            taken[event.event] += 1
            changes += told
    counted = TakenFile(at, digest, taken.total(), len(strange))
    if not await making_store.add_feed(connection, file.feed, counted):
        raise MovedMeanwhile  # Another desk took it while we did; ours is undone with this transaction.
    return FeedTaken(
        feed=file.feed, duplicate=False, taken=dict(taken), strange=tuple(strange), cards=len(changes) // 2, changes=tuple(changes)
    )


def _taken_before(feed: str, digest: bytes, before: TakenFile) -> FeedTaken:
    if before.digest != digest:
        raise FeedRepeated(feed=feed, day=before.at.date())
    return FeedTaken(feed=feed, duplicate=True, taken={"events": before.first})


async def _take(connection: "Connection", tools: DeskTools, event: HouseholdEvent, at: datetime) -> list[Change] | None:
    """Return what an event means for terminals, None where it is strange."""
    subject = await find_by_number(connection, tools.keyring, event.ss_no)
    if event.event == "birth":
        if subject is None:
            await _register(connection, tools, event, at)
            return []
        return None
    if subject is None:
        return None
    fact, value = ("alive", False) if event.event == "death" else ("registered_region", event.region)
    if (await known_facts(connection, subject, event.day)).get(fact) != value:
        try:
            await add_facts(connection, subject, [DatedFact(fact=fact, since=event.day, value=value)], at)
        except FactExists:
            return None
    return await _end_cards(connection, tools, subject, at) if event.event == "death" else []


async def _end_cards(connection: "Connection", tools: DeskTools, subject: int, at: datetime) -> list[Change]:
    """Cancel everything of a person who died, and withdraw what he asked for."""
    order = Order(act="cancel", reason="死亡注销 deceased", at=at, channel="feed")
    changes: list[Change] = []
    asked = await applications_of(connection, subject)
    if asked and "cancelled" in NEXT[asked[0].state]:
        changes += (await move_application(connection, tools, subject, "cancelled", order)).changes
    for sealed in await store.cards_of(connection, subject):
        card = await card_by_key(connection, tools, sealed.number_key, at)
        changes += await retire_card(connection, card, order)
    return changes


async def _register(connection: "Connection", tools: DeskTools, event: HouseholdEvent, at: datetime) -> None:
    person = NewPerson(
        subject=(int.from_bytes(tools.chance(8)) >> (64 - _SUBJECT_BITS)) | 1, born=event.day, home_region=event.region,
        salt=tools.chance(16), identity=Identity(name=event.name, number=event.ss_no),
        facts=(DatedFact(fact="registered_region", since=event.day, value=event.region),),
    )  # fmt: skip
    await register_people(connection, tools.keyring, [person], at)
