"""No file names a registry, a machine or a living person; none is huge; links lead somewhere."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.shape.reading import PROJECT, project_files
from tests.shape.text_rules import broken_links, machine_paths, person_numbers, registry_hosts

BYTES_MAX = 1_000_000


def _texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in project_files():
        try:
            found[str(path.relative_to(PROJECT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # A picture, or a bank file in GB18030.
    return found


@pytest.mark.parametrize("rule", [registry_hosts, machine_paths, person_numbers])
def test_no_text_names_what_it_must_not(rule):
    assert [f"{name}: {wrong}" for name, text in _texts().items() for wrong in rule(text)] == []


def test_no_file_is_huge():
    assert {str(path.relative_to(PROJECT)): size for path in project_files() if (size := path.stat().st_size) > BYTES_MAX} == {}


def test_links_lead_somewhere():
    pages = {name: text for name, text in _texts().items() if name.endswith(".md")}
    assert len(pages) > 10
    assert [f"{name}: {wrong}" for name, text in pages.items() for wrong in broken_links(text, _beside(PROJECT / name))] == []


def _beside(page: Path) -> Callable[[str], str | None]:
    """Return what finds a link's target as seen from *page*."""

    def find(target: str) -> str | None:
        path = page.parent / unquote(target)
        if path.is_file():
            return path.read_text(encoding="utf-8") if path.suffix == ".md" else ""
        return "" if path.is_dir() else None

    return find


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        pytest.param(registry_hosts, "--index-url https://" + "pypi" + ".org/simple", id="a registry's host"),
        pytest.param(registry_hosts, '<script src="https://cdn.' + "jsdelivr" + '.net/x.js">', id="a network of copies"),
        pytest.param(machine_paths, 'HOME = "' + "/root" + '/.onecard"', id="a root's folder"),
        pytest.param(machine_paths, "cd " + "/work" + "/main", id="a workplace"),
        pytest.param(machine_paths, "see '" + "/home" + "/wang/notes'", id="somebody's folder"),
        pytest.param(person_numbers, "number: 330481" + "195410310012", id="Haining"),
        pytest.param(person_numbers, '"110101' + '19641101123X"', id="Beijing, check character X"),
    ],
)
def test_a_bad_text_is_found(rule, bad):
    assert rule(bad) != []


@pytest.mark.parametrize(
    "good",
    ["990001" + "195410310012", "330481" + "195413310012", "sha256:a330481" + "195410310012b", "330499" + "195410310012"],
    ids=["no such province", "no such day", "within a checksum", "no such county"],
)
def test_what_is_nobodys_number_passes(good):
    assert person_numbers(good) == []


@pytest.mark.parametrize(
    "bad",
    ["[start](start.md)", "![picture](images/none.png)", "[words](glossary.md#nothing)", "[above](#nothing)", '[title](none.md "words")'],
)
def test_a_broken_link_is_found(bad):
    assert list(broken_links(bad, {"glossary.md": "# Words\n"}.get)) != []


def test_good_links_and_code_pass():
    page = "# Two words, `one` line\n[a](glossary.md#words) [b](#two-words-one-line) [c](https://example.org)\n`[d](none.md)`\n```\n[e](none.md)\n```\n"
    assert list(broken_links(page, {"glossary.md": "# Words\n"}.get)) == []
