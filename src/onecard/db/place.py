"""Where one embedded PostgreSQL lives: its folder inside a home, its binaries, and how to reach it once it runs."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

__all__ = ["OWNER", "Endpoint", "ServerPlace"]

OWNER: Final = "onecard"  # The role that owns everything in an embedded store, and the name of its database.


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Socket folder and port of a server; the port also stands in the socket's name, and on 127.0.0.1."""

    socket_folder: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlace:
    """Folders and files of one embedded server. All of it is inside *home*, but for a socket folder with a short name."""

    home: Path
    binaries: Path

    @property
    def folder(self) -> Path:
        """Everything of the server."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        """The database cluster (PGDATA). Made whole or not at all."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What PostgreSQL says. Never holds values of statements."""
        return self.folder / "server.log"

    @property
    def local_settings(self) -> Path:
        """An operator's own `postgresql.conf` lines, read after ours; there is none at first."""
        return self.folder / "local.conf"

    @property
    def users_lock(self) -> Path:
        """Held shared by everyone who uses the home, and exclusively by the warden once nobody does."""
        return self.folder / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held exclusively from before PostgreSQL starts until its last process is gone: all of them inherit it."""
        return self.folder / "server.lock"

    def endpoint(self) -> Endpoint | None:
        """Return where the server listens or last listened; None where none ever started."""
        try:
            return Endpoint(**json.loads(self._endpoint_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def remember(self, endpoint: Endpoint) -> None:
        """Write down where the server is about to listen, in one step."""
        draft = self._endpoint_file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(asdict(endpoint)), encoding="utf-8")
        draft.replace(self._endpoint_file)

    @property
    def _endpoint_file(self) -> Path:
        return self.folder / "endpoint.json"
