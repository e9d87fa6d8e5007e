"""A roster file taken against the register: whom its numbers mean, and whether names agree; nothing by halves."""

from collections.abc import Sequence
from typing import Final

from onecard.db.pool import Connection
from onecard.payouts.errors import RosterFileRefused
from onecard.payouts.looking import subjects_named
from onecard.payouts.model import Evidence
from onecard.payouts.roster_file import PROBLEMS_MAX, RosterRow, numbers_meant, plain_name, read_roster_file
from onecard.payouts.roster_problems import Problem
from onecard.people.service import number_hash, open_identities
from onecard.policy.model import CityLists
from onecard.settings.keys import Keyring
from onecard.values.masked import PersonNumber

__all__ = ["RosterFile", "evidence_from"]

RosterFile = bytes
_AT_ONCE: Final = 10_000


async def evidence_from(
    connection: Connection, keyring: Keyring, content: RosterFile, facts: Sequence[str], lists: CityLists, prefixes: Sequence[str]
) -> list[Evidence]:
    """Return what the file *content* brings of people whose home region begins with one of *prefixes*.

    Raises `RosterFileRefused`, whose `problems` tell every mistake, at most `PROBLEMS_MAX`.
    """
    rows, problems = read_roster_file(content, facts, lists)
    evidence: list[Evidence] = []
    seen: dict[int, int] = {}
    for begin in range(0, len(rows), _AT_ONCE):
        found, wrong = await _matched(connection, keyring, rows[begin : begin + _AT_ONCE], prefixes)
        evidence += found
        problems += wrong
    for each in evidence:
        first = seen.setdefault(each.subject, each.row)
        if first != each.row:
            problems.append(Problem(each.row, "person_no", "", f"与第 {first} 行是同一人", f"row {first} means the same person"))
    if problems:
        raise RosterFileRefused.of(problems[:PROBLEMS_MAX])
    return evidence


async def _matched(
    connection: Connection, keyring: Keyring, rows: Sequence[RosterRow], prefixes: Sequence[str]
) -> tuple[list[Evidence], list[Problem]]:
    hashes = [[number_hash(keyring, PersonNumber(meant)) for meant in numbers_meant(row.number.reveal())] for row in rows]
    subjects = await subjects_named(connection, [each for meant in hashes for each in meant], prefixes)
    known = [next((subjects[each] for each in meant if each in subjects), None) for meant in hashes]
    identities = await open_identities(connection, keyring, [subject for subject in known if subject is not None])
    evidence, problems = [], []
    for row, subject in zip(rows, known, strict=True):
        if subject is None or subject not in identities:
            zh, en = "本地区没有此人", "nobody in this area is known by this number"
            problems.append(Problem(row.row, "person_no", str(row.number), zh, en))
        elif plain_name(identities[subject].name.reveal()) != plain_name(row.name.reveal()):
            zh, en = "姓名与登记的不一致", "the name is not the one on record"
            problems.append(Problem(row.row, "name", str(row.name), zh, en))
        else:
            evidence.append(Evidence(row.row, subject, row.village, row.facts))
    return evidence, problems
