"""What regions are called, as the city's own file says: by GB/T 2260 code, in zh and en."""

from collections.abc import Mapping
from typing import Final

import yaml

from onecard.settings.city_folder import CityFolder

__all__ = ["region_names"]

_REGIONS_FILE: Final = "regions.yaml"


def region_names(folder: CityFolder) -> Mapping[str, Mapping[str, str]]:
    """Return the names in the city's `regions.yaml`, whatever section they stand in; a city without the file has none."""
    told = folder.texts(_REGIONS_FILE).get(_REGIONS_FILE)
    sections = yaml.safe_load(told) if told else {}
    return {str(code): names for section in sections.values() for code, names in section.items() if set(names) >= {"zh", "en"}}
