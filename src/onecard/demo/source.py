"""What a demo is built from: the city's files, and chance by a seed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.city import FILES, DemoCity, read_city
from onecard.demo.logins import LOGINS_FILE
from onecard.demo.world import ChanceOf
from onecard.settings.city_folder import CityFolder

__all__ = ["SEED", "DemoSource", "chance_by", "read_source"]

FORM: Final = "4"  # What a demo writes, beside its data, has changed so often: what was built before is built anew.

PAYOUTS_FILE: Final = "payouts.yaml"

SEED: Final = 2024
"""The seed of every demo, so that two machines show the same city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSource:
    """The city's data and policies, with the digest by which a built demo is known."""

    city: DemoCity
    policies: Mapping[str, str]  # By path inside the folder.
    payouts: str  # `payouts.yaml`; '' where the city has none.
    digest: str


def read_source(folder: CityFolder) -> DemoSource:
    """Return what stands in the city's *folder*; raises `CityMissing`."""
    city = read_city({name: folder.text(name) for name in FILES})
    policies = folder.texts("policies/*.yaml")
    payouts = folder.texts(PAYOUTS_FILE).get(PAYOUTS_FILE, "")
    beside = (folder.text(LOGINS_FILE), payouts)
    content = [FORM, city.digest, *beside, *(f"{name}\0{text}" for name, text in policies.items())]
    return DemoSource(city=city, policies=policies, payouts=payouts, digest=hashlib.sha256("\0".join(content).encode()).hexdigest())


def chance_by(seed: int) -> ChanceOf:
    """Return chance by subject: the same seed gives the same city."""

    def chance_of(subject: str) -> Chance:
        return Random(f"{seed}:{subject}")

    return chance_of
