"""Start PostgreSQL's programs through the warden script, as the right user and holding the server's lock."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from onecard.db.account import Account
from onecard.db.binaries import CLEAN_ENVIRONMENT
from onecard.db.place import Endpoint, ServerPlace

__all__ = ["Runner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Who runs PostgreSQL's programs, and whether folders closed to that user are opened for it (CAP_DAC_READ_SEARCH)."""

    account: Account
    may_enter_all: bool

    def run_once(self, lock: int, command: list[str]) -> "subprocess.CompletedProcess[str]":
        """Run *command* to its end; the server's *lock* is held as long as it runs, even if we are killed meanwhile."""
        return self._warden({"stay": False}, lock, command)

    def guard(self, place: ServerPlace, endpoint: Endpoint, lock: int) -> None:
        """Start the server of *place* under a warden that stays behind; returns once the warden is on its own."""
        order = {"stay": True, "log": str(place.log), "users_lock": str(place.users_lock), "socket_folder": endpoint.socket_folder}
        self._warden(order, lock, [str(place.binaries / "postgres"), "-D", str(place.data)])

    def _warden(self, order: dict[str, object], lock: int, command: list[str]) -> "subprocess.CompletedProcess[str]":
        order |= {
            "command": command,
            "environment": CLEAN_ENVIRONMENT,
            "lock": lock,
            "uid": None if self.account.is_us else self.account.uid,
            "gid": self.account.gid,
            "may_enter_all": self.may_enter_all,
        }
        return subprocess.run(
            [sys.executable, "-I", "-S", Path(__file__).with_name("warden.py"), json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if not order["stay"] else subprocess.DEVNULL,
            stderr=subprocess.PIPE if not order["stay"] else subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            pass_fds=[lock],
            cwd=os.sep,
            check=False,
        )
