"""Where a right holds: a region's subtree × a scene × a programme. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from onecard.values.regions import region_prefix

__all__ = ["EVERY", "Scope", "is_scope_region", "prefixes_of", "subtree"]

EVERY: Final = "*"

_CITY_PREFIX_DIGITS: Final = 4  # 3304 of 330400.
_CITY_DIGITS: Final = 6  # Province, city, county; then three digits each for town and village (GB/T 2260, GB/T 10114).


def is_scope_region(region: str) -> bool:
    """Tell whether *region* is a code of six, nine or twelve digits: a province, city, county, town or village."""
    return region.isascii() and region.isdigit() and len(region) in (6, 9, 12) and region[0] != "0"


def subtree(region: str) -> str:
    """Return what every code inside *region* begins with: 330400 → 3304, 330481 → itself, 330481100000 → 330481100."""
    if not is_scope_region(region):
        raise ValueError(f"{region!r} is no region's code")
    while len(region) > _CITY_DIGITS and region.endswith("000"):
        region = region[:-3]
    return region_prefix(region) if len(region) == _CITY_DIGITS else region


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One place of the city's work. A region '' is no region: a role such as the system's administrator concerns none."""

    region: str = ""
    scene: str = EVERY
    programme: str = EVERY

    @property
    def prefix(self) -> str | None:
        """Return what regions inside begin with; None where the scope has no region."""
        return subtree(self.region) if self.region else None

    @property
    def city_wide(self) -> bool:
        """Tell whether no county bounds it: a city or a province, or no region at all."""
        return self.prefix is None or len(self.prefix) <= _CITY_PREFIX_DIGITS

    def covers(self, region: str, scene: str = "", programme: str = "") -> bool:
        """Tell whether an object of *region*, *scene* and *programme* lies inside; '' is an object that concerns none.

        An object without a region lies inside every scope: it is nobody's alone, and the permission decides.
        """
        return self._covers_region(region) and _covers(self.scene, scene) and _covers(self.programme, programme)

    def within(self, other: "Scope") -> bool:
        """Tell whether *other* reaches at least as far in each direction."""
        wider = (other.scene in (EVERY, self.scene)) and (other.programme in (EVERY, self.programme))
        if not self.region or not other.region:
            return wider and not self.region
        return wider and subtree(self.region).startswith(subtree(other.region))

    def _covers_region(self, region: str) -> bool:
        if not region:
            return True
        return bool(self.region) and region.startswith(subtree(self.region))


def prefixes_of(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Return what the regions inside any of *scopes* begin with, none of them inside another."""
    told = sorted({scope.prefix for scope in scopes if scope.prefix is not None})
    return tuple(prefix for prefix in told if not any(prefix != other and prefix.startswith(other) for other in told))


def _covers(allowed: str, asked: str) -> bool:
    return allowed in (EVERY, asked) or not asked
