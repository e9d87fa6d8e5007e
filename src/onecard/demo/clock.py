"""The demo's own clock: it stood at the evening of the newsletter's last day when the city was built, and runs on. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from onecard.values.days import CITY_ZONE

__all__ = ["DEMO_DAY", "DEMO_FIRST_DAY", "DEMO_START", "demo_now"]

DEMO_FIRST_DAY: Final = date(2023, 1, 1)
"""From here the pass is counted (FIELD §9)."""

DEMO_DAY: Final = date(2024, 10, 31)

DEMO_START: Final = datetime(2024, 10, 31, 20, 0, tzinfo=CITY_ZONE)


def demo_now(real_now: datetime, built_at: datetime) -> datetime:
    """Return what the demo's clock shows at *real_now*, for a city built at the real instant *built_at* (both aware).

    It never runs backwards past its start, whatever somebody does to the machine's clock.
    """
    return DEMO_START + max(real_now - built_at, timedelta(0))
