"""A cabinet as full as a city's: a million uses over thirty days, people with names, millions of numbers to find one among."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bench.town import Town
from onecard.app.tally_keeper import TallyKeeper
from onecard.people.identity import identity_bytes
from onecard.people.model import Identity
from onecard.people.service import IDENTITY, number_hash
from onecard.staff.model import OWNER_ACTING
from onecard.staff.scope import Scope
from onecard.staff.store import find_account
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import check_character

__all__ = ["DAYS", "NUMBERS_ASKED", "Cabinet"]

DAYS: Final = 30
NUMBERS_ASKED: Final = 500

_RECORDED_MAX: Final = 2_000  # Real rides, of which all others are copies at other minutes.
_STRANGERS_FROM: Final = 1_000_000_000
_AREA: Final = "330495"  # Belongs to no place.
_COLUMNS: Final = (
    "batch, book_day, subject, day, occurred_at, received_at, digest, seal, credential_kind, credential, service, site, site_kind, "
    "operator, region, home_region, counted, outcome, reason, list_price_fen, paid_fen, funds, amounts_fen, programme, version, rules, "
    "facts, limits, upload, offline"
)
_COPIES: Final = f"""
WITH r AS MATERIALIZED (SELECT * FROM ledger_use), s AS (
    SELECT r.*, n, r.occurred_at - make_interval(secs => n * $1::float8 / $2) AS at FROM generate_series(1, $2::integer) AS n, r
), c AS (
    SELECT seq + n * 1000000::bigint AS number, (at AT TIME ZONE 'Asia/Shanghai')::date AS its_day,
        (ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483'])[n % 7 + 1] AS its_region, s.*
    FROM s
)
INSERT INTO ledger_use (terminal, seq, {_COLUMNS})
SELECT c.terminal, number, batch, book_day, subject, its_day, at, received_at, digest, seal, credential_kind, credential, service, site,
    site_kind, operator, its_region, home_region, counted,
    CASE WHEN n % 50 = 0 THEN 'refused' ELSE outcome END, CASE WHEN n % 50 = 0 THEN 'CARD_LOST' ELSE reason END, list_price_fen,
    CASE WHEN n % 50 = 0 THEN 0 ELSE paid_fen END, CASE WHEN n % 50 = 0 THEN ARRAY[]::text[] ELSE funds END,
    CASE WHEN n % 50 = 0 THEN ARRAY[]::bigint[] ELSE amounts_fen END, CASE WHEN n % 50 = 0 THEN NULL ELSE programme END,
    CASE WHEN n % 50 = 0 THEN NULL ELSE version END, rules, facts, limits, upload, offline
FROM c ORDER BY at"""


class Cabinet:
    """What is found in it, and by whom."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.token = ""
        self.numbers: tuple[PersonNumber, ...] = ()

    async def fill(self, uses: int, people: int) -> None:
        """Record some rides and multiply them, name the elders, add numbers of strangers, and hire somebody who looks."""
        rides = self._town.rides(min(_RECORDED_MAX, uses // 10))
        await self._town.app.uses.record([ride.tap() for ride in rides], self._town.app.now())
        async with self._town.app.database.acquire("migrate") as connection:
            await connection.execute("SET synchronous_commit = off")
            await connection.execute(_COPIES, DAYS * 86_400.0, max(1, uses // len(rides)), timeout=1800)
        await self._town.app.log.take()  # As a server does each second, and adds up what is in the log.
        await TallyKeeper(self._town.app.database).add_all()
        await self._name()
        await self._strangers(people)
        async with self._town.app.database.acquire("migrate") as connection:
            await connection.execute("VACUUM ANALYZE", timeout=1800)
        self.token = await self._hire()

    def day(self, before: int = 0) -> date:
        """Return the day so many before today."""
        return self._town.app.now().date() - timedelta(days=before)

    async def _name(self) -> None:
        keyring = self._town.app.keyring
        known = list(zip(self._town.elders, _numbers(), strict=False))
        rows = []
        for elder, number in known:
            identity = Identity(name=PersonName("王建国"), number=number, phone=None)
            rows.append(
                (elder.subject, *keyring.seal(IDENTITY, elder.subject, identity_bytes(identity), elder.subject.to_bytes(12, "big")))
            )
        hashes = [(number_hash(keyring, number), elder.subject) for elder, number in known]
        async with self._town.app.database.acquire("migrate") as connection:
            await connection.copy_records_to_table("people_identity", records=rows, columns=["subject", "key_id", "sealed"])
            await connection.copy_records_to_table("people_number", records=hashes, columns=["number_hash", "subject"])
        self.numbers = tuple(number for elder, number in known if elder.is_local)[:NUMBERS_ASKED]

    async def _strangers(self, people: int) -> None:
        """Add the numbers of so many people of whom no more is told; their hashes are as random as real ones."""
        many = f"generate_series({_STRANGERS_FROM}, {_STRANGERS_FROM + people}) AS n"
        async with self._town.app.database.acquire("migrate") as connection:
            await connection.execute("SET synchronous_commit = off; ALTER TABLE people_number DROP CONSTRAINT people_number_pkey")
            await connection.execute(f"INSERT INTO people_number SELECT sha256(int8send(n)), n FROM {many}", timeout=1800)
            await connection.execute("ALTER TABLE people_number ADD CONSTRAINT people_number_pkey PRIMARY KEY (number_hash)", timeout=1800)

    async def _hire(self) -> str:
        staff = self._town.app.desk.staff
        async with self._town.app.database.acquire("desk") as connection, connection.transaction():
            await staff.register.add_person(connection, "clerk", "Clerk")
            await staff.register.add_account(connection, OWNER_ACTING, "clerk", "clerk")
            for role in ("card-clerk", "viewer"):
                await staff.register.grant(connection, OWNER_ACTING, "clerk", role, Scope(region="330400"), date(2020, 1, 1))
            account = await find_account(connection, "clerk")
            assert account is not None
            token, _ = await staff.sessions.open(connection, account, "bench")
        return token


def _numbers() -> Iterator[PersonNumber]:
    born = date(1930, 1, 1)
    for number in range(10_000_000):
        first = f"{_AREA}{born + timedelta(days=number // 1000):%Y%m%d}{number % 1000:03d}"
        yield PersonNumber(first + check_character(first))
