"""The demo's days: from where the pass is counted to the evening at which its clock stands when the city is built. Pure."""

from datetime import date, datetime
from typing import Final

from onecard.values.days import CITY_ZONE

__all__ = ["DEMO_DAY", "DEMO_FIRST_DAY", "DEMO_START"]

DEMO_FIRST_DAY: Final = date(2023, 1, 1)
"""From here the pass is counted: 670 days to `DEMO_DAY` (FIELD §9)."""

DEMO_DAY: Final = date(2024, 10, 31)

DEMO_START: Final = datetime(2024, 10, 31, 20, 0, tzinfo=CITY_ZONE)
"""Where the demo's clock stands at first; it runs on in real time (`settings.clock`)."""
