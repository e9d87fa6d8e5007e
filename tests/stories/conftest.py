"""One demo city for all stories: built once in a run, behind one server; nobody looks inside."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.doors import City, onecard

SCALE = 10_000  # The smallest city; its cast, its documents and the three figures are those of any scale.


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """The home of a demo that is built and that nothing runs on."""
    folder = Path(tempfile.mkdtemp(prefix="onecard-story-"))
    built = onecard("demo", "--scale", str(SCALE), "--exit", home=folder)
    assert built.code == 0, built.err
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def city(home: Path) -> Iterator[City]:
    """The city, served. Tests share it: each takes days, persons or seqs that are its own."""
    city = City.open(home)
    yield city
    city.close()
    said = city.serving.said()
    assert "Traceback" not in said, said
