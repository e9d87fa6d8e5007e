"""The city's own names of places and funds, as pages say them."""

from typing import Final

import yaml

from onecard.settings.city_folder import CityFolder
from onecard.web.words import CityWords, named

__all__ = ["fund_name", "region_names"]

_REGIONS_FILE: Final = "regions.yaml"


def region_names(folder: CityFolder) -> CityWords:
    """Return the names in the city's `regions.yaml`, whatever section they stand in; a city without the file has none."""
    told = folder.texts(_REGIONS_FILE).get(_REGIONS_FILE)
    sections = yaml.safe_load(told) if told else {}
    return {str(code): names for section in sections.values() for code, names in section.items() if set(names) >= {"zh", "en"}}


def fund_name(fund: str, words: CityWords, regions: CityWords, lang: str) -> str:
    """Return a fund's name: 'transit-330481' is the fund 'transit' of that region."""
    kind, _, region = fund.rpartition("-")
    if not region.isdigit():
        return named(fund, words, lang)
    place = named(region, regions, lang)
    return f"{place}{named(kind, words, lang)}" if lang == "zh" else f"{named(kind, words, lang)}, {place}"
