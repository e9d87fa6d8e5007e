"""Terminal programs, servers and PostgreSQL are killed at random moments under load, and lines fail: nothing told to anybody is lost.

ONECARD_TORTURE_GATE_KILLS says how many servers and programs (16; for each five of them PostgreSQL once more),
ONECARD_TORTURE_SEED which plan, ONECARD_TORTURE_PROOF the page to write into.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.torture.proof import table_of, write_proof
from tests.torture.reckoning import reckon, verified
from tests.torture.reckoning_gates import reckon_gates
from tests.torture.storm import KILLS, SEED, Storm, rage, running, town

SECONDS_A_KILL_MAX = 15


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, unlike pytest's."""
    made = Path(tempfile.mkdtemp(prefix="onecard-torture-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)  # Where a test failed, PostgreSQL may still be on its way out.


@pytest.mark.torture
@pytest.mark.timeout(180 + SECONDS_A_KILL_MAX * KILLS)
async def test_no_kill_of_server_or_terminal_loses_or_repeats_a_tap_or_forks_a_chain(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = Storm(home := folder / ".onecard", await town(home))
    async with running(storm):
        await rage(storm)
    problems = [
        *await reckon(home, storm.tally, beside={gate.terminal for gate in storm.gates}),
        *await reckon_gates(home, storm.gates, storm.gate_tally),
    ]
    checks = verified(home)["checks"]
    table = told(storm, problems, checks)
    with capsys.disabled():
        print("\n" + table)
    assert problems == []
    assert [check for check in checks if not check["ok"]] == []
    assert storm.gate_tally.online > 0 and storm.gate_tally.alone_accepted > 0 and storm.gate_tally.upload.get("agreed", 0) > 0
    if "ONECARD_TORTURE_PROOF" in os.environ:
        write_proof(Path(os.environ["ONECARD_TORTURE_PROOF"]), table, "gates")


def told(storm: Storm, problems: Sequence[str], checks: Sequence[dict[str, Any]]) -> str:
    """Return what a run counted as a table."""
    rows = [
        *storm.tally.rows(), *storm.gate_tally.rows(), ("lost, repeated, changed, forked or beyond a limit", len(problems)),
        *((f"verify: {check['name']}, examined", check["examined"]) for check in checks),
    ]  # fmt: skip
    kills = sum(storm.tally.kills.values())
    return table_of(f"{kills} kills, terminal programs among them, seed {SEED}, {datetime.now(UTC):%Y-%m-%d}", rows)
