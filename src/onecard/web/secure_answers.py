"""What every answer over HTTPS says beside itself: ask this host by HTTPS alone from now on (RFC 6797)."""

from collections.abc import MutableMapping
from typing import Any, Final

from onecard.web.hot import Send

__all__ = ["https_only"]

_YEAR_SECONDS: Final = 365 * 24 * 3600
_HEADER: Final = (b"strict-transport-security", b"max-age=%d" % _YEAR_SECONDS)
"""This host, not those below it: they may be somebody else's."""


def https_only(send: Send) -> Send:
    """Return *send* with the header on each answer. Over plain HTTP browsers ignore it, so there it is not sent."""

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], _HEADER]}
        await send(message)

    return sent
