"""Every question of the benches, asked at toy size: its figures mean nothing, but it runs, and all contenders answer alike."""

from importlib import import_module
from pathlib import Path

import pytest

from bench.all import QUESTIONS
from bench.order import TOY, Order
from bench.rounds import Row

PEERS = {
    ("tap.process", "pgbench-tpcb"), ("tap.process", "copy"), ("tap.http", "fastapi-asyncpg"), ("tap.http.p99", "fastapi-asyncpg"),
    ("tap.lone", "one-row-commit"), ("decide", "handwritten-python"), ("decide", "zen-engine"), ("decide", "cel"),
    ("decide.whole", "handwritten-python"), ("upload", "one-commit-per-use"), ("upload", "plain-server"), ("upload", "copy"),
    ("upload.tap.p99", "quiet"), ("upload.beside-taps", "one-commit-per-use"),
    ("hotlist.full", "plain-entries"), ("hotlist.full", "limit"), ("hotlist.delta", "plain-entries"), ("hotlist.delta", "limit"),
    ("hotlist.event.p99", "limit"), ("hotlist.tap.p99", "quiet"), ("hotlist.tap.longer", "limit"),
    ("simulate", "handwritten-sql"), ("simulate", "openfisca"), ("simulate", "python-row"), ("simulate.uses", "read"),
    ("fleet.sign_in", "in-a-minute"), ("fleet.heartbeat", "in-a-minute"),
    ("payout.roster", "copy"),
    ("payout.write", "sm3"), ("payout.parse", "sm3"), ("payout.match", "datacompy"), ("payout.match", "row-query"),
    ("console.page.p95", "limit"), ("console.find", "primary-key-read"),
}  # fmt: skip


async def asked(question: str, home: Path) -> list[Row]:
    order = Order(rounds=1, size=TOY, home=home, binaries=None, told=lambda done, total: None)
    rows: list[Row] = await import_module(f"bench.{question}.run").run(order)
    return rows


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_is_answered_beside_all_its_peers(question: str, tmp_path: Path) -> None:
    rows = await asked(question, tmp_path / "home")
    names = import_module(f"bench.{question}.run").ROWS
    assert {(row.name, row.peer) for row in rows} == {(name, peer) for name, peer in PEERS if name in names}
    assert all(row.value > 0 and row.peer_value > 0 and row.ratio > 0 and row.rounds == 1 for row in rows)
