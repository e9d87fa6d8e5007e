"""`onecard tap`, `onecard explain`: one use from the command line, and why it came out so."""

import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from onecard.app.application import App, open_app
from onecard.cli.output import answer_no, complain, document, run, say, settings_here, wrong_call
from onecard.cli.payout_words import print_line
from onecard.decision.reasons import load_reasons
from onecard.terminals.usual import usual_price_fen
from onecard.uses.intake import SEQ_MAX
from onecard.uses.model import Answer, Tap
from onecard.values.days import CITY_ZONE
from onecard.values.error import OnecardError
from onecard.values.money import yuan

__all__ = ["register"]

CAST_SEQ_FROM = 1_000_000  # The demo's own days use lower numbers at cast terminals (SURFACES §4).
DRY_FROM = datetime(2023, 1, 1, tzinfo=CITY_ZONE)
DRY_UNTIL = datetime(2100, 1, 1, tzinfo=CITY_ZONE)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("tap")(tap)
    app.command("explain")(explain)


def tap(
    terminal: Annotated[str, typer.Option(help="A terminal's key in the cast, or its number.")],
    credential: Annotated[str, typer.Option(help="KIND:VALUE, KIND being card, chip, code, id or lookup; or a cast person's key.")],
    service: Annotated[str | None, typer.Option(help="Without it, the terminal's first service.")] = None,
    price: Annotated[int | None, typer.Option(help="List price in fen; without it, the usual one of the scene.")] = None,
    at: Annotated[str | None, typer.Option(help="When it happened, ISO 8601; without it, now.")] = None,
    way: Annotated[str, typer.Option(help="dine_in, take_away or delivery.")] = "dine_in",
    ticket: Annotated[str, typer.Option(help="main or extra.")] = "main",
    group: Annotated[int, typer.Option(help="Persons.")] = 1,
    guardian: Annotated[str | None, typer.Option(help="KIND:VALUE of who comes along.")] = None,
    reason: Annotated[str, typer.Option(help="Why a clerk looks somebody up (lookup only).")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Record nothing; any time since 2023-01-01.")] = False,
    as_json: Json = False,
) -> None:
    """One use, with its explanation.

    Example: onecard tap --terminal bus --credential xuancheng-65
    """
    told = {"way": way, "ticket": ticket, "group": group, "lookup_reason": reason}
    run(_tap(terminal, credential, service, price, at, guardian, dry_run, as_json, told))


def explain(
    use: Annotated[str, typer.Argument(help="The name of a use, as its answer told it, or of a line: ROSTER:NUMBER.")],
    as_json: Json = False,
) -> None:
    """Why: every condition asked, its value, whether it held, the limits, who pays.

    Example: onecard explain T330400-BUS-0001.1000000
    """
    run(_explain(use, as_json))


async def _tap(
    terminal: str, credential: str, service: str | None, price: int | None, at: str | None, guardian: str | None,
    dry_run: bool, as_json: bool, told: dict[str, Any],
) -> None:  # fmt: skip
    async with open_app(settings_here()) as app:
        number = _terminal(app, terminal)
        place = app.masters.directory.place(number)
        if place is None:
            wrong_call(f"没有终端 {terminal}。用 onecard cast 查看。", f"There is no terminal {terminal}. See onecard cast.")
        chosen = service or place.site.services[0]
        kind, value = _credential(app, credential)
        built = Tap(
            terminal=number, seq=await _free_seq(app, number), kind=kind, value=value, service=chosen,
            list_price_fen=_usual_price(app, number, place.site.scene, chosen) if price is None else price,
            occurred_at=_instant(at, dry_run) if at else app.now(), guardian=_credential(app, guardian) if guardian else None, **told,
        )  # fmt: skip
        answer, explanation = await (_dry(app, built) if dry_run else _real(app, built))
    if as_json:
        document({**answer_json(answer), "explanation": explanation})
    else:
        _print_explanation(explanation)


def _usual_price(app: App, terminal: str, scene: str, service: str) -> int:
    """Return what is usually asked: what the demo's cast tells of that terminal, else of one of its scene."""
    of_scene = [each for each in app.cast()["terminals"] if each["scene"] == scene]
    told = sorted(of_scene, key=lambda each: str(each["id"]) != terminal)
    prices = (each["list_prices"].get(service) for each in told)
    return next((int(fen) for fen in prices if fen is not None), usual_price_fen(scene, service))


async def _dry(app: App, tap: Tap) -> tuple[Answer, dict[str, Any]]:
    told = await app.uses.decide_only(tap, tap.occurred_at)
    return told["answer"], told["explanation"]


async def _real(app: App, tap: Tap) -> tuple[Answer, dict[str, Any]]:
    outcome = (await app.uses.record([tap], app.now()))[0]
    if isinstance(outcome, OnecardError):
        raise outcome
    if not isinstance(outcome, Answer):
        wrong_call("这个序号刚被另一笔占用，请再试一次。", "Another use took this seq just now; try again.")
    explanation = await app.explain(outcome.use)
    assert explanation is not None
    return outcome, explanation


async def _explain(use: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        explanation = await app.explain(use)
    if explanation is None:
        complain(f"没有用卡记录或发放明细 {use}。", f"There is no use or line {use}.")
        answer_no()
    if as_json:
        document(explanation)
    elif "line" in explanation:
        print_line(explanation)
    else:
        _print_explanation(explanation)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return *answer* in the shape of `POST /v1/uses`."""
    zh, en = load_reasons().say(answer.outcome, answer.reason)
    return {
        "use": answer.use, "outcome": answer.outcome, "reason": answer.reason, "say": {"zh": zh, "en": en},
        "list_price": answer.list_price_fen, "paid": answer.paid_fen,
        "payers": [{"fund": fund, "amount": fen} for fund, fen in answer.payers], "programme": answer.programme,
        "version": answer.version, "duplicate": answer.duplicate,
    }  # fmt: skip


def _print_explanation(told: dict[str, Any]) -> None:
    say(f"{told['use']}  {told['outcome']}  {told['reason']}")
    say(told["sentence"]["zh"])
    say(told["sentence"]["en"])
    for condition in told["conditions"]:
        mark = "✓" if condition["held"] else "✕"
        say(f"  {mark} {condition['programme'] or '—':<24} {condition['says']['zh']}  |  {condition['says']['en']}")
    for limit in told["limits"]:
        left = limit["cap"] - limit["used_before"]
        stood = f"cap {limit['cap']}, used before {limit['used_before']}, left {left}, counted {limit['counted']}"
        say(f"  · {limit['name']} per {limit['per']}: {stood}")
    money = told["money"]
    say(f"  list price {yuan(money['list_price'])}, paid {yuan(money['paid'])}")
    for payer in money["payers"]:
        say(f"  {payer['fund']} bears {yuan(payer['amount'])}")
    if told["programme"]:
        say(f"  by {told['programme']} version {told['version']}: {told['basis']}")
    sys.stdout.flush()


def _terminal(app: App, named: str) -> str:
    return next((each["id"] for each in app.cast()["terminals"] if each["key"] == named), named)


def _credential(app: App, named: str) -> tuple[str, str]:
    """Return kind and value of KIND:VALUE, or of the card that a cast person holds now."""
    kind, colon, value = named.partition(":")
    if colon:
        return kind, value
    for person in app.cast()["people"]:
        if person["key"] == named:
            cards = [each for each in person["credentials"] if each["kind"] == "card"]
            return "card", cards[-1]["value"]
    return wrong_call("凭证应写成 KIND:VALUE，或写演示人物的名称。", "Write the credential as KIND:VALUE, or name one of the cast.")


async def _free_seq(app: App, terminal: str) -> int:
    """Return a number that *terminal* has not used: the next one, or by the clock where it has used the last there is."""
    following = await app.last_seq(terminal) + 1
    return max(following, CAST_SEQ_FROM) if following <= SEQ_MAX else int(app.now().timestamp() * 1000)


def _instant(text: str, dry_run: bool) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        wrong_call("时间应为 ISO 8601，如 2024-10-31T08:12:05+08:00。", "Write the time as ISO 8601, like 2024-10-31T08:12:05+08:00.")
    told = instant if instant.tzinfo else instant.replace(tzinfo=CITY_ZONE)
    if dry_run and not DRY_FROM <= told < DRY_UNTIL:
        wrong_call("试算的时间应在 2023-01-01 至 2099-12-31 之间。", "A dry run takes a time from 2023-01-01 to 2099-12-31.")
    return told
