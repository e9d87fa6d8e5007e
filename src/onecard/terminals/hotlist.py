"""The hotlist as terminals hold and receive it: the whole, packed or plain, and what changed since a version. Pure.

An entry is the first four bytes of a credential's alias, a number of 32 bits. Of a million sound credentials some 80 share
an entry with one of 330,000 barred ones: a terminal that stands alone then asks for the staff, and the server, which looks
at the whole key, sets it right. The form of the bytes is told in docs/guides/terminal/protocol.md.
"""

import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from onecard.values.error import OnecardError

__all__ = [
    "EMPTY", "ENTRIES_MAX", "DeltaOutOfOrder", "Hotlist", "HotlistDelta", "HotlistMalformed", "applied", "encode_delta", "encode_full",
    "entry_of", "is_delta", "read_message", "updated",
]  # fmt: skip

MAGIC: Final = b"OCHL1"
FULL: Final = b"F"
PACKED: Final = b"P"
DELTA: Final = b"D"

ENTRIES_MAX: Final = 8_000_000
"""A list of more is no list of a city: whatever claims so is refused before memory is taken for it."""

_PACKED_FROM: Final = 65_536  # Below, the plain form is small enough, and needs nothing to unpack it.
_HEAD: Final = struct.Struct(">5scQQ")
_COUNT: Final = struct.Struct(">I")


class HotlistMalformed(OnecardError):
    """Bytes that are no hotlist, or a damaged one. Nothing of it is taken."""

    code = "terminals.hotlist_malformed"
    zh = "黑名单数据不完整或已损坏（{why_zh}）。原有黑名单不变，请重新下载完整名单。"
    en = "These bytes are no whole hotlist ({why_en}). The list at hand stands; fetch the full one again."


class DeltaOutOfOrder(OnecardError):
    """A delta that does not begin where the list at hand ends. Nothing of it is taken."""

    code = "terminals.delta_out_of_order"
    http_status = 409
    zh = "增量名单从版本 {since} 开始，本机名单为版本 {held}，不能套用。请下载完整名单。"
    en = "This delta begins at version {since}, the list at hand is version {held}. Fetch the full list."


