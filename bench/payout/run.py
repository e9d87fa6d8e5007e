"""What does it cost to pay half a million people: the bank's file written and read, and its answer matched to what was asked?"""

from typing import Final

from bench.order import Order
from bench.payout.files import FILE_ROWS, FILE_WANTED, file_contenders
from bench.payout.roster import ROSTER_ROWS, ROSTER_WANTED, roster_contenders
from bench.rounds import Row, compare, interleave

__all__ = ["ROWS", "run"]

ROWS: Final = (*ROSTER_ROWS, *FILE_ROWS)


async def run(order: Order) -> list[Row]:
    """Hold all contenders to the same answers, then measure them in turns."""
    async with roster_contenders(order) as contenders:
        rows = compare(await interleave(contenders, order.rounds, order.told), ROSTER_WANTED)
    async with file_contenders(order) as contenders:
        return [*rows, *compare(await interleave(contenders, order.rounds, order.told), FILE_WANTED)]
