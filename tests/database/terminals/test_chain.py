"""Two devices with one identity are found and named, whatever arrives when, and a card number is in no link that is kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from onecard.app.opening import Store
from onecard.db.pool import Connection
from onecard.terminals.alarm import alarms_of
from onecard.uses.link_check import check_links
from onecard.uses.model import Answer
from onecard.uses.plan import SeqReused
from tests.database.terminals.devices import Device
from tests.database.town import Town, open_town


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    async with open_town(store) as town:
        yield town


async def look(town: Town, most: int = 400) -> int:
    async with town.store.database.acquire("desk") as connection:
        return await check_links(connection, town.store.keyring.hash_key, town.moment[0], most)


async def alarms(town: Town) -> list[tuple[str, dict[str, Any]]]:
    async with town.store.database.acquire("desk") as connection:
        found = [(each.kind, dict(each.evidence)) for each in await alarms_of(connection, "BUS-1")]
    return sorted(found, key=lambda each: (each[0], str(each[1].get("door"))))


async def test_a_device_that_signs_what_it_does_raises_no_alarm(town: Town, connection: Connection) -> None:
    device = Device(b"a" * 48)
    assert await device.sign_in(town) == "bound"
    taps = [device.use(town, "elder", seq) for seq in (1, 2, 7)]
    await town.uses.record(taps, town.moment[0])
    await town.uses.tap(device.use(town, "visitor", 8))
    await town.uses.record(taps, town.moment[0])  # Their answers were lost.
    assert (await look(town), await look(town)) == (4, 0)
    assert await alarms(town) == []
    rows = await connection.fetch("SELECT seq, good, link, previous FROM ledger_link ORDER BY seq")
    assert [(row["seq"], row["good"]) for row in rows] == [(1, True), (2, True), (7, True), (8, True)]
    assert [row["previous"] for row in rows[1:]] == [row["link"] for row in rows[:-1]]  # As one chain, under another name.


async def test_a_tap_without_a_chain_leaves_no_link(town: Town, connection: Connection) -> None:
    await town.uses.tap(town.tap("elder", "BUS-1", 1))
    assert await connection.fetchval("SELECT count(*) FROM ledger_link") == 0


async def test_no_link_is_kept_by_which_a_card_number_could_be_found(town: Town, connection: Connection) -> None:
    tap = Device(b"a" * 48).use(town, "elder", 1)
    await town.uses.tap(tap)
    assert tap.chain is not None
    row = await connection.fetchrow("SELECT * FROM ledger_link")
    assert row is not None
    told = b"".join(value for value in row.values() if isinstance(value, bytes))
    for secret in (tap.chain.link, tap.chain.link[:16], tap.chain.signature, tap.chain.previous):
        assert secret not in told


async def test_a_copied_device_that_goes_on_by_other_numbers_is_a_fork(town: Town) -> None:
    device = Device(b"a" * 48)
    await device.sign_in(town)
    await town.uses.tap(device.use(town, "elder", 1))
    copy = device.copied()
    assert await copy.sign_in(town) == "bound"  # By its key nobody can tell.
    await town.uses.tap(device.use(town, "elder", 2))
    await town.uses.record([copy.use(town, "visitor", seq) for seq in (3, 4)], town.moment[0])
    await look(town)
    assert await alarms(town) == [("fork", {"key": device.key_id, "seqs": [2, 3]})]


async def test_a_copied_device_that_uses_the_same_numbers_is_a_clone_and_a_fork(town: Town) -> None:
    device = Device(b"a" * 48)
    await device.sign_in(town)
    copy = device.copied()
    assert isinstance(await town.uses.tap(device.use(town, "elder", 1)), Answer)
    again = copy.use(town, "visitor", 1)
    for _ in range(2):
        assert isinstance(await town.uses.tap(again), SeqReused)
    await look(town)
    assert await alarms(town) == [
        ("clone", {"door": "use", "seq": 1, "keys": [device.key_id]}),
        ("fork", {"key": device.key_id, "seqs": [1]}),
    ]


async def test_two_devices_that_use_one_number_are_both_named(town: Town) -> None:
    one, other = Device(b"a" * 48), Device(b"b" * 48)
    assert [await device.sign_in(town) for device in (one, other)] == ["bound", "other"]
    await town.uses.tap(one.use(town, "elder", 1))
    await town.uses.tap(other.use(town, "visitor", 1))
    await look(town)
    assert await alarms(town) == [
        ("clone", {"door": "sign-in", "bound": one.key_id, "shown": other.key_id}),
        ("clone", {"door": "use", "seq": 1, "keys": sorted([one.key_id, other.key_id])}),
    ]


async def test_a_signature_that_the_device_did_not_make_is_named_and_its_use_counts(town: Town) -> None:
    device = Device(b"a" * 48)
    await device.sign_in(town)
    tap = device.use(town, "elder", 1)
    assert tap.chain is not None
    forged = replace(tap.chain, signature=bytes(64))
    answer = await town.uses.tap(msgspec.structs.replace(tap, chain=forged))
    assert isinstance(answer, Answer)
    assert answer.outcome == "accepted"
    await look(town)
    assert await alarms(town) == [("signature", {"key": device.key_id, "seq": 1, "why": "wrong_signature"})]


async def test_what_a_device_signed_before_it_showed_its_key_is_named(town: Town, connection: Connection) -> None:
    device = Device(b"a" * 48)
    await town.uses.tap(device.use(town, "elder", 1))
    await look(town)
    assert await alarms(town) == [("signature", {"key": device.key_id, "seq": 1, "why": "unknown_key"})]
    assert await connection.fetchval("SELECT good FROM ledger_link") is False


async def test_forged_links_cannot_make_a_fork_of_a_device(town: Town) -> None:
    device = Device(b"a" * 48)
    await device.sign_in(town)
    false = Device(b"f" * 48)
    true_tap, false_tap = device.use(town, "elder", 1), false.use(town, "visitor", 2)
    assert false_tap.chain is not None
    lie = replace(false_tap.chain, key_id=device.key_id)
    await town.uses.record([true_tap, msgspec.structs.replace(false_tap, chain=lie)], town.moment[0])
    await look(town)
    assert [kind for kind, _ in await alarms(town)] == ["signature"]


async def test_of_two_that_look_at_once_one_looks(town: Town) -> None:
    device = Device(b"a" * 48)
    await device.sign_in(town)
    await town.uses.record([device.use(town, "elder", seq) for seq in range(1, 6)], town.moment[0])
    async with town.store.database.acquire("desk") as connection, connection.transaction():
        assert await check_links(connection, town.store.keyring.hash_key, town.moment[0], 2) == 2
        assert await look(town) == 0
    assert await look(town) == 3


async def test_a_device_whose_every_number_is_taken_fills_no_store(town: Town) -> None:
    await town.uses.record([town.tap("elder", "BUS-1", seq) for seq in range(1, 131)], town.moment[0])
    await town.uses.record([town.tap("visitor", "BUS-1", seq) for seq in range(1, 131)], town.moment[0])
    assert len(await alarms(town)) == 100


@pytest.mark.parametrize("role", ["lane", "desk", "batch", "audit_ro"])
async def test_no_role_may_change_or_delete_a_link(town: Town, role: Any) -> None:
    device = Device(b"a" * 48)
    await town.uses.tap(device.use(town, "elder", 1))
    for statement in ("UPDATE ledger_link SET sealed = ''", "UPDATE ledger_link SET key_id = key_id", "DELETE FROM ledger_link"):
        async with town.store.database.acquire(role) as connection:
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(statement)