def _no_entries() -> "array[int]":
    return array("I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotlist:
    """The whole list at a version: entries strictly rising."""

    version: int
    entries: "array[int]" = field(default_factory=_no_entries, repr=False)

    def holds(self, alias: bytes) -> bool:
        """Tell whether the credential with this *alias* is to be refused."""
        entry = entry_of(alias)
        place = bisect_left(self.entries, entry)
        return place < len(self.entries) and self.entries[place] == entry


EMPTY: Final = Hotlist(version=0)
"""What a terminal holds before it was told anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlistDelta:
    """What changed from one version to another: entries that came, entries that went, each strictly rising."""

    since: int
    version: int
    adds: "array[int]" = field(default_factory=_no_entries, repr=False)
    removes: "array[int]" = field(default_factory=_no_entries, repr=False)


def entry_of(alias: bytes) -> int:
    """Return the entry that stands for a credential: the first four bytes of its *alias*, big-endian."""
    return int.from_bytes(alias[:4], "big")


def applied(held: Hotlist, delta: HotlistDelta) -> Hotlist:
    """Return the list after *delta*; raises `DeltaOutOfOrder` where it begins elsewhere or removes what is not there.

    Runs between two changes are copied whole: a delta of 500 on 330,000 entries costs about as much as one copy.
    """
    if delta.since != held.version:
        raise DeltaOutOfOrder(since=delta.since, held=held.version)
    old, new, start = held.entries, _no_entries(), 0
    for entry, comes in sorted([(entry, True) for entry in delta.adds] + [(entry, False) for entry in delta.removes]):
        place = bisect_left(old, entry, start)
        is_there = place < len(old) and old[place] == entry
        if is_there == comes:
            raise DeltaOutOfOrder(since=delta.since, held=held.version)
        new += old[start:place]
        if comes:
            new.append(entry)
        start = place if comes else place + 1
    new += old[start:]
    return Hotlist(version=delta.version, entries=new)


def updated(held: Hotlist, message: bytes) -> Hotlist:
    """Return what a terminal holds after *message*, full or delta. Raises `HotlistMalformed`, `DeltaOutOfOrder`."""
    told = read_message(message)
    return applied(held, told) if isinstance(told, HotlistDelta) else told


def encode_full(version: int, entries: bytes) -> bytes:
    """Return the whole list as a message; *entries* are 4 bytes each, strictly rising, as the store joins them."""
    assert len(entries) % 4 == 0
    count = len(entries) // 4
    head = _HEAD.pack(MAGIC, PACKED if count >= _PACKED_FROM else FULL, 0, version) + _COUNT.pack(count)
    return head + (_packed(_numbers(entries)) if count >= _PACKED_FROM else entries)


def encode_delta(since: int, version: int, adds: Iterable[int], removes: Iterable[int]) -> bytes:
    """Return what changed from *since* to *version* as a message."""
    come, go = array("I", sorted(adds)), array("I", sorted(removes))
    head = _HEAD.pack(MAGIC, DELTA, since, version) + _COUNT.pack(len(come)) + _COUNT.pack(len(go))
    return head + _bytes(come) + _bytes(go)


def is_delta(message: bytes) -> bool:
    """Tell whether *message* is a difference, not a whole list."""
    return message.startswith(MAGIC + DELTA)


def read_message(message: bytes) -> Hotlist | HotlistDelta:
    """Return what *message* says; raises `HotlistMalformed` for anything but one whole message."""
    if len(message) < _HEAD.size + _COUNT.size or not message.startswith(MAGIC):
        raise _malformed("开头不对", "it does not begin as one")
    _, kind, since, version = _HEAD.unpack_from(message)
    (count,) = _COUNT.unpack_from(message, _HEAD.size)
    if count > ENTRIES_MAX:
        raise _malformed("条目数过大", "it claims too many entries")
    if kind == DELTA:
        return _read_delta(message, since, version, count)
    if kind not in (FULL, PACKED) or since != 0:
        raise _malformed("种类不明", "it is of no known kind")
    body = message[_HEAD.size + _COUNT.size :]
    return Hotlist(version=version, entries=_unpacked(body, count) if kind == PACKED else _rising(body, count))


def _read_delta(message: bytes, since: int, version: int, adds: int) -> HotlistDelta:
    start = _HEAD.size + 2 * _COUNT.size
    if len(message) < start or version < since:
        raise _malformed("增量头部不完整", "the delta's head is cut short")
    (removes,) = _COUNT.unpack_from(message, _HEAD.size + _COUNT.size)
    middle = start + 4 * adds
    come, go = _rising(message[start:middle], adds), _rising(message[middle:], removes)
    return HotlistDelta(since=since, version=version, adds=come, removes=go)


def _rising(body: bytes, count: int) -> "array[int]":
    if len(body) != 4 * count:
        raise _malformed("长度与条目数不符", "its length is not that of its entries")
    return _checked(_numbers(body))


def _checked(entries: "array[int]") -> "array[int]":
    if any(map(int.__ge__, entries, entries[1:])):
        raise _malformed("条目未按升序排列", "its entries do not rise")
    return entries


def _packed(entries: "array[int]") -> bytes:
    """Return the gaps between entries, the first bytes of all, then the second …, deflated: near to what chance allows."""
    gaps = array("I", [entries[0], *map(int.__sub__, entries[1:], entries)])
    whole = _bytes(gaps)
    return zlib.compress(b"".join(whole[place::4] for place in range(4)), 6)


def _unpacked(body: bytes, count: int) -> "array[int]":
    inflater = zlib.decompressobj()
    try:
        planes = inflater.decompress(body, 4 * count + 1)  # Never more than was claimed, whatever the bytes inflate to.
    except zlib.error:
        raise _malformed("无法解压", "it does not inflate") from None
    if len(planes) != 4 * count or not inflater.eof or inflater.unused_data:
        raise _malformed("长度与条目数不符", "its length is not that of its entries")
    whole = bytearray(4 * count)
    for place in range(4):
        whole[place::4] = planes[place * count : (place + 1) * count]
    try:
        return _checked(array("I", accumulate(_numbers(bytes(whole)))))
    except OverflowError:
        raise _malformed("条目超出范围", "an entry has more than 32 bits") from None


def _numbers(whole: bytes) -> "array[int]":
    numbers = _no_entries()
    assert numbers.itemsize == 4
    numbers.frombytes(whole)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _bytes(numbers: Sequence[int]) -> bytes:
    copied = array("I", numbers)
    if sys.byteorder == "little":
        copied.byteswap()
    return copied.tobytes()


def _malformed(why_zh: str, why_en: str) -> HotlistMalformed:
    return HotlistMalformed(why_zh=why_zh, why_en=why_en)
