"""The change that is simulated: the city's high-age allowance as it is, and a draft with a lower age and a step between."""

from datetime import date
from typing import Final

from onecard.app.application import city_rules
from onecard.policy.check import check
from onecard.policy.model import Programme, Source
from onecard.policy.periods import Period
from onecard.settings.city_folder import find_city

__all__ = ["DAY", "PERIOD", "versions"]

PERIOD: Final = Period("month", date(2024, 10, 1), date(2024, 10, 31))
DAY: Final = PERIOD.last
_ROW: Final = "    from 2024-01-01: {80: 60.00, 90: 150.00, 100: 600.00, else: 0.00}"
_DRAFT: Final = "    from 2024-01-01: {75: 50.00, 80: 60.00, 85: 100.00, 90: 150.00, 100: 600.00, else: 0.00}"
_TESTS: Final = "tests:\n  - {age: 75, registered_region: 330481, expect: {amount: 50.00}}\n  - {age: 74, expect: {amount: 0.00}}\n"


def versions() -> tuple[Programme, Programme]:
    """Return the released version and the draft."""
    folder = find_city("jiaxing")
    lists = city_rules(folder).lists
    (text,) = folder.texts("policies/high-age-allowance.yaml").values()
    draft = text[: text.index("tests:\n")].replace(_ROW, _DRAFT).replace("age >= 80 else", "age >= 75 else") + _TESTS
    assert _DRAFT in draft
    old, new = (check([Source(file="rule", content=each.encode())], lists) for each in (text, draft))
    assert not old.findings and not new.findings, (old.findings, new.findings)
    return old.programmes[0], new.programmes[0]
