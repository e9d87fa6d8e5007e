"""Every finding of the policy language, at the very character: ▸ marks in each bad document where it must point."""

import pytest

from onecard.policy.catalogue import CATALOGUE
from tests.unit.policy.bad_payouts import BAD_PAYOUTS
from tests.unit.policy.documents import BUS, GOOD, GROUND, MEAL, checked, findings_of

USE = """\
programme: try
kind: use
title: {zh: 试, en: Try}
basis: none
effective: {from: 2024-01-01}
where: {region: 330400, service: ride}
who:
  - age >= 60 else NOT_ELIGIBLE_AGE
pay: list_price * 50%
funding:
  transit of region: 100%
tests:
  - {age: 60, list_price: 2.00, expect: {paid: 1.00}}
  - {age: 59, list_price: 2.00, expect: {reason: NOT_ELIGIBLE_AGE}}
"""
WHO = "  - age >= 60 else NOT_ELIGIBLE_AGE\n"
PAY = "pay: list_price * 50%\n"
SHARE = "  transit of region: 100%\n"
EFFECTIVE = "effective: {from: 2024-01-01}\n"


def who(sentence: str) -> tuple[str, str]:
    return WHO, f"  - {sentence}\n"


def pay(value: str) -> tuple[str, str]:
    return PAY, f"pay: {value}\n"


def rows(*lines: str) -> tuple[str, str]:
    return PAY, "pay:\n" + "".join(f"  - {line}\n" for line in lines)


def figure(lines: str, value: str = "rate") -> tuple[str, str]:
    return PAY, f"figures:\n  rate:\n{lines}pay: {value}\n"


def table(by: str, row: str, value: str = "rate") -> tuple[str, str]:
    return figure(f"    unit: yuan\n    by: {by}\n    from 2024-01-01: {row}\n", value)


def funding(lines: str) -> tuple[str, str]:
    return SHARE, lines


def limit(line: str) -> tuple[str, str]:
    return "tests:\n", f"limits:\n  {line}\ntests:\n"


def case(line: str) -> tuple[str, str]:
    return "tests:\n", f"tests:\n  - {line}\n"


