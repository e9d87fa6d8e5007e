"""Every document of every city: nothing is found in it, alone or beside its neighbours, and it passes its own cases."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from onecard.decision.cases import run_cases
from onecard.policy.check import Checked, check
from onecard.policy.lists import read_lists
from onecard.policy.model import CityLists, Source

CITIES = sorted(path for path in (Path(__file__).parents[2] / "cities").iterdir() if (path / "policies").is_dir())
DOCUMENTS = sorted(path for city in CITIES for path in (city / "policies").glob("*.yaml"))
NOT_YET = ("claim",)  # A kind whose own issue is to come: it is skipped, not failed.

every_document = pytest.mark.parametrize("file", DOCUMENTS, ids=[f"{file.parents[1].name}/{file.stem}" for file in DOCUMENTS])


@cache
def lists_of(city: Path) -> CityLists:
    return read_lists((city / "lists.yaml").read_text(encoding="utf-8"))


@cache
def checked_of(city: Path) -> Checked:
    """Check all documents of a city together."""
    files = [file for file in DOCUMENTS if file.parents[1] == city]
    return check([Source(file=file.name, content=file.read_bytes()) for file in files], lists_of(city))


def test_there_are_documents() -> None:
    assert len([file for file in DOCUMENTS if file.parents[1].name == "jiaxing"]) >= 16


@every_document
def test_nothing_is_found_in_it(file: Path) -> None:
    found = [finding for finding in checked_of(file.parents[1]).findings if finding.file == file.name]
    assert [f"{finding.line}:{finding.column} {finding.code} {finding.en}" for finding in found] == []


@every_document
def test_it_passes_its_own_cases(file: Path) -> None:
    checked = checked_of(file.parents[1])
    source = file.read_text(encoding="utf-8")
    programmes = [programme for programme in checked.programmes if programme.source == source]
    if not programmes:
        assert any(f"\nkind: {kind}\n" in source for kind in NOT_YET)
        pytest.skip("a kind that is decided later")
    (programme,) = programmes
    assert programme.cases
    assert run_cases(programme, checked.programmes, lists_of(file.parents[1])) == []


@every_document
def test_its_file_bears_its_name_and_it_says_what_it_rests_on(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert f"programme: {file.stem}" in lines
    assert any(line.startswith("basis: ") and len(line) > len("basis: ") for line in lines)


def test_a_case_that_comes_out_otherwise_is_told_with_its_line() -> None:
    city = CITIES[0]
    checked = checked_of(city)
    programme = next(each for each in checked.programmes if each.name == "elder-pass-bus")
    wrong = [replace(case, expect={**case.expect, "paid": 12_345}) for case in programme.cases]
    failures = run_cases(replace(programme, cases=wrong), checked.programmes, lists_of(city))
    assert [failure.line for failure in failures] == [case.line for case in programme.cases]
    assert all("paid: 123.45" in failure.expected for failure in failures)
