"""Documents that pass, and the lists of the city they are written for: what the tests of this room start from."""

from pathlib import Path

from onecard.policy.check import Checked, check
from onecard.policy.document import read_document
from onecard.policy.findings import Desk
from onecard.policy.heading import read_heading
from onecard.policy.lists import read_lists
from onecard.policy.model import Finding, Programme, Source
from onecard.policy.reader import read_page
from onecard.policy.to_python import python_of

__all__ = ["BUS", "GOOD", "GROUND", "LISTS", "MEAL", "checked", "findings_of", "programme_of", "source_of"]

_PAGES = Path(__file__).parent / "pages"


def _page(name: str) -> str:
    return (_PAGES / f"{name}.yaml").read_text(encoding="utf-8")


LISTS = read_lists(_page("lists"))
BUS, GROUND, MEAL = _page("elder-pass-bus"), _page("campus-ground"), _page("meal-subsidy")
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


def source_of(name: str) -> str:
    """Return the Python that a good document becomes."""
    desk = Desk(name)
    page = read_page(GOOD[name].encode(), desk)
    assert page is not None
    heading = read_heading(page, desk)
    assert heading is not None
    return python_of(read_document(page, heading, LISTS, desk))
