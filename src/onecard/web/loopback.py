"""Tell whether a request comes from this very machine: the demo's cast, with its tokens, is shown to nobody else."""

import ipaddress
from collections.abc import Mapping

__all__ = ["is_loopback"]

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def is_loopback(client: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether the peer *client* and the name it asked for both are this machine, and no proxy stands between.

    The name is asked too, because a foreign web page can make its own name mean 127.0.0.1 (DNS rebinding).
    """
    if any(name in headers for name in _FORWARDED):
        return False
    return _is_local(client or "") and _is_local(_host_of(headers.get("host", "")))


def _host_of(host: str) -> str:
    """Return the name in a Host header without its port: [::1]:8000 → ::1."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
