"""Where a request says that it comes from, and where we are: a browser's word about other sites is taken, a Host header's is not."""

from typing import Final

from starlette.requests import Request

from onecard.settings.origin import Origin
from onecard.web.loopback import is_loopback

__all__ = ["is_cross_site", "own_origin"]

_OWN: Final = frozenset({"same-origin", "none"})  # None: somebody typed the address, or reloads what he sent.


def own_origin(told: Origin | None, request: Request) -> Origin | None:
    """Return where browsers know us: as the settings have *told*; else, for this very machine alone, at its own name.

    None where neither is so. The port is the one that the request came in by; what its Host header says is not believed.
    """
    if told is not None:
        return told
    server = request.scope.get("server")
    if server is None or not is_loopback(request.client.host if request.client else None, request.headers):
        return None
    scheme = request.url.scheme
    return Origin(scheme=scheme, host="localhost", port=server[1] or {"http": 80, "https": 443}[scheme])


def is_cross_site(told: Origin | None, request: Request) -> bool:
    """Tell whether a browser says that another page than ours sent this, be it of the same site only, or that it does not say.

    `Origin: null` is a page that hides where it is from, and is none of ours: ours are served with a policy that lets the
    origin through. A program that is no browser says nothing, and must know the session's own token anyway.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN:
        return True
    ours = {f"{request.url.scheme}://{request.headers.get('host', '')}", "" if told is None else str(told)}
    return not set(request.headers.getlist("origin")) <= ours
