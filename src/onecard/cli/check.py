"""`onecard policy check | test | load`: what policy staff run before anybody is paid by a document."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from onecard.app.application import city_rules, open_app
from onecard.app.changes import note_documents
from onecard.cli.output import answer_no, document, run, say, settings_here, wrong_call
from onecard.decision.cases import CaseFailure, run_cases
from onecard.policy.check import Checked, check
from onecard.policy.model import CityLists, Finding, Source
from onecard.releases.service import take_documents
from onecard.settings.city_folder import CityFolder, find_city
from onecard.settings.settings import DEFAULT_CITY

__all__ = ["city_of", "policy", "register", "show_findings", "source_at"]

Files = Annotated[list[Path] | None, typer.Argument(help="Documents; without any, all of the city's.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]

_OF_EVERY_CITY: Final = ("lists.yaml", "calendar.yaml")  # Both: a stray lists.yaml somewhere above makes no city.

policy = typer.Typer(help="Policy documents: check them, run their tests, load them.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(policy, name="policy")


@policy.command("check")
def check_command(files: Files = None, as_json: Json = False) -> None:
    """Every finding with file:line:column and a hint. Needs no store.

    Example: onecard policy check cities/jiaxing/policies/elder-pass-bus.yaml
    """
    _, checked, _ = _checked(files)
    hard = [finding for finding in checked.findings if not finding.note]
    if as_json:
        rows = [{key: value for key, value in asdict(finding).items() if key != "note"} for finding in checked.findings]
        document({"ok": not hard, "skipped": checked.skipped, "findings": rows})
    else:
        show_findings(checked.findings)
        good = len(checked.programmes)
        say(f"{good} documents good, {len(hard)} findings, {checked.skipped} skipped (claims come later).")
    if hard:
        answer_no()


def show_findings(findings: Iterable[Finding], *, to_stderr: bool = False) -> None:
    """Print *findings*, each with its place, what it says in both languages, and the hint."""
    for finding in findings:
        place = f"{finding.file}:{finding.line}:{finding.column}: {finding.code}{' (note)' if finding.note else ''}"
        typer.echo(f"{place}\n    {finding.zh}\n    {finding.en}\n    → {finding.hint}", err=to_stderr)


@policy.command("test")
def test_command(files: Files = None, as_json: Json = False) -> None:
    """Run the documents' own tests.

    Example: onecard policy test cities/jiaxing/policies/meal-subsidy.yaml
    """
    lists, checked, at_hand = _checked(files)
    together = (*checked.programmes, *at_hand.programmes)
    failures = [failure for programme in checked.programmes for failure in run_cases(programme, together, lists)]
    passed = sum(len(programme.cases) for programme in checked.programmes) - len(failures)
    failures += [
        CaseFailure(file=finding.file, line=finding.line, case=f"check: {finding.code}", expected="no finding", got=finding.en)
        for finding in checked.findings
        if not finding.note
    ]
    if as_json:
        rows = [asdict(failure) for failure in failures]
        document({"passed": passed, "failed": len(failures), "skipped": checked.skipped, "failures": rows})
    else:
        for failure in failures:
            say(f"{failure.file}:{failure.line}: {failure.case}\n    expected {failure.expected}\n    got      {failure.got}")
        say(f"{passed} passed, {len(failures)} failed, {checked.skipped} skipped.")
    if failures:
        answer_no()


@policy.command("load")
def load_command(files: Files = None) -> None:
    """Take documents into the running demo city, without the two persons that a release needs.

    Example: onecard policy load cities/jiaxing/policies/elder-pass-bus.yaml
    """
    sources = _sources(files, find_city(settings_here().city, settings_here().cities))
    run(_load(sources))


async def _load(sources: Sequence[Source]) -> None:
    async with open_app(settings_here()) as app:
        if not app.is_demo:
            wrong_call(
                "policy load 只用于演示城市；正式环境请用 policy release。",
                "policy load is for a demo home; elsewhere use policy release.",
            )
        async with app.database.acquire("desk") as connection, connection.transaction():
            taken = await take_documents(connection, sources, app.city.lists, app.now())
            await note_documents(connection, taken, app.now())
    for each in taken:
        state = "in force from now on" if each.new else "was in force already"
        say(f"{each.programme} version {each.version}: {state}")


def _checked(files: Sequence[Path] | None) -> tuple[CityLists, Checked, Checked]:
    """Return the lists, the documents named, and the city's others that stand beside them."""
    settings = settings_here()
    folder = city_of(files) or find_city(DEFAULT_CITY if files else settings.city, settings.cities)
    lists = city_rules(folder).lists
    sources = _sources(files, folder)
    named = {_programme_of(source) for source in sources}
    beside = [source for source in _sources(None, folder) if _programme_of(source) not in named]
    at_hand = check(beside, lists)
    return lists, check(sources, lists, at_hand=at_hand.programmes), at_hand


def _sources(files: Sequence[Path] | None, folder: CityFolder) -> list[Source]:
    paths = list(files) if files else sorted((folder.path / "policies").glob("*.yaml"))
    return [source_at(inner) for path in paths for inner in (_documents_in(path) if path.is_dir() else [path])]


def _documents_in(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yaml"))
    if not found:
        wrong_call(f"目录 {folder} 中没有 .yaml 文件。请核对路径。", f"No .yaml file lies in {folder}. Check the path.")
    return found


def source_at(path: Path) -> Source:
    """Return the document at *path*; exits with 2 where there is none."""
    if not path.is_file():
        wrong_call(f"找不到文件 {path}。请核对路径。", f"There is no file {path}. Check the path.")
    try:
        return Source(file=str(path), content=path.read_bytes())
    except OSError as mistake:
        wrong_call(f"无法读取 {path}：{mistake.strerror}。", f"{path} cannot be read: {mistake.strerror}.")


def city_of(files: Sequence[Path] | None) -> CityFolder | None:
    """Return the city whose folder holds a file: the nearest folder above it with what every city has."""
    for file in files or ():
        for parent in file.resolve().parents:
            if all((parent / name).is_file() for name in _OF_EVERY_CITY):
                return CityFolder(name=parent.name, path=parent)
    return None


def _programme_of(source: Source) -> str:
    found = re.search(rb"^programme:\s*([a-z0-9-]+)", source.content, re.MULTILINE)
    return found[1].decode() if found else source.file