BAD = [
    # The page
    ("YAML_FORM", "programme: [a\nkind▸: use\n", None),
    ("YAML_FORM", "▸- one\n- two\n", None),
    ("YAML_FORM", "a: b\n▸---\nc: d\n", None),
    ("YAML_FORM", "▸a: \x01\n", None),
    ("YAML_SIZE", "▸a: " + "x" * 70_000, None),
    ("YAML_DEPTH", "a: " + "[" * 11 + "▸" + "[" * 300, None),
    ("YAML_DEPTH", "a: " + "{a: " * 11 + "▸" + "{a: " * 100, None),
    ("YAML_ALIAS", "a: ▸&x 1\nb: *x\n", None),
    ("YAML_ALIAS", "a: ▸*x\n", None),
    ("YAML_TAG", "a: ▸!!int 3\n", None),
    ("YAML_TAG", "▸%YAML 1.1\n---\na: b\n", None),
    ("YAML_TWICE", "a: b\n▸a: c\n", None),
    ("YAML_EMPTY", "▸", None),
    ("YAML_EMPTY", "▸# only a comment\n", None),
    ("YAML_EMPTY", "a:\n  - {case: the day, ▸before 60, age: 3}\n", None),
    ("YAML_EMPTY", "▸a:\nb: c\n", None),
    ("YAML_EMPTY", "a:\n  -▸\n  - b\n", None),
    ("YAML_KEY", "? ▸[a, b]\n: c\n", None),
    ("YAML_KEY", 'a: {▸"": b}\n', None),
    # The document
    ("KEY", USE, ("kind: use\n", "kind: use\n▸kinds: use\n")),
    ("KEY", USE, ("kind: use\n", "kind: use\n▸layers: []\n")),
    ("KEY", USE, ("programme: try", "▸title2: try")),
    ("KEY", "▸" + USE.replace("basis: none\n", ""), None),
    ("KEY", "▸" + USE.replace("kind: use\n", ""), None),
    ("KEY", USE, ("title: {zh: 试, en: Try}", "title: ▸Try")),
    ("KEY", USE, ("title: {zh: 试, en: Try}", "title: ▸{zh: 试}")),
    ("KEY", USE, ("effective: {from: 2024-01-01}", "effective: {from: 2024-01-01, ▸till: 2025-01-01}")),
    ("KEY", USE, ("service: ride}", "service: ride, ▸servise: ride}")),
    ("KEY", USE, figure("    ▸units: yuan\n    unit: yuan\n    from 2024-01-01: 2.00\n")),
    ("KEY", USE, figure("    ▸by: [age]\n    from 2024-01-01: {0: 2.00}\n".replace("▸", "▸", 1))),
    ("KEY", USE, case("▸{age: 61, list_price: 2.00}")),
    ("KEY", USE, case("{age: 61, expect: {▸payed: 1.00}}")),
    ("KEY", USE, case("{▸age: 61, born: 1960-01-01, expect: {paid: 1.00}}")),
    ("KEY", USE, (WHO, "").__class__((WHO.strip("\n"), "  ▸age: 60"))),
    ("NAME", USE, ("kind: use", "kind: ▸used")),
    ("NAME", USE, ("programme: try", "programme: ▸Try it")),
    ("NAME", USE, ("service: ride", "service: ▸rides")),
    ("NAME", USE, ("service: ride", "service: [ride, ▸rode]")),
    ("NAME", USE, ("service: ride", "site_kind: ▸busses")),
    ("NAME", USE, who("agee >= 60 else NOT_ELIGIBLE_AGE".replace("agee", "▸agee"))),
    ("NAME", USE, who("age >= 60 and ▸Age < 70 else NOT_ELIGIBLE_AGE")),
    ("NAME", USE, who("age >= 60 or ▸P50 else NOT_ELIGIBLE_AGE")),
    ("NAME", USE, who("▸land >= 60 else NOT_ELIGIBLE_AGE")),
    ("NAME", USE, who("has(hardship, dibao, ▸diboa) else NOT_ELIGIBLE")),
    ("NAME", USE, who("service in [ride, ▸rode] else NOT_ELIGIBLE")),
    ("NAME", USE, who("service != ▸rode else NOT_ELIGIBLE")),
    ("NAME", USE, who("▸rode != service else NOT_ELIGIBLE")),
    ("NAME", USE, who("home_region in ▸delfa else NOT_ELIGIBLE")),
    ("NAME", USE, who("home_region in [330400, ▸delfa] else NOT_ELIGIBLE")),
    ("NAME", USE, pay("▸mean(list_price, 1.00)")),
    ("NAME", USE, pay("min(list_price, ▸price)")),
    ("NAME", USE, table("▸aged", "{0: 1.00}")),
    ("NAME", USE, table("insured_as", "{none: 1.00, ▸employed: 2.00, else: 1.00}")),
    ("NAME", USE, figure("    unit: ▸euro\n    from 2024-01-01: 2.00\n")),
    ("NAME", USE, (PAY, "let:\n  ▸age: list_price\npay: age\n")),
    ("NAME", USE, (PAY, "let:\n  ▸Half: list_price\npay: list_price\n")),
    ("NAME", USE, (PAY, "let:\n  ▸class: list_price\npay: list_price\n")),
    ("NAME", USE, (PAY, "let:\n  one: ▸two\n  two: list_price\npay: two\n")),
    ("NAME", USE, case("{age: 61, ▸colour: red, expect: {paid: 1.00}}")),
    ("NAME", USE, case("{age: 61, insured_as: ▸clerk, expect: {paid: 1.00}}")),
    ("NAME", USE, case("{age: 61, hardship: [dibao, ▸poor], expect: {paid: 1.00}}")),
    ("NAME", USE, case("{age: 61, expect: {outcome: ▸granted}}")),
    ("NAME", USE, case("{age: 61, used: {▸rides: 3}, expect: {paid: 1.00}}")),
    ("ORDER", USE, (EFFECTIVE, "effective: {from: 2024-01-01, ▸until: 2023-12-31}\n")),
    ("ORDER", USE, figure("    unit: yuan\n    from 2024-01-01: 2.00\n    ▸from 2023-01-01: 3.00\n")),
    ("ORDER", USE, table("age", "{0: 1.00, 70: 2.00, ▸60: 3.00}")),
    ("ORDER", GROUND, ("workday: 18:00-20:30", "workday: ▸20:30-18:00")),
    ("ORDER", GROUND, ("[08:00-11:30, 13:00-20:00]", "[08:00-13:30, ▸13:00-20:00]")),
    ("ORDER", USE, (PAY, PAY + "▸prefer_over: [try]\n")),
    ("REASON", USE, who("age >= 60 else ▸NOT_ELIGIBLE_AGED")),
    ("REASON", USE, who("age >= 60 else ▸not_eligible")),
    ("REASON", USE, who("not blocked else ▸BLOCKED")),
    ("REASON", USE, limit("rides: 3 times per day else ▸FULL")),
    ("REASON", USE, case("{age: 61, expect: {reason: ▸OLD}}")),
    ("FUND", USE, funding("  ▸transport: 100%\n")),
    ("FUND", USE, funding("  ▸transit in region: 100%\n")),
    ("FUND", USE, funding("  transit of ▸age: 100%\n")),
    ("FUND", USE, (PAY, PAY + "in_error: ▸cityy-budget\n")),
    ("FUND", USE, case("{age: 61, expect: {payers: {▸transport: 1.00}}}")),
    ("FUND_PLACE", USE, funding("  transit of ▸registered_region: 100%\n")),
    ("FUND_PLACE", USE, funding("  medical-fund of ▸insured_as: 100%\n")),
    ("SHARES", USE, ("funding:\n" + SHARE, "▸funding:\n  transit: 60%\n  operator: 30%\n")),
    ("SHARES", USE, ("funding:\n" + SHARE, "▸funding:\n  transit: 60%\n  operator: 50%\n  donors: rest\n")),
    ("SHARES", USE, ("funding:\n" + SHARE, "▸funding:\n  transit: 2.00\n")),
    ("SHARES", USE, ("funding:\n" + SHARE, "▸funding:\n  operator: agreed_share\n")),
    ("SHARES", USE, funding("  transit: rest\n  ▸operator: rest\n")),
    ("LIMIT_FORM", USE, limit("rides: ▸30 rides per day else LIMIT_DAY")),
    ("LIMIT_FORM", USE, limit("rides: 30 times ▸every day else LIMIT_DAY")),
    ("LIMIT_FORM", USE, limit("rides: 30 times per ▸hour else LIMIT_DAY".replace("per ▸hour", "▸per hour"))),
    ("LIMIT_FORM", USE, limit("rides: 30 times per day▸")),
    ("LIMIT_FORM", USE, limit("rides: 30 times per day ▸each else LIMIT_DAY")),
    ("LIMIT_FORM", USE, limit("rides: 30 times per day ▸in part else LIMIT_DAY")),
    ("LIMIT_FORM", USE, limit("rides: 30.00 yuan ▸at once else LIMIT_DAY")),
    ("TYPE", USE, limit("rides: ▸30 yuan per day else LIMIT_DAY")),
    ("TYPE", USE, limit("rides: ▸30.00 times per day else LIMIT_DAY")),
    # Expressions
    ("EXPR_FORM", USE, who("age >= 60▸")),
    ("EXPR_FORM", USE, who("age >= 60 else NOT_ELIGIBLE ▸else FULL")),
    ("EXPR_FORM", USE, who("(▸9**9**9) >= 60 else NOT_ELIGIBLE_AGE")),
    ("EXPR_FORM", USE, who("age ▸= 60 else NOT_ELIGIBLE_AGE")),
    ("EXPR_FORM", USE, who("age in ▸service else NOT_ELIGIBLE_AGE".replace("age in", "service in"))),
    ("EXPR_FORM", USE, pay("list_price - ▸-1.00")),
    ("EXPR_FORM", USE, pay("▸min(list_price)")),
    ("EXPR_FORM", USE, pay("max(list_price, 1.00 ▸if age >= 60 if age >= 70").__class__(pay("1.00 if age >= 60 ▸if age >= 70"))),
    ("EXPR_FORM", USE, pay("list_price * 50%▸P")),
    ("EXPR_CHAR", USE, pay("list_price × 50%".replace("×", "▸×"))),
    ("EXPR_CHAR", USE, who("age ▸≥ 60 else NOT_ELIGIBLE_AGE")),
    ("EXPR_CHAR", USE, who("age.▸ else NOT_ELIGIBLE_AGE".replace("age.▸", "age▸.real >= 60"))),
    ("EXPR_CHAR", USE, who("service == ▸'ride' else NOT_ELIGIBLE_AGE")),
    ("EXPR_SIZE", USE, pay("▸" + " + ".join(["list_price"] * 60))),
    ("EXPR_SIZE", USE, pay("▸" + "+".join(["0.00"] * 97))),
    ("EXPR_SIZE", USE, pay("▸list_price" + " " * 600 + "+ 1.00")),
    ("TYPE", USE, who("list_price >= ▸3 else NOT_ELIGIBLE")),
    ("TYPE", USE, who("▸3 <= list_price else NOT_ELIGIBLE")),
    ("TYPE", USE, who("▸age else NOT_ELIGIBLE_AGE")),
    ("TYPE", USE, who("▸age and booked else NOT_ELIGIBLE_AGE")),
    ("TYPE", USE, who("▸home_region == 330400 else NOT_ELIGIBLE_REGION".replace("▸home_region == 330400", "home_region == ▸330400"))),
    ("TYPE", USE, who("▸hardship == standing else NOT_ELIGIBLE".replace("▸hardship == standing", "hardship == ▸standing"))),
    ("TYPE", USE, who("▸booked == guardian else NOT_ELIGIBLE")),
    ("TYPE", USE, who("has(▸service, ride) else NOT_ELIGIBLE")),
    ("TYPE", USE, who("known(▸age) else NOT_ELIGIBLE")),
    ("TYPE", USE, who("age in ▸[1, 2] else NOT_ELIGIBLE").__class__(who("▸age in [1, 2] else NOT_ELIGIBLE"))),
    ("TYPE", USE, pay("▸2")),
    ("TYPE", USE, pay("list_price - ▸2")),
    ("TYPE", USE, pay("list_price + ▸50%")),
    ("TYPE", USE, pay("list_price * ▸2.00")),
    ("TYPE", USE, pay("list_price / ▸2.00")),
    ("TYPE", USE, pay("list_price / ▸group")),
    ("TYPE", USE, pay("round(list_price, ▸1)")),
    ("TYPE", USE, rows("2.00 if ▸age", "1.00")),
    ("TYPE", USE, (PAY, "let:\n  part:\n    - 1.00 if age >= 70\n    - ▸50%\npay: part\n")),
    ("TYPE", USE, table("▸hardship", "{dibao: 1.00, else: 0.00}")),
    ("TYPE", USE, table("▸largest age", "{0: 1.00}")),
    ("TYPE", USE, table("[▸largest hardship, age]", "{dibao: 1.00, else: 0.00}")),
    ("TYPE", USE, funding("  transit: ▸age\n")),
    ("TYPE", USE, case("{age: 61, booked: ▸true, expect: {paid: 1.00}}")),
    ("UNGUARDED", USE, pay("▸agreed_price")),
    ("UNGUARDED", USE, who("▸agreed_price >= 1.00 and known(agreed_price) else NOT_ELIGIBLE")),
    ("UNGUARDED", USE, rows("list_price if known(agreed_price)", "▸agreed_price")),
    ("UNGUARDED", USE, (PAY, "let:\n  one: ▸agreed_price\npay: one\n")),
    ("MINUS_PLUS", USE, pay("▸list_price - 1.00 + 0.50")),
    ("MINUS_PLUS", USE, pay("max(1.00, ▸list_price - 1.00 + 0.50 - 0.10)")),
    ("RANGE", USE, pay("▸list_price * group * 50%")),
    ("RANGE", USE, pay("list_price + ▸99999999999999.00".replace("99999999999999", "9999999999")).__class__(pay("▸list_price * 9000000"))),
    ("RANGE", USE, who("age * ▸4503599627370497 >= 1 else NOT_ELIGIBLE_AGE")),
    ("RANGE", USE, case("{age: 61, list_price: ▸10000000.01, expect: {paid: 1.00}}")),
    ("MONEY_FORM", USE, pay("list_price - ▸2.0")),
    ("MONEY_FORM", USE, pay("list_price - ▸.50")),
    ("MONEY_FORM", USE, pay("list_price - ▸2.005")),
    ("MONEY_FORM", USE, figure("    unit: yuan\n    from 2024-01-01: ▸2\n")),
    ("MONEY_FORM", USE, case("{age: 61, list_price: ▸200, expect: {paid: 1.00}}")),
    ("MONEY_FORM", USE, case("{age: 61, expect: {paid: ▸1}}")),
    ("PERCENT_FORM", USE, pay("list_price * ▸12.345%")),
    ("PERCENT_FORM", USE, pay("list_price * ▸50 %")),
    ("PERCENT_FORM", USE, figure("    unit: percent\n    from 2024-01-01: ▸50\n", "list_price * rate")),
    ("NUMBER_FORM", USE, who("age >= ▸060 else NOT_ELIGIBLE_AGE")),
    ("NUMBER_FORM", USE, who("age >= ▸60y else NOT_ELIGIBLE_AGE")),
    ("NUMBER_FORM", USE, pay("list_price / ▸0")),
    ("NUMBER_FORM", USE, table("age", "{0: 1.00, ▸sixty: 2.00}")),
    ("NUMBER_FORM", USE, case("{age: ▸old, expect: {paid: 1.00}}")),
    ("TIME_FORM", USE, who("time >= ▸8:30 else NOT_ELIGIBLE")),
    ("TIME_FORM", USE, who("time >= ▸25:00 else NOT_ELIGIBLE")),
    ("TIME_FORM", GROUND, ("workday: 18:00-20:30", "workday: ▸18:00")),
    ("TIME_FORM", GROUND, ("time: 17:59", "time: ▸1759")),
    ("DATE_FORM", USE, who("day >= ▸2024-13-01 else NOT_ELIGIBLE")),
    ("DATE_FORM", USE, who("day >= ▸2024-1-1 else NOT_ELIGIBLE")),
    ("DATE_FORM", USE, (EFFECTIVE, "effective: {from: ▸2024-02-30}\n")),
    ("DATE_FORM", USE, figure("    unit: yuan\n    from ▸2024-1-1: 2.00\n")),
    ("DATE_FORM", USE, case("{born: ▸1964-02-30, expect: {paid: 1.00}}")),
    ("REGION_FORM", USE, who("home_region in ▸3304 else NOT_ELIGIBLE_REGION")),
    ("REGION_FORM", USE, who("home_region in [330481, ▸33048] else NOT_ELIGIBLE_REGION")),
    ("REGION_FORM", USE, ("region: 330400", "region: ▸3304")),
    ("REGION_FORM", USE, table("region", "{▸3304: 1.00, else: 2.00}")),
    ("REGION_FORM", USE, case("{age: 61, home_region: ▸33, expect: {paid: 1.00}}")),
    # Tables and rows
    ("GAP", USE, rows("1.00 if age >= 70", "▸2.00 if age < 70")),
    ("GAP", USE, table("age", "▸{60: 1.00}")),
    ("GAP", USE, table("insured_as", "▸{none: 1.00, employee: 2.00}")),
    ("GAP", USE, table("home_region", "▸{330400: 1.00}")),
    ("GAP", USE, table("largest hardship", "▸{dibao: 1.00}")),
    ("GAP", USE, figure("    unit: yuan\n    ▸from 2024-07-01: 2.00\n")),
    ("UNREACHABLE", USE, rows("list_price", "▸1.00 if age >= 70", "2.00")),
    ("UNREACHABLE", USE, rows("free if age >= 70", "▸1.00 if age >= 80", "2.00")),
    ("UNREACHABLE", USE, rows("free if age >= 70", "1.00 if age < 70", "▸2.00")),
    ("UNREACHABLE", USE, rows("▸free if age < 60", "2.00")),
    ("UNREACHABLE", USE, rows("▸free if service == lunch", "2.00")),
    ("UNREACHABLE", USE, rows("free if booked or guardian", "▸1.00 if guardian and age > 70", "2.00")),
    ("UNREACHABLE", USE, table("age", "{0: 1.00, ▸else: 2.00}")),
    ("UNREACHABLE", USE, table("day_kind", "{workday: 1.00, weekend: 2.00, holiday: 2.00, ▸else: 3.00}")),
    ("UNREACHABLE", USE, table("disability", "{0: 1.00, ▸5: 2.00}")),
    ("UNREACHABLE", USE, (WHO, WHO + "  - ▸age < 50 else NOT_ELIGIBLE_AGE\n")),
    ("UNUSED", USE, (PAY, "figures:\n  ▸rate:\n    unit: yuan\n    from 2024-01-01: 2.00\n" + PAY)),
    ("UNUSED", USE, (PAY, "let:\n  ▸half: list_price * 50%\n" + PAY)),
    ("UNTESTED", USE, ("tests:\n  - {age: 60, list_price: 2.00, expect: {paid: 1.00}}\n", "▸tests:\n")),
    (
        "UNTESTED",
        USE,
        ("tests:\n", "▸tests:\n").__class__(
            (USE[USE.index("tests:") :], "▸tests:\n  - {age: 60, list_price: 2.00, expect: {paid: 1.00}}\n")
        ),
    ),
    ("UNTESTED", USE, (USE[USE.index("tests:") :], "▸tests: []\n")),
]


