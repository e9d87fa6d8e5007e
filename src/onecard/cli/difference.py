"""`onecard policy diff`: what a draft says otherwise than the document in force, in words of policy staff."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from onecard.app.application import city_rules
from onecard.cli.check import city_of, policy, show_findings, source_at
from onecard.cli.output import answer_no, document, say, settings_here
from onecard.policy.check import check
from onecard.policy.difference import changes_between
from onecard.policy.findings import Desk
from onecard.policy.model import CityLists, Finding, Source
from onecard.policy.nodes import Table
from onecard.policy.reader import read_page
from onecard.settings.city_folder import find_city
from onecard.settings.settings import DEFAULT_CITY

__all__ = ["register"]

Old = Annotated[Path, typer.Argument(help="The document as it is.")]
New = Annotated[Path, typer.Argument(help="The document as it shall be.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the command to `onecard policy`."""
    policy.command("diff")(diff_command)


def diff_command(old: Old, new: New, as_json: Json = False) -> None:
    """What changes from one document to the other: figures, rows, dates, limits, funds. Needs no store.

    Example: onecard policy diff cities/jiaxing/policies/meal-subsidy.yaml drafts/meal-subsidy.yaml
    """
    folder = city_of([new, old]) or find_city(DEFAULT_CITY, settings_here().cities)
    lists = city_rules(folder).lists
    (before, wrong), (after, also_wrong) = (_page(source_at(path), lists) for path in (old, new))
    if wrong or also_wrong or before is None or after is None:
        show_findings([*wrong, *also_wrong], to_stderr=True)
        answer_no()
    changes = changes_between(before, after, lists)
    if as_json:
        document({"changes": [asdict(change) for change in changes]})
        return
    for change in changes:
        say(f"{change.path}\n    {change.zh}\n    {change.en}")
    say(f"{len(changes)} change{'s' if len(changes) > 1 else ''}." if changes else "Nothing changes: both say the same.")


def _page(source: Source, lists: CityLists) -> tuple[Table | None, list[Finding]]:
    """Return a document as it stands on the page, and what makes it none."""
    found = [finding for finding in check([source], lists).findings if not finding.note]
    return read_page(source.content, Desk(source.file)), found
