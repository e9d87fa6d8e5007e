"""Whatever arrives in whatever order, in part, twice, late, from one device or two: nothing is lost, and each finding is kept once."""

import itertools
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onecard.app.opening import Store
from onecard.db.pool import Connection
from onecard.ledger.verify import verify_ledger
from onecard.terminals.alarm import alarms_of, settle_alarms
from onecard.uses.link_check import check_links
from onecard.uses.model import Answer, Offline, Tap
from onecard.uses.plan import SeqReused, anonymous_salt
from tests.database.terminals.devices import Device
from tests.database.town import Town, open_town

EXAMPLES = int(os.environ.get("ONECARD_UPLOADS", "25"))
USES = 5  # Of each device.

_runs = itertools.count(1)


@dataclass(frozen=True)
class Play:
    """How a second device came to be, and what arrives when: numbers of uses, the first device's first."""

    copied_after: int  # Uses that the first had made when its disk was copied.
    own_key: bool  # The second device made itself another key.
    same_numbers: bool  # It goes on counting where the copy stood; else it was told the last number.
    days_late: tuple[int, ...]
    batches: tuple[tuple[int, ...], ...]
    looks: tuple[int, ...]  # How many links are looked at after each batch.


plays = st.builds(
    Play,
    copied_after=st.integers(0, USES),
    own_key=st.booleans(),
    same_numbers=st.booleans(),
    days_late=st.tuples(*[st.integers(0, 29)] * 2 * USES),
    batches=st.lists(st.lists(st.integers(0, 2 * USES - 1), min_size=1, max_size=6).map(tuple), min_size=1, max_size=6).map(tuple),
    looks=st.tuples(*[st.integers(0, 4)] * 6),
)


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    async with open_town(store) as town:
        yield town


@settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(play=plays)
async def test_uploads_lose_nothing_and_find_every_clone_and_fork_once(town: Town, connection: Connection, play: Play) -> None:
    run = next(_runs)
    taps = await logs(town, play, run)
    arrived: list[Tap] = []
    told: dict[tuple[int, bytes], Answer] = {}
    for batch, most in zip(play.batches, play.looks, strict=False):
        sent = [taps[number] for number in batch]
        for tap, outcome in zip(sent, await town.uses.record(sent, town.moment[0]), strict=True):
            hold(tap, outcome, arrived, told)
            arrived.append(tap)
        if most:
            await look(town, most)
    while await look(town, 3):
        pass
    await holds_what_came(connection, run, arrived)
    await named_what_happened(town, arrived)
    async with town.store.database.acquire("audit_ro") as auditor:
        checks = await verify_ledger(auditor, anonymous_salt(town.store.keyring.hash_key))
    assert [check for check in checks if not check.ok] == []


async def logs(town: Town, play: Play, run: int) -> list[Tap]:
    """Return what both devices wrote to their logs: uses of days ago, decided alone."""
    first = run * 100
    device = Device(run.to_bytes(48, "big"))
    async with town.store.database.acquire("desk") as connection:
        await settle_alarms(connection, device.terminal, town.moment[0], "the next play")
    await device.sign_in(town)
    copy = device.copied()
    taps = []
    for number in range(USES):
        if number == play.copied_after:
            copy = device.copied()
        taps.append(use(town, device, "elder", first + number, play.days_late[number]))
    if play.copied_after == USES:
        copy = device.copied()
    if play.own_key:
        copy = Device((run + 10**9).to_bytes(48, "big"))
        await copy.sign_in(town)
    start = first + (play.copied_after if play.same_numbers else USES)
    taps += [use(town, copy, "visitor", start + number, play.days_late[USES + number]) for number in range(USES)]
    async with town.store.database.acquire("desk") as connection:
        await settle_alarms(connection, device.terminal, town.moment[0], "signing in is another test's")
    return taps


def use(town: Town, device: Device, who: str, seq: int, days: int) -> Tap:
    at = town.moment[0] - timedelta(days=days, seconds=seq)
    return device.use(town, who, seq, occurred_at=at, offline=Offline(outcome="accepted", paid_fen=100))


def hold(tap: Tap, outcome: object, arrived: list[Tap], told: dict[tuple[int, bytes], Answer]) -> None:
    """The first content of a number is decided, once and for all; other content is refused."""
    owner = next((each for each in arrived if each.seq == tap.seq), tap)
    if owner.occurred_at != tap.occurred_at or owner.value != tap.value:
        assert isinstance(outcome, SeqReused)
        return
    assert isinstance(outcome, Answer)
    first = told.setdefault((tap.seq, tap.value.encode()), outcome)
    assert (outcome.outcome, outcome.paid_fen, outcome.payers) == (first.outcome, first.paid_fen, first.payers)
    assert outcome.duplicate == (tap in arrived)


async def look(town: Town, most: int) -> int:
    async with town.store.database.acquire("desk") as connection:
        return await check_links(connection, town.store.keyring.hash_key, town.moment[0], most)


async def holds_what_came(connection: Connection, run: int, arrived: list[Tap]) -> None:
    """Each number that came is on record, and each link that came is kept and known to be good."""
    seqs = range(run * 100, run * 100 + 100)
    uses = await connection.fetch("SELECT seq FROM ledger_use WHERE seq = ANY ($1::bigint[])", list(seqs))
    assert {row["seq"] for row in uses} == {tap.seq for tap in arrived}
    links = await connection.fetch("SELECT seq, good FROM ledger_link WHERE seq = ANY ($1::bigint[])", list(seqs))
    assert len(links) == len({(tap.seq, tap.chain.link) for tap in arrived if tap.chain})
    assert all(row["good"] for row in links)


async def named_what_happened(town: Town, arrived: list[Tap]) -> None:
    """Each number with two contents, and each link with two after it, is one alarm; nothing else is."""
    contents, followers = defaultdict(set), defaultdict(set)
    for tap in arrived:
        assert tap.chain is not None
        contents[tap.seq].add(tap.chain.link)
        followers[tap.chain.key_id, tap.chain.previous].add((tap.chain.link, tap.seq))
    clones = sorted(seq for seq, links in contents.items() if len(links) > 1)
    forks = sorted((key, sorted({seq for _, seq in links})) for (key, _), links in followers.items() if len(links) > 1)
    async with town.store.database.acquire("desk") as connection:
        found = [each for each in await alarms_of(connection, "BUS-1") if each.settled_at is None]
    assert sorted(each.evidence["seq"] for each in found if each.kind == "clone") == clones
    assert sorted((each.evidence["key"], each.evidence["seqs"]) for each in found if each.kind == "fork") == forks
    assert {each.kind for each in found} <= {"clone", "fork"}
