"""A terminal's folder: one process at a time, and a damaged file is as good as none."""

import pytest

from onecard.device.errors import FolderTaken, FolderUnusable
from onecard.device.folder import Folder


def test_a_second_program_is_refused_in_one_sentence(tmp_path):
    with Folder(tmp_path / "bus"), pytest.raises(FolderTaken) as said:
        Folder(tmp_path / "bus")
    assert "another" in said.value.said_en.lower()
    Folder(tmp_path / "bus").close()


def test_what_was_written_is_read_and_what_was_damaged_is_not(tmp_path):
    with Folder(tmp_path / "bus") as folder:
        assert folder.read("bundle") is None
        folder.write("bundle", b"all of it")
        assert folder.read("bundle") == b"all of it"
        path = folder.path / "bundle"
        assert path.stat().st_mode & 0o077 == 0
        for damaged in (path.read_bytes()[:-1], path.read_bytes() + b"!", b"", path.read_bytes().replace(b"all", b"alb")):
            path.write_bytes(damaged)
            assert folder.read("bundle") is None


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderUnusable):
        Folder(tmp_path / "file" / "bus")
