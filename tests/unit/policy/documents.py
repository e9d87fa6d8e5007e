"""Documents that pass, and the lists of the city they are written for: what the tests of this room start from."""

from onecard.policy.check import Checked, check
from onecard.policy.lists import read_lists
from onecard.policy.model import Finding, Programme, Source

__all__ = ["BUS", "GOOD", "GROUND", "LISTS", "MEAL", "checked", "findings_of", "programme_of"]

LISTS = read_lists("""\
city: jiaxing
region: 330400
hardship: [tekun, dibao, dibian, disabled, youfu, shidu, care_home]
standing: [student, soldier, hero, blood_donor, talent, only_child_parent, public_payroll, teacher]
services: [ride, entry, exit, purchase, breakfast, lunch, dinner, visit, loan]
site_kinds: [bus, scenic, merchant, canteen, clinic, ferry, museum, library, campus, apartment, hall]
gated: [museum, library, campus, apartment, hall]
regions: {city: [330400], zhejiang: [330000], delta: [310000, 320000, 330000, 340000]}
funds: [operator, transit, culture-tourism, civil-affairs, city-budget, medical-fund, library, donors]
words:
  delta: {zh: 长三角, en: the delta}
  city: {zh: 嘉兴市, en: Jiaxing}
""")

BUS = """\
programme: elder-pass-bus
kind: use
title:
  zh: 长三角敬老通·公交
  en: Delta elder pass, buses
basis: 推进长三角区域社会保障卡居民服务一卡通规定 (2022-10-01)
effective: {from: 2023-01-01}
where: {region: 330400, service: ride, site_kind: bus}

who:
  - age >= 60 else NOT_ELIGIBLE_AGE
  - home_region in delta else NOT_ELIGIBLE_REGION

pay:
  - free if age >= 70
  - list_price * 50%

limits:
  elder-rides: 30 times per day else LIMIT_DAY

funding:
  transit of region: 100%

tests:
  - {case: the day before 60, age: 59y364d, home_region: 341800, list_price: 2.00, expect: {paid: 2.00, reason: NOT_ELIGIBLE_AGE}}
  - {case: Xuancheng at 65, age: 65, home_region: 341800, list_price: 2.00, expect: {paid: 1.00, payers: {transit-330400: 1.00}}}
  - {case: half of an odd fen goes up, age: 65, home_region: 341800, list_price: 2.01, expect: {paid: 1.01}}
  - {case: Beijing at 65, age: 65, home_region: 110101, list_price: 2.00, expect: {paid: 2.00, reason: NOT_ELIGIBLE_REGION}}
  - {case: a minute before the sixtieth birthday, born: 1964-11-01, on: 2024-10-31, time: 23:59, list_price: 2.00, expect: {paid: 2.00, reason: NOT_ELIGIBLE_AGE}}
  - {case: at midnight, born: 1964-11-01, on: 2024-11-01, time: 00:00, list_price: 2.00, expect: {paid: 1.00}}
  - {case: seventy today, born: 1954-10-31, on: 2024-10-31, list_price: 2.00, expect: {paid: 0.00, reason: OK_FREE}}
  - {case: leap day in a leap year, born: 1964-02-29, on: 2024-02-29, list_price: 2.00, expect: {paid: 1.00}}
  - {case: the day before it, born: 1964-02-29, on: 2024-02-28, list_price: 2.00, expect: {paid: 2.00}}
  - {case: in a common year still 69 on 28 February, born: 1956-02-29, on: 2026-02-28, list_price: 2.00, expect: {paid: 1.00}}
  - {case: and 70 on 1 March, born: 1956-02-29, on: 2026-03-01, list_price: 2.00, expect: {paid: 0.00}}
  - {case: thirtieth ride, age: 65, list_price: 2.00, used: {elder-rides: 29}, expect: {paid: 1.00, used: {elder-rides: 30}}}
  - {case: thirty-first ride, age: 65, list_price: 2.00, used: {elder-rides: 30}, expect: {paid: 2.00, reason: LIMIT_DAY, used: {elder-rides: 30}}}
"""

GROUND = """\
programme: campus-ground
kind: gate
title:
  zh: 校园健身
  en: School grounds
basis: demo opening rules (FIELD §4.7)
effective: {from: 2024-09-01}
where: {region: 330400, service: entry, site_kind: campus}

figures:
  opening:
    unit: hours
    by: day_kind
    from 2024-09-01:
      workday: 18:00-20:30
      weekend: 08:00-20:00
      holiday: [08:00-11:30, 13:00-20:00]

who:
  - not blocked else BLOCKED
  - open else SITE_CLOSED
  - time in opening else SLOT_CLOSED
  - age >= 14 or guardian else GUARDIAN_NEEDED
  - registered_region in city or booked else NOT_ELIGIBLE_REGION

limits:
  ground-places: capacity persons at once of site else FULL

tests:
  - {age: 30, registered_region: 330481, time: 18:00, capacity: 60, expect: {outcome: accepted, used: {ground-places: 1}}}
  - {case: a minute early, age: 30, registered_region: 330481, time: 17:59, capacity: 60, expect: {outcome: refused, reason: SLOT_CLOSED}}
  - {case: closing minute, age: 30, registered_region: 330481, time: 20:30, capacity: 60, expect: {outcome: refused, reason: SLOT_CLOSED}}
  - {case: holiday noon, age: 30, registered_region: 330481, day_kind: holiday, time: 12:00, capacity: 60, expect: {reason: SLOT_CLOSED}}
  - {case: 13 alone, age: 13, registered_region: 330481, time: 19:00, capacity: 60, expect: {outcome: refused, reason: GUARDIAN_NEEDED}}
  - {case: 13 with guardian, age: 13, guardian: yes, registered_region: 330481, time: 19:00, capacity: 60, expect: {outcome: accepted}}
  - {case: 14 today, age: 14, registered_region: 330481, time: 19:00, capacity: 60, expect: {outcome: accepted}}
  - {case: blocked parent with child, age: 35, blocked: yes, registered_region: 330481, time: 19:00, capacity: 60, expect: {outcome: refused, reason: BLOCKED}}
  - {case: ground full, age: 30, registered_region: 330481, time: 19:00, capacity: 60, used: {ground-places: 60}, expect: {outcome: refused, reason: FULL}}
  - {case: stranger without booking, age: 30, home_region: 110101, time: 19:00, capacity: 60, expect: {outcome: refused, reason: NOT_ELIGIBLE_REGION}}
"""

