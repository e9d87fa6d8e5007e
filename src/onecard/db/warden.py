"""A small process between users of a home and its PostgreSQL: starts the server, stops it when nobody uses the home.

Run as a script by the launcher, on its own (`python -I -S warden.py ORDER`): only the standard library, nothing of ours.
The server never outlives the warden (death signal), and the warden never outlives the last user of the home (file lock),
whoever of them started it and however they died. No process id is ever written down or trusted.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from typing import Any

__all__: list[str] = []

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_CHILD_SUBREAPER, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 1, 8, 36, 47, 2
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522

# PostgreSQL's fast shutdown, its immediate one, and the kernel's; how long each may take (SURFACES §1: 10 s in all).
_WAYS_TO_STOP = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 1.0))


def _prctl(option: int, first: int, second: int = 0) -> None:
    if _LIBC.prctl(*(ctypes.c_ulong(word) for word in (option, first, second, 0, 0))) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _in_child(may_enter_all: bool) -> None:
    """Run in the child after it became another user, which clears capabilities and death signal, before the program starts."""
    if may_enter_all:
        bit = 1 << _CAP_DAC_READ_SEARCH
        if _LIBC.capset(struct.pack("Ii", _CAPABILITY_VERSION_3, 0), struct.pack("6I", bit, bit, bit, 0, 0, 0)) != 0:
            raise OSError(ctypes.get_errno(), "capset")
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_READ_SEARCH)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGINT)  # PostgreSQL's fast shutdown.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o077)


def _start(order: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Start the ordered program: as another user where told, in a clean environment, holding the server's lock."""
    if order["may_enter_all"]:
        _prctl(_PR_SET_KEEPCAPS, 1)
    as_user = {} if order["uid"] is None else {"user": order["uid"], "group": order["gid"], "extra_groups": []}
    return subprocess.Popen(
        order["command"], cwd="/", env=order["environment"], stdin=subprocess.DEVNULL, pass_fds=[order["lock"]],
        preexec_fn=lambda: _in_child(order["may_enter_all"]), **as_user,  # noqa: PLW1509 no thread runs yet
    )  # fmt: skip


def _run_once(order: dict[str, Any]) -> int:
    return _start(order).wait()


def _guard(order: dict[str, Any]) -> int:
    """Leave the caller, start the server, and stay until it ends, be it by itself or because nobody uses the home."""
    if os.fork() != 0:
        return 0
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for stream, target in ((0, null), (1, log), (2, log)):
        os.dup2(target, stream)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    server = _start(order)
    threading.Thread(target=_wait_until_unused, args=[order["users_lock"]], daemon=True).start()
    _wait_until_ended(server)
    _end_orphans()
    with contextlib.suppress(OSError):
        os.rmdir(order["socket_folder"])  # noqa: PTH106 it may lie outside the home; whoever starts next makes it anew
    os._exit(0)  # The thread may still wait; locks go with the process.


def _wait_until_ended(server: "subprocess.Popen[bytes]") -> None:
    """Wait for the end of *server*; once told to stop, ask it in ever plainer ways.

    A server of version 18 that is asked for a fast shutdown while it recovers from a killed backend never ends. What a
    harder way leaves undone is done at the next start: nothing that was acknowledged is lost.
    """
    ways = iter(_WAYS_TO_STOP)
    latest: float | None = None
    while server.poll() is None:
        signals = [signal.SIGCHLD, signal.SIGTERM]
        caught = signal.sigwaitinfo(signals) if latest is None else signal.sigtimedwait(signals, max(latest - time.monotonic(), 0))
        if caught is None or (caught.si_signo == signal.SIGTERM and latest is None):
            way, patience_seconds = next(ways, _WAYS_TO_STOP[-1])
            server.send_signal(way)
            latest = time.monotonic() + patience_seconds


def _wait_until_unused(users_lock: str) -> None:
    """Wait until nobody uses the home; from then on newcomers wait until the server has stopped and this process is gone."""
    fcntl.flock(os.open(users_lock, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    os.kill(os.getpid(), signal.SIGTERM)


def _end_orphans() -> None:
    """End what a killed postmaster left behind (a subreaper inherits it): a new server may not start beside it."""
    while True:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:  # noqa: PTH123 pathlib takes 20 ms to load
                for child in children.read().split():
                    os.kill(int(child), signal.SIGKILL)
            os.waitpid(-1, 0)
        except (ChildProcessError, FileNotFoundError):
            return


if __name__ == "__main__":
    _order = json.loads(sys.argv[1])
    sys.exit(_guard(_order) if _order["stay"] else _run_once(_order))
