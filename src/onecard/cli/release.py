"""`onecard policy release | history | corrections`: a document into force by two persons, how each came about, what it would change."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from onecard.app.application import city_rules
from onecard.app.opening import open_store
from onecard.app.release_desk import StaffReleases
from onecard.app.release_work import ReleaseWork
from onecard.cli.check import policy
from onecard.cli.counting import count_shown
from onecard.cli.given import bytes_given
from onecard.cli.output import document, run, say, settings_here, wrong_call
from onecard.cli.staff_here import signed_in
from onecard.policy.model import Source
from onecard.releases.correcting import PROPOSALS_MAX, jobs_of
from onecard.releases.drafting import DOCUMENT_BYTES_MAX, SIMULATION_BYTES_MAX
from onecard.settings.city_folder import find_city
from onecard.settings.clock import read_clock
from onecard.uses.occasion import CityRules
from onecard.uses.replay_store import count_of_time, day_of
from onecard.values.masked import holds_number
from onecard.values.money import Fen, yuan

__all__ = ["register"]

_PAGE_USES: Final = 2_000
_REASON_MAX: Final = 200
_LINES_MAX: Final = 50

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Programme = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Its name.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `onecard policy`; the group itself is `check`'s."""
    policy.command("release")(release)
    policy.command("history")(history)
    policy.command("corrections")(corrections)


def release(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The document.")],
    reason: Annotated[str, typer.Option(help="Why; up to 200 characters.")],
    simulation: Annotated[Path | None, typer.Option(help="What `policy simulate --json` printed about this very file.")] = None,
    as_json: Json = False,
) -> None:
    """Prepare a release; it comes into force when somebody else approves it (`onecard approve`), from its `effective.from`.

    Example: onecard policy release meal-subsidy.yaml --reason "tariff of 2025" --simulation cost.json
    """
    if not 1 <= len(reason) <= _REASON_MAX or not reason.isprintable() or holds_number(reason):
        wrong_call("原因应为 1 到 200 个可见字符，不含身份证号。", "A reason has 1 to 200 visible characters, and no person number.")
    source = Source(file=str(file), content=bytes_given(file, DOCUMENT_BYTES_MAX))
    run(_release(source, reason, None if simulation is None else bytes_given(simulation, SIMULATION_BYTES_MAX), as_json))


def history(programme: Programme, as_json: Json = False) -> None:
    """Every version of a programme, newest first: who released it, why, when, and by which simulation.

    Example: onecard policy history elder-pass-bus
    """
    run(_history(programme, as_json))


def corrections(
    programme: Programme, version: Annotated[int, typer.Argument(metavar="VERSION", min=1, help="One that reaches back.")],
    as_json: Json = False,
) -> None:  # fmt: skip
    """What a version that reaches back would change about records that stand: proposals, by which nothing is paid or taken.

    Records that still wait are decided again first. Example: onecard policy corrections elder-pass-bus 2
    """
    run(_corrections(programme, version, as_json))


async def _release(source: Source, reason: str, simulation: bytes | None, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        releases = StaffReleases(work=desk.work, lists=_city().lists)
        told = await releases.prepare(acting.because(reason), source, reason, simulation)
    if as_json:
        document(told)
        return
    say(f"{told['approval']}  {told['kind']}  {told['state']}")
    say(f"{told['programme']} {told['version']}  from {told['from']}  sha256 {told['sha256']}")
    say(f"digest {told['digest']}")
    if told["simulation"] is None:
        say(f"{told['simulation_says']['zh']}\n{told['simulation_says']['en']}")
    if "overtaken_by" in told:
        later = told["overtaken_by"]
        say(f"第 {later['version']} 版自 {later['from']} 起代替本版。\nVersion {later['version']} takes its place from {later['from']}.")


async def _history(programme: str, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        told = await StaffReleases(work=desk.work, lists=_city().lists).history(acting, programme)
    if as_json:
        document(told)
        return
    say(f"{told['programme']}  {told['title']['zh']} | {told['title']['en']}")
    for each in told["history"]:
        days = f"{each['from']} … {each['until'] or ''}"
        say(f"{each['version']:>4}  {each['state']:<9} {days}  {each['sha256'][:16]}  {each['released_at']}")
        made = each["released"]
        if made is None:
            say("      未经双人发布（由系统所有者载入） taken in by the home's owner")
            continue
        say(f"      {made['prepared_by']} → {made['approved_by']}  {made['reason']}")
        say(f"      simulation {made['simulation'] or '-'}  approval {made['approval']}")


async def _corrections(programme: str, version: int, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        releases = StaffReleases(work=desk.work, lists=_city().lists)
        await releases.proposals(acting, programme, version, most=1)  # Who may not look, does not let anything be computed either.
        await _decide_what_waits()
        told, places = await releases.proposals(acting, programme, version, most=PROPOSALS_MAX)
        while as_json and len(places) == PROPOSALS_MAX:
            more, places = await releases.proposals(acting, programme, version, places[-1], PROPOSALS_MAX)
            told["proposals"] += more["proposals"]
    if as_json:
        document(told)
        return
    totals = told["totals"]
    say(f"{programme} {version}: {told['examined']} examined, {totals['proposals']} proposals, {told['unknown']} unknown {told['missing']}")
    say(f"holders ¥{yuan(Fen(totals['old_paid']))} → ¥{yuan(Fen(totals['new_paid']))}")
    for fund in totals["funds"]:
        say(f"{fund['fund']} ¥{yuan(Fen(fund['old']))} → ¥{yuan(Fen(fund['new']))}")
    for each in told["proposals"][:_LINES_MAX]:
        say(f"  {_line(each)}")
    if totals["proposals"] > _LINES_MAX:
        say("  … --json 列出全部 lists all")


async def _decide_what_waits() -> None:
    """Decide every record again that waits for it, or leave it to who is at it already."""
    settings = settings_here()
    async with open_store(settings) as store:
        work = ReleaseWork(store.database, _city(), read_clock(store.home.folder).now)
        async with store.database.acquire("desk") as connection:
            waiting = [job for job in await jobs_of(connection, "") if job.done_at is None]
            totals = [await count_of_time(connection, day_of(job.from_day, job.last_day)) for job in waiting]
        done, total = 0, sum(totals) - sum(job.examined for job in waiting)
        with count_shown("重新判定 decided again") as shown:
            while await work.page(_PAGE_USES):
                done += _PAGE_USES
                shown(min(done, total), total)


def _line(proposal: dict[str, Any]) -> str:
    old, new = proposal["old"], proposal["new"]
    mark = "  superseded" if proposal["superseded"] else ""
    return (
        f"{proposal['use']}  {proposal['day']}  ¥{yuan(Fen(old['paid']))} {old['programme'] or '-'} → "
        f"¥{yuan(Fen(new['paid']))} {new['programme'] or '-'}  {new['reason']}{mark}"
    )


def _city() -> CityRules:
    settings = settings_here()
    return city_rules(find_city(settings.city, settings.cities))
