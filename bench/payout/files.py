"""What bank files cost: a batch written and parsed beside the SM3 of its lines, a return matched beside datacompy and a query a line."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from bench.order import Order
from bench.payout.match_peers import Frames, RowQuery
from bench.payout.payments import HEAD, Payments, payments
from bench.rounds import Compared, Contender
from onecard.app.opening import open_store
from onecard.payouts.bank_columns import BATCH_FORM, TAIL_FORM
from onecard.payouts.batch_file import BatchWriter, read_batch
from onecard.payouts.return_file import read_return
from onecard.payouts.return_match import exported_of, match, nothing_answered
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from onecard.values.sealed_file import sm3

__all__ = ["FILE_ROWS", "FILE_WANTED", "file_contenders"]

FILE_ROWS: Final = ("payout.write", "payout.parse", "payout.match")
FILE_WANTED: Final = (
    Compared(row="payout.write", unit="lines/s", ours="write", peer="sm3"),
    Compared(row="payout.parse", unit="lines/s", ours="parse", peer="sm3"),
    Compared(row="payout.match", unit="lines/s", ours="match", peer="datacompy"),
    Compared(row="payout.match", unit="lines/s", ours="match", peer="row-query"),
)

_ASKED_ONE_IN: Final = 50  # A query a line is so much slower: a sample says its rate.


@asynccontextmanager
async def file_contenders(order: Order) -> AsyncIterator[dict[str, Contender]]:
    """Give out the contenders of `FILE_ROWS`, with a store in which lines can be asked for one by one."""
    many = order.size.residents // 2
    given = payments(many)
    batch, returned = read_batch(given.batch), read_return(given.returned)
    assert batch.lines() == given.lines
    exported = exported_of(batch)
    frames = Frames(exported, returned)
    assert frames.agree()
    body = given.batch[BATCH_FORM.head_form.width + 1 : -TAIL_FORM.width - 1]
    settings = Settings(home=Home(folder=order.home / "files"), postgres_binaries=order.binaries)
    async with open_store(settings) as store, store.database.acquire("migrate") as connection:
        row_query = RowQuery(connection, returned, max(10, many // _ASKED_ONE_IN))
        await row_query.prepare(exported)
        yield {
            "write": _timed(lambda: _write(given), many), "parse": _timed(lambda: read_batch(given.batch), many),
            "sm3": _timed(lambda: sm3(body), many), "datacompy": _timed(frames.agree, many), "row-query": row_query.rate,
            "match": _timed(lambda: match(exported, returned, nothing_answered(many)), many),
        }  # fmt: skip


def _write(given: Payments) -> None:
    """Write the batch piece by piece as an export does; what a disk would take is not measured."""
    writer = BatchWriter(HEAD)
    written = sum(len(writer.add(step)) for step in given.lines.steps())
    first, tail = writer.ends()
    assert written + len(first) + len(tail) == len(given.batch)


def _timed(way: Callable[[], object], many: int) -> Contender:
    async def contender() -> Mapping[str, float]:
        start = perf_counter()
        way()
        return {"rate": many / (perf_counter() - start)}

    return contender
