"""What tests of simulations share: the town's simulator, and what the ledger recorded of a fund."""

from datetime import date

from onecard.app.simulating import Simulator
from onecard.policy.model import Source
from onecard.releases.simulated import Question, Simulated, Told
from tests.database.releases.town_policies import CITY, FOLDER
from tests.database.town import NOON, Town

TODAY = NOON.date()
MONTH = (date(2024, 10, 1), date(2024, 10, 31))


def document(name: str, *pairs: tuple[str, str], cases: str = "") -> str:
    """Return one of the city's documents, each old text in place of a new one, with other cases where some are given."""
    rules, tests = FOLDER.text(f"policies/{name}.yaml").split("tests:\n")
    for old, new in pairs:
        assert old in rules, old
        rules = rules.replace(old, new)
    return f"{rules}tests:\n{cases or tests}"


async def simulated(
    town: Town, *texts: str, uses: tuple[date, date] | None = MONTH, day: date = TODAY, told: Told = lambda _done, _all: None
) -> Simulated:
    """Simulate *texts* as one package."""
    drafts = tuple(Source(file=f"draft-{place}.yaml", content=text.encode()) for place, text in enumerate(texts))
    simulator = Simulator(database=town.store.database, keyring=town.store.keyring, city=CITY)
    return await simulator.simulate(Question(drafts=drafts, day=day, uses=uses), told)


async def recorded_fen(town: Town, site_kind: str) -> dict[str, int]:
    """Return what each fund bears of uses at places of one kind that nobody took back."""
    query = (
        "SELECT f.fund, sum(f.fen)::bigint FROM ledger_use AS u CROSS JOIN LATERAL unnest(u.funds, u.amounts_fen) AS f (fund, fen) "
        "WHERE u.site_kind = $1 AND NOT EXISTS (SELECT FROM ledger_reversal AS r WHERE r.terminal = u.terminal AND r.seq = u.seq) "
        "GROUP BY f.fund"
    )
    async with town.store.database.acquire("migrate") as connection:
        return dict(await connection.fetch(query, site_kind))


def fen_by_fund(found: Simulated, *, new: bool) -> dict[str, int]:
    """Return what each fund bears before, or after."""
    sums: dict[str, int] = {}
    for row in found.rows:
        sums[row.fund] = sums.get(row.fund, 0) + (row.new_fen if new else row.old_fen)
    return {fund: fen for fund, fen in sums.items() if fen}
