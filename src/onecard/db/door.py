"""How a connection is made: through the home's socket, or by a URL. The endpoint is read anew each time, for servers move."""

import dataclasses
from typing import Any, Final, Literal, Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import asyncpg

from onecard.db.errors import StoreUnreachable
from onecard.db.place import OWNER, ServerPlace

__all__ = ["Door", "EmbeddedDoor", "Role", "UrlDoor", "role_name"]

Role = Literal["lane", "desk", "batch", "console", "audit_ro", "migrate"]

_CONNECT_SECONDS: Final = 5.0

# A lane's statements look rows up by key, a few or a thousand. Left alone, PostgreSQL plans the read anew at every lone tap
# (617 µs against 170), and may scan a table whose size it has not been told yet.
_LANE_PLANS: Final = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}


def role_name(role: Role) -> str | None:
    """Return the database's name of *role*; None for `migrate`, which is the owner or whoever the URL names."""
    return None if role == "migrate" else f"onecard_{role}"


class Door(Protocol):
    """A way to the database, open to each role."""

    async def connect(self, role: Role, **more: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """Return a new connection as *role*; *more* goes to the driver. Raises what the driver raises."""

    def url(self, role: Role = "migrate") -> str:
        """Return a URL by which this OS user reaches the database as *role*."""

    def beside(self, name: str) -> "Door":
        """Return the door to the database *name* of the same server."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedDoor:
    """Through the socket of a home's own server: the OS says who we are, no password."""

    place: ServerPlace
    database: str = OWNER

    async def connect(self, role: Role, **more: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """Return a new connection; the role itself is who connects."""
        endpoint = self.place.endpoint()
        if endpoint is None:
            raise ConnectionRefusedError("no server was ever started in this home")
        who = role_name(role) or OWNER
        return await asyncpg.connect(
            host=endpoint.socket_folder, port=endpoint.port, user=who, database=self.database, **_session(role), **more
        )

    def url(self, role: Role = "migrate") -> str:
        """Return a URL for libpq and asyncpg alike; good as long as the server runs."""
        endpoint = self.place.endpoint()
        if endpoint is None:
            raise StoreUnreachable(why="no server was ever started in this home")
        where = urlencode({"host": endpoint.socket_folder, "port": endpoint.port}, quote_via=quote)
        return f"postgresql://{role_name(role) or OWNER}@/{quote(self.database)}?{where}"

    def beside(self, name: str) -> "EmbeddedDoor":
        """Return the door to another database of this home's server."""
        return dataclasses.replace(self, database=name)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UrlDoor:
    """By a URL whose login may SET ROLE to each of the program's roles."""

    given: str

    async def connect(self, role: Role, **more: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """Return a new connection that has become *role* by its first moment."""
        name = role_name(role)
        session = _session(role)
        if name is not None:
            session["server_settings"]["role"] = name
        return await asyncpg.connect(self.given, **session, **more)

    def url(self, role: Role = "migrate") -> str:
        """Return the URL given, with the role in its options."""
        name = role_name(role)
        if name is None:
            return self.given
        parts = urlsplit(self.given)
        query = dict(parse_qsl(parts.query))
        query["options"] = f"{query.get('options', '')} -c role={name}".strip()
        return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))

    def beside(self, name: str) -> "UrlDoor":
        """Return the door to another database of the server that the URL names."""
        parts = urlsplit(self.given)
        query = [(key, value) for key, value in parse_qsl(parts.query) if key not in ("dbname", "database")]
        return UrlDoor(given=urlunsplit(parts._replace(path=f"/{quote(name)}", query=urlencode(query, quote_via=quote))))


def _session(role: Role) -> dict[str, Any]:
    """Return what every session of ours starts with. Plans are kept for good: statements are few and named."""
    settings = {"application_name": f"onecard-{role}", "timezone": "UTC", "jit": "off"}
    if role == "lane":
        settings |= _LANE_PLANS
    return {
        "timeout": _CONNECT_SECONDS,
        "statement_cache_size": 500,
        "max_cached_statement_lifetime": 0,
        "server_settings": settings,
    }
