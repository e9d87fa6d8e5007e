"""What is installed is locked by hash, names no host, and is what the package says it needs."""

import re
import tomllib

from tests.shape.reading import PROJECT

REQUIREMENTS = PROJECT / "requirements"
BUILDS_ONLY = {"flit-core"}


def _names(text: str) -> set[str]:
    lines = (line.strip() for line in text.splitlines())
    return {line.lower() for line in lines if line and not line.startswith(("#", "-"))}


def _locked(text: str) -> dict[str, int]:
    """Return each package of a locked list with the number of its hashes."""
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    return {block.partition("==")[0]: block.count("--hash=sha256:") for block in blocks if block.strip()}


def test_the_package_needs_what_is_locked():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dependencies"]) == _names((REQUIREMENTS / "run.in").read_text(encoding="utf-8")) - BUILDS_ONLY


def test_every_locked_package_has_a_hash():
    for name in ("run.txt", "test.txt"):
        locked = _locked((REQUIREMENTS / name).read_text(encoding="utf-8"))
        assert len(locked) > 10
        assert {package for package, hashes in locked.items() if not hashes} == set(), name


def test_lists_hold_what_was_asked_for():
    for name in ("run", "test"):
        locked = _locked((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))
        assert _names((REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8")) <= locked.keys(), name


def test_tests_run_with_the_versions_that_run():
    run, test = ((REQUIREMENTS / name).read_text(encoding="utf-8") for name in ("run.txt", "test.txt"))
    pinned = re.compile(r"^(\S+==\S+)", re.MULTILINE)
    assert set(pinned.findall(run)) <= set(pinned.findall(test))


def test_lists_name_no_host():
    for path in REQUIREMENTS.iterdir():
        assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_an_unhashed_package_would_be_seen():
    assert _locked("asyncpg==1.0 \\\n    --hash=sha256:aa\nrich==2.0\n") == {"asyncpg": 1, "rich": 0}
