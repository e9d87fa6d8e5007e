"""Write values as SQL: the only place where text from a document becomes a part of a statement (POLICY §10)."""

from collections.abc import Iterable
from datetime import date

__all__ = ["column", "day_literal", "literal", "texts"]


def literal(value: int | str | bool) -> str:
    """Return *value* as a literal that is read as the same value, whatever `standard_conforming_strings` says.

    Whole numbers are `bigint`, so that nothing is reckoned in less.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}::bigint" if value >= 0 else f"({value})::bigint"
    if "\0" in value:
        raise ValueError("PostgreSQL has no text with NUL; no document does either")
    text = value.replace("'", "''")
    return "E'" + text.replace("\\", "\\\\") + "'" if "\\" in text else f"'{text}'"


def texts(values: Iterable[str]) -> str:
    """Return *values* as an array of texts."""
    return f"ARRAY[{', '.join(literal(value) for value in values)}]::text[]"


def day_literal(day: date) -> str:
    """Return *day* as a date."""
    return f"DATE {literal(day.isoformat())}"


def column(name: str) -> str:
    """Return the fact *name* as a column of the relation `f`; it is quoted, for some facts are words of SQL (`group`, `time`)."""
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no fact's name")
    return f'f."{name}"'
