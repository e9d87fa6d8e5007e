"""What the pages of the second person show: what waits, and of each what it does, in words, bound to its digest. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from onecard.app.staff_issuing import AtDesk
from onecard.people.model import write_fact
from onecard.staff.model import Acting, Request
from onecard.staff.permissions import KINDS, decides
from onecard.web.console_frame import Console, region_name
from onecard.web.console_paging import cursor
from onecard.web.console_table import PAGE_ROWS, Column, Field, Lines, Pager, Row, Table, Tag, pager
from onecard.web.console_words import fact_name, fact_value, moment, person_name, short_digest
from onecard.web.words import Catalogue

__all__ = ["PATH", "STATES", "approval_view", "approvals_view", "kind_word"]

PATH: Final = "/console/approvals"
STATES: Final = ("waiting", "approved", "refused")

_TAGS: Final = {"waiting": "amber", "approved": "ok", "refused": "none"}


def approvals_view(
    console: Console, acting: Acting, t: Catalogue, found: Sequence[Request], *, state: str, kind: str, after: str
) -> dict[str, Any]:  # fmt: skip
    """Return the list of what waits or was decided; *found* holds a row more than a page where there is a next one."""
    rows, query = found[:PAGE_ROWS], {"state": state, "kind": kind}
    following = _cursor(rows[-1]) if len(found) > PAGE_ROWS else ""
    return {
        "title": _title(state, len(found), after, t),
        "lead": t("console.approvals.lead"),
        "fields": _fields(state, kind, t),
        "table": _table(console, acting, rows, state, t),
        "pager": pager(PATH, query, after, following, len(rows)) if rows or after else Pager(first="", next="", shown=0),
        "path": PATH,
    }


def approval_view(
    console: Console, acting: Acting, t: Catalogue, request: Request, person: AtDesk | None, *, errors: Sequence[tuple[str, str]] = (),
    reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return one request: what it does in words, who prepared it, its digest, and what the reader may do about it."""
    kind, state = kind_word(request.kind, t), request.state
    own, may = bool(acting.humans & request.humans), _may(acting, request)
    return {
        "title": t(f"console.approvals.title_{state if state != 'waiting' or (may and not own) else 'other'}", kind=kind),
        "effect": effect(console, t, request, person),
        "state": _tag(state, t),
        "facts": _facts(console, t, request, person),
        "change": _change(console, t, request, person),
        "digest": short_digest(request.digest),
        "digest_hex": request.digest.hex(),
        "decision": None if request.decision is None else _decision(request, t),
        "note": t("console.approvals.own") if own and state == "waiting" else t("console.approvals.not_yours") if not may else "",
        "decides": may and not own and state == "waiting",
        "reason": Field(
            name="reason", label=t("console.approvals.reason"), hint=t("console.approvals.reason_hint"), kind="textarea", value=reason,
            most=200, error=dict(errors).get("reason", ""),
        ),
        "errors": list(errors),
        "path": f"{PATH}/{request.approval}",
        "look": _look(acting, request),
        "desk": f"/console/desk/{request.subject}" if person is not None else "",
        "policy": f"/console/policies/-/drafts/{request.approval}" if request.kind == "policy-release" else "",
    }  # fmt: skip


def effect(console: Console, t: Catalogue, request: Request, person: AtDesk | None) -> str:
    """Return in one or two sentences what becomes so once it is approved."""
    told = request.payload
    key = f"console.approvals.effect.{request.kind}"
    who = "" if person is None else person_name(person.identity, t)
    if request.kind == "loss-release":
        return t(f"{key}.{told['function']}", card=told["shown"])
    if request.kind == "card-cancel":
        return t(key, card=told["shown"])
    if request.kind == "person-correction":
        since, fact = told["since"], fact_name(told["fact"], t)
        return t(key, fact=fact, since=since, value=_value(console, t, told["fact"], told["value"]), who=who or request.object)
    if request.kind == "full-id":
        return t(key, by=request.by, who=who or request.object)
    if request.kind == "policy-release":
        return t("console.policies.effect", programme=told["programme"], version=told["version"], day=told["from"])
    return t("console.approvals.effect.other", object=request.object)


def kind_word(kind: str, t: Catalogue) -> str:
    """Return what a kind of request is called."""
    return KINDS[kind].en if t.lang == "en" else KINDS[kind].zh


def _title(state: str, found: int, after: str, t: Catalogue) -> str:
    if not found:
        return t(f"console.approvals.none_{state or 'any'}")
    many = found > PAGE_ROWS or bool(after)
    return t(f"console.approvals.many_{state or 'any'}" if many else f"console.approvals.count_{state or 'any'}", count=found)


