"""What terminals that listen are told: the numbers of all that they may hold, and a small change of the hotlist itself.

Thousands hear of one change. What is the same for all of them is made once; each line is put together of pieces.
"""

import base64
from typing import Final

import msgspec

from onecard.app.bundles import Bundles
from onecard.app.hotlist import HotlistBook
from onecard.app.masters import Masters
from onecard.app.watch import Watch
from onecard.terminals.hotlist import is_delta
from onecard.terminals.model import Place
from onecard.terminals.params import ParamsOfCity

__all__ = ["DELTA_BYTES_MAX", "EventBook", "EventLine"]

DELTA_BYTES_MAX: Final = 4096
"""Of a difference that comes with the event: about 1,000 entries. 5,000 terminals are sent 27 MB of the largest."""

DELTAS_KEPT_MAX: Final = 16  # Listeners were last told of the same version, or of one of the last few.


class EventLine(msgspec.Struct, frozen=True):
    """What one terminal is told, and the version of the hotlist that it knows of then."""

    hotlist: int
    known: bytes  # The numbers, as the inside of a JSON object.
    delta: bytes  # The difference in base64; empty where there is none or it is great.

    def sent(self) -> bytes:
        """Return the event as it is sent."""
        more = b',"delta":"' + self.delta + b'"' if self.delta else b""
        return b"data: {" + self.known + more + b"}\n\n"


class EventBook:
    """Makes the lines of one server."""

    def __init__(self, *, watch: Watch, hotlist: HotlistBook, bundles: Bundles, masters: Masters, params: ParamsOfCity) -> None:
        self._watch = watch
        self._hotlist = hotlist
        self._bundles = bundles
        self._masters = masters
        self._params = params
        self._deltas: dict[tuple[int, int], bytes] = {}

    async def line(self, place: Place, told: int | None) -> EventLine:
        """Return what *place*'s terminal is told now; *told* is the version of the hotlist that its last line named."""
        version = await self._watch.hotlist_version()
        known = b'"hotlist":%d,"rules":%d,"bundle":"%s","params":%d' % (
            version, self._masters.rules.number, self._bundles.etag(place).encode(), self._params.number,
        )  # fmt: skip
        delta = b"" if told is None or told == version else await self._delta(told, version)
        return EventLine(version, known, delta)

    async def _delta(self, told: int, version: int) -> bytes:
        found = self._deltas.get((told, version))
        if found is None:
            message = await self._hotlist.message(told, version)
            found = base64.b64encode(message) if is_delta(message) and len(message) <= DELTA_BYTES_MAX else b""
            while len(self._deltas) >= DELTAS_KEPT_MAX:
                del self._deltas[next(iter(self._deltas))]
            self._deltas[told, version] = found
        return found
