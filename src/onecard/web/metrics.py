"""What the server counts about itself, for Prometheus."""

from prometheus_client import Counter

__all__ = ["BATCHES", "TAPS"]

TAPS = Counter("onecard_taps", "Taps answered, by outcome and reason.", ["outcome", "reason"])
BATCHES = Counter("onecard_batch_uses", "Uses that came in batches.")
