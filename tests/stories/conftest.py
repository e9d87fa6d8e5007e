"""One demo city for all stories: built once in a run, behind one server; nobody looks inside."""

import shutil
import tempfile
from collections.abc import Iterator
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
def city(commands: CommandLine) -> Iterator[City]:
    """The city, served. Tests share it: each takes days, persons or seqs that are its own."""
    home = Path(tempfile.mkdtemp(prefix="onecard-story-"))
    built = commands.run("demo", "--scale", str(SCALE), "--exit", home=home)
    assert built.code == 0, built.err
    untouched = Path(tempfile.mkdtemp(prefix="onecard-story-"))
    shutil.copytree(home, untouched, symlinks=True, dirs_exist_ok=True)
    city = City.open(home, commands, built.out)
    city.untouched = untouched
    yield city
    city.close()
    said = city.serving.said()
    assert "Traceback" not in said, said
    shutil.rmtree(home)
    shutil.rmtree(untouched)
