"""A terminal program's own log, held against what people were shown, and against what a terminal may risk."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from onecard.app.application import city_params
from onecard.cards.code import Code, read_code
from onecard.device.line import Shown, read_shown
from onecard.settings.city_folder import find_city
from tests.torture.gate_tally import GateTally
from tests.torture.gates import Gate, Showing

__all__ = ["Row", "against_what_was_shown", "beyond_the_risk", "log_of", "said"]

Row = Mapping[str, Any]


def log_of(gate: Gate) -> list[Row]:
    """Return the uses in the log of *gate*, by number."""
    with closing(sqlite3.connect(gate.folder / "log.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        return [
            {**row, **{name: json.loads(row[name] or "null") for name in ("content", "answer", "offline")}}
            for row in map(dict, connection.execute("SELECT * FROM tap ORDER BY seq"))
        ]


def against_what_was_shown(gate: Gate, logged: Sequence[Row], tally: GateTally) -> Iterator[str]:
    """The log holds, in order, every line that was answered, as it was answered, and otherwise only lines whose program died."""
    seqs = [row["seq"] for row in logged]
    if seqs != list(range(1, len(seqs) + 1)):
        yield "its numbers have a gap, or one was given twice"
    told = {showing.answer["seq"] for showing in gate.showings if showing.answer is not None}
    rows = iter(logged)
    row = next(rows, None)
    for showing in gate.showings:
        answer = showing.answer
        if answer is not None and answer["seq"] is None:
            continue  # Told that nothing was done; nothing was.
        if answer is None:
            if row is not None and row["seq"] not in told and _is_of(row, showing):
                tally.never_shown += 1
                row = next(rows, None)
            continue
        tally.alone += answer["offline"]
        tally.online += not answer["offline"]
        tally.alone_accepted += answer["offline"] and answer["outcome"] == "accepted"
        if row is None or row["seq"] != answer["seq"] or not _is_of(row, showing):
            yield f"{answer['seq']} was answered, and the log holds something else there: {row and row['seq']}"
            return
        if said(row["answer"]) != said(answer):
            yield f"{answer['seq']} was answered {said(answer)}, and the log says {said(row['answer'])}"
        row = next(rows, None)
    if row is not None:
        yield f"{row['seq']} is in the log, and nobody showed anything"


def beyond_the_risk(gate: Gate, logged: Sequence[Row]) -> Iterator[str]:
    """What one terminal granted one card on one day without asking stays within the city's terminals.yaml, whoever killed it."""
    params = city_params(find_city("jiaxing")).of(gate.site)
    uses, fen = Counter[str](), Counter[str]()
    for row in logged:
        if row["offline"] is None or row["answer"]["outcome"] != "accepted" or not row["answer"]["reason"].startswith("OK"):
            continue
        if row["content"]["service"] != "exit":
            who = _who(row["content"]["credential"])
            uses[who] += 1
            fen[who] += row["content"]["list_price"] - row["answer"]["paid"]
    yield from (f"{who} was granted {times} uses alone" for who, times in uses.items() if times > params.uses_per_card_day)
    yield from (f"{who} was granted {given} fen alone" for who, given in fen.items() if given > params.fen_per_card_day)


def said(answer: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what of an answer must be the same wherever it stands."""
    return answer.get("outcome"), answer.get("reason"), answer.get("paid")


def _is_of(row: Row, showing: Showing) -> bool:
    return _shown(row["content"]["credential"]) == read_shown(showing.line)


def _shown(credential: Mapping[str, str]) -> Shown:
    return Shown(credential["kind"], credential["value"])


def _who(credential: Mapping[str, str]) -> str:
    """Return by what a terminal knows a person again: the number shown, or the pseudonym in a code."""
    code = read_code(credential["value"]) if credential["kind"] == "code" else None
    return code.pseudonym if isinstance(code, Code) else credential["value"]
