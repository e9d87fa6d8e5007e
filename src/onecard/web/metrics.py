"""What the server counts about itself, for Prometheus."""

from prometheus_client import Counter, Gauge

__all__ = ["BATCHES", "LISTENERS", "TAPS"]

TAPS = Counter("onecard_taps", "Taps answered, by outcome and reason.", ["outcome", "reason"])
BATCHES = Counter("onecard_batch_uses", "Uses that came in batches.")
LISTENERS = Gauge("onecard_event_listeners", "Terminals that listen to this server's events.")
