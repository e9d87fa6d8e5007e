"""Make a database cluster where none is, and get one ready to start. Called with the server's lock held."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from onecard.db.account import Account, barred_folder, choose_account, may_bypass_bars, os_user_names
from onecard.db.binaries import major_version
from onecard.db.errors import ServerFailed
from onecard.db.place import OWNER, Endpoint, ServerPlace
from onecard.db.server_files import access_rules, server_settings, user_map
from onecard.db.spawn import Runner

__all__ = ["prepare_cluster"]

_SOCKET_PATH_BYTES_MAX: Final = 107  # sockaddr_un: 108 with the final NUL.
_LOG_BYTES_MAX: Final = 20_000_000


def prepare_cluster(place: ServerPlace, lock: int) -> tuple[Runner, Endpoint]:
    """Make *place* ready: account, cluster, files, a free port. Returns who runs the server and where it will listen.

    Raises `ServerFailed`, `OutOfReach`, and `OSError` where the disk refuses.
    """
    account = choose_account(place.data)
    _let_through(place, account)
    barred = next((folder for path in (place.data, place.binaries / "postgres") if (folder := barred_folder(path, account))), None)
    runner = Runner(account=account, may_enter_all=barred is not None and may_bypass_bars(account, barred))
    if not place.data.exists():
        _make_cluster(place, runner, lock)
    _hand_over(place.data, account)
    _drop_stale_pid_file(place)
    socket_folder = _socket_folder(place, account)
    for leftover in socket_folder.glob(".s.PGSQL.*"):  # A lock file there names a process id, too.
        leftover.unlink()
    endpoint = Endpoint(socket_folder=str(socket_folder), port=_free_port(place.endpoint()))
    _write_files(place, account, endpoint)
    _begin_log(place)
    return runner, endpoint


def _let_through(place: ServerPlace, account: Account) -> None:
    """Let the server's user pass through the two folders above its own, and see nothing there."""
    for folder in (place.home, place.folder):
        if folder.stat().st_uid != account.uid:
            os.chown(folder, -1, account.gid)
            folder.chmod(0o710)


def _make_cluster(place: ServerPlace, runner: Runner, lock: int) -> None:
    """Run initdb beside the final place, then rename: an interrupted initdb leaves no half cluster behind."""
    for leftover in place.folder.glob("draft-*"):
        shutil.rmtree(leftover)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=place.folder))
    os.chown(draft, runner.account.uid, runner.account.gid)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if major_version(place.binaries) < 17:  # The builtin provider came with 17; the C library's C.UTF-8 sorts alike.
        locale = ["--locale=C.UTF-8"]
    done = runner.run_once(lock, [
        str(place.binaries / "initdb"), f"--pgdata={draft}", f"--username={OWNER}", "--encoding=UTF8", *locale, "--data-checksums",
        "--auth-local=peer", "--auth-host=scram-sha-256", "--no-instructions",
    ])  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServerFailed(folder=place.folder, why=_last_error(done))
    draft.rename(place.data)


def _begin_log(place: ServerPlace) -> None:
    """Keep one older log beside the current one. Root, in somebody's home, leaves no file that its owner cannot write."""
    if place.log.exists() and place.log.stat().st_size > _LOG_BYTES_MAX:
        place.log.replace(place.log.with_suffix(".log.1"))
    place.log.touch(mode=0o600)
    if os.geteuid() == 0:
        owner = place.folder.stat()
        os.chown(place.log, owner.st_uid, owner.st_gid)


def _last_error(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what went wrong in PostgreSQL's words, like `FATAL: could not extend file …; HINT: Check free disk space.`"""
    telling = re.findall(r"\w*(?:FATAL|PANIC|HINT|[Ee]rror): .*", done.stdout + done.stderr)
    return "; ".join(telling[:2]) or f"initdb ended with {done.returncode}"


def _hand_over(data: Path, account: Account) -> None:
    """Give a cluster that was copied by root, or came from another machine, to the user who runs it."""
    if os.geteuid() == 0 and data.stat().st_uid != account.uid:
        for folder, _, files in os.walk(data):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118 thousands of files
                os.chown(path, account.uid, account.gid, follow_symlinks=False)
    data.chmod(0o700)


def _drop_stale_pid_file(place: ServerPlace) -> None:
    """Remove `postmaster.pid` unless a PostgreSQL works in this very folder: its number may be anybody's by now.

    None of ours can: the lock we hold is inherited by every process of a server we start.
    """
    pid_file = place.data / "postmaster.pid"
    pid = pid_file.read_text(encoding="utf-8").split("\n", 1)[0] if pid_file.exists() else ""
    if pid.isdecimal() and _works_in(pid, place.data):
        raise ServerFailed(folder=place.folder, why=f"another program runs PostgreSQL on it (process {pid}). Stop it first.")
    pid_file.unlink(missing_ok=True)


def _works_in(pid: str, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def _free_port(last: Endpoint | None) -> int:
    """Return the port of the last run, so that addresses given out stay true, or where that is taken any free one."""
    for port in (last.port if last else 0, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerFailed(folder="127.0.0.1", why="no port is free.")


def _socket_folder(place: ServerPlace, account: Account) -> Path:
    """Return a 0700 folder for the socket: inside the home, or where its name is too long a short one made for this home."""
    folder = place.folder / "socket"
    if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > _SOCKET_PATH_BYTES_MAX or "," in str(folder):
        name = hashlib.sha256(os.fsencode(place.home.resolve())).hexdigest()[:16]
        folder = Path("/run" if os.geteuid() == 0 and os.access("/run", os.W_OK) else tempfile.gettempdir()) / f"onecard-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.lstat().st_uid not in {os.geteuid(), account.uid}:
        folder = Path(tempfile.mkdtemp(prefix="onecard-"))  # Somebody sits on the name.
    folder.chmod(0o700)
    os.chown(folder, account.uid, account.gid)
    return folder


def _write_files(place: ServerPlace, account: Account, endpoint: Endpoint) -> None:
    texts = {
        "postgresql.conf": server_settings(endpoint, place.local_settings if place.local_settings.exists() else None),
        "pg_hba.conf": access_rules(),
        "pg_ident.conf": user_map(os_user_names(account)),
    }
    for name, text in texts.items():
        draft = place.data / f"{name}.draft"
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o600)
        os.chown(draft, account.uid, account.gid)
        draft.replace(place.data / name)
