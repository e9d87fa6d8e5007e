"""A batch's moves against a real store: whatever a limit no longer allows fails the whole batch, and nothing of it stays."""

import itertools
import uuid
from datetime import date

import pytest

from onecard.app.opening import Store
from onecard.db.faults import Conflict
from onecard.ledger.model import Batch, CounterMove, ReversalRecord
from onecard.ledger.service import write
from tests.database.town import NOON

DAY = date(2024, 10, 31)
CAP = 5
_numbers = itertools.count(1)


def move(moved: int, *, owner: int | str = 1, cap: int | None = CAP, floor: int = 0, in_error: int = 0) -> CounterMove:
    return CounterMove(owner=owner, window_start=DAY, name="limit", within="", moved=moved, cap=cap, floor=floor, in_error=in_error)


async def made(store: Store, *moves: CounterMove) -> bool:
    """Write one batch that does nothing but move; tell whether it was let through."""
    number = next(_numbers)
    reversal = ReversalRecord(terminal="BUS-1", seq=number, subject=1, day=DAY, reason="test", limits="[]", salt=b"1" * 16)
    batch = Batch(
        batch=uuid.uuid4(), lane="test", number=number, received_at=NOON, book_day=DAY, uses=(), reversals=(reversal,),
        moves=moves, postings=(),
    )  # fmt: skip
    async with store.database.acquire("migrate") as connection:
        await connection.execute("ALTER TABLE ledger_reversal DROP CONSTRAINT IF EXISTS ledger_reversal_terminal_seq_fkey")  # Of no use.
        try:
            await write(connection, batch)
        except Conflict:
            return False
    return True


async def standing(store: Store, table: str = "ledger_accumulator") -> tuple[int, int, int] | None:
    async with store.database.acquire("audit_ro") as connection:
        row = await connection.fetchrow(f"SELECT used, cap, in_error FROM {table}")
    return tuple(row) if row else None


@pytest.mark.parametrize(("owner", "table"), [(1, "ledger_accumulator"), ("bus", "ledger_place")])
async def test_both_branches_of_a_limit_are_guarded(store: Store, owner: int | str, table: str) -> None:
    assert not await made(store, move(CAP + 1, owner=owner)), "the first insert may not pass the cap"
    assert await standing(store, table) is None
    assert await made(store, move(CAP, owner=owner))
    assert not await made(store, move(1, owner=owner)), "nor may an update"
    assert await standing(store, table) == (CAP, CAP, 0)


@pytest.mark.parametrize(("owner", "table"), [(1, "ledger_accumulator"), ("bus", "ledger_place")])
async def test_only_what_is_there_can_be_given_back(store: Store, owner: int | str, table: str) -> None:
    assert not await made(store, move(-1, owner=owner, cap=None, floor=1)), "nothing is there"
    assert await made(store, move(2, owner=owner))
    assert not await made(store, move(1, owner=owner, floor=3)), "three given back and four taken, where two are there"
    assert await made(store, move(1, owner=owner, floor=2))
    assert await made(store, move(-3, owner=owner, cap=None, floor=3))
    assert await standing(store, table) == (0, CAP, 0)


@pytest.mark.parametrize("owner", [1, "bus"])
async def test_one_move_beyond_its_limit_takes_the_whole_batch_back(store: Store, owner: int | str) -> None:
    good = CounterMove(owner=2, window_start=DAY, name="limit", within="", moved=1, cap=CAP)
    assert not await made(store, good, move(CAP + 1, owner=owner))
    assert await standing(store) is None
    async with store.database.acquire("audit_ro") as connection:
        assert await connection.fetchval("SELECT count(*) FROM ledger_leaf") == 0


@pytest.mark.parametrize(("moved", "cap", "floor"), [(2, CAP, 0), (0, CAP, 0), (-1, None, 1), (0, CAP, 3)])
async def test_what_is_in_error_is_added_whichever_way_the_counter_goes(store: Store, moved: int, cap: int | None, floor: int) -> None:
    assert await made(store, move(3))
    assert await made(store, move(moved, cap=cap, floor=floor, in_error=4))
    assert await standing(store) == (3 + moved, CAP, 4)