def marked(code: str, base: str, change: tuple[str, str] | None) -> tuple[str, int, int]:
    """Return the bad document without its mark, and the line and column of the mark."""
    if change is not None:
        assert change[0] in base, "the test changes nothing"
        base = base.replace(change[0], change[1], 1)
    before, mark, after = base.partition("▸")
    assert mark, code
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(("code", "base", "change"), BAD, ids=[f"{place}-{bad[0]}" for place, bad in enumerate(BAD)])
def test_a_bad_document_is_found_at_the_very_character(code, base, change):
    text, line, column = marked(code, base, change)
    found = findings_of(text)
    assert (code, line, column) in {(one.code, one.line, one.column) for one in found}, [
        (one.code, one.line, one.column, one.en) for one in found
    ]
    assert not checked(text).programmes


def test_one_mistake_gives_one_finding():
    crowded = []
    for code, base, change in BAD:
        text, _, _ = marked(code, base, change)
        found = findings_of(text)
        if len({(one.line, one.column) for one in found}) > 1:
            crowded.append((code, [(one.code, one.line, one.column) for one in found]))
    assert len(crowded) <= 12, crowded


def test_every_code_of_the_catalogue_is_shown_by_a_bad_document():
    shown = {bad[0] for bad in BAD} | {"ELSEWHERE", "LIMIT_CLASH"} | {bad[0] for bad in BAD_PAYOUTS}
    assert {entry.partition(".")[0] for entry in CATALOGUE} == shown


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_has_no_finding(name):
    assert findings_of(GOOD[name]) == []


