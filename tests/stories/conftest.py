"""One demo city for all stories: built once in a run, whoever comes first; each worker serves a copy, and nobody looks inside."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.stories.doors import City, CommandLine

SCALE = 10_000  # The smallest city; its cast, its documents and the three figures are those of any scale.


@pytest.fixture(scope="session")
def commands() -> Iterator[CommandLine]:
    """The command line."""
    commands = CommandLine()
    yield commands
    commands.close()


@pytest.fixture(scope="session")
def untouched(commands: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The city as it was built, at rest, shared by all workers of this run: home in `home`, what the building said in `said`."""
    name = f"onecard-story-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    folder, locks = Path(tempfile.gettempdir()) / name, tmp_path_factory.getbasetemp().parent
    door = locks / f"{name}.door"  # Held for a moment: by who builds, and by who looks whether he is the last.
    with (locks / f"{name}.users").open("w") as users:
        with _locked(door):
            if not (folder / "said").exists():
                folder.mkdir(exist_ok=True)
                built = commands.run("demo", "--scale", str(SCALE), "--exit", home=folder / "home")
                assert built.code == 0, built.err
                (folder / "said").write_text(built.out, encoding="utf-8")
            fcntl.flock(users, fcntl.LOCK_SH)
        yield folder
        with _locked(door), suppress(BlockingIOError):  # Where another still copies from it, he clears it away.
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def city(commands: CommandLine, untouched: Path) -> Iterator[City]:
    """The city, served. Tests share it: each takes days, persons or seqs that are its own."""
    home = Path(tempfile.mkdtemp(prefix="onecard-story-"))
    shutil.copytree(untouched / "home", home, symlinks=True, dirs_exist_ok=True)
    city = City.open(home, commands, (untouched / "said").read_text(encoding="utf-8"))
    city.untouched = untouched / "home"
    yield city
    city.close()
    said = city.serving.said()
    assert "Traceback" not in said, said
    shutil.rmtree(home)
