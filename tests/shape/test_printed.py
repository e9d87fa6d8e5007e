"""Nothing that the tests print holds a person number: the check that sees to it, tried on tests that print one."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.printed import pytest_collection_modifyitems

pytest_plugins = ["pytester"]

NUMBER = "33040219590512" + "0419"  # In two parts: this file is printed where its own tests fail.

ROOT = Path(__file__).parents[2]

SAMPLES = f"""
import logging, subprocess, sys
import pytest
from tests.printed import heard

NUMBER = {NUMBER[:9]!r} + {NUMBER[9:]!r}

def test_leaks_on_stdout(): print(NUMBER)
def test_leaks_on_stderr(): sys.stderr.write(f"who is {{NUMBER}}?")
def test_leaks_in_a_log(): logging.getLogger().warning("seen %s", NUMBER)
def test_leaks_by_a_program(): subprocess.run(["echo", NUMBER], check=True)
def test_leaks_by_a_server_beside(): heard("a server", f"lost {{NUMBER}}")
def test_leaks_in_its_failure(): assert NUMBER == ""
def test_leaks_in_both():
    print(NUMBER[:-1] + "X")
    assert NUMBER == ""

@pytest.fixture
def early(): print(NUMBER)
@pytest.fixture
def late():
    yield
    print(NUMBER)
def test_leaks_before(early): pass
def test_leaks_behind(late): pass

@pytest.mark.parametrize("harmless", ["a3" * 9 + "7" * 18, "1" * 16, str(10**18), "330402********0419", "0xf" + "1" * 18])
def test_prints_what_is_none(harmless): print(harmless)

@pytest.mark.parametrize("number", [NUMBER])
def test_is_named(number): pass
"""


def test_whoever_prints_a_number_fails_and_the_number_is_masked(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """By a pytest of their own: in ours, what they print would be ours."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    pytester.makeconftest("from tests.printed import pytest_make_parametrize_id, pytest_runtest_makereport\n")
    pytester.path.joinpath("test_samples.py").write_text(SAMPLES)
    result = pytester.run("python", "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio", "-rA", str(pytester.path))
    shown = result.stdout.str() + result.stderr.str()
    result.assert_outcomes(failed=7, errors=2, passed=7)  # Who leaks behind the test has passed it before.
    assert len(set(re.findall(r"^(?:FAILED|ERROR) \S+::test_leaks_(\w+)", shown, re.MULTILINE))) == 9
    assert NUMBER[:-1] not in shown
    assert "test_is_named[330402********0419]" in shown


def test_a_name_with_a_number_is_refused_before_anything_runs():
    with pytest.raises(pytest.UsageError, match=r"test_it\[who-330402\*{8}0419\]"):
        pytest_collection_modifyitems([SimpleNamespace(nodeid=f"test_it[who-{NUMBER}]"), SimpleNamespace(nodeid="test_it[who]")])
