"""What `make` says on a machine that lacks something: one sentence that names what is missing, and nothing half made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.reading import PROJECT

TOOLS = ("sh", "cat", "dirname", "pwd")


@pytest.fixture
def machine(tmp_path):
    """A folder with the install scripts and a PATH of its own that holds hardly anything."""
    shutil.copytree(PROJECT / "requirements", tmp_path / "one card 一卡" / "requirements")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def _program(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def _run(machine: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=machine / "one card 一卡", env={"PATH": str(machine / "bin")}, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_missing_venv_names_the_package_that_brings_it(machine):
    _program(machine, "python3", f'case "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"')
    done = _run(machine, "requirements/install", "run")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"install the package python{version}-venv" in done.stderr
    assert not (machine / "one card 一卡" / ".venv").exists()


def test_an_old_python_is_passed_over_and_said(machine):
    _program(machine, "python3", "exit 1")
    done = _run(machine, "requirements/install", "run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "needs Python 3.11 or newer" in done.stderr


def test_skipped_browser_tests_are_said_aloud(machine):
    _program(machine, "id", "echo 1000")
    done = _run(machine, "requirements/browser")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "BROWSER TESTS ARE SKIPPED" in done.stderr


def test_a_browser_that_cannot_be_fetched_skips_its_tests_and_no_more(machine):
    _program(machine, "id", "echo 0")
    _program(machine, "apt-get", "exit 100")
    done = _run(machine, "requirements/browser")
    assert done.returncode == 0
    assert "BROWSER TESTS ARE SKIPPED" in done.stderr


def test_what_is_stamped_is_not_installed_again(machine):
    folder = machine / "one card 一卡"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(PROJECT / "pyproject.toml", folder)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *install*) echo "pip $*" >> pip.log; exit 0;; esac\nexec "{sys.executable}" "$@"\n', encoding="utf-8"
    )
    python.chmod(0o755)
    asked = []
    for _ in range(2):
        assert _run(machine, "requirements/install", "run").returncode == 0
        asked.append((folder / "pip.log").read_text(encoding="utf-8").count("pip"))
    (folder / "requirements" / "run.txt").write_text("", encoding="utf-8")
    assert _run(machine, "requirements/install", "run").returncode == 0
    asked.append((folder / "pip.log").read_text(encoding="utf-8").count("pip -m pip install"))
    assert asked[0] == asked[1]
    assert asked[2] == 3  # The list, the project, and the list once more after it changed.
