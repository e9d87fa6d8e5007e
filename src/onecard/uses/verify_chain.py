"""The chain, held against the records again: every link opened and its signature checked, and no fork or clone without its alarm."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onecard.ledger.links import Fork, all_links, conflicting_terminals, forked_terminals
from onecard.ledger.verify import PROBLEMS_MAX, Check
from onecard.terminals.alarm import alarmed
from onecard.terminals.sign_in import known_keys
from onecard.uses.link_check import LinkJudge

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["verify_chain"]

Alarmed = set[tuple[str, str]]


async def verify_chain(connection: "Connection", hash_key: bytes) -> list[Check]:
    """Check links and alarms in the snapshot of *connection*.

    A link that nobody has looked at yet is examined and left to whoever looks: its alarm is still to come.
    """
    raised = await alarmed(connection)
    judge = LinkJudge(hash_key, await known_keys(connection, None))
    examined, problems = 0, list[str]()
    async for row in all_links(connection):
        examined += 1
        problems += _problems(row, judge.problem(row), raised)
    forks = [_fork_said(fork) for fork in await forked_terminals(connection) if (fork.terminal, "fork") not in raised]
    reused = await conflicting_terminals(connection)
    clones = [f"{terminal}.{seq} came with two contents, and no alarm says so" for terminal, seq in reused.items()
              if (terminal, "clone") not in raised]  # fmt: skip
    return [
        Check(name="links-prove-their-uses", examined=examined, problems=problems[:PROBLEMS_MAX]),
        Check(name="clones-are-named", examined=examined + len(reused), problems=[*forks, *clones][:PROBLEMS_MAX]),
    ]


def _problems(row: Mapping[str, Any], problem: str | None, raised: Alarmed) -> list[str]:
    use = f"{row['terminal']}.{row['seq']}"
    if problem == "altered":
        return [f"link of {use}: it was altered, or belongs to another use"]
    found = []
    if not (row["of_use"] or row["of_conflict"]):
        found.append(f"link of {use}: no content that came under this number is the one it was kept with")
    if row["good"] is not None and row["good"] != (problem is None):
        found.append(f"link of {use}: marked as {'good' if row['good'] else 'bad'}, its signature says otherwise")
    if row["good"] is False and problem is not None and (row["terminal"], "signature") not in raised:
        found.append(f"link of {use}: {problem.replace('_', ' ')} {row['key_id']}, and no alarm says so")
    return found


def _fork_said(fork: Fork) -> str:
    return f"key {fork.key_id} of {fork.terminal} signed {', '.join(map(str, fork.seqs))} on one link, and no alarm says so"
