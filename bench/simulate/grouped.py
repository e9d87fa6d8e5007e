"""What every contender answers: county → (persons who gain, lose, stay, fen before, fen after)."""

__all__ = ["Grouped"]

Grouped = dict[str, tuple[int, int, int, int, int]]
"""Only of those whom one of the two versions pays."""
