"""What stands beside a tap on the same PostgreSQL: pgbench, COPY of the same rows, a bare one-row commit, the plain server's tables."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bench.child import output_of
from bench.town import Town
from onecard.db.binaries import find_binaries
from onecard.db.pool import Connection

__all__ = ["Copy", "Pgbench", "commit_one_row", "prepare_bare", "prepare_plain_server"]

_PGBENCH_DATABASE: Final = "pgbench"
_CLIENTS: Final = 8
_THREADS: Final = 2
_VALID_UNTIL: Final = date(2030, 1, 1)
_TPS: Final = re.compile(rb"tps = ([0-9.]+)")


class Pgbench:
    """TPC-B as `pgbench --client=8` runs it, in a database beside ours."""

    def __init__(self, url: str, binaries: Path | None) -> None:
        parts = urlsplit(url)
        where = parse_qs(parts.query)
        self._program = str(find_binaries(binaries) / "pgbench")
        self._environment = {"PGHOST": where["host"][0], "PGPORT": where["port"][0], "PGUSER": parts.username or ""}

    async def prepare(self, connection: Connection, scale: int) -> None:
        """Create the database and fill pgbench's tables."""
        await connection.execute(f"CREATE DATABASE {_PGBENCH_DATABASE}")
        await self._run("--initialize", "--quiet", f"--scale={scale}")

    async def rate(self, transactions: int) -> Mapping[str, float]:
        """Return transactions a second over about so many."""
        each = max(1, transactions // _CLIENTS)
        told = await self._run("--no-vacuum", f"--client={_CLIENTS}", f"--jobs={_THREADS}", f"--transactions={each}")
        found = _TPS.search(told)
        assert found is not None, told
        return {"rate": float(found[1])}

    async def _run(self, *arguments: str) -> bytes:
        return await output_of([self._program, *arguments, _PGBENCH_DATABASE], environment=self._environment)


class Copy:
    """COPY of rows that the ledger holds already, into tables with the same indexes and constraints, in one commit: the limit."""

    def __init__(self, connection: Connection, tables: Sequence[str] = ("ledger_use",)) -> None:
        """*tables* of the ledger; `ledger_use` is one of them."""
        self._connection = connection
        self._tables = tables
        self._rows: dict[str, bytes] = {}
        self._uses = 0

    async def prepare(self) -> None:
        """Take all that the tables hold as COPY would send it."""
        await self._connection.execute("CREATE SCHEMA copied")
        for table in self._tables:
            content = BytesIO()
            rows = f"SELECT * FROM {table} ORDER BY terminal, seq" if table == "ledger_use" else f"TABLE {table}"
            told = await self._connection.copy_from_query(rows, output=content, format="binary")
            self._rows[table] = content.getvalue()
            if table == "ledger_use":
                self._uses = int(told.split()[-1])
            await self._connection.execute(f"CREATE TABLE copied.{table} (LIKE {table} INCLUDING ALL)")

    async def rate(self) -> Mapping[str, float]:
        """Return uses a second, committed."""
        await self._connection.execute("TRUNCATE " + ", ".join(f"copied.{table}" for table in self._tables))
        start = perf_counter()
        async with self._connection.transaction():
            for table, rows in self._rows.items():
                await self._connection.copy_to_table(table, schema_name="copied", source=BytesIO(rows), format="binary")
        return {"rate": self._uses / (perf_counter() - start)}


async def prepare_bare(connection: Connection) -> None:
    """Create the table of `commit_one_row`."""
    await connection.execute("CREATE SCHEMA bare; CREATE TABLE bare.one (number bigint PRIMARY KEY, fen bigint NOT NULL)")


async def commit_one_row(connection: Connection, number: int) -> None:
    """Insert one row and commit it: the least that a durable answer costs here."""
    await connection.execute("INSERT INTO bare.one (number, fen) VALUES ($1, $2)", number, number)


async def prepare_plain_server(connection: Connection, town: Town) -> None:
    """Create and fill the tables of the plain server."""
    await connection.execute(Path(__file__).with_name("peer.sql").read_text(encoding="utf-8"))
    cards = [(elder.card, elder.subject, _VALID_UNTIL, "active") for elder in town.elders]
    await connection.copy_records_to_table("card", schema_name="peer", records=cards)
    people = [(elder.subject, elder.born, elder.home_region) for elder in town.elders]
    await connection.copy_records_to_table("person", schema_name="peer", records=people)
    facts = [(elder.subject, "registered_region", elder.born, elder.home_region) for elder in town.elders if elder.is_local]
    await connection.copy_records_to_table("fact", schema_name="peer", records=facts)
    await connection.execute("VACUUM ANALYZE")
