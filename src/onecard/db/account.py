"""As whom PostgreSQL runs: as ourselves, or where we are root as a user of its own; and whether that user can get there."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onecard.db.errors import OutOfReach, ServerFailed

__all__ = ["Account", "barred_folder", "choose_account", "may_bypass_bars", "os_user_names"]

_OWN_USER: Final = "onecard-pg"
_CAP_DAC_READ_SEARCH: Final = 2  # linux/capability.h: enter any folder, read any file, write none.


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An operating system user with a passwd entry: PostgreSQL looks its own name up and fails without one."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether this process runs as that user."""
        return self.uid == os.geteuid()


def choose_account(data: Path) -> Account:
    """Return the user who shall run the server on *data*, an existing folder or one to be.

    As root: the folder's owner, else `onecard-pg` (made where `useradd` can), else `nobody`. Otherwise ourselves.
    """
    if os.geteuid() != 0:
        return _by_uid(os.geteuid()) or _nameless(data)
    owner = _by_uid(data.stat().st_uid) if data.exists() else None
    if owner is not None and owner.uid != 0:
        return owner
    return _by_name(_OWN_USER) or _make_own_user() or _by_name("nobody") or _nameless(data)


def os_user_names(account: Account) -> list[str]:
    """Return names of those who may connect through the socket as any of our roles: the server's user, we, and root."""
    users = (account, _by_uid(os.geteuid()), _by_uid(0))
    return sorted({user.name for user in users if user is not None})


def barred_folder(path: Path, account: Account) -> Path | None:
    """Return the outermost folder above *path* that *account* may not enter; None where the way is free."""
    return next((folder for folder in reversed(path.parents) if not _may_enter(folder.stat(), account)), None)


def may_bypass_bars(account: Account, barred: Path) -> bool:
    """Return True where the server's user can be given CAP_DAC_READ_SEARCH; else raise `OutOfReach` naming *barred*."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        status = ""
    permitted = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapPrm:")), 0)
    bounding = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:")), 0)
    if permitted & bounding & (1 << _CAP_DAC_READ_SEARCH) == 0:
        raise OutOfReach(account=account.name, folder=barred)
    return True


def _may_enter(folder: os.stat_result, account: Account) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def _make_own_user() -> Account | None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    homeless = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    subprocess.run([program, "--system", "--user-group", *homeless, _OWN_USER], capture_output=True, check=False)
    return _by_name(_OWN_USER)


def _nameless(data: Path) -> Account:
    raise ServerFailed(folder=data, why=f"user id {os.geteuid()} has no entry in /etc/passwd; run as a user that has one.")


def _by_uid(uid: int) -> Account | None:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _by_name(name: str) -> Account | None:
    try:
        return _by_uid(pwd.getpwnam(name).pw_uid)
    except KeyError:
        return None
