"""The types of values (POLICY §4), and what they are called in messages."""

from collections.abc import Mapping
from typing import Final, NamedTuple

__all__ = ["BOOL", "DATES", "DAY", "HOURS", "MONEY", "MU", "NUMBER", "PERCENT", "REGION", "REGIONS", "TIME", "TYPE_WORDS", "Type"]


class Type(NamedTuple):
    """What a value is; names and sets say of which list."""

    base: str
    vocabulary: str = ""  # A closed list: its names with spaces between, or `@hardship` for a city's own.

    @property
    def en(self) -> str:
        """What it is called in English."""
        return TYPE_WORDS[self.base][1]

    @property
    def zh(self) -> str:
        """What it is called in Chinese."""
        return TYPE_WORDS[self.base][0]


MONEY: Final = Type("money")
PERCENT: Final = Type("percent")
NUMBER: Final = Type("number")
MU: Final = Type("mu")
DAY: Final = Type("day")
TIME: Final = Type("time")
REGION: Final = Type("region")
REGIONS: Final = Type("regions")
HOURS: Final = Type("hours")
DATES: Final = Type("dates")
BOOL: Final = Type("yes_no")

TYPE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "money": ("金额", "money"),
    "percent": ("百分比", "percent"),
    "number": ("整数", "number"),
    "mu": ("亩数", "mu"),
    "day": ("日期", "day"),
    "time": ("时间", "time"),
    "region": ("地区", "region"),
    "regions": ("一组地区", "list of regions"),
    "hours": ("时段", "hours"),
    "dates": ("一组日期", "dates"),
    "yes_no": ("是否", "yes/no"),
    "name": ("名称", "name"),
    "set": ("一组名称", "set"),
}
