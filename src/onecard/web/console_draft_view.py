"""What the pages of a draft show: findings and cases with their lines, what changes, the form for the commonest changes. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from onecard.policy.difference_words import case_words
from onecard.policy.model import CityLists, Finding
from onecard.releases.draft_cells import Cell, cells_of
from onecard.releases.reach import first_day_changed
from onecard.releases.reviewing import CaseRun, Review
from onecard.releases.simulated import Simulated
from onecard.staff.model import Acting, Request
from onecard.staff.permissions import decides
from onecard.values.days import civil
from onecard.values.money import Fen, yuan
from onecard.web.console_approvals_view import PATH as APPROVALS
from onecard.web.console_frame import Console, Visit
from onecard.web.console_policies_view import DRAFTS, PATH, clauses_view
from onecard.web.console_table import Field
from onecard.web.console_words import moment, short_digest
from onecard.web.rendering import render
from onecard.web.simulation_shown import Names, simulation_shown
from onecard.web.words import Catalogue

__all__ = ["draft_view", "review_view", "waiting_view"]

REASON_MAX: Final = 200
_TEXT_SHOWN: Final = 60
_COUNTS: Final = ("gain", "lose", "same", "examined", "unknown")


def draft_view(
    console: Console, visit: Visit, source: str, found: Review | None, *, told: Mapping[str, str],
    errors: Sequence[tuple[str, str]] = (), simulation: Simulated | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the author's page: the document, what there is to say about it, the form, and the step to the second person."""
    t, wrong, day = visit.t, dict(errors), civil(console.now()).date()
    name = found.heading.name if found and found.heading else ""
    return {
        "title": t("console.policies.draft_of", programme=name) if name else t("console.policies.draft"),
        "path": DRAFTS, "back": f"{PATH}/{name}" if found and found.against else PATH, "source": source, "errors": list(errors),
        "review": None if found is None else review_view(t, found),
        "form": _form(t, console.app.city.lists, source, day, told, wrong) if source else [],
        "simulation": None if simulation is None else _simulated(console, t, simulation),
        "reason": Field(
            name="reason", label=t("console.policies.reason"), hint=t("console.policies.reason_hint"), kind="textarea", most=REASON_MAX,
            value=told.get("reason", ""), error=wrong.get("reason", ""),
        ),
        "releasable": found is not None and found.releasable,
    }  # fmt: skip


def waiting_view(t: Catalogue, acting: Acting, request: Request, found: Review) -> dict[str, Any]:
    """Return the second person's page: the very text that waits, bound to its digest, with all that the author saw."""
    told, own = request.payload, bool(acting.humans & request.humans)
    may = acting.may_at(decides(request.kind), region=request.region, programme=request.programme)
    waits = request.state == "waiting"
    changed = found.sha256 != told["sha256"]
    note = "changed" if changed else "own" if own and waits else "" if may else "not_yours"
    return {
        "title": t(f"console.policies.waiting_{request.state}", programme=request.programme, version=told["version"]),
        "lead": t("console.policies.effect", programme=request.programme, version=told["version"], day=told["from"]),
        "facts": [
            (t("console.approvals.by"), request.by), (t("console.approvals.at"), moment(request.at, t)),
            (t("console.approvals.why"), request.reason), (t("console.policies.file"), told["file"]),
        ],
        "review": review_view(t, found), "digest": short_digest(request.digest), "digest_hex": request.digest.hex(),
        "note": "" if not note else t("console.policies.text_changed") if note == "changed" else t(f"console.approvals.{note}"),
        "decides": may and not own and waits and not changed, "path": f"{APPROVALS}/{request.approval}", "back": PATH,
        "simulation": _simulation(t, told["simulation"]),
        "reason": Field(
            name="reason", label=t("console.approvals.reason"), hint=t("console.approvals.reason_hint"), kind="textarea", most=REASON_MAX
        ),
    }  # fmt: skip


def review_view(t: Catalogue, found: Review) -> dict[str, Any]:
    """Return what there is to say about a draft."""
    english, failed = t.lang == "en", sum(run.failure is not None for run in found.cases)
    against = found.against
    none = t("console.policies.nothing_changes") if against else t("console.policies.new_programme")
    return {
        "findings": [_finding(each, english) for each in found.findings],
        "cases": [_case(t, run) for run in sorted(found.cases, key=lambda run: (run.failure is None, run.line))],
        "cases_title": t("console.policies.cases_failed" if failed else "console.policies.cases", count=len(found.cases), failed=failed),
        "same_as": "" if found.same_as is None else t("console.policies.same_as", version=found.same_as),
        "changes_title": t("console.policies.changes", version=against.version) if against else t("console.policies.new_programme"),
        "told": {
            "changes": [{"says": each.en if english else each.zh, "path": each.path} for each in found.changes],
            "hunks": found.hunks, "none": none,
        },
        "clauses": None if found.clauses is None else clauses_view(t, found.clauses),
        "becomes": "" if found.version is None else t("console.policies.becomes", version=found.version),
        "felt": _felt(t, found), "sha256": found.sha256, "good": found.releasable,
    }  # fmt: skip


