"""A city is a folder of data: find it by name and read its files."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onecard.values.error import OnecardError

__all__ = ["CityFolder", "CityMissing", "find_city"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")

_EVERY: Final = "_every"  # Beside the cities: files that hold for those that have none of that name. No city's name.


class CityMissing(OnecardError):
    """There is no folder of that city, or no such file in it."""

    code = "settings.city_missing"
    zh = "找不到城市数据 {missing}（已在 {looked} 中查找）。请检查城市名称，或用 ONECARD_CITIES 指定存放各城市数据的目录。"
    en = "There is no {missing} (looked in {looked}). Check the city's name, or name the folder that holds all cities in ONECARD_CITIES."


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFolder:
    """One city's folder: `policies/`, calendar, places, regions, words."""

    name: str
    path: Path

    def text(self, file: str) -> str:
        """Return the text of *file*, a path inside the folder, or what holds in every city; UTF-8. Raises `CityMissing`."""
        found = self.text_if_any(file)
        if found is None:
            raise CityMissing(missing=f"{self.name}/{file}", looked=self.path)
        return found

    def text_if_any(self, file: str) -> str | None:
        """Return the same, None where neither the city nor every city has such a file."""
        places = (self.path / file, self.path.parent / _EVERY / file)
        return next((path.read_text(encoding="utf-8") for path in places if path.is_file()), None)

    def texts(self, pattern: str) -> dict[str, str]:
        """Return texts by path inside the folder, sorted by path, of all files that match *pattern* (`policies/*.yaml`)."""
        files = sorted(path for path in self.path.glob(pattern) if path.is_file())
        return {path.relative_to(self.path).as_posix(): path.read_text(encoding="utf-8") for path in files}


def find_city(name: str, cities: Path | None = None) -> CityFolder:
    """Return the folder of city *name* under *cities*; without it, under the `cities` folder above this source tree.

    Raises `CityMissing`, also for a name that is no plain word: a name never leads out of the folder.
    """
    folder = cities or _cities_of_source_tree()
    if not _NAME.fullmatch(name) or not (folder / name).is_dir():
        raise CityMissing(missing=name, looked=folder)
    return CityFolder(name=name, path=folder / name)


def _cities_of_source_tree() -> Path:
    here = Path(__file__).resolve()
    above = [parent / "cities" for parent in here.parents]
    return next((folder for folder in above if folder.is_dir()), above[3])
