"""Look at links after their uses are on disk: whose signature it is, and which chains fork. What is found is an alarm, once.

A lane never waits for this: a signature costs more than a decision, and an upload of a day offline has thousands
(docs/decisions/0012). Links wait in the store, so a crash in between loses no finding.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.ledger.links import LinkVerdict, mark_links, unchecked_links
from onecard.settings.suites import INTL
from onecard.terminals.alarm import raise_alarm
from onecard.terminals.sign_in import known_keys
from onecard.uses.links import link_hash, opened_link
from onecard.values.suites import Verifier

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["LINKS_AT_ONCE", "LinkJudge", "check_links"]

LINKS_AT_ONCE: Final = 400
"""Links that one transaction looks at."""

_BETWEEN_BREATHS: Final = 8  # Signatures of some 100 µs each: whoever taps meanwhile waits a millisecond at most.
_BREATH_SECONDS: Final = 0.002  # A third of one processor at most, so that an upload is answered before it is looked at.


@dataclass(frozen=True, slots=True)
class LinkJudge:
    """Knows every key that devices showed, and says of a link whether it was signed by the one it names."""

    hash_key: bytes
    keys: Mapping[tuple[str, str], bytes]  # (terminal, key id) → public key.
    _verifiers: dict[tuple[str, str], Verifier] = field(default_factory=dict, repr=False)

    def problem(self, row: Mapping[str, Any]) -> str | None:
        """Return what is wrong with a row of `ledger_link`: unknown_key, wrong_signature, altered; None where it is good."""
        terminal, seq, key_id = row["terminal"], row["seq"], row["key_id"]
        opened = opened_link(self.hash_key, terminal, seq, row["sealed"])
        if opened is None or link_hash(self.hash_key, terminal, key_id, opened[0]) != row["link"]:
            return "altered"
        if (terminal, key_id) not in self.keys:
            return "unknown_key"
        return None if self._verifier(terminal, key_id).verify(*opened) else "wrong_signature"

    def _verifier(self, terminal: str, key_id: str) -> Verifier:
        found = self._verifiers.get((terminal, key_id))
        if found is None:
            found = self._verifiers[terminal, key_id] = INTL.verifier(self.keys[terminal, key_id])
        return found


async def check_links(connection: "Connection", hash_key: bytes, at: datetime, most: int = LINKS_AT_ONCE) -> int:
    """Look at up to *most* links that nobody has looked at and keep what is found; return how many were looked at.

    0 also while somebody else is looking. Verdicts and alarms are one transaction.
    """
    async with connection.transaction():
        rows = await unchecked_links(connection, most)
        if not rows:
            return 0
        judge = LinkJudge(hash_key, await known_keys(connection, sorted({row["terminal"] for row in rows})))
        problems = await _judged(judge, rows)
        verdicts = [_verdict(row, problem) for row, problem in zip(rows, problems, strict=True)]
        for fork in await mark_links(connection, verdicts):
            await raise_alarm(connection, fork.terminal, "fork", at, {"key": fork.key_id, "seqs": list(fork.seqs)})
        for row, problem in zip(rows, problems, strict=True):
            if problem is not None:
                await raise_alarm(connection, row["terminal"], "signature", at, {"key": row["key_id"], "seq": row["seq"], "why": problem})
    return len(rows)


async def _judged(judge: LinkJudge, rows: Sequence[Any]) -> list[str | None]:
    problems: list[str | None] = []
    for start in range(0, len(rows), _BETWEEN_BREATHS):
        problems += [judge.problem(row) for row in rows[start : start + _BETWEEN_BREATHS]]
        await asyncio.sleep(_BREATH_SECONDS)
    return problems


def _verdict(row: Any, problem: str | None) -> LinkVerdict:
    return LinkVerdict(terminal=row["terminal"], seq=row["seq"], link=row["link"], previous=row["previous"], good=problem is None)
