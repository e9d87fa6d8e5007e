"""(terminal, seq) happens once, however often and through whichever server it comes; other content is refused and kept."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onecard.app.opening import Store
from onecard.ledger.verify import verify_ledger
from onecard.uses.model import Answer, Offline, Tap
from onecard.uses.plan import SeqReused, anonymous_salt
from tests.database.town import Town, open_town

KEYS = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """One tap on its way: under which of a few keys, to which server, and in what form."""

    key: int
    server: int
    form: Literal["plain", "offline", "other"]


@dataclass(frozen=True, slots=True)
class Sent:
    """And what came back."""

    sending: Sending
    outcome: Answer | SeqReused | BaseException


_sendings = st.builds(
    Sending, key=st.integers(0, KEYS - 1), server=st.integers(0, 1), form=st.sampled_from(["plain", "plain", "offline", "other"])
)
_waves = st.lists(st.lists(_sendings, min_size=1, max_size=8), min_size=1, max_size=4)
_firsts = itertools.count(1, KEYS)


@pytest.fixture
async def towns(store: Store) -> AsyncIterator[list[Town]]:
    """Two servers on one store."""
    async with open_town(store) as here, open_town(store, build=False, server="there") as there:
        yield [here, there]


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(waves=_waves)
async def test_any_interleaving_gives_one_record_and_one_answer(towns: list[Town], waves: list[list[Sending]]) -> None:
    store = towns[0].store
    first_seq = next(_firsts)
    sent: list[Sent] = []
    for wave in waves:
        outcomes = await asyncio.gather(*(send(towns, sending, first_seq) for sending in wave), return_exceptions=True)
        sent += [Sent(sending, outcome) for sending, outcome in zip(wave, outcomes, strict=True)]
    for key in range(KEYS):
        await holds_once(store, [each for each in sent if each.sending.key == key], first_seq + key)
    async with store.database.acquire("audit_ro") as connection:
        checks = await verify_ledger(connection, anonymous_salt(store.keyring.hash_key))
    assert [check for check in checks if not check.ok] == []


async def send(towns: Sequence[Town], sending: Sending, first_seq: int) -> Answer | SeqReused:
    town = towns[sending.server]
    return await town.uses.tap(tap_of(town, sending, first_seq + sending.key))


def tap_of(town: Town, sending: Sending, seq: int) -> Tap:
    if sending.form == "other":
        return town.tap("elder", "BUS-1", seq)
    offline = Offline(outcome="accepted", paid_fen=200, hotlist=7) if sending.form == "offline" else None
    return town.tap("visitor", "BUS-1", seq, offline=offline)


async def holds_once(store: Store, sent: Sequence[Sent], seq: int) -> None:
    """Hold everything that was sent under one key against what should have become of it."""
    answered = [each for each in sent if isinstance(each.outcome, Answer)]
    reused = [each for each in sent if isinstance(each.outcome, SeqReused)]
    assert len(answered) + len(reused) == len(sent), [each.outcome for each in sent]
    assert {each.sending.form == "other" for each in answered}.isdisjoint({each.sending.form == "other" for each in reused})
    answers = [each.outcome for each in answered if isinstance(each.outcome, Answer)]
    assert len({(a.outcome, a.reason, a.paid_fen, a.payers, a.programme, a.version) for a in answers}) == bool(sent)
    assert [answer.duplicate for answer in answers].count(False) == bool(sent), "one of them is the first"
    async with store.database.acquire("audit_ro") as connection:
        counts = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM ledger_use WHERE seq = $1) AS uses,"
            " (SELECT count(*) FROM ledger_conflict WHERE seq = $1) AS conflicts,"
            " (SELECT count(*) FROM ledger_offline_answer WHERE seq = $1) AS late",
            seq,
        )
    assert counts is not None
    late = any(each.sending.form == "offline" and isinstance(each.outcome, Answer) and each.outcome.duplicate for each in answered)
    assert dict(counts) == {"uses": bool(sent), "conflicts": bool(reused), "late": late}
