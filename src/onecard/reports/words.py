"""How the bulletin says things: days, counts, lists of areas, shares, and what is not known. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from onecard.reports.model import City, Value, Words

__all__ = ["NO_DATA", "area_list", "area_name", "count_or_amount", "count_text", "counted", "day_text", "day_words", "value_text"]

NO_DATA = Words(zh="暂无数据", en="no data yet")

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def day_words(day: date) -> Words:
    """Return *day* as a reader writes it: 2024年10月31日, 31 October 2024."""
    return Words(zh=f"{day.year}年{day.month}月{day.day}日", en=f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def day_text(iso: Value, lang: str) -> str:
    """Return the ISO day *iso* in words, or that there is no data."""
    return day_words(date.fromisoformat(iso)).to(lang) if isinstance(iso, str) else NO_DATA.to(lang)


def count_text(value: Value, lang: str) -> str:
    """Return a count for prose: plain digits in Chinese as the newsletter writes them, thousands apart in English."""
    if not isinstance(value, int):
        return NO_DATA.to(lang)
    return f"{value:,}" if lang == "en" else str(value)


def counted(count: int | None, one: str, many: str | None = None) -> str:
    """Return *count* with its English noun: '1 school', '6 schools', '9 campuses'."""
    return NO_DATA.en if count is None else f"{count:,} {one if count == 1 else many or one + 's'}"


def area_name(city: City, region: str, lang: str) -> str:
    """Return the full name of an area, or its code where the city has no name for it."""
    area = city.area(region)
    return area.name.to(lang) if area else region


def area_list(city: City, regions: Iterable[str], lang: str) -> str:
    """Return the short names of areas in one list: 海宁、桐乡、嘉善, Haining, Tongxiang and Jiashan."""
    areas = [(city.area(region), region) for region in regions]
    names = [area.short.to(lang) if area else region for area, region in areas]
    if lang == "zh":
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def count_or_amount(key: str, value: int) -> str:
    """Return a figure's whole number: one that is kept in fen, by its key's last part, in yuan with two decimals."""
    if not key.endswith(("amount", ".saved")):
        return f"{value:,}"
    yuan, fen = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{yuan:,}.{fen:02d}"


def value_text(key: str, value: Value, city: City, lang: str) -> str:
    """Return any figure's value for a table; the key's last part tells days, and amounts (in fen, told in yuan), from counts."""
    if value is None:
        return NO_DATA.to(lang)
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]
    if isinstance(value, Mapping):
        pairs = [f"{area_list(city, [region], lang)} {count}" for region, count in value.items()]
        return ("、" if lang == "zh" else ", ").join(pairs)
    if isinstance(value, float):
        return f"{value:.1%}"
    if isinstance(value, int):
        return count_or_amount(key, value)
    return day_text(value, lang) if key.endswith(("as_of", "_by")) else value
