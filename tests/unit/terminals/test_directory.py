"""The directory in which a tap finds its site."""

from datetime import date, timedelta

import pytest

from onecard.terminals.model import Directory, Place, Site, Terminal

LIVE = date(2024, 9, 1)
SITE = Site(
    site="S1", operator="o", kind="campus", scene="campus", region="330481", name_zh="示例", name_en="Example",
    services=("entry", "exit"),
    states=((date(2024, 1, 1), "planned"), (date(2024, 6, 1), "testing"), (LIVE, "live"), (date(2024, 10, 1), "suspended")),
)  # fmt: skip
TERMINAL = Terminal(terminal="T330481-0001", site="S1", bound_on=date(2024, 6, 1), unbound_on=date(2024, 11, 1))
DIRECTORY = Directory(
    version=1, sites={"S1": SITE}, terminals={"T330481-0001": Place(TERMINAL, SITE)}, tokens={b"h" * 32: frozenset({"T330481-0001"})}
)


@pytest.mark.parametrize(
    ("day", "state", "takes", "counts"),
    [
        (date(2023, 12, 31), None, False, False),
        (date(2024, 1, 1), "planned", False, False),
        (date(2024, 8, 31), "testing", True, False),
        (LIVE, "live", True, True),
        (date(2024, 10, 2), "suspended", False, False),
    ],
)
def test_a_site_takes_and_counts_uses_by_its_state_that_day(day, state, takes, counts):
    assert SITE.state_on(day) == state
    assert SITE.takes_uses_on(day) is takes
    assert SITE.counts_on(day) is counts


def test_a_terminal_is_bound_from_its_first_day_until_the_day_it_leaves():
    assert not TERMINAL.bound_at(TERMINAL.bound_on - timedelta(days=1))
    assert TERMINAL.bound_at(TERMINAL.bound_on)
    assert TERMINAL.bound_at(date(2024, 10, 31))
    assert not TERMINAL.bound_at(date(2024, 11, 1))


def test_a_directory_answers_by_terminal_and_by_token():
    assert DIRECTORY.site_of("T330481-0001") is SITE
    assert DIRECTORY.place("T330481-9999") is None
    assert DIRECTORY.spoken_for(b"h" * 32) == {"T330481-0001"}
    assert DIRECTORY.spoken_for(b"x" * 32) is None
    assert "hhhh" not in repr(DIRECTORY)
