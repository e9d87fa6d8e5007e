"""Rosters and their lines as JSON, for the doors and the command line (SURFACES §7). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from onecard.payouts.model import Line, LineKey, Roster, Totals, line_id
from onecard.people.model import Identity

__all__ = ["line_view", "planned_view", "public_view", "status_view"]


def planned_view(roster: Roster) -> dict[str, Any]:
    """Return what `payout plan` answers."""
    return {
        "roster": roster.roster, "programme": roster.programme, "version": roster.version, "period": roster.period, "state": roster.state,
        "lines": roster.lines, "amount": roster.amount_fen, "digest": roster.digest.hex(), "region": roster.region,
        "supplements": roster.supplements, "planned_at": roster.planned_at.isoformat(), "planned_by": roster.planned_by,
    }  # fmt: skip


def status_view(roster: Roster, states: Mapping[tuple[str, str], Totals]) -> dict[str, Any]:
    """Return where a roster stands, with its lines by state; a card's are counted beside the whole."""
    by_state: dict[str, int] = {}
    for (state, _), totals in sorted(states.items()):
        by_state[state] = by_state.get(state, 0) + totals.lines
    return {
        **planned_view(roster), "card_lines": sum(each.card_lines for each in states.values()),
        "card_amount": sum(each.card_amount_fen for each in states.values()), "by_line_state": by_state,
    }  # fmt: skip


def line_view(line: Line, identity: Identity | None) -> dict[str, Any]:
    """Return a line as staff see it: the name and number masked, of the account only kind and bank."""
    account = line.account
    return {
        "line": line_id(LineKey(line.roster, line.seq)), "seq": line.seq, "name": None if identity is None else str(identity.name),
        "person_no": None if identity is None else str(identity.number), "operator": line.operator or None, "region": line.region,
        "village": line.village, "amount": line.amount_fen, "reason": line.reason, "state": line.state,
        "payers": _payers(line.payers), "account": None if account is None else {"kind": account.kind, "bank": account.bank},
    }  # fmt: skip


def public_view(line: Line, identity: Identity | None, programme: str) -> dict[str, Any]:
    """Return a line as anyone may see it: masked name, village, programme, amount, and no more (FIELD §4.1)."""
    name = "*" if identity is None else str(identity.name)
    return {"seq": line.seq, "name": name, "village": line.village or line.region, "programme": programme, "amount": line.amount_fen}


def _payers(payers: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return who bears how much."""
    return [{"fund": fund, "amount": fen} for fund, fen in payers]
