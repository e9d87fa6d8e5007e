"""The reference says what the program does: made parts are fresh, and the policy form names everything the language knows."""

import importlib.util
import re

import pytest

from onecard.policy.catalogue import CATALOGUE
from onecard.policy.facts import FACTS
from onecard.policy.reasons import REASONS
from tests.shape.reading import PROJECT

REFERENCE = PROJECT / "docs" / "reference"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("write", REFERENCE / "write.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Every word that the page on the policy form sets in code."""
    page = (REFERENCE / "policy.md").read_text(encoding="utf-8")
    return {word for code in re.findall(r"`([^`\n]+)`", page) for word in re.findall(r"\w+", code)}


def test_made_parts_are_fresh(maker):
    stale = {path.name for path, text in maker.reference_pages().items() if path.read_text(encoding="utf-8") != text}
    assert stale == set(), "run `make reference`"


def test_a_stale_part_would_be_seen(maker):
    assert maker.refusals("- {code: A, zh: 甲, en: a, public: true}") != maker.refusals("- {code: A, zh: 乙, en: a, public: true}")


def test_the_form_names_every_fact(named):
    assert FACTS.keys() - named == set()


def test_the_form_names_every_finding(named):
    assert {entry.partition(".")[0] for entry in CATALOGUE} - named == set()


def test_the_form_names_every_reason(named):
    assert set(REASONS) - named == set()
