"""Policy documents that are wrong, hostile or none: a finding each in under a second, never a crash. No store is asked."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.doors import ROOT, CommandLine, Ended

GOOD = (ROOT / "cities/jiaxing/policies/elder-pass-bus.yaml").read_text(encoding="utf-8")
SECONDS_MAX = 1.0  # Of a processor, once the command line is loaded: others may share the machine.

Make = Callable[[], str | bytes]


def changed(old: str, new: str) -> Make:
    """Change the good document in one place."""
    assert old in GOOD
    return lambda: GOOD.replace(old, new, 1)


def added(text: str | bytes) -> Make:
    """Add to the good document."""
    return lambda: GOOD.encode() + text if isinstance(text, bytes) else GOOD + text


def bomb() -> str:
    """Nine aliases of nine aliases, ten times over: 9^10 texts."""
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefghi", "bcdefghij", strict=True)]
    return "\n".join(rows)


WHO = "age >= 60 else"
PAY = "list_price * 50%"

BAD: dict[str, tuple[Make, str]] = {
    "an unknown name": (changed(WHO, "agge >= 60 else"), "NAME"),
    "an unknown function": (changed(WHO, "system(age) >= 60 else"), "NAME"),
    "an unknown fund": (changed("transit of region", "treasury of region"), "FUND"),
    "an unknown reason": (changed("NOT_ELIGIBLE_AGE", "TOO_YOUNG"), "REASON"),
    "an unknown key": (added("colour: red\n"), "KEY"),
    "money and a number": (changed(PAY, "list_price + 50"), "TYPE"),
    "a list where a sentence stands": (changed(WHO, "[age, 60] else"), "YAML_FORM"),
    "a key twice": (changed("pay:\n", "pay: free\npay:\n"), "YAML_TWICE"),
    "lists 10,000 deep": (added("x: " + "[" * 10_000 + "]" * 10_000), "YAML_DEPTH"),
    "tables 10,000 deep": (added("x: " + "{a: " * 10_000 + "1" + "}" * 10_000), "YAML_DEPTH"),
    "blocks 200 deep": (added("x:\n" + "".join(" " * depth + "- \n" for depth in range(1, 200))), "YAML_DEPTH"),
    "brackets 10,000 deep": (changed(PAY, "(" * 10_000 + "list_price" + ")" * 10_000), "EXPR_SIZE"),
    "a hundred times not": (changed(WHO, "not " * 100 + "(age >= 60) else"), "EXPR_SIZE"),
    "9**9**9": (changed(PAY, "9**9**9"), "EXPR_FORM"),
    "9**9**9 in a condition": (changed(WHO, "age >= 9**9**9 else"), "EXPR_FORM"),
    "an attribute": (changed(WHO, "age.__class__ else"), "EXPR_CHAR"),
    "an import": (changed(WHO, "__import__('os') else"), "EXPR_CHAR"),
    "an alias bomb": (bomb, "YAML_ALIAS"),
    "a list in itself": (added("x: &x [*x]\n"), "YAML_ALIAS"),
    "a tag that calls": (changed("kind: use", 'kind: !!python/object/apply:os.system ["true"]'), "YAML_TAG"),
    "all bytes there are": (lambda: bytes(range(256)) * 100, "YAML_FORM"),
    "NUL": (changed("title", "ti\0tle"), "YAML_FORM"),
    "UTF-16": (lambda: GOOD.encode("utf-16"), "YAML_FORM"),
    "one byte that is not UTF-8": (added(b"# \xff\n"), "YAML_FORM"),
    "half a character": (added(b"# \xed\xa0\x80\n"), "YAML_FORM"),
    "a tab": (changed("  - free", "\t- free"), "YAML_FORM"),
    "nothing": (lambda: "", "YAML_EMPTY"),
    "one word": (lambda: "hello", "YAML_FORM"),
    "two documents": (lambda: f"{GOOD}---\n{GOOD}", "YAML_FORM"),
    "100 KB": (added("# " + "x" * 100_000), "YAML_SIZE"),
    "20 MB": (lambda: b"a: " + b"x" * 20_000_000, "YAML_SIZE"),
    "a day that is none": (changed("2023-01-01", "2023-02-30"), "DATE_FORM"),
    "the year 0": (changed("2023-01-01", "0000-01-01"), "DATE_FORM"),
    "full-width digits": (changed("age >= 60", "age >= ６０"), "EXPR_CHAR"),
    "a cap of 400 digits": (changed("30 times", f"{'9' * 400} times"), "NUMBER_FORM"),
    "a share of 101%": (changed("100%", "101%"), "SHARES"),
}


HOSTILE = [
    "lists 10,000 deep", "tables 10,000 deep", "brackets 10,000 deep", "9**9**9", "an alias bomb", "all bytes there are", "20 MB",
]  # fmt: skip
CLAIM = """programme: supplement
kind: claim
title: {zh: 补充保险, en: Supplement}
basis: a demo
effective: {from: 2024-01-01}
layers: []
tests:
  - {total: 1, expect: {cash: 1}}
