"""No run of the tests prints a person number: whoever prints one fails, and is shown what he printed masked.

Looked at is all that a test leaves behind: what it and the programs beside it wrote, what was logged, and the text of its failure.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from onecard.values.masked import holds_number, mask_numbers

__all__ = ["heard", "pytest_collection_modifyitems", "pytest_make_parametrize_id", "pytest_runtest_makereport"]

_heard: Final[list[tuple[str, str]]] = []


def heard(program: str, text: str) -> None:
    """Remember what a *program* beside the tests wrote, where it holds a number: the test that runs then has to answer for it."""
    if holds_number(text):
        _heard.append((program, text))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a parameter that holds a number by its masked form; all others are named as pytest does."""
    return mask_numbers(val) if isinstance(val, str) and holds_number(val) else None


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Refuse tests whose names hold a number all the same: names are printed."""
    named = [mask_numbers(item.nodeid) for item in items if holds_number(item.nodeid)]
    if named:
        raise pytest.UsageError("give these tests another id, it holds a person number: " + ", ".join(named))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Let a test fail that printed a number, and mask what is shown of it."""
    report: pytest.TestReport = yield
    written = [*((name, text) for name, text in report.sections if name.endswith(call.when) and holds_number(text)), *_heard]
    _heard.clear()
    failure = report.longreprtext if report.failed else ""
    if holds_number(failure):
        report.longrepr = mask_numbers(failure)
    if written:
        report.sections = [(name, mask_numbers(text)) for name, text in report.sections]
        said = "\n".join(f"{name}: {line}" for name, text in written for line in text.splitlines() if holds_number(line))
        report.outcome = "failed"
        report.longrepr = f"{mask_numbers(failure)}\n{item.nodeid} printed a person number:\n{mask_numbers(said)}".lstrip()
    return report