def _fields(state: str, kind: str, t: Catalogue) -> list[Field]:
    anything = t("console.approvals.any")
    states = [("any", anything), *[(each, t(f"console.approvals.state_{each}")) for each in STATES]]
    kinds = [("", anything), *[(each, kind_word(each, t)) for each in KINDS]]
    return [
        Field(name="state", label=t("console.approvals.state"), kind="select", value=state or "any", options=states),
        Field(name="kind", label=t("console.approvals.kind"), kind="select", value=kind, options=kinds),
    ]


def _table(console: Console, acting: Acting, rows: Sequence[Request], state: str, t: Catalogue) -> Table:
    columns = [
        Column(label=t("console.approvals.kind")), Column(label=t("console.approvals.object")), Column(label=t("console.approvals.by")),
        Column(label=t("console.approvals.region"), narrow=False), Column(label=t("console.approvals.at"), kind="when"),
        Column(label=t("console.approvals.state")),
    ]  # fmt: skip
    return Table(
        caption=t("console.approvals.caption"), columns=columns, rows=[_row(console, acting, each, t) for each in rows],
        empty=t(f"console.approvals.none_{state or 'any'}"), empty_next=t("console.approvals.none_next"),
    )  # fmt: skip


def _row(console: Console, acting: Acting, request: Request, t: Catalogue) -> Row:
    own = acting.humans & request.humans
    told = t("console.approvals.mine") if own else t("console.approvals.yours") if _may(acting, request) else ""
    cells = (
        Lines(first=kind_word(request.kind, t), second=told if request.state == "waiting" else ""),
        Lines(first=_object(request, t), second=request.reason), request.by + (f" ← {request.as_person}" if request.as_person else ""),
        region_name(console, request.region, t.lang), moment(request.at, t), _tag(request.state, t),
    )  # fmt: skip
    return Row(key=str(request.approval), cells=cells, href=f"{PATH}/{request.approval}")


def _object(request: Request, t: Catalogue) -> str:
    if "shown" in request.payload:
        return t("console.approvals.card", card=request.payload["shown"])
    if request.kind == "person-correction":
        return t("console.approvals.correction", fact=fact_name(request.payload["fact"], t))
    return t("console.approvals.resident") if request.subject is not None else request.object


def _facts(console: Console, t: Catalogue, request: Request, person: AtDesk | None) -> list[tuple[str, str]]:
    told = [
        (t("console.approvals.object"), _object(request, t)),
        (t("console.approvals.who"), "" if person is None else person_name(person.identity, t)),
        (t("console.approvals.region"), region_name(console, request.region, t.lang)),
        (t("console.approvals.why"), request.reason or t("console.approvals.no_reason")),
        (t("console.approvals.by"), request.by + (t("console.approvals.in_place", person=request.as_person) if request.as_person else "")),
        (t("console.approvals.at"), moment(request.at, t)),
    ]  # fmt: skip
    return [(label, text) for label, text in told if text]


def _change(console: Console, t: Catalogue, request: Request, person: AtDesk | None) -> dict[str, str] | None:
    """Return the old and the new value of a fact, side by side."""
    if request.kind != "person-correction":
        return None
    fact = request.payload["fact"]
    now = None if person is None or fact not in person.facts else write_fact(fact, person.facts[fact])
    return {
        "fact": fact_name(fact, t), "since": request.payload["since"],
        "old": _value(console, t, fact, now) if person is not None else "", "new": _value(console, t, fact, request.payload["value"]),
    }  # fmt: skip


def _decision(request: Request, t: Catalogue) -> list[tuple[str, str]]:
    assert request.decision is not None
    told = request.decision
    return [
        (t("console.approvals.decided_by"), told.by + (t("console.approvals.in_place", person=told.as_person) if told.as_person else "")),
        (t("console.approvals.decided_at"), moment(told.at, t)),
        (t("console.approvals.why"), told.reason or t("console.approvals.no_reason")),
    ]


def _value(console: Console, t: Catalogue, fact: str, text: str | None) -> str:
    return fact_value(fact, text, t, console.words, console.regions)


def _look(acting: Acting, request: Request) -> str:
    """Return where its preparer uses an approved look at a full number, '' for everything else."""
    good = (request.kind, request.state, request.by) == ("full-id", "approved", acting.person)
    return f"/console/desk/{request.subject}/whole?approval={request.approval}" if good else ""


def _may(acting: Acting, request: Request) -> bool:
    return acting.may_at(decides(request.kind), region=request.region, scene=request.scene, programme=request.programme)


def _tag(state: str, t: Catalogue) -> Tag:
    return Tag(state=_TAGS[state], word=t(f"console.approvals.state_{state}"))  # type: ignore[arg-type]


def _cursor(request: Request) -> str:
    return cursor(request.at.isoformat(), str(request.approval))
