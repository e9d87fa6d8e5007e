"""What the pages of policies show: the list, one programme clause by clause, and how each version came about. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onecard.policy.clauses import Clause, Clauses, FigureShown
from onecard.staff.model import Acting, Request
from onecard.values.money import Fen, yuan
from onecard.web.console_table import Column, Lines, Row, Table, Tag
from onecard.web.words import Catalogue

__all__ = ["DRAFTS", "PATH", "clauses_view", "policies_view", "policy_view"]

PATH: Final = "/console/policies"
DRAFTS: Final = "/console/policies/-/drafts"
"""No rule is called `-`: names begin with a letter."""

_TAGS: Final = {"in_force": "ok", "ahead": "amber", "past": "none"}
_PARTS: Final = ("where", "who", "let", "pay", "amount", "limits", "funding")


def policies_view(t: Catalogue, acting: Acting, found: Sequence[Mapping[str, Any]], waiting: Sequence[Request]) -> dict[str, Any]:
    """Return the list of every programme: kind, the version in force, what waits, and what comes next."""
    waits: dict[str, list[Request]] = {}
    for request in waiting:
        waits.setdefault(request.programme, []).append(request)
    new = [request for name, requests in waits.items() if name not in {each["programme"] for each in found} for request in requests]
    return {
        "title": t("console.policies.count" if found else "console.policies.none", count=len(found)),
        "lead": t("console.policies.lead"),
        "table": _table(t, found, waits),
        "waiting": [{"href": f"{DRAFTS}/{request.approval}", "text": _waits(request, t)} for request in new],
        "draft": DRAFTS if acting.may("policy.release") else "",
    }


def policy_view(
    t: Catalogue, acting: Acting, told: Mapping[str, Any], version: int, clauses: Clauses | None, waiting: Sequence[Request]
) -> dict[str, Any]:  # fmt: skip
    """Return one programme: what *version* says, every version's history, and what waits."""
    name = told["programme"]
    shown = next(each for each in told["history"] if each["version"] == version)
    return {
        "title": told["title"][t.lang] or name, "programme": name, "kind": t(f"console.policies.kind_{told['kind']}"),
        "tag": Tag(state=_TAGS[shown["state"]], word=t(f"console.policies.state_{shown['state']}")),  # type: ignore[arg-type]
        "version": t("console.policies.version", version=version, day=shown["from"]),
        "clauses": None if clauses is None else clauses_view(t, clauses),
        "history": [_history(t, name, each, version) for each in told["history"]],
        "waiting": [{"href": f"{DRAFTS}/{request.approval}", "text": _waits(request, t)} for request in waiting],
        "change": f"{DRAFTS}?programme={name}" if acting.may_at("policy.release", region="", programme=name) else "",
        "source": f"{PATH}/{name}?version={version}&source=1",
    }  # fmt: skip


def clauses_view(t: Catalogue, clauses: Clauses) -> dict[str, Any]:
    """Return a document clause by clause, and its figures as tables."""
    heading, english = clauses.heading, t.lang == "en"
    days = t("console.policies.days", first=heading.from_day, last=heading.until_day or t("console.policies.no_end"))
    parts = {part: [_clause(each, english) for each in clauses.clauses if each.part == part] for part in _PARTS}
    return {
        "facts": [(t("console.policies.basis"), heading.basis), (t("console.policies.in_force"), days)],
        "parts": [(t(f"console.policies.part_{part}"), told) for part, told in parts.items() if told],
        "figures": [_figure(each, english) for each in clauses.figures],
    }


def _table(t: Catalogue, found: Sequence[Mapping[str, Any]], waits: Mapping[str, Sequence[Request]]) -> Table:
    columns = [
        Column(label=t("console.policies.programme")), Column(label=t("console.policies.kind"), narrow=False),
        Column(label=t("console.policies.state_in_force")), Column(label=t("console.policies.waiting")),
        Column(label=t("console.policies.state_ahead")),
    ]  # fmt: skip
    rows = [_row(t, each, waits.get(each["programme"], ())) for each in found]
    return Table(
        caption=t("console.policies.caption"), columns=columns, rows=rows, empty=t("console.policies.none"),
        empty_next=t("console.policies.none_next"),
    )  # fmt: skip


def _row(t: Catalogue, told: Mapping[str, Any], waiting: Sequence[Request]) -> Row:
    name, number = told["programme"], told["in_force"]
    holds = Tag(state="ok" if number else "none", word=t(f"console.policies.{'nth' if number else 'no'}", version=number))
    cells = (
        Lines(first=told["title"][t.lang] or name, second=name), t(f"console.policies.kind_{told['kind']}"), holds,
        Lines(first=t("console.policies.waits", count=len(waiting)), href=f"{DRAFTS}/{waiting[0].approval}") if waiting else "",
        t("console.frame.and").join(t("console.policies.nth", version=version) for version in told["ahead"]),
    )  # fmt: skip
    return Row(key=name, cells=cells, href=f"{PATH}/{name}")


def _waits(request: Request, t: Catalogue) -> str:
    told = request.payload
    return t("console.policies.waits_long", version=told["version"], by=request.by, reason=request.reason, day=told["from"])


def _history(t: Catalogue, name: str, told: Mapping[str, Any], shown: int) -> dict[str, Any]:
    made, work = told["released"], told["corrections"]
    return {
        "version": t("console.policies.nth", version=told["version"]), "href": f"{PATH}/{name}?version={told['version']}",
        "here": told["version"] == shown,
        "tag": Tag(state=_TAGS[told["state"]], word=t(f"console.policies.state_{told['state']}")),  # type: ignore[arg-type]
        "days": t("console.policies.days", first=told["from"], last=told["until"] or t("console.policies.no_end")),
        "at": told["released_at"][:16].replace("T", " "),
        "by": t("console.policies.owner") if made is None else _by(t, made),
        "reason": "" if made is None else made["reason"],
        "simulation": "" if made is None else _simulation(t, made),
        "corrections": "" if work is None else t("console.policies.examined", examined=work["examined"], unknown=work["unknown"]),
        "proposals": f"{PATH}/{name}/{told['version']}/proposals" if work is not None else "",
    }  # fmt: skip


def _by(t: Catalogue, made: Mapping[str, Any]) -> str:
    return t("console.policies.by", author=made["prepared_by"], other=made["approved_by"])


def _simulation(t: Catalogue, made: Mapping[str, Any]) -> str:
    told = made["figures"]
    if not told:
        return t("console.policies.no_simulation")
    if not all(isinstance(told.get(name), int) for name in ("gain", "lose", "old", "new")):
        return t("console.policies.simulated", digest=made["simulation"][:16])
    money = {name: yuan(Fen(told[name])) for name in ("old", "new")}
    return t("console.policies.simulation_found", gain=told["gain"], lose=told["lose"], **money)


def _clause(clause: Clause, english: bool) -> dict[str, str]:
    return {"says": clause.en if english else clause.zh, "written": clause.written, "reason": clause.reason}


def _figure(figure: FigureShown, english: bool) -> dict[str, Any]:
    return {
        "name": figure.name, "unit": figure.unit_en if english else figure.unit_zh, "source": figure.source,
        "days": [(day, [(row.en if english else row.zh, row.text) for row in rows]) for day, rows in figure.days],
    }  # fmt: skip
