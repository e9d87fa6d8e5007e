"""`onecard policy simulate`: who would gain, who would lose and what it would cost, before anybody releases it."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from onecard.app.application import city_rules
from onecard.app.opening import open_store
from onecard.app.region_names import region_names
from onecard.app.simulating import DAYS_MAX, Simulator
from onecard.app.simulation_view import simulation_bytes, simulation_digest
from onecard.cli.check import policy, source_at
from onecard.cli.counting import count_shown
from onecard.cli.given import day_given, write_page
from onecard.cli.output import run, say, settings_here, wrong_call
from onecard.policy.model import Source
from onecard.releases.simulated import Question, Simulated
from onecard.releases.simulation_errors import DaysWrong
from onecard.settings.city_folder import find_city
from onecard.settings.clock import read_clock
from onecard.uses.occasion import CityRules
from onecard.values.days import civil
from onecard.values.money import Fen, yuan
from onecard.web.city_words import fund_name
from onecard.web.simulation_csv import simulation_csv
from onecard.web.simulation_file import simulation_file
from onecard.web.simulation_shown import Names
from onecard.web.words import named

__all__ = ["register"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="The draft.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="A payout: the period of this day. Uses: the 30 days before it.")]
Uses = Annotated[str | None, typer.Option("--uses", metavar="FROM..UNTIL", help="Other days of uses, both included.")]
With = Annotated[list[Path] | None, typer.Option("--with", metavar="FILE", help="Another draft of the same package; may be repeated.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout: what `policy release --simulation` takes.")]
Csv = Annotated[bool, typer.Option("--csv", help="The rows as CSV on stdout.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one page with pictures.")]


def register(app: typer.Typer) -> None:
    """Add the command to `onecard policy`; the group itself is `check`'s."""
    policy.command("simulate")(simulate)


def simulate(
    file: File, as_of: AsOf = None, uses: Uses = None, together: With = None, as_json: Json = False, as_csv: Csv = False, html: Html = None
) -> None:
    """Who would gain, who would lose, what each fund would bear: the draft against the version in force. Nothing is written.

    Example: onecard policy simulate drafts/meal-subsidy.yaml --uses 2024-10-01..2024-10-31 --json > cost.json
    """
    if as_json and as_csv:
        wrong_call("--json 与 --csv 只能选一个。", "Choose one of --json and --csv.")
    drafts = tuple(source_at(path) for path in (file, *(together or ())))
    folder = find_city(settings_here().city, settings_here().cities)
    city = city_rules(folder)
    found = run(_simulated(drafts, day_given(as_of) if as_of else None, _days(uses) if uses else None, city))
    names = Names(words={name: {"zh": zh, "en": en} for name, (zh, en) in city.lists.words.items()}, regions=region_names(folder))
    if html is not None:
        write_page(html, simulation_file(found, names))
    if as_json:
        sys.stdout.write(simulation_bytes(found).decode())
    elif as_csv:
        sys.stdout.write(simulation_csv(found))
    else:
        _say(found, names)
    sys.stderr.write(f"simulation sha256 {simulation_digest(found)}\n")


async def _simulated(drafts: tuple[Source, ...], day: date | None, uses: tuple[date, date] | None, city: CityRules) -> Simulated:
    async with open_store(settings_here()) as store:
        today = civil(read_clock(store.home.folder).now()).date()
        simulator = Simulator(database=store.database, keyring=store.keyring, city=city)
        with count_shown("测算 simulated") as shown:
            return await simulator.simulate(Question(drafts=drafts, day=day or today, uses=uses), shown)


def _say(found: Simulated, names: Names) -> None:
    """Say it in words of Chinese and English: in all, fund by fund, place by place, and those affected most."""
    against = "—" if found.against is None else found.against
    say(f"{found.title_zh} | {found.title_en}  {found.programme} {found.version} / {against}")
    say(f"{found.source} {found.first}..{found.last}  {found.examined} examined")
    say(f"多得 gain {found.gain}  少得 lose {found.lose}  不变 same {found.same}  {_change(found.old_fen, found.new_fen)}")
    if found.unknown:
        say(f"无法判定 unknown {found.unknown}：{', '.join(found.missing)}")
    for fund, (old, new) in found.funds:
        say(f"  {_change(old, new):<28} {fund_name(fund, names.words, names.regions, 'zh')} {fund}")
    for row in found.regions:
        if row.gain or row.lose:
            place = named(row.region, names.regions, "zh")
            say(f"  {_change(row.old_fen, row.new_fen):<28} {row.region} {place}  +{row.gain} −{row.lose} ={row.same}")
    for each in found.most_affected:
        say(f"    {_change(each.old_fen, each.new_fen):<26} {each.region} {each.name or '-'}")


def _change(old_fen: int, new_fen: int) -> str:
    return f"¥{yuan(Fen(old_fen))} → ¥{yuan(Fen(new_fen))}"


def _days(text: str) -> tuple[date, date]:
    first, dots, last = text.partition("..")
    if not dots:
        raise DaysWrong(most=DAYS_MAX)
    return day_given(first), day_given(last)
