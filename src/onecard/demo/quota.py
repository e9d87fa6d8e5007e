"""Share a total among days so that it comes out exactly. Pure."""

from collections.abc import Sequence

__all__ = ["spread"]


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole parts of *total* in proportion to *weights*, by largest remainders, of equals the earlier; they add up to it."""
    whole = sum(weights)
    assert total >= 0
    assert whole > 0
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    assert sum(parts) == total
    return parts
