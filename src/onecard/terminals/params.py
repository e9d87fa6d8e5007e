"""What a terminal may do alone, by site kind, out of `cities/<city>/terminals.yaml`. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final
from zlib import crc32

import msgspec

from onecard.values.error import OnecardError

__all__ = ["BOUNDS", "Params", "ParamsOfCity", "ParamsWrong", "params_from"]

BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType({
    "uses_per_card_day": (0, 1000),
    "fen_per_card_day": (0, 1_000_000),
    "hotlist_age_hours": (1, 720),
    "silence_ms": (100, 10_000),
    "heartbeat_seconds": (5, 3600),
    "expected_uses": (0, 50_000),
    "expected_cards": (0, 100_000),
})  # fmt: skip
"""The least and the most of each value."""


class ParamsWrong(OnecardError):
    """The city's `terminals.yaml` holds an unknown name or an impossible value."""

    code = "terminals.params_wrong"
    zh = "terminals.yaml 的 {where} 不对：应为{accepted_zh}。"
    en = "{where} in terminals.yaml is wrong: it should be {accepted_en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What a terminal of one site kind is told; the defaults are for a kind of which a city says nothing."""

    uses_per_card_day: int = 6
    fen_per_card_day: int = 20_000
    hotlist_age_hours: int = 24
    silence_ms: int = 800
    heartbeat_seconds: int = 60
    expected_uses: int = 5_000
    expected_cards: int = 20_000

    def to_json(self) -> dict[str, int]:
        """Return what goes into a bundle."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamsOfCity:
    """A city's parameters for all of its site kinds."""

    every: Params = Params()
    kinds: Mapping[str, Params] = field(default_factory=dict)

    def of(self, kind: str) -> Params:
        """Return what holds for terminals at sites of *kind*."""
        return self.kinds.get(kind, self.every)

    @property
    def number(self) -> int:
        """Return a number that is another when anything here is: terminals are told it, and ask again when it moved."""
        return crc32(msgspec.json.encode([self.every, dict(sorted(self.kinds.items()))]))


def params_from(told: Mapping[str, Any]) -> ParamsOfCity:
    """Return the parameters that a city tells; raises `ParamsWrong`."""
    for key in told.keys() - {"every", "kinds"}:
        raise _unknown(key)
    every = _changed(Params(), told.get("every") or {}, "every")
    kinds = {kind: _changed(every, values or {}, kind) for kind, values in (told.get("kinds") or {}).items()}
    return ParamsOfCity(every=every, kinds=MappingProxyType(kinds))


def _changed(base: Params, values: Mapping[str, Any], where: str) -> Params:
    known = {each.name for each in fields(Params)}
    for name, value in values.items():
        if name not in known:
            raise _unknown(f"{where}.{name}")
        least, most = BOUNDS[name]
        if type(value) is not int or not least <= value <= most:
            raise ParamsWrong(
                where=f"{where}.{name}", accepted_zh=f" {least} 到 {most} 的整数", accepted_en=f"a whole number from {least} to {most}"
            )
    return replace(base, **values)


def _unknown(where: str) -> ParamsWrong:
    return ParamsWrong(where=where, accepted_zh="已知的名称", accepted_en="a name that is known here")
