"""After the storm: every acknowledged use is looked for in the store, and limits are counted from the records alone."""

import json
import subprocess
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from onecard.app.opening import Store, open_store
from tests.torture.home import settings_of
from tests.torture.servers import environment_of, onecard
from tests.torture.tally import Tally

__all__ = ["fetch", "reckon", "verified"]

_RIDES_A_DAY, _MEALS_A_SLOT, _MEALS_A_MONTH, _PLACES = 30, 1, 45, 3
_RIDE_PROGRAMMES = {"elder-pass-bus", "local-elder-fare"}  # They share one limit.


async def reckon(home: Path, tally: Tally, beside: Collection[str] = ()) -> list[str]:
    """Return everything that is not as it was promised: lost, changed, never sent, twice, or beyond a limit.

    What terminals named in *beside* did counts for the limits; whether it is all there is for `reckon_gates` to say.
    """
    async with open_store(settings_of(home)) as store:
        uses = {f"{row['terminal']}.{row['seq']}": row for row in await fetch(store, "SELECT * FROM ledger_use")}
        reversals = {f"{row['terminal']}.{row['seq']}" for row in await fetch(store, "SELECT terminal, seq FROM ledger_reversal")}
        kept = {f"{row['terminal']}.{row['seq']}" for row in await fetch(store, "SELECT DISTINCT terminal, seq FROM ledger_conflict")}
        sealed = await fetch(store, "SELECT sum(records) AS records FROM ledger_leaf")
        inside = await fetch(store, "SELECT used FROM ledger_place WHERE name = 'ground-places'")
    problems = list(tally.mistakes)
    problems += [f"{use} was acknowledged and is lost" for use in tally.answers.keys() - uses.keys()]
    problems += [
        f"{use} is recorded, and nobody was answered"
        for use in uses.keys() - tally.answers.keys()
        if uses[use]["terminal"] not in beside
    ]
    problems += [
        f"{use} was answered {answer} and is recorded as {_content(uses[use])}"
        for use, answer in tally.answers.items()
        if use in uses and _content(uses[use]) != answer
    ]
    problems += [f"the reversal of {use} is lost" for use in tally.reversed - reversals]
    problems += [f"the reversal of {use} was never acknowledged" for use in reversals - tally.reversed]
    problems += [f"the other content under {use} was not kept" for use in tally.conflicts - kept]
    if sealed[0]["records"] != len(uses) + len(reversals):
        problems.append(f"leaves cover {sealed[0]['records']} records of {len(uses) + len(reversals)}")
    if any(row["used"] > _PLACES for row in inside):
        problems.append(f"more than {_PLACES} are inside")
    return problems + _beyond_limits([row for use, row in uses.items() if use not in reversals])


def verified(home: Path) -> dict[str, Any]:
    """Return what `onecard verify --audit --json` says of *home*."""
    ran = subprocess.run(
        onecard("verify", "--audit", "--json"), env=environment_of(home), capture_output=True, text=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert ran.returncode in (0, 1), ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["ok"] == (ran.returncode == 0)
    return told


def _beyond_limits(standing: list[Any]) -> list[str]:
    """Count what was granted and not taken back, per limit and window, without looking at any counter."""
    rides, slots, months = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in standing:
        if row["programme"] in _RIDE_PROGRAMMES:
            rides[row["subject"], row["day"]] += 1
        elif row["programme"] == "meal-subsidy":
            slots[row["subject"], row["day"], row["service"]] += 1
            months[row["subject"], row["day"].replace(day=1)] += 1
    limits = [(rides, _RIDES_A_DAY), (slots, _MEALS_A_SLOT), (months, _MEALS_A_MONTH)]
    return [f"{times} granted to {whose} where {cap} may be" for counts, cap in limits for whose, times in counts.items() if times > cap]


def _content(row: Any) -> tuple[Any, ...]:
    payers = tuple(zip(row["funds"], row["amounts_fen"], strict=True))
    return row["outcome"], row["reason"], row["list_price_fen"], row["paid_fen"], payers, row["programme"], row["version"]


async def fetch(store: Store, sql: str) -> list[Any]:
    """Return the rows of *sql*."""
    async with store.database.acquire("audit_ro") as connection:
        return list(await connection.fetch(sql))
