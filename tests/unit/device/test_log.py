"""The log: what was committed is there after a kill at any statement, numbers are given once, the chain has no gap."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.device import log as log_module
from onecard.device.errors import LogDamaged, LogUnwritable
from onecard.device.identity import DeviceKey
from onecard.device.log import Log, Remembered, open_log
from onecard.device.seen import EVERYBODY, Seen
from onecard.settings.suites import SUITES
from onecard.terminals.chain import CHAIN_START, Link, link_of, verify_link
from onecard.terminals.chain import canonical_content as canonical

ACCEPTED = {"outcome": "accepted", "reason": "OK_FREE", "paid": 0, "list_price": 200}
OFFLINE = {"outcome": "accepted", "paid": 0, "hotlist": 3}
WHEN = Remembered(at_ms=1_730_000_000_000)


def use(seq: int) -> dict[str, object]:
    credential = {"kind": "card", "value": "B00000019"}
    at = "2024-10-31T12:00:00.000+08:00"
    return {"terminal": "T-1", "seq": seq, "credential": credential, "service": "ride", "list_price": 200, "occurred_at": at}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


def rows(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT seq, state, content, chain FROM tap ORDER BY rowid").fetchall()
    connection.close()
    return found


def assert_chain_is_whole(path: Path, key: DeviceKey) -> None:
    """Every use stands on the link of the one before it, and is signed by the device."""
    previous = CHAIN_START
    for _, _, content, chain in rows(path):
        told = msgspec.json.decode(chain)
        link = link_of(previous, canonical(msgspec.json.decode(content)))
        assert (told["previous"], told["key_id"]) == (previous.hex(), key.key_id)
        signature = msgspec.json.decode(f'"{told["signature"]}"', type=bytes)
        assert verify_link(Link(previous=previous, link=link, signature=signature, key_id=key.key_id), SUITES["INTL"].verifier(key.public))
        previous = link


def test_a_log_is_closed_to_everyone_else(path: Path):
    open_log(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_numbers_count_up_from_what_the_server_told(path: Path):
    log = open_log(path)
    assert [log.write(41, 0, use).seq, log.write(1, 0, use).seq, log.write(100, 0, use).seq, log.write(1, 0, use).seq] == [41, 42, 100, 101]
    log.close()
    again = open_log(path)
    assert again.write(1, 0, use).seq == 102
    again.close()
    assert_chain_is_whole(path, again.key)


def test_the_device_keeps_its_key(path: Path):
    first = open_log(path)
    first.close()
    again = open_log(path)
    assert again.key.key_id == first.key.key_id
    again.close()


def test_what_nobody_was_told_an_answer_to_waits_as_turned_away(path: Path):
    log = open_log(path)
    log.write(1, 0, use)
    log.close()
    again = open_log(path)
    (waiting,) = again.waiting(10)
    assert waiting.offline == {"outcome": "refused", "paid": 0}
    assert msgspec.json.decode(waiting.body)["chain"]["previous"] == CHAIN_START.hex()
    again.close()


def test_what_waits_is_never_forgotten(path: Path):
    log = open_log(path)
    log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
    log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
    log.take_answers([(1, {"upload": "agreed"})])
    log.forget(WHEN.at_ms + 1)
    assert (log.counts(), log.waiting_count()) == ({"waiting": 1}, 1)
    log.close()


def test_a_number_that_is_anothers_is_given_up_and_the_use_is_kept(path: Path):
    log = open_log(path)
    log.decide(7, use, ACCEPTED, OFFLINE, WHEN)
    (waiting,) = log.waiting(10)
    assert log.renumber(waiting, {"upload": "invalid"}, 50, WHEN.at_ms) == 50
    (moved,) = log.waiting(10)
    assert (moved.seq, moved.content["seq"], moved.offline, moved.answer) == (50, 50, OFFLINE, ACCEPTED)
    assert log.counts() == {"void": 1, "waiting": 1}
    log.close()
    assert_chain_is_whole(path, log.key)


def test_what_the_server_lost_is_sent_again_as_it_was_shown(path: Path):
    log = open_log(path)
    log.settle(log.write(1, 0, use).seq, ACCEPTED, WHEN)
    log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
    log.take_answers([(2, {"upload": "agreed"})])
    assert log.wait_again(1, 9) == 2
    assert [(each.seq, each.offline["outcome"], each.offline["paid"]) for each in log.waiting(9)] == [
        (1, "accepted", 0),
        (2, "accepted", 0),
    ]
    log.close()


def test_a_late_answer_changes_nothing_that_was_shown(path: Path):
    log = open_log(path)
    log.stand_alone(log.write(1, 0, use).seq, ACCEPTED, OFFLINE, WHEN)
    log.keep_late(1, {"outcome": "refused"})
    (waiting,) = log.waiting(1)
    assert (waiting.answer, waiting.offline) == (ACCEPTED, OFFLINE)
    log.close()


def test_a_full_disk_is_said_and_leaves_no_trace(path: Path):
    log = open_log(path)
    log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
    (pages,) = log._connection.execute("PRAGMA page_count").fetchone()
    log._connection.execute(f"PRAGMA max_page_count = {pages}")
    served = 1
    with pytest.raises(LogUnwritable) as said:
        for _ in range(1000):
            log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
            served += 1
    assert "full" in said.value.said_en
    log.close()
    again = open_log(path)
    assert again.waiting_count() == served
    again.close()


@pytest.mark.parametrize("at", [0, 100, 4096])
def test_a_damaged_log_is_refused_and_not_begun_anew(path: Path, at: int):
    log = open_log(path)
    for _ in range(100):
        log.decide(1, use, ACCEPTED, OFFLINE, WHEN)
    log.close()
    content = bytearray(path.read_bytes())
    content[at : at + 3000] = b"\xff" * 3000
    path.write_bytes(content)
    with pytest.raises(LogDamaged):
        open_log(path).close()
    assert path.read_bytes() == content


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A connection that dies before its nth statement: nothing it does afterwards happens."""

    def __init__(self, connection: sqlite3.Connection, statements: int) -> None:
        self._connection = connection
        self._left = statements

    @property
    def in_transaction(self) -> bool:
        return self._left > 0 and self._connection.in_transaction

    def execute(self, *arguments):
        self._left -= 1
        if self._left < 0:
            raise Killed
        return self._connection.execute(*arguments)


