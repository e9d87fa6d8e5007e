"""A fund's name, as pages and commands say it."""

from onecard.web.words import CityWords, named

__all__ = ["fund_name"]


def fund_name(fund: str, words: CityWords, regions: CityWords, lang: str) -> str:
    """Return a fund's name: 'transit-330481' is the fund 'transit' of that region."""
    kind, _, region = fund.rpartition("-")
    if not region.isdigit():
        return named(fund, words, lang)
    place = named(region, regions, lang)
    return f"{place}{named(kind, words, lang)}" if lang == "zh" else f"{named(kind, words, lang)}, {place}"
