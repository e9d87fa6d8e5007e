"""What the server counts about itself and about the terminals it speaks to, for Prometheus."""

import math
from datetime import datetime
from typing import get_args

from prometheus_client import Counter, Gauge

from onecard.audit.heads import LogFigures
from onecard.terminals.alarm import AlarmKind
from onecard.terminals.presence import FleetFigures

__all__ = ["BATCHES", "LISTENERS", "SIGN_INS", "TAPS", "show_fleet", "show_log"]

TAPS = Counter("onecard_taps", "Taps answered, by outcome and reason.", ["outcome", "reason"])
BATCHES = Counter("onecard_batch_uses", "Uses that came in batches.")
SIGN_INS = Counter("onecard_sign_ins", "Sign-ins of staff answered, by how: ok, or what was refused.", ["result"])
LISTENERS = Gauge("onecard_event_listeners", "Terminals that listen to this server's events.")

_ONLINE = Gauge("onecard_terminals_online", "Terminals that signed in or sent a heartbeat lately.")
_BEHIND = Gauge("onecard_terminals_behind", "Terminals online that last told of an older hotlist than the one that holds.")
_WAITING = Gauge("onecard_terminals_waiting_uses", "Uses that terminals online have yet to send.")
_VERSION = Gauge("onecard_hotlist_version", "The version of the hotlist that holds.")
_ENTRIES = Gauge("onecard_hotlist_credentials", "Credentials on the hotlist.")
_ALARMS = Gauge("onecard_terminal_alarms", "Alarms of terminals that no operator has settled, by kind.", ["kind"])
_AGE = Gauge("onecard_hotlist_age_seconds", "Since the hotlist last changed.")


def show_fleet(figures: FleetFigures, now: datetime) -> None:
    """Set the gauges that tell how terminals do, and how fresh their hotlist is."""
    _ONLINE.set(figures.online)
    _BEHIND.set(figures.behind)
    _WAITING.set(figures.waiting)
    _VERSION.set(figures.version)
    _ENTRIES.set(figures.entries)
    for kind in get_args(AlarmKind):
        _ALARMS.labels(kind).set(figures.alarms.get(kind, 0))
    _AGE.set((now - figures.changed_at).total_seconds() if figures.changed_at else 0)


_LEAVES = Gauge("onecard_log_leaves", "Leaves of the audit log.")
_UNSIGNED = Gauge("onecard_log_leaves_unsigned", "Leaves that no signed head covers yet.")
_HEAD_AGE = Gauge("onecard_log_head_age_seconds", "Since the newest head of the audit log was signed.")
_UNWITNESSED = Gauge("onecard_log_heads_unwitnessed", "Signed heads that the witness has not had.")
_WITNESS_AGE = Gauge(
    "onecard_log_witness_age_seconds", "Since the newest head that the witness has was signed; what is newer, no head outside proves."
)


def show_log(figures: LogFigures, now: datetime) -> None:
    """Set the gauges that tell how far the audit log, its heads and the witness are."""
    _LEAVES.set(figures.size)
    _UNSIGNED.set(figures.size - (figures.head_size or 0))
    _HEAD_AGE.set((now - figures.head_at).total_seconds() if figures.head_at else 0)
    _UNWITNESSED.set(figures.waiting)
    never = 0.0 if figures.head_size is None else math.inf
    _WITNESS_AGE.set((now - figures.witnessed_at).total_seconds() if figures.witnessed_at else never)