DEEDS = ("ask", "answer", "decide", "alone", "send", "renumber", "recover", "void")


def act(log: Log, deed: str, shown: dict[int, str]) -> None:
    """Do one thing as the program does; what it would show is in *shown* once the call has returned."""
    match deed:
        case "ask":
            log.write(1, 0, use)
        case "answer":
            seq = log.write(1, 0, use).seq
            log.settle(seq, ACCEPTED, Remembered(at_ms=1, seen=[(b"a" * 16, Seen(uses=seq))]))
            shown[seq] = "accepted"
        case "alone":
            seq = log.write(1, 0, use).seq
            log.stand_alone(seq, ACCEPTED, OFFLINE, WHEN)
            shown[seq] = "accepted"
        case "decide":
            shown[log.decide(1, use, ACCEPTED, OFFLINE, Remembered(at_ms=1, seen=[(EVERYBODY, Seen(uses=9))], code=b"c" * 32)).seq] = (
                "accepted"
            )
        case "send":
            log.take_answers([(each.seq, {"upload": "agreed"}) for each in log.waiting(3)])
        case "renumber":
            for each in log.waiting(1):
                moved = log.renumber(each, {"upload": "invalid"}, 1, 1)
                if each.seq in shown:
                    shown[moved] = shown.pop(each.seq)
        case "void":
            log.void(log.write(1, 0, use).seq, {})
        case "recover":
            log.recover()


@given(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=12), st.integers(0, 90))
@settings(max_examples=50, deadline=None)
def test_a_kill_at_any_statement_loses_nothing_that_was_shown(tmp_path_factory, deeds, statements):
    path = tmp_path_factory.mktemp("killed") / "log.sqlite"
    log = open_log(path)
    shown: dict[int, str] = {}
    connection = log._connection
    log._connection = Dying(connection, statements)  # type: ignore[assignment]
    with suppress(Killed):
        for deed in deeds:
            act(log, deed, shown)
    connection.close()
    after = open_log(path)
    kept = {seq: state for seq, state, *_ in rows(path)}
    assert {seq for seq in shown if kept.get(seq) not in ("answered", "waiting", "sent")} <= _given_up(path)
    assert after.write(1, 0, use).seq == max(kept, default=0) + 1
    after.close()
    assert_chain_is_whole(path, after.key)


def _given_up(path: Path) -> set[int]:
    """Numbers that are void because their use has another: a kill between the two shows neither, or both."""
    content = [(seq, state, msgspec.json.decode(told)) for seq, state, told, _ in rows(path)]
    moved = [seq for seq, state, _ in content if state in ("waiting", "sent")]
    return {seq for seq, state, _ in content if state == "void" and any(later > seq for later in moved)}


def test_a_log_of_another_form_is_left_alone(path: Path):
    open_log(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {log_module.LOG_FORM + 1}")
    connection.close()
    with pytest.raises(LogDamaged):
        open_log(path)
