"""The national decoding service by HTTP: asked within the time that a tap has, left in peace while it does not answer."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from onecard.cards.code import CodeReason
from onecard.cards.provider import Recognised
from onecard.values.error import OnecardError
from onecard.values.masked import PersonNumber
from onecard.values.regions import is_region

__all__ = ["DECODE_SECONDS_MAX", "PEACE_SECONDS", "DecoderAddressWrong", "HttpDecoder", "recognised_from"]

DECODE_SECONDS_MAX: Final = 0.6
"""How long an answer may take: a terminal counts 0.8 s of silence as no network."""

PEACE_SECONDS: Final = 5.0
"""How long a service that did not answer is not asked: the taps behind this one must not wait for it too."""

_BYTES_MAX: Final = 8192

_REFUSALS: Final[dict[tuple[int, str], CodeReason]] = {
    (404, "unknown"): "CODE_BAD_SIGN", (409, "used"): "CODE_REPLAYED", (410, "expired"): "CODE_EXPIRED",
}  # fmt: skip

log = structlog.get_logger(__name__)


class DecoderAddressWrong(OnecardError):
    """ONECARD_DECODE_URL is no HTTP address."""

    code = "app.decoder_address_wrong"
    zh = "ONECARD_DECODE_URL 应为 http:// 或 https:// 开头的地址。"
    en = "ONECARD_DECODE_URL should be an address that begins with http:// or https://."


class HttpDecoder:
    """Asks one service; *clock* counts seconds (monotonic)."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        """Raises `DecoderAddressWrong`."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DecoderAddressWrong
        self._secure = parts.scheme == "https"
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path.rstrip("/") + "/v1/decode"
        self._clock = clock
        self._peace_until = 0.0

    async def decode(self, code: str, terminal: str, at: datetime) -> Recognised | CodeReason | None:
        """Return who shows *code*, why it is refused, or None where the service did not answer, or not sensibly."""
        if self._clock() < self._peace_until:
            return None
        asked = json.dumps({"code": code, "terminal": terminal, "at": at.isoformat()}).encode()
        try:
            status, body = await asyncio.wait_for(asyncio.to_thread(self._post, asked), DECODE_SECONDS_MAX)
        except (OSError, HTTPException, TimeoutError) as silent:
            self._peace_until = self._clock() + PEACE_SECONDS
            log.warning("decoder_silent", why=type(silent).__name__)
            return None
        said = recognised_from(body) if status == 200 else _refusal(status, body)
        if said is None:
            log.warning("decoder_answered_nonsense", status=status)
        return said

    def _post(self, asked: bytes) -> tuple[int, bytes]:
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=DECODE_SECONDS_MAX)
        try:
            connection.request("POST", self._path, asked, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read(_BYTES_MAX)
        finally:
            connection.close()


def _refusal(status: int, body: bytes) -> CodeReason | None:
    """Return why the service refuses a code; a bare 404, as of a wrong address, is no word about it."""
    try:
        return _REFUSALS.get((status, json.loads(body)["error"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def recognised_from(body: bytes) -> Recognised | None:
    """Return whom a service's answer names; None where it is no such answer, for nobody is registered on a guess."""
    try:
        told: Any = json.loads(body)
        number, region, born = str(told["si_no"]).upper(), told["region"], date.fromisoformat(told["born"])
        token = str(told["token"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sensible = number.isascii() and number.isalnum() and 6 <= len(number) <= 18 and isinstance(region, str) and is_region(region)
    if not sensible or not 1900 <= born.year <= 2100:
        return None
    return Recognised(number=PersonNumber(number), born=born, home_region=region, token=token)
