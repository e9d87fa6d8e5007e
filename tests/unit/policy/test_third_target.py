"""The terminal page decides as Python does: the shared vectors, generated subjects of every programme, random documents."""

import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecard.cli.vectors import vector_files
from onecard.decision.rulebook import RuleBook
from onecard.decision.vectors import decision_vectors
from onecard.policy.check import check
from onecard.policy.lists import read_lists
from onecard.policy.model import Source
from onecard.policy.vectors import programme_vectors, written_facts
from onecard.settings.city_folder import CityFolder
from tests.torture.proof import table_of, write_proof
from tests.unit.policy.documents import programme_of
from tests.unit.policy.generated import conditions, document, facts_of, moneys
from tests.unit.policy.node import NODE, started

CITY = Path(__file__).parents[3] / "cities" / "jiaxing"
VECTORS = CITY / "vectors"
LISTS = read_lists((CITY / "lists.yaml").read_text("utf-8"))
SOURCES = [Source(file=path.name, content=path.read_bytes()) for path in sorted((CITY / "policies").glob("*.yaml"))]
PROGRAMMES = check(SOURCES, LISTS).programmes
SUBJECTS, DECISIONS, LINE = 400, 2_000, 1_000
TORTURE = int(os.environ.get("ONECARD_SUBJECTS", "1000"))

needs_node = pytest.mark.skipif(NODE is None, reason="no Node here: the vectors still run in Chromium (Debian: apt-get install nodejs)")


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with started(tmp_path_factory.mktemp("modules")) as running:
        yield running


def differences(node, cases):
    """Put vectors of one programme, whose rule is set, to the page's evaluator; return those it answers otherwise."""
    cases = list(cases)
    told = []
    for begin in range(0, len(cases), LINE):
        told += node.ask("judge", [[case["facts"], [fen for fen, _ in case["shares"]]] for case in cases[begin : begin + LINE]])
    wanted = [[case["verdict"], [parts for _, parts in case["shares"]]] for case in cases]
    return [(case, got) for case, got, want in zip(cases, told, wanted, strict=True) if got != want]


def decided_otherwise(node, rules, cases):
    cases = list(cases)
    node.ask("rules", [[programme.rule for programme in rules.programmes], sorted(LISTS.gated)])
    told = []
    for begin in range(0, len(cases), LINE):
        told += node.ask("decide", [{key: case[key] for key in ("subject", "occasion", "used")} for case in cases[begin : begin + LINE]])
    return [(case, got) for case, got in zip(cases, told, strict=True) if got != case["decision"]]


def test_the_vectors_are_fresh():
    stale = [name for name, text in vector_files(CityFolder(name="jiaxing", path=CITY)).items() if not _same(VECTORS / name, text)]
    assert stale == [], "run `onecard policy vectors --out cities/jiaxing/vectors`"


def _same(path, text):
    return path.is_file() and path.read_text("utf-8") == text


def test_every_programme_has_vectors_that_grant_and_that_do_not():
    files = [json.loads(path.read_text("utf-8")) for path in VECTORS.glob("programmes/*.json")]
    verdicts = {file["programme"]: {type(case["verdict"]) for case in file["cases"]} for file in files}
    conditioned = {programme.name for programme in PROGRAMMES if programme.rule["who"]}
    assert {name: kinds for name, kinds in verdicts.items() if kinds != ({str, list} if name in conditioned else {list})} == {}
    assert verdicts.keys() == {programme.name for programme in PROGRAMMES}


@needs_node
@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_both_targets_judge_and_share_alike(node, programme):
    node.ask("rule", programme.rule)
    assert differences(node, programme_vectors(programme, LISTS, Random(programme.name).randrange, SUBJECTS)) == []


@needs_node
def test_both_targets_decide_alike(node):
    rules = RuleBook(PROGRAMMES, gated=LISTS.gated)
    cases = list(decision_vectors(rules, LISTS, Random(1).randrange, DECISIONS))
    reasons = {case["decision"]["reason"] for case in cases}
    assert {"OK", "OK_FREE", "OK_DISCOUNT", "FULL", "LIMIT_DAY", "SITE_CLOSED", "NOT_ELIGIBLE_AGE", "CARD_LOST", "CARD_UNKNOWN"} <= reasons
    assert decided_otherwise(node, rules, cases) == []


@needs_node
@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_both_targets_agree_on_many_subjects_of_each_programme(node, capsys):
    counted, different = Counter(), []
    for programme in PROGRAMMES:
        node.ask("rule", programme.rule)
        cases = list(programme_vectors(programme, LISTS, Random(f"{programme.name} at length").randrange, TORTURE))
        different += [(programme.name, found) for found in differences(node, cases)]
        counted += Counter(subjects=len(cases), granted=sum(isinstance(case["verdict"], list) for case in cases))
        counted += Counter(shares=sum(len(case["shares"]) for case in cases))
    rules = RuleBook(PROGRAMMES, gated=LISTS.gated)
    decisions = list(decision_vectors(rules, LISTS, Random(2).randrange, 5 * TORTURE))
    different += decided_otherwise(node, rules, decisions)
    table = table_of(f"Python and JavaScript, {TORTURE} subjects of each programme, {datetime.now(UTC):%Y-%m-%d}", [
        ("programmes", len(PROGRAMMES)), ("subjects judged", counted["subjects"]), ("of them granted", counted["granted"]),
        ("amounts shared out between funds", counted["shares"]), ("whole decisions over all programmes", len(decisions)),
        ("answered differently", len(different)),
    ])  # fmt: skip
    with capsys.disabled():
        print("\n" + table)
    assert different == []
    if "ONECARD_TORTURE_PROOF" in os.environ:
        write_proof(Path(os.environ["ONECARD_TORTURE_PROOF"]), table, "subjects")


@needs_node
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(condition=conditions, price=moneys, facts=st.lists(facts_of(), min_size=3, max_size=8))
def test_random_documents_mean_the_same_in_both(node, condition, price, facts):
    funding = "  transit of region: 33.33%\n  operator: rest"
    text = document([condition], {"share_of_it": "list_price"}, [f"min(share_of_it, {price.text})"], funding)
    checked = check([Source(file="try.yaml", content=text.encode())], LISTS).programmes
    if not checked:
        return
    node.ask("rule", checked[0].rule)
    for told in facts:
        verdict = checked[0].judge(told)
        fens = [0, 1, 100, told["list_price"]]
        shares = [[list(part) for part in checked[0].share(told, fen)] for fen in fens]
        got = node.ask("judge", [[written_facts(told, tuple(told)), fens]])[0]
        assert got == [verdict if isinstance(verdict, str) else list(verdict), shares]


@needs_node
def test_a_difference_would_be_seen(node):
    programme = programme_of(Path(__file__).with_name("pages").joinpath("meal-subsidy.yaml").read_text("utf-8"))
    cases = list(programme_vectors(programme, LISTS, Random(3).randrange, 200))
    node.ask("rule", {**programme.rule, "who": []})
    assert differences(node, cases) != []