MEAL = """\
programme: meal-subsidy
kind: use
title:
  zh: 老年助餐补贴
  en: Meal subsidy for elders
basis: demo tariff, FIELD §4.4
effective: {from: 2024-01-01}
where: {region: [330481, 330483, 330421], service: [lunch, dinner], site_kind: canteen}

figures:
  age_part:
    unit: yuan
    by: age
    from 2024-01-01: {60: 2.00, 70: 3.00, 80: 4.00, 90: 6.00, else: 0.00}
  need_part:
    unit: yuan
    by: largest hardship
    from 2024-01-01: {tekun: 8.00, dibao: 8.00, disabled: 6.00, youfu: 6.00, shidu: 6.00, else: 0.00}
  own_least:
    unit: yuan
    by: region
    source: demo tariff; 330421 by its notice of 2024-06
    from 2024-01-01: 3.00
    from 2024-07-01: {330421: 2.50, else: 3.00}
  county_share:
    unit: percent
    by: region
    from 2024-01-01: {330421: 60%, else: 70%}

let:
  reduction: max(age_part, need_part)

who:
  - age >= 60 else NOT_ELIGIBLE_AGE
  - registered_region in city else NOT_ELIGIBLE_REGION

pay: max(list_price - reduction, own_least)

limits:
  subsidised-meal: 1 times per slot else LIMIT_SLOT
  subsidised-meals: 45 times per month else LIMIT_MONTH
in_error: city-budget      # bears what was given offline beyond this rule

funding:
  civil-affairs of region: county_share
  city-budget: rest

tests:
  - {age: 68, registered_region: 330481, region: 330481, list_price: 15.00, expect: {paid: 13.00, payers: {civil-affairs-330481: 1.40, city-budget: 0.60}}}
  - {case: the larger and not the sum, age: 81, hardship: [tekun, disabled], registered_region: 330481, region: 330481, list_price: 15.00, expect: {paid: 7.00}}
  - {case: own part at least 3.00, age: 68, hardship: [dibao], registered_region: 330481, region: 330481, list_price: 6.00, expect: {paid: 3.00}}
  - {case: never above the list price; nothing saved and nothing counted, age: 68, registered_region: 330481, region: 330481, list_price: 2.00, expect: {paid: 2.00, reason: OK, used: {subsidised-meals: 0}}}
  - {case: county tariff before the 1st, age: 68, hardship: [dibao], registered_region: 330421, region: 330421, on: 2024-06-30, list_price: 6.00, expect: {paid: 3.00}}
  - {case: county tariff from the 1st, age: 68, hardship: [dibao], registered_region: 330421, region: 330421, on: 2024-07-01, list_price: 6.00, expect: {paid: 2.50, payers: {civil-affairs-330421: 2.10, city-budget: 1.40}}}
  - {case: late offline meal of the 30th keeps the old tariff, age: 68, hardship: [dibao], registered_region: 330421, region: 330421, on: 2024-06-30, time: 11:45, list_price: 6.00, expect: {paid: 3.00}}
  - {case: hardship still holds on the 15th, age: 68, hardship: [dibao], then: {2024-10-16: {hardship: []}}, on: 2024-10-15, registered_region: 330481, region: 330481, list_price: 15.00, expect: {paid: 7.00}}
  - {case: hardship ended on the 16th, age: 68, hardship: [dibao], then: {2024-10-16: {hardship: []}}, on: 2024-10-16, registered_region: 330481, region: 330481, list_price: 15.00, expect: {paid: 13.00}}
  - {case: second lunch, age: 68, registered_region: 330481, region: 330481, list_price: 15.00, used: {subsidised-meal: 1}, expect: {paid: 15.00, reason: LIMIT_SLOT, outcome: accepted}}
  - {case: 45th meal, age: 68, registered_region: 330481, region: 330481, list_price: 15.00, used: {subsidised-meals: 44}, expect: {paid: 13.00}}
  - {case: 46th meal, age: 68, registered_region: 330481, region: 330481, list_price: 15.00, used: {subsidised-meals: 45}, expect: {paid: 15.00, reason: LIMIT_MONTH}}
  - {case: not registered here eats at full price, age: 68, home_region: 341800, region: 330481, list_price: 15.00, expect: {paid: 15.00, reason: NOT_ELIGIBLE_REGION}}
"""

GOOD = {"elder-pass-bus": BUS, "campus-ground": GROUND, "meal-subsidy": MEAL}


def checked(*texts: str) -> Checked:
    """Check documents that stand in one folder."""
    return check([Source(file=f"{place}.yaml", content=text.encode()) for place, text in enumerate(texts)], LISTS)


def findings_of(text: str) -> list[Finding]:
    """Return what is found in one document."""
    return list(checked(text).findings)


def programme_of(text: str) -> Programme:
    """Return the programme of one document without findings."""
    result = checked(text)
    assert not result.findings, [f"{found.line}:{found.column} {found.code} {found.en}" for found in result.findings]
    return result.programmes[0]
