"""`onecard payout plan | status`: rosters from the command line."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from onecard.app.application import city_rules
from onecard.app.payout_desk import StaffPayouts
from onecard.app.payout_look import rosters_here
from onecard.app.staff_desk import StaffDesk
from onecard.cli.given import bytes_given
from onecard.cli.output import answer_no, complain, document, run, say, settings_here
from onecard.cli.staff_here import maybe_signed_in, signed_in
from onecard.payouts.errors import RosterFileRefused
from onecard.payouts.roster_table import FILE_BYTES_MAX
from onecard.settings.city_folder import find_city
from onecard.values.money import yuan

__all__ = ["payout", "register"]

payout = typer.Typer(help="Payouts: rosters, bank files, and what came back.", no_args_is_help=True)

_PROBLEMS_SHOWN: Final = 20

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(payout, name="payout")
    payout.command("plan")(plan)
    payout.command("status")(status)


def plan(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="A payout that is released.")],
    period: Annotated[str, typer.Option("--period", help="2024-10, 2024-Q4, 2024 or 2024-autumn, as the programme's cycle is.")],
    roster: Annotated[Path | None, typer.Option("--roster", help="The roster file, CSV or XLSX, of a programme with evidence.")] = None,
    supplements: Annotated[str | None, typer.Option("--supplements", help="The roster to which this one adds.")] = None,
    region: Annotated[str, typer.Option("--region", help="Six digits; the place of whoever plans unless told.")] = "",
    as_json: Json = False,
) -> None:
    """Plan the roster of a period; the same question again is answered by the same roster. For who signed in (ONECARD_SESSION).

    Example: onecard payout plan high-age-allowance --period 2024-09
    """
    run(_plan(programme, period, region, supplements, None if roster is None else bytes_given(roster, FILE_BYTES_MAX), as_json))


def status(
    roster: Annotated[str | None, typer.Argument(metavar="ROSTER", help="One roster; all of them without.")] = None,
    as_json: Json = False,
) -> None:
    """Where rosters stand, with their lines by state and how much goes through cards.

    Example: onecard payout status high-age-allowance.2024-09.330481
    """
    run(_status(roster, as_json))


async def _plan(programme: str, period: str, region: str, supplements: str | None, file: bytes | None, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        try:
            told = await _payouts(desk).plan(acting, programme, period, region, supplements, file)
        except RosterFileRefused as refused:
            if as_json:
                document({"problems": [problem._asdict() for problem in refused.problems]})
            for problem in refused.problems[1:_PROBLEMS_SHOWN]:
                complain(f"第 {problem.row} 行 {problem.column}：{problem.zh}", f"row {problem.row} {problem.column}: {problem.en}")
            raise
    if as_json:
        document(told)
        return
    say(f"{told['roster']}  {told['state']}  version {told['version']}")
    say(f"{told['lines']} lines, ¥{yuan(told['amount'])}")
    say(f"digest {told['digest']}")


async def _status(roster: str | None, as_json: bool) -> None:
    async with maybe_signed_in() as (desk, acting):
        if acting is None:
            rosters = await rosters_here(desk.staff.database, roster)
        elif roster is None:
            rosters = await _payouts(desk).listed(acting)
        else:
            rosters = [await _payouts(desk).roster(acting, roster)]
    if as_json:
        document({"rosters": rosters})
    else:
        for each in rosters:
            say(_line(each))
    if roster is not None and not rosters:
        complain(f"没有名册 {roster}。", f"There is no roster {roster}.")
        answer_no()


def _line(told: dict[str, Any]) -> str:
    states = " ".join(f"{state} {lines}" for state, lines in told["by_line_state"].items())
    card = f"{told['card_lines']} by card ¥{yuan(told['card_amount'])}"
    return f"{told['roster']:<48} {told['state']:<10} {told['lines']:>8} ¥{yuan(told['amount'])}  {card}  {states}"


def _payouts(desk: StaffDesk) -> StaffPayouts:
    settings = settings_here()
    lists = city_rules(find_city(settings.city, settings.cities)).lists
    return StaffPayouts(work=desk.work, tools=desk.residents.tools, lists=lists)
