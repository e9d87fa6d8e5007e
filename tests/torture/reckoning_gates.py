"""After the storm: what every terminal program was shown, its own log, and the records, held against each other."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from onecard.app.opening import Store, open_store
from onecard.uses.link_check import check_links
from onecard.values.days import epoch_milliseconds
from tests.torture.gate_log import Row, against_what_was_shown, beyond_the_risk, log_of, said
from tests.torture.gate_tally import GateTally
from tests.torture.gates import Gate
from tests.torture.home import settings_of
from tests.torture.reckoning import fetch

__all__ = ["reckon_gates"]


async def reckon_gates(home: Path, gates: Sequence[Gate], tally: GateTally) -> list[str]:
    """Return everything that is not as it was promised. The programs and the servers must have ended."""
    async with open_store(settings_of(home)) as store:
        await _all_links_looked_at(store)
        uses = _by_terminal(await fetch(store, "SELECT * FROM ledger_use"))
        links = _by_terminal(await fetch(store, "SELECT terminal, seq, link, previous, key_id, good FROM ledger_link ORDER BY seq"))
        beside = await fetch(store, "SELECT terminal, seq, answer FROM ledger_offline_answer")
        conflicts = await fetch(store, "SELECT DISTINCT terminal FROM ledger_conflict")
        alarms = await fetch(store, "SELECT terminal, kind, evidence::text AS evidence FROM terminals_alarm")
    kept = {(row["terminal"], row["seq"]): json.loads(row["answer"]) for row in beside}
    names = {gate.terminal for gate in gates}
    problems = list(tally.mistakes)
    problems += [f"an alarm over {row['terminal']}: {row['kind']} {row['evidence']}" for row in alarms if row["terminal"] in names]
    problems += [f"{row['terminal']} sent two contents under one number" for row in conflicts if row["terminal"] in names]
    for gate in gates:
        recorded = {row["seq"]: row for row in uses[gate.terminal]}
        logged = log_of(gate)
        found = [
            *against_what_was_shown(gate, logged, tally), *_against_records(logged, recorded, kept, gate.terminal, tally),
            *beyond_the_risk(gate, logged), *_broken_chain(links[gate.terminal], recorded, tally), *_complaints(gate),
        ]  # fmt: skip
        problems += [f"{gate.terminal}: {each}" for each in found]
    return problems


async def _all_links_looked_at(store: Store) -> None:
    """The servers look at links beside the taps; what they had no time for before they were stopped is looked at now."""
    async with store.database.acquire("desk") as connection:
        while await check_links(connection, store.keyring.hash_key, datetime.now(UTC)):
            pass


def _against_records(
    logged: Sequence[Row], recorded: Mapping[int, Row], kept: Mapping[tuple[str, int], Any], terminal: str, tally: GateTally
) -> Iterator[str]:
    """Every use of the log is on record, once and as it was; nothing else is."""
    if strangers := recorded.keys() - {row["seq"] for row in logged}:
        yield f"{sorted(strangers)} are recorded, and not in the log"
    for row in logged:
        seq, use = row["seq"], recorded.get(row["seq"])
        if use is None:
            yield f"{seq} ({row['state']}) is lost: {row['answer']}"
        elif (row["content"]["service"], row["content"]["list_price"], row["at_ms"]) != (
            use["service"], use["list_price_fen"], epoch_milliseconds(use["occurred_at"])
        ):  # fmt: skip
            yield f"{seq} is recorded as another use"
        elif row["state"] == "answered":
            if said(row["answer"]) != (use["outcome"], use["reason"], use["paid_fen"]):
                yield f"{seq} was answered {said(row['answer'])} and is recorded as {use['outcome']} {use['reason']} {use['paid_fen']}"
        elif row["state"] == "sent":
            tally.upload[row["verdict"]] = tally.upload.get(row["verdict"], 0) + 1
            yield from _uploaded(row, use, kept.get((terminal, seq)), tally)
        else:
            yield f"{seq} is {row['state']}, though all was sent"


def _uploaded(row: Row, use: Row, kept: Any, tally: GateTally) -> Iterator[str]:
    """Both answers of an upload are kept: beside the use where it was recorded before, else in it; and who was let in, was."""
    shown = row["offline"]["outcome"], row["offline"]["paid"]
    told = json.loads(use["offline"]) if use["offline"] else kept
    if told is None or (told["outcome"], told["paid"]) != shown:
        yield f"{row['seq']} was answered {shown} alone, and what is kept of that is {told}"
    if use["offline"] is None:
        tally.otherwise += (use["outcome"], use["paid_fen"]) != shown
    elif use["outcome"] != shown[0] or use["paid_fen"] > shown[1]:
        yield f"{row['seq']} was answered {shown} alone and became {use['outcome']} {use['paid_fen']}"


def _broken_chain(links: Sequence[Row], recorded: Mapping[int, Row], tally: GateTally) -> Iterator[str]:
    """Each use came with a link, signed by the one key of this terminal, on the link of the number before it."""
    tally.links += len(links)
    if [row["seq"] for row in links] != sorted(recorded):
        yield "a use has no link, or two"
    if len({row["key_id"] for row in links}) > 1:
        yield "it had two keys"
    yield from (f"the link of {row['seq']} is not known as good" for row in links if row["good"] is not True)
    for before, after in pairwise(links):
        if after["previous"] != before["link"]:
            yield f"the chain breaks between {before['seq']} and {after['seq']}"


def _complaints(gate: Gate) -> Iterator[str]:
    complained = gate.log.read_text(encoding="utf-8")
    if "Traceback" in complained or "background_failed" in complained:
        yield f"it complained: {complained[-3000:]}"


def _by_terminal(rows: Sequence[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["terminal"]].append(row)
    return found