def test_the_document_that_the_bad_ones_are_made_of_is_good():
    assert findings_of(USE) == []


@pytest.mark.parametrize(("code", "base", "change"), BAD, ids=[f"{place}-{bad[0]}" for place, bad in enumerate(BAD)])
def test_a_finding_speaks_both_languages_and_gives_a_hint(code, base, change):
    for found in findings_of(marked(code, base, change)[0]):
        assert found.zh and found.en and found.hint
        assert "{" not in found.en.replace("{zh", "").replace("{from", "")


def test_a_misspelt_name_is_answered_with_the_nearest():
    found = findings_of(USE.replace("age >= 60 else", "agee >= 60 else"))
    assert [(one.code, one.hint) for one in found] == [("NAME", "age")]


def test_money_beside_a_number_says_what_to_write():
    found = findings_of(USE.replace("age >= 60 else", "list_price >= 3 else"))
    assert found[0].en == "money meets number." and "3.00" in found[0].hint


def test_a_name_of_another_programme_is_only_a_note():
    result = checked(USE.replace(PAY, PAY + "prefer_over: [elsewhere]\n"))
    assert [(one.code, one.note, one.line, one.column) for one in result.findings] == [("ELSEWHERE", True, 10, 15)]
    assert len(result.programmes) == 1


def test_a_limit_counted_in_two_ways_is_found_across_documents():
    other = MEAL.replace("subsidised-meals: 45 times per month", "elder-rides: 45 times per month")
    other = other.replace("used: {subsidised-meals:", "used: {elder-rides:")
    found = checked(BUS, other).findings
    assert [(one.file, one.code) for one in found] == [("1.yaml", "LIMIT_CLASH")]
    assert "times per day" in found[0].en and "times per month" in found[0].en


def test_preferences_in_a_circle_are_found_on_both_sides():
    one = USE.replace(PAY, PAY + "prefer_over: [two]\n")
    two = USE.replace("programme: try", "programme: two").replace(PAY, PAY + "prefer_over: [try]\n")
    assert [(found.file, found.code) for found in checked(one, two).findings] == [("0.yaml", "ORDER"), ("1.yaml", "ORDER")]