def _felt(t: Catalogue, found: Review) -> str:
    """Return from which day on a new version of a rule makes a difference; '' where that is the day on which it begins."""
    if found.heading is None or found.against is None or not found.changes:
        return ""
    first = first_day_changed(found.changes, found.heading.from_day)
    if first == found.heading.from_day:
        return ""
    return t("console.policies.felt_never") if first is None else t("console.policies.felt", day=first)


def _finding(finding: Finding, english: bool) -> dict[str, str]:
    says = finding.en if english else finding.zh
    return {"place": f"{finding.file}:{finding.line}:{finding.column}", "code": finding.code, "says": says, "hint": finding.hint}


def _case(t: Catalogue, run: CaseRun) -> dict[str, Any]:
    failed = run.failure
    return {
        "line": run.line, "name": run.name or t("console.policies.case_unnamed"),
        "failed": "" if failed is None else t("console.policies.case_failed", expected=failed.expected, got=failed.got),
    }  # fmt: skip


def _form(t: Catalogue, lists: CityLists, source: str, day: date, told: Mapping[str, str], wrong: Mapping[str, str]) -> list[Field]:
    options = [(cell.path, _cell_words(t, lists, cell)) for cell in cells_of(source, day)]
    if not options:
        return []
    acts = [("set", t("console.policies.act_set")), ("take", t("console.policies.act_take"))]
    fields = [
        Field(name="cell", label=t("console.policies.cell"), kind="select", options=options, wide=True),
        Field(name="case", label=t("console.policies.case"), hint=t("console.policies.case_hint"), most=40),
        Field(name="value", label=t("console.policies.value"), hint=t("console.policies.value_hint"), most=40),
        Field(name="since", label=t("console.policies.since_field"), hint=t("console.policies.since_hint"), kind="date"),
        Field(name="act", label=t("console.policies.act"), hint=t("console.policies.act_hint"), kind="select", options=acts),
    ]
    return [_filled(each, told.get(each.name, ""), wrong.get(each.name, "")) for each in fields]


def _filled(field: Field, value: str, error: str) -> Field:
    return Field(
        name=field.name, label=field.label, hint=field.hint, kind=field.kind, options=field.options, most=field.most, wide=field.wide,
        value=value, error=error,
    )  # fmt: skip


def _cell_words(t: Catalogue, lists: CityLists, cell: Cell) -> str:
    """Return what a cell is called in the list of the form, with what stands there."""
    steps, text = cell.path.split("/"), cell.text if len(cell.text) <= _TEXT_SHOWN else f"{cell.text[:_TEXT_SHOWN]}…"
    if steps[0] == "figures":
        english = t.lang == "en"
        cases = [case_words(key, lists)[english] for key in steps[2:]]
        return t("console.policies.cell_figure", name=" · ".join([steps[1], *cases]), text=text)
    if steps[0] == "effective":
        return t(f"console.policies.cell_{steps[1]}", text=text)
    return t("console.policies.cell_age", line=cell.line, part=t(f"console.policies.part_{steps[0]}"), text=text)


def _simulated(console: Console, t: Catalogue, found: Simulated) -> Markup:
    """Return whom a draft would have helped and hurt, as the file of `onecard policy simulate --html` shows it."""
    view = simulation_shown(t, found, Names(words=console.words, regions=console.regions))
    return Markup(render("simulation_body.html", t.lang, view))  # noqa: S704 - rendered by our own template, which escapes


def _simulation(t: Catalogue, told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the figures of the simulation that goes with a draft, in words."""
    if told is None:
        return None
    figures = told["figures"]
    counts = [(t(f"console.policies.sim_{name}"), f"{figures[name]:,}") for name in _COUNTS if isinstance(figures.get(name), int)]
    money = [(t(f"console.policies.sim_{name}"), yuan(Fen(figures[name]))) for name in ("old", "new") if isinstance(figures.get(name), int)]
    lead = f"console.policies.sim_{figures.get('source')}"
    known = lead in t.messages and {"from", "until"} <= set(figures)
    days = t(lead, first=figures["from"], last=figures["until"]) if known else ""
    return {"sha256": told["sha256"], "lead": days, "totals": counts + money}
