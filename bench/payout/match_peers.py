"""Two other ways of matching a return to its batch: data frames compared by datacompy, and a query for each line."""

from collections.abc import Mapping
from time import perf_counter
from typing import Final

import pandas  # type: ignore[import-untyped]
from datacompy import PandasCompare

from onecard.db.pool import Connection
from onecard.payouts.return_file import ReturnFile
from onecard.payouts.return_match import Exported

__all__ = ["Frames", "RowQuery"]

_TABLE: Final = """\
CREATE TABLE bench_exported (seq integer PRIMARY KEY, ss_no text NOT NULL, account text NOT NULL, amount_fen bigint NOT NULL)
"""
_ASKED: Final = "SELECT ss_no, account, amount_fen FROM bench_exported WHERE seq = $1"


class Frames:
    """Batch and return as data frames, built before the clock starts."""

    def __init__(self, exported: Exported, returned: ReturnFile) -> None:
        self._frames = [
            pandas.DataFrame({
                "seq": seq, "ss_no": part.ss_no.astype("U18"), "account": part.account.astype("U32"), "amount_fen": part.amount_fen,
            })
            for part, seq in ((exported, range(1, len(exported.ss_no) + 1)), (returned, returned.seq))
        ]  # fmt: skip

    def agree(self) -> bool:
        """Compare them on seq, column by column, as datacompy does."""
        first, second = self._frames
        return bool(PandasCompare(first, second, join_columns="seq").matches())


class RowQuery:
    """A table with the batch's lines, indexed by seq, asked line by line in one transaction."""

    def __init__(self, connection: Connection, returned: ReturnFile, sample: int) -> None:
        """Ask for the first *sample* lines of *returned*."""
        self._connection = connection
        lines = zip(
            returned.seq[:sample].tolist(), returned.ss_no[:sample].astype("U18").tolist(),
            returned.account[:sample].astype("U32").tolist(), returned.amount_fen[:sample].tolist(), strict=True,
        )  # fmt: skip
        self._lines = list(lines)

    async def prepare(self, exported: Exported) -> None:
        """Fill the table."""
        await self._connection.execute(_TABLE)
        records = zip(
            range(1, len(exported.ss_no) + 1), exported.ss_no.astype("U18").tolist(), exported.account.astype("U32").tolist(),
            exported.amount_fen.tolist(), strict=True,
        )  # fmt: skip
        await self._connection.copy_records_to_table("bench_exported", records=records)
        await self._connection.execute("VACUUM ANALYZE bench_exported")

    async def rate(self) -> Mapping[str, float]:
        """Return lines a second; all of them must be as they were exported."""
        asked = await self._connection.prepare(_ASKED)
        start = perf_counter()
        async with self._connection.transaction():
            for seq, *told in self._lines:
                row = await asked.fetchrow(seq)
                assert row is not None and list(row) == told
        return {"rate": len(self._lines) / (perf_counter() - start)}
