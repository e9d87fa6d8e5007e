"""Send what waits, in order and in parts, until nothing does: whatever breaks off is sent again, and counts once."""

from typing import Any, Final

from onecard.device.log import Waiting
from onecard.device.server import Reply, Server
from onecard.device.standing import Standing
from onecard.values.days import epoch_milliseconds

__all__ = ["BYTES_MAX", "USES_MAX", "Uploader"]

USES_MAX: Final = 500
"""Uses in one request; the server takes up to 5,000. Smaller parts are settled sooner, so less is sent twice after a kill."""

BYTES_MAX: Final = 1024 * 1024
"""Bytes in one request; the server takes up to 4 MB."""


class Uploader:
    """Sends a log's waiting uses. Everything here raises `Unreachable` and `LogUnwritable`; nothing is lost by either."""

    def __init__(self, standing: Standing, server: Server) -> None:
        self._standing = standing
        self._server = server
        self.sent = 0  # Since the program started.

    async def run(self) -> bool:
        """Send until nothing waits; return whether all of it was taken in."""
        most = USES_MAX
        while waiting := self._standing.log.waiting(most):
            part = _fitting(waiting)
            reply = await self._server.post("/v1/uses/batch", b'{"uses":[' + b",".join(each.body for each in part) + b"]}")
            if reply.status == 200:
                self._take(part, reply.told["answers"])
                most = USES_MAX
            elif reply.status == 413 and len(part) > 1:
                most = len(part) // 2
            else:
                self._refused(reply)
                return False
        return True

    def _take(self, part: list[Waiting], answers: list[dict[str, Any]]) -> None:
        """Keep both answers of each use. A use whose number is another's is given the next one, for what happened stays happened."""
        standing = self._standing
        standing.away, standing.refused = False, None
        settled: list[tuple[int, dict[str, Any]]] = []
        for use, answer in zip(part, answers, strict=True):
            if answer["upload"] == "invalid" and str(answer.get("problem", {}).get("type", "")).endswith("/seq-reused"):
                standing.log.renumber(use, answer, standing.least_seq, epoch_milliseconds(standing.clock.now()))
            else:
                settled.append((use.seq, answer))
        standing.log.take_answers(settled)
        self.sent += len(part)

    def _refused(self, reply: Reply) -> None:
        if reply.status < 500:
            self._standing.refused = reply.told or {"type": str(reply.status)}


def _fitting(waiting: list[Waiting]) -> list[Waiting]:
    """Return the first of *waiting* that fit one request; one always does."""
    size, count = 0, 0
    for use in waiting:
        size += len(use.body) + 1
        if count and size > BYTES_MAX:
            break
        count += 1
    return waiting[:count]