"""


@pytest.fixture(scope="module")
def findings(commands: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """What one check says of all bad documents, by the name of each."""
    folder = tmp_path_factory.mktemp("bad")
    names = {}
    for number, (name, (make, _)) in enumerate(BAD.items()):
        names[str(_write(folder / f"{number}.yaml", make()))] = name
    ended = commands.run("policy", "check", "--json", *names, home=folder / "home")
    assert (ended.code, ended.err) == (1, "")
    told: dict[str, list[dict[str, object]]] = {name: [] for name in BAD}
    for finding in ended.json()["findings"]:
        told[names[finding["file"]]].append(finding)
    return told


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_has_a_finding_with_its_place(findings: dict[str, list[dict[str, object]]], name: str) -> None:
    assert BAD[name][1] in [finding["code"] for finding in findings[name]]
    for finding in findings[name]:
        assert set(finding) == {"file", "line", "column", "code", "zh", "en", "hint"}
        assert isinstance(finding["line"], int)
        assert isinstance(finding["column"], int)
        assert min(finding["line"], finding["column"]) >= 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_told_in_under_a_second(commands: CommandLine, tmp_path: Path, name: str) -> None:
    make, code = BAD[name]
    ended = _run(commands, tmp_path, "check", make())
    assert (ended.code, [finding["code"] for finding in ended.json()["findings"]]) == (1, [code])
    assert ended.cpu_seconds < SECONDS_MAX


def test_the_good_document_has_none(commands: CommandLine, tmp_path: Path) -> None:
    ended = _run(commands, tmp_path, "check", GOOD)
    assert (ended.code, ended.json()) == (0, {"ok": True, "skipped": 0, "findings": []})


def test_what_is_not_built_yet_is_skipped(commands: CommandLine, tmp_path: Path) -> None:
    checked, tested = _run(commands, tmp_path, "check", CLAIM), _run(commands, tmp_path, "test", CLAIM)
    assert (checked.code, checked.json()) == (0, {"ok": True, "skipped": 1, "findings": []})
    assert (tested.code, tested.json()) == (0, {"passed": 0, "failed": 0, "skipped": 1, "failures": []})


def test_a_case_that_fails_is_told_with_its_place(commands: CommandLine, tmp_path: Path) -> None:
    ended = _run(commands, tmp_path, "test", GOOD.replace(PAY, "list_price * 20%", 1))
    told = ended.json()
    assert (ended.code, ended.err) == (1, "")
    assert told["failed"] == len(told["failures"]) > 0
    assert told["passed"] > 0
    assert all(set(failure) == {"file", "line", "case", "expected", "got"} for failure in told["failures"])


def test_a_document_with_a_finding_passes_no_test(commands: CommandLine, tmp_path: Path) -> None:
    ended = _run(commands, tmp_path, "test", GOOD.replace(PAY, "9**9**9", 1))
    assert (ended.code, ended.json()["failed"], ended.json()["passed"]) == (1, 1, 0)


def test_a_missing_path_is_a_wrong_call(commands: CommandLine, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    dangling = tmp_path / "dangling.yaml"
    dangling.symlink_to(tmp_path / "gone.yaml")
    for path, command in ((tmp_path / "missing.yaml", "check"), (dangling, "check"), (empty, "check"), (Path("/dev/null"), "test")):
        ended = commands.run("policy", command, path, home=tmp_path / "home")
        assert (ended.code, ended.out) == (2, "")
        assert str(path) in ended.err
        assert "Traceback" not in ended.err
    assert not (tmp_path / "home").exists()


def test_a_folder_stands_for_its_documents_and_a_stray_list_above_makes_no_city(commands: CommandLine, tmp_path: Path) -> None:
    _write(tmp_path / "lists.yaml", "[]")
    shutil.copytree(ROOT / "cities/jiaxing/policies", tmp_path / "policies")
    ended = commands.run("policy", "check", tmp_path / "policies", "--json", home=tmp_path / "home")
    assert (ended.code, ended.json()["findings"]) == (0, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_wrong_call(commands: CommandLine, tmp_path: Path) -> None:
    path = _write(tmp_path / "closed.yaml", GOOD)
    path.chmod(0)
    assert commands.run("policy", "check", path, home=tmp_path / "home").code == 2


def _run(commands: CommandLine, folder: Path, command: str, content: str | bytes) -> Ended:
    ended = commands.run("policy", command, _write(folder / "document.yaml", content), "--json", home=folder / "home")
    assert "Traceback" not in ended.err, ended.err
    return ended


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
