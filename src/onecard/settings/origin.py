"""The address under which browsers know this installation: told once from outside, never taken from what a request claims."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from onecard.values.error import OnecardError

__all__ = ["Origin", "OriginWrong", "read_origin"]

_PORTS: Final = {"http": 80, "https": 443}


class OriginWrong(OnecardError):
    """ONECARD_ORIGIN is no address, or says more than scheme, host and port."""

    code = "settings.origin_wrong"
    zh = "ONECARD_ORIGIN 应只写协议、主机名和端口，例如 https://card.example.gov.cn。"
    en = "ONECARD_ORIGIN should be scheme, host and port alone, like https://card.example.gov.cn."


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port, as a browser writes them (RFC 6454): small letters, and no port where it is the scheme's own."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" if self.port == _PORTS[self.scheme] else f"{self.scheme}://{host}:{self.port}"


def read_origin(text: str) -> Origin:
    """Return the origin that *text* names. Raises `OriginWrong`."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise OriginWrong from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/") or port == 0 or "@" in parts.netloc:
        raise OriginWrong
    if parts.query or parts.fragment or not parts.hostname.isascii():
        raise OriginWrong
    return Origin(scheme=parts.scheme, host=parts.hostname, port=port or _PORTS[parts.scheme])
