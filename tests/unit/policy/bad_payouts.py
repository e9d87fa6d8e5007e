"""Payouts with a mistake in each, marked where the finding must point, and the good ones that they are made of."""

__all__ = ["BAD_PAYOUTS", "MEALS", "STIPEND", "edited"]

STIPEND = """\
programme: stipend
kind: payout
title: {zh: 助学金, en: Stipend}
basis: none
effective: {from: 2024-01-01}
cycle: term
as_of: first day
department: civil-affairs
publicity: 5
evidence: [schooling, children]
who:
  - schooling != none else NOT_ELIGIBLE
  - registered_region in city else NOT_ELIGIBLE_REGION
amount: 500.00 * children
limits:
  terms-paid: 16 times per life else LIMIT_LIFE
funding:
  civil-affairs of registered_region: 60%
  city-budget: rest
tests:
  - {schooling: middle, children: 2, registered_region: 330481, period: 2024-autumn, expect: {amount: 1000.00}}
  - {period: 2024-spring, expect: {amount: 0.00, reason: NOT_ELIGIBLE}}
"""
MEALS = """\
programme: meals-paid
kind: payout
title: {zh: 结算, en: Meals paid}
basis: none
effective: {from: 2024-01-01}
cycle: month
as_of: last day
to: operator
sums: [meals]
who:
  - not suspended else BENEFIT_INACTIVE
tests:
  - {granted: 12.00, frozen: 2.00, expect: {amount: 10.00, payers: {as recorded: 10.00}}}
  - {granted: 12.00, suspended: yes, expect: {amount: 0.00}}
"""
_AMOUNT = "amount: 500.00 * children\n"
_FUNDING = "funding:\n  civil-affairs of registered_region: 60%\n  city-budget: rest\n"


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return *text* with each change made once."""
    for old, new in changes:
        assert old in text, f"the test changes nothing: {old}"
        text = text.replace(old, new, 1)
    return text


BAD_PAYOUTS = [
    ("KEY", "▸" + edited(STIPEND, ("cycle: term\n", ""), ("period: 2024-autumn, ", ""), ("period: 2024-spring, ", ""))),
    ("KEY", "▸" + edited(STIPEND, ("as_of: first day\n", ""))),
    ("KEY", "▸" + edited(STIPEND, (_FUNDING, ""))),
    ("KEY", "▸" + edited(STIPEND, (_AMOUNT, ""))),
    ("KEY", "▸" + edited(STIPEND, (_AMOUNT, ""), (_FUNDING, ""))),
    ("KEY", "▸" + edited(MEALS, ("sums: [meals]\n", ""))),
    ("KEY", "▸" + edited(STIPEND, ("department:", "sums: [meals]\ndepartment:"))),
    ("KEY", edited(STIPEND, ("department:", "▸where: {region: 330400}\ndepartment:"))),
    ("KEY", edited(STIPEND, ("department:", "▸on_top_of: [other]\ndepartment:"))),
    ("KEY", edited(STIPEND, ("amount: 500", "▸pay: 500"))),
    ("KEY", edited(MEALS, ("sums:", "▸evidence: [suspended]\nsums:"))),
    ("KEY", edited(STIPEND, ("expect: {amount: 1000.00}", "expect: {▸paid: 1000.00}"))),
    ("KEY", edited(STIPEND, ("expect: {amount: 1000.00}", "expect: {▸used: {terms-paid: 1}}"))),
    ("KEY", edited(STIPEND, ("period: 2024-spring", "▸period: 2024-spring, on: 2024-03-01"))),
    ("KEY", edited(STIPEND, ("department: civil-affairs", "department: ▸[civil-affairs]"))),
    ("NAME", edited(STIPEND, ("cycle: term", "cycle: ▸semester"))),
    ("NAME", edited(STIPEND, ("as_of: first day", "as_of: ▸1st day"))),
    ("NAME", edited(MEALS, ("to: operator", "to: ▸operators"))),
    ("NAME", edited(STIPEND, ("evidence: [schooling, children]", "evidence: [schooling, ▸childs]"))),
    ("NAME", edited(STIPEND, ("evidence: [schooling, children]", "evidence: [schooling, ▸age]"))),
    ("NAME", edited(STIPEND, ("evidence: [schooling, children]", "evidence: [schooling, ▸list_price]"))),
    ("NAME", edited(STIPEND, ("500.00 * children", "▸granted * 50%"))),
    ("NAME", edited(STIPEND, ("500.00 * children", "▸list_price * 50%"))),
    ("NAME", edited(STIPEND, ("civil-affairs of registered_region", "civil-affairs of ▸region"))),
    ("NAME", edited(MEALS, ("not suspended else", "not suspended and ▸age >= 60 else"))),
    ("NAME", edited(STIPEND, ("{period: 2024-spring,", "{▸suspended: yes, period: 2024-spring,"))),
    ("NAME", edited(STIPEND, ("department:", "not_with: ▸Other\ndepartment:"))),
    ("ORDER", edited(STIPEND, ("department:", "not_with: [▸stipend]\ndepartment:"))),
    ("FUND", edited(STIPEND, ("department: civil-affairs", "department: ▸schools"))),
    ("FUND", edited(STIPEND, ("expect: {amount: 1000.00}", "expect: {payers: {▸as recorded: 1.00}}"))),
    ("FUND_PLACE", edited(STIPEND, ("  - registered_region in city else NOT_ELIGIBLE_REGION\n", ""), ("of registered", "of ▸registered"))),
    ("NUMBER_FORM", edited(STIPEND, ("publicity: 5", "publicity: ▸five"))),
    ("NUMBER_FORM", edited(STIPEND, ("publicity: 5", "publicity: ▸0"))),
    ("RANGE", edited(STIPEND, ("publicity: 5", "publicity: ▸367"))),
    ("RANGE", edited(STIPEND, ("amount: 500.00 * children", "amount: ▸5000.00 * children"))),
    ("TYPE", edited(STIPEND, ("amount: 500.00 * children", "amount: ▸500"))),
    ("REASON", edited(STIPEND, ("else NOT_ELIGIBLE\n", "else ▸FULL\n"))),
    ("CYCLE", edited(STIPEND, ("period: 2024-spring", "period: ▸2024-10"))),
    ("CYCLE", edited(STIPEND, ("period: 2024-spring", "period: ▸2024-summer"))),
    ("CYCLE", edited(STIPEND, ("period: 2024-spring", "period: ▸[2024-spring]"))),
    ("LIMIT_FORM", edited(STIPEND, ("16 times per life", "16 ▸times per slot"))),
    ("LIMIT_FORM", edited(STIPEND, ("16 times per life", "16 ▸persons per life"))),
    ("LIMIT_FORM", edited(STIPEND, ("16 times per life", "16 ▸times at once"))),
    ("LIMIT_FORM", edited(STIPEND, ("16 times per life", "16 ▸times per life of site"))),
    ("UNTESTED", edited(STIPEND, ("tests:\n  - {schooling: middle, children: 2, registered_region: 330481, period: 2024-autumn, "
                                  "expect: {amount: 1000.00}}\n", "▸tests:\n"))),
    ("UNTESTED", edited(STIPEND, ("tests:", "▸tests:"), ("  - {period: 2024-spring, expect: {amount: 0.00, reason: NOT_ELIGIBLE}}\n", ""))),
]  # fmt: skip
