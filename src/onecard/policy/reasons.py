"""Why a document says no: the closed list, in its order of precedence, strictest door first (POLICY §2)."""

from typing import Final

__all__ = ["GATE_ONLY", "REASONS"]

REASONS: Final[tuple[str, ...]] = (
    "BLOCKED",
    "SITE_CLOSED",
    "SLOT_CLOSED",
    "NO_BOOKING",
    "GUARDIAN_NEEDED",
    "FULL",
    "PASSBACK",
    "LIMIT_SLOT",
    "LIMIT_DAY",
    "LIMIT_WEEK",
    "LIMIT_MONTH",
    "LIMIT_YEAR",
    "LIMIT_LIFE",
    "BENEFIT_EXCLUDED_DAY",
    "BENEFIT_INACTIVE",
    "NOT_ELIGIBLE",
    "NOT_INSURED",
    "NOT_ELIGIBLE_REGION",
    "NOT_ELIGIBLE_AGE",
)
"""Where several documents say no, the one that comes first here is said."""

GATE_ONLY: Final[frozenset[str]] = frozenset(REASONS[:7])
"""What only a gate may say: it stops a person instead of withholding a reduction."""
