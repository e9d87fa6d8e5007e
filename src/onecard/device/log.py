"""A terminal's log: every use under its number is on disk before anything is shown, signed and linked to the one before it.

SQLite with a write-ahead log and `synchronous = FULL`: a commit has returned only when it is on the disk. What a transaction
writes is there whole after a kill at any point, or not at all.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec

from onecard.db.statements import Statements, parse_statements
from onecard.device.errors import LogDamaged, LogUnwritable
from onecard.device.identity import DeviceKey
from onecard.device.seen import EVERYBODY, Seen, seen_from, seen_json
from onecard.terminals.chain import CHAIN_START, chain_told, linked

__all__ = ["Log", "Remembered", "Waiting", "Written", "open_log"]

LOG_FORM: Final = 1

_MISSED: Final = {"outcome": "refused", "reason": "TERMINAL_NOT_SIGNED", "paid": 0}
"""What stands for the answer to a use during which the program was killed: nothing was shown, so nobody was let in."""

_NO_SHARED_SECTOR: Final = "psow=0"
"""A commit fills its last sector, so that what power loss does to the next one's first sector cannot reach back (sqlite.org/psow.html)."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A use that is in the log."""

    seq: int
    content: dict[str, Any]
    chain: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        """What is sent of it while somebody waits for the answer."""
        return {**self.content, "chain": self.chain}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A use that was decided here and waits to be sent."""

    seq: int
    body: bytes  # JSON, `offline` and `chain` included.
    content: dict[str, Any]
    answer: dict[str, Any]
    offline: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is to be remembered together with an answer."""

    at_ms: int
    seen: Sequence[tuple[bytes, Seen]] = ()  # By alias.
    code: bytes | None = None


class Log:
    """The log of one terminal, open."""

    def __init__(self, connection: sqlite3.Connection, key: DeviceKey) -> None:
        self.key = key
        self._connection = connection
        self._sql = _statements()

    def meta(self, name: str) -> bytes | None:
        """Return what is known as *name*."""
        row = self._one(self._sql.meta, name)
        return None if row is None else bytes(row[0])

    def keep(self, **known: bytes) -> None:
        """Know each of *known* by its name. Raises `LogUnwritable`."""
        with self._writing():
            for name, value in known.items():
                self._run(self._sql.keep_meta, name, value)

    def write(self, least: int, at_ms: int, made: Callable[[int], dict[str, Any]]) -> Written:
        """Take the next number, at least *least*, and write the use that *made* makes of it, linked and signed. Raises `LogUnwritable`."""
        with self._writing():
            return self._write(least, at_ms, made)

    def settle(self, seq: int, answer: dict[str, Any], remembered: Remembered) -> None:
        """Write the server's *answer* to a use. Raises `LogUnwritable`."""
        with self._writing():
            self._settle(seq, "answered", answer, None, remembered)

    def decide(
        self, least: int, made: Callable[[int], dict[str, Any]], answer: dict[str, Any], offline: dict[str, Any], remembered: Remembered
    ) -> Written:
        """Write a use together with the *answer* of this terminal's own, and what the upload will say of it. Raises `LogUnwritable`."""
        with self._writing():
            written = self._write(least, remembered.at_ms, made)
            self._settle(written.seq, "waiting", answer, offline, remembered)
        return written

    def stand_alone(self, seq: int, answer: dict[str, Any], offline: dict[str, Any], remembered: Remembered) -> None:
        """Write this terminal's own *answer* to a use that the server was asked in vain. Raises `LogUnwritable`."""
        with self._writing():
            self._settle(seq, "waiting", answer, offline, remembered)

    def void(self, seq: int, answer: dict[str, Any]) -> None:
        """Write that a number came to nothing, and why. Raises `LogUnwritable`."""
        with self._writing():
            self._run(self._sql.settle_tap, seq, "void", _text(answer), None)

    def keep_late(self, seq: int, answer: dict[str, Any]) -> None:
        """Keep what the server answered after this terminal had. Raises `LogUnwritable`."""
        with self._writing():
            self._run(self._sql.add_late, seq, _text(answer))

    def waiting(self, most: int) -> list[Waiting]:
        """Return up to *most* uses that wait, in their order."""
        rows = self._connection.execute(self._sql.waiting, (most,)).fetchall()
        return [_waiting(*row) for row in rows]

    def waiting_count(self) -> int:
        """Return how many uses wait."""
        return int(self._one(self._sql.waiting_count)[0])

    def counts(self) -> dict[str, int]:
        """Return how many uses stand in each state."""
        return dict(self._connection.execute(self._sql.counts).fetchall())

    def take_answers(self, answers: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Write what the server said to uses that waited, by number: both answers stay. Raises `LogUnwritable`."""
        with self._writing():
            for seq, answer in answers:
                self._run(self._sql.uploaded, seq, "sent", answer["upload"], _text(answer))

    def renumber(self, waiting: Waiting, refused: dict[str, Any], least: int, at_ms: int) -> int:
        """Give a use that waits another number, because the server knows its own as another's. Raises `LogUnwritable`."""
        with self._writing():
            self._run(self._sql.uploaded, waiting.seq, "void", refused["upload"], _text(refused))
            written = self._write(least, at_ms, lambda seq: {**waiting.content, "seq": seq})
            self._run(self._sql.settle_tap, written.seq, "waiting", _text(waiting.answer), _text(waiting.offline))
        return written.seq

    def wait_again(self, first: int, last: int) -> int:
        """Let settled uses from *first* to *last*, of which the server has none, be sent once more; return how many."""
        with self._writing():
            rows = self._connection.execute(self._sql.lost_on_server, (first, last)).fetchall()
            for seq, answer in rows:
                told = _decode(answer)
                self._run(self._sql.wait_again, seq, _text({"outcome": told["outcome"], "paid": told["paid"]}))
        return len(rows)

    def seen(self, alias: bytes) -> Seen:
        """Return what is remembered of the card with that *alias*."""
        row = self._one(self._sql.seen, alias)
        return Seen() if row is None else seen_from(row[0])

    def everybody(self) -> Seen:
        """Return the counters of all persons together."""
        return self.seen(EVERYBODY)

    def code_seen(self, spends: bytes | None) -> bool:
        """Tell whether a code was answered here before."""
        return spends is not None and self._one(self._sql.code_seen, spends) is not None

    def recover(self) -> None:
        """After a start: what nobody was told an answer to waits to be sent as turned away. Raises `LogUnwritable`."""
        with self._writing():
            self._run(self._sql.turn_asked, _text(_MISSED), _text({"outcome": "refused", "paid": 0}))

    def forget(self, before_ms: int) -> None:
        """Let go what was settled before; never what waits. Raises `LogUnwritable`."""
        with self._writing():
            for statement in (self._sql.forget_taps, self._sql.forget_seen, self._sql.forget_codes):
                self._run(statement, before_ms)

    def close(self) -> None:
        """Close it; nothing is lost where this is never called."""
        self._connection.close()

    def _write(self, least: int, at_ms: int, made: Callable[[int], dict[str, Any]]) -> Written:
        seq = max(least, int(self.meta("next_seq") or b"1"))
        content = made(seq)
        link = linked(content, self.meta("head") or CHAIN_START, self.key.key_id, self.key.signer)
        chain = chain_told(link)
        self._run(self._sql.add_tap, seq, at_ms, _text(content), _text(chain))
        self._run(self._sql.keep_meta, "next_seq", str(seq + 1).encode())
        self._run(self._sql.keep_meta, "head", link.link)
        return Written(seq=seq, content=content, chain=chain)

    def _settle(self, seq: int, state: str, answer: dict[str, Any], offline: dict[str, Any] | None, remembered: Remembered) -> None:
        told = None if offline is None else _text(offline)
        changed = self._run(self._sql.settle_tap, seq, state, _text(answer), told).rowcount
        assert changed == 1, "a use is shown once"
        for alias, seen in remembered.seen:
            self._run(self._sql.keep_seen, alias, remembered.at_ms, seen_json(seen))
        if remembered.code is not None:
            self._run(self._sql.keep_code, remembered.code, remembered.at_ms)

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)

    def _one(self, sql: str, *values: object) -> Any:
        return self._connection.execute(sql, values).fetchone()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all of it is on disk when this returns, or none."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as mistake:
            raise LogUnwritable(why=mistake) from mistake


