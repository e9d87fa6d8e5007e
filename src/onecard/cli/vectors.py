"""`onecard policy vectors`: the shared vectors that hold every target, and other people's terminals, to the same answers."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Annotated, Any, Final

import typer

from onecard.app.application import city_rules
from onecard.cli.check import policy
from onecard.cli.output import say, settings_here
from onecard.decision.rulebook import RuleBook
from onecard.decision.vectors import decision_vectors
from onecard.policy.check import check
from onecard.policy.model import Source
from onecard.policy.vectors import programme_vectors
from onecard.settings.city_folder import CityFolder, find_city

__all__ = ["register", "vector_files"]

_SEED: Final = 20241031
_PER_PROGRAMME: Final = 24
_DECISIONS: Final = 160

Out = Annotated[Path, typer.Option("--out", help="The folder to write into; made where it is missing.")]


def register(app: typer.Typer) -> None:
    """Add the command to `onecard policy`."""
    policy.command("vectors")(vectors_command)


def vectors_command(out: Out) -> None:
    """Write the city's shared vectors: per programme facts → verdict, and whole decisions.

    Example: onecard policy vectors --out cities/jiaxing/vectors
    """
    settings = settings_here()
    files = vector_files(find_city(settings.city, settings.cities))
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    say(f"{len(files)} files of vectors stand in {out}.")


def vector_files(folder: CityFolder) -> dict[str, str]:
    """Return every file of vectors of a city by its name: the same bytes each time, until a document changes."""
    lists = city_rules(folder).lists
    paths = sorted((folder.path / "policies").glob("*.yaml"))
    programmes = check([Source(file=path.name, content=path.read_bytes()) for path in paths], lists).programmes
    files = {}
    for programme in programmes:
        chance = Random(f"{_SEED} {programme.name}").randrange  # noqa: S311 — the same vectors each time.
        head = {"programme": programme.name, "version": programme.version, "digest": programme.digest, "rule": programme.rule}
        files[f"programmes/{programme.name}.json"] = _file(head, programme_vectors(programme, lists, chance, _PER_PROGRAMME))
    rules = RuleBook(programmes, gated=lists.gated)
    chance = Random(_SEED).randrange  # noqa: S311
    head = {"gated": sorted(lists.gated), "rules": [programme.rule for programme in programmes if programme.kind != "payout"]}
    return files | {"decisions.json": _file(head, decision_vectors(rules, lists, chance, _DECISIONS))}


def _file(head: Mapping[str, Any], cases: Iterable[Mapping[str, Any]]) -> str:
    """Write one JSON document with a case a line, so that a difference can be read."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return json.dumps(head, ensure_ascii=False, indent=None)[:-1] + ',\n"cases": [\n' + lines + "\n]}\n"
