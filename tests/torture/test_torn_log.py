"""A terminal's log after the power went: what was answered was synced before, and is whole whatever became of the sectors after it.

`kill -9` ends a process and loses nothing that it handed to the kernel. Here the kernel dies too: of what was written and not
yet synced each sector of 512 bytes is as it was, as it should be, zeros or garbage, whichever.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.device.log import Remembered, open_log
from onecard.terminals.chain import CHAIN_START, canonical_content, link_of

SECTOR = 512
PADDED = 4096  # SQLite fills a commit up to here and syncs; what it wrote beyond repeats the commit, and may be lost.
USES = 20
ACCEPTED = {"outcome": "accepted", "reason": "OK_FREE", "paid": 0}
OFFLINE = {"outcome": "accepted", "paid": 0, "hotlist": 3}
ROOT = Path(__file__).parents[2]


def use(seq: int) -> dict[str, object]:
    credential = {"kind": "card", "value": "B00000019"}
    at = "2024-10-31T12:00:00.000+08:00"
    return {"terminal": "T-1", "seq": seq, "credential": credential, "service": "ride", "list_price": 200, "occurred_at": at}


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of a log as the files stood after each of its uses was answered; the last is also there checkpointed."""
    folder = tmp_path_factory.mktemp("moments")
    log = open_log(folder / "log.sqlite")
    copies = []
    for number in range(USES):
        log.decide(1, use, ACCEPTED, OFFLINE, Remembered(at_ms=number))
        copies.append(_copied(folder, folder / f"after-{number + 1}"))
    log._connection.execute("PRAGMA wal_checkpoint(FULL)")
    copies.append(_copied(folder, folder / "checkpointed"))
    log.close()
    return copies


def whole_uses(folder: Path) -> int:
    """Open the log in *folder*, hold it to its promises, and return how many uses are in it."""
    log = open_log(folder / "log.sqlite")
    previous = CHAIN_START
    waiting = log.waiting(10 * USES)
    for each in waiting:
        told = msgspec.json.decode(each.body)
        assert told["chain"]["previous"] == previous.hex()
        previous = link_of(previous, canonical_content(each.content))
    assert [each.seq for each in waiting] == list(range(1, len(waiting) + 1))
    assert log.write(1, 0, use).seq == len(waiting) + 1
    log.close()
    return len(waiting)


@given(synced=st.integers(1, USES - 1), later=st.integers(1, 6), seed=st.integers(0, 10_000))
@settings(max_examples=60)
def test_power_lost_while_uses_are_written_loses_none_that_was_synced(moments, tmp_path_factory, synced, later, seed):
    folder = tmp_path_factory.mktemp("torn")
    before, after = moments[synced - 1], moments[min(synced + later, USES) - 1]
    _copied(before, folder)
    _torn(before / "log.sqlite-wal", after / "log.sqlite-wal", folder / "log.sqlite-wal", Random(seed))
    assert synced <= whole_uses(folder) <= synced + later


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_power_lost_in_the_middle_of_a_checkpoint_loses_nothing(moments, tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("torn")
    before, after = moments[USES - 1], moments[USES]
    _copied(before, folder)  # The write-ahead log is synced before a checkpoint begins, and kept until the other file is.
    _torn(before / "log.sqlite", after / "log.sqlite", folder / "log.sqlite", Random(seed))
    assert whole_uses(folder) == USES


def test_a_log_syncs_every_commit(tmp_path):
    log = open_log(tmp_path / "log.sqlite")
    asked = [log._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    log.close()
    assert asked == ["wal", 2]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_kernel_was_told_to_sync_before_anything_is_said(tmp_path):
    program = (
        "import sys; from pathlib import Path; from tests.torture.test_torn_log import *\n"
        "log = open_log(Path(sys.argv[1]))\n"
        "for _ in range(5): log.decide(1, use, ACCEPTED, OFFLINE, Remembered(at_ms=1)); sys.stdout.write('said\\n'); sys.stdout.flush()\n"
    )
    traced = ["strace", "-y", "-o", str(tmp_path / "calls"), "-e", "trace=pwrite64,write,fsync,fdatasync"]
    ran = subprocess.run(
        [*traced, sys.executable, "-c", program, str(tmp_path / "log.sqlite")],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "ptrace" in ran.stderr.lower():
        pytest.skip("this machine allows no tracing")
    assert ran.returncode == 0, ran.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8", errors="replace").splitlines()
    assert sum('"said\\n"' in call for call in calls) == 5
    synced = False
    for call in calls:
        if re.match(r"f(data)?sync\(.*-wal>\)\s+= 0", call):
            synced = True
        elif '"said\\n"' in call:
            assert synced
            synced = False  # The next answer needs a sync of its own.


def test_a_log_that_does_not_sync_would_be_caught(moments, tmp_path):
    """The tear is real: with nothing synced, uses are lost."""
    _copied(moments[0], tmp_path)
    _torn(moments[0] / "log.sqlite-wal", moments[USES - 1] / "log.sqlite-wal", tmp_path / "log.sqlite-wal", Random(1))
    with sqlite3.connect(tmp_path / "log.sqlite") as connection:
        (left,) = connection.execute("SELECT count(*) FROM tap").fetchone()
    connection.close()
    assert left < USES


def _torn(old: Path, new: Path, made: Path, random: Random) -> None:
    """Write to *made* what power loss may leave of the way from *old*, synced to its last whole `PADDED`, to *new*."""
    was, should = old.read_bytes(), new.read_bytes()
    synced = len(was) // PADDED * PADDED
    was += bytes(max(0, len(should) - len(was)))
    kinds: list[Callable[[int], bytes]] = [
        lambda at: was[at : at + SECTOR],
        lambda at: should[at : at + SECTOR],
        lambda _: bytes(SECTOR),
        lambda _: random.randbytes(SECTOR),
    ]
    out = bytearray(should)
    for at in range(0, len(should), SECTOR):
        if at >= synced or was[at : at + SECTOR] != should[at : at + SECTOR]:
            out[at : at + SECTOR] = random.choices(kinds, weights=[20, 70, 5, 5])[0](at)[: len(should[at : at + SECTOR])]
    made.write_bytes(out)


def _copied(folder: Path, to: Path) -> Path:
    """Copy the two files of a log; what SQLite keeps in shared memory is gone with the machine."""
    to.mkdir(exist_ok=True)
    for name in ("log.sqlite", "log.sqlite-wal"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, to / name)
    return to