def open_log(path: Path) -> Log:
    """Open the log at *path*, new or as it was left, its device key with it. Raises `LogDamaged`, `LogUnwritable`."""
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{_NO_SHARED_SECTOR}", uri=True, isolation_level=None)
    except (OSError, sqlite3.Error) as mistake:
        raise LogUnwritable(why=mistake) from mistake
    try:
        _prepare(connection)
        key = _key(connection)
    except sqlite3.OperationalError as mistake:  # Full, read-only, unreadable: not the log's fault.
        connection.close()
        raise LogUnwritable(why=mistake) from mistake
    except (sqlite3.DatabaseError, _Damaged) as mistake:
        connection.close()
        raise LogDamaged(file=path, why=mistake) from mistake
    log = Log(connection, key)
    log.recover()
    return log


class _Damaged(Exception):
    """What SQLite itself found."""


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    if form == 0:
        schema = (resources.files(__package__ or "") / "log_schema.sql").read_text(encoding="utf-8")
        connection.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {LOG_FORM}; COMMIT")
    elif form != LOG_FORM:
        raise _Damaged(f"form {form}, this program knows {LOG_FORM}")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise _Damaged(found)


def _key(connection: sqlite3.Connection) -> DeviceKey:
    """Return the device's key; a device makes it itself, once, and it never leaves the log."""
    row = connection.execute(_statements().meta, ("key",)).fetchone()
    if row is not None:
        return DeviceKey.of(bytes(row[0]))
    key = DeviceKey.new()
    connection.execute(_statements().keep_meta, ("key", key.private))
    return key


@cache
def _statements() -> Statements:
    return parse_statements("device", (resources.files(__package__ or "") / "log.sql").read_text(encoding="utf-8"))


def _waiting(seq: int, content: str, chain: str, offline: str, answer: str) -> Waiting:
    told, said = _decode(content), _decode(offline)
    body = _encode({**told, "offline": said, "chain": _decode(chain)})
    return Waiting(seq=seq, body=body, content=told, answer=_decode(answer), offline=said)


def _text(content: Any) -> str:
    return _encode(content).decode()
