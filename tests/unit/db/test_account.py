"""Who may enter a folder is read from its owner, group and mode; the outermost closed one is named."""

import os
import tempfile
from pathlib import Path

import pytest

from onecard.db.account import Account, barred_folder
from onecard.db.flock import is_free, open_lock, try_exclusive, try_shared, unlock

STRANGER = Account(name="stranger", uid=os.geteuid() + 4711, gid=os.getegid() + 4711)


@pytest.mark.parametrize(("modes", "barred"), [
    pytest.param([0o755, 0o711], None, id="open"),
    pytest.param([0o700, 0o755], "a", id="the outer is closed"),
    pytest.param([0o755, 0o700], "a/b", id="the inner is closed"),
    pytest.param([0o700, 0o700], "a", id="both are closed"),
    pytest.param([0o754, 0o755], "a", id="to be read is not to be entered"),
])
def test_the_outermost_folder_that_is_closed_is_named(modes: list[int], barred: str | None) -> None:
    with tempfile.TemporaryDirectory() as name:  # Unlike pytest's own folders, its parents are open to all.
        folder = Path(name)
        outer, inner = folder / "a", folder / "a/b"
        inner.mkdir(parents=True)
        for path, mode in ((folder, 0o755), (inner, modes[1]), (outer, modes[0])):
            path.chmod(mode)
        assert barred_folder(inner / "data", STRANGER) == (None if barred is None else folder / barred)
        assert barred_folder(inner / "data", Account(name="we", uid=os.geteuid(), gid=os.getegid())) is None


def test_a_lock_is_for_one_alone_or_for_many_together(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    one, two = open_lock(path), open_lock(path)
    assert try_shared(one)
    assert try_shared(two)
    assert not try_exclusive(one)  # Which gives up what it had,
    assert try_exclusive(two)  # so that the other may have it.
    assert not is_free(path)
    unlock(two)
    assert is_free(path)
    os.close(one)
    os.close(two)
