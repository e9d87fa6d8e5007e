"""The home folder of one installation: keys, spool and embedded database under one roof, closed to everyone else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onecard.values.error import OnecardError

__all__ = ["Home", "HomeUnusable"]

_FOLDER_MODE = 0o700


class HomeUnusable(OnecardError):
    """The home folder cannot be made or written: a full or read-only disk, or somebody else's folder."""

    code = "settings.home_unusable"
    zh = "无法使用数据目录 {folder}：{why}。请腾出空间或检查权限，或用 ONECARD_HOME 指定另一个目录。"
    en = "The home folder {folder} cannot be used: {why}. Free some space or check its permissions, or name another folder in ONECARD_HOME."
    exit_code = 3
    http_status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Paths of one installation (SURFACES §1). Deleting `folder` is a full reset; it may be moved while nothing runs on it.

    `folder/postgres` belongs to the launcher (`db.place`).
    """

    folder: Path

    @property
    def keys(self) -> Path:
        """Secrets of this installation. Never leaves the machine with a copy of the database."""
        return self.folder / "keys"

    @property
    def spool(self) -> Path:
        """Files on their way in or out: bank files, exports, local logs of terminals."""
        return self.folder / "spool"

    def create(self) -> None:
        """Make the folders that are missing, each 0700; raise `HomeUnusable` where that is impossible."""
        with self.usable():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.keys, self.spool):
                folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)

    @contextmanager
    def usable(self) -> Iterator[None]:
        """Turn what the disk says inside the block into one sentence about this home."""
        try:
            yield
        except OSError as error:
            raise HomeUnusable(folder=self.folder, why=error.strerror or str(error)) from error
