"""docs/start.md, word by word: a reader's shell in a copy of the project's data, beside a server that never restarts."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stories.doors import ROOT, City, CommandLine

PAGE = (ROOT / "docs/start.md").read_text(encoding="utf-8")
BUS = "cities/jiaxing/policies/elder-pass-bus.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who follows the page: a shell in *folder*, and the city that its commands meet."""

    folder: Path
    city: City

    def types(self, block: str) -> "subprocess.CompletedProcess[str]":
        """Run a block of the page as it stands; returns its last command's end."""
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"),
            "ONECARD_HOME": str(self.city.home), "ONECARD_CITIES": str(self.folder / "cities"), "PYTHONIOENCODING": "utf-8",
        }  # fmt: skip
        shell = ["bash", "-c", block]
        return subprocess.run(shell, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def reader(city: City, commands: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader whose home is a copy of the city's, so that no other story meets the changed rule."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "cities", folder / "cities")
    shell = folder / ".venv/bin/onecard"
    shell.parent.mkdir(parents=True)
    shell.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m onecard.cli.main "$@"\n')
    shell.chmod(0o755)
    with city.copied() as home:
        own = City.open(home, commands)
        own.seqs = city.seqs
        yield Reader(folder=folder, city=own)
        own.close()


def blocks() -> list[str]:
    """Return the page's commands, block by block; those that `make` runs are other tests'."""
    found = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [block for block in found if not block.startswith(("make", "git"))]


def test_the_page_leads_to_eighty_percent_off(reader: Reader) -> None:
    """Every block in order, and what the page says about each."""
    cast, tap, check_and_test, change, say_so, test_all, load_and_tap, verify = blocks()
    before = reader.city.tap("xuancheng-65")
    assert (before["paid"], before["version"]) == (100, 1)

    ended = reader.types(cast)
    assert ended.returncode == 0
    assert all(who in ended.stdout for who in ("xuancheng-65", "beijing-65", "turns-60-on-2024-10-31", "lost-card"))
    ended = reader.types(tap)
    assert ended.returncode == 0
    assert "paid 1.00" in ended.stdout
    assert "transit-330400 bears 1.00" in ended.stdout
    use = ended.stdout.split()[0]
    assert reader.types(f".venv/bin/onecard explain {use}").stdout == ended.stdout

    assert reader.types(check_and_test).returncode == 0
    ended = reader.types(change)
    assert ended.returncode == 1, "the tests still expect half"
    assert "expected" in ended.stdout
    ended = reader.types(say_so)
    assert ended.returncode == 0, ended.stdout
    ended = reader.types(test_all)
    assert ended.returncode == 1
    assert "local-elder-fare" in ended.stdout

    ended = reader.types(load_and_tap)
    assert ended.returncode == 0, ended.stderr
    assert "paid 0.40" in ended.stdout
    assert "elder-pass-bus version 2" in ended.stdout
    after = reader.city.tap("xuancheng-65")
    assert (after["paid"], after["version"], after["payers"]) == (40, 2, [{"fund": "transit-330400", "amount": 160}])
    old = reader.city.explained(before["use"])
    assert (old["money"]["paid"], old["version"]) == (100, 1), "what was decided before stays as it was"

    ended = reader.types(verify)
    assert ended.returncode == 0, ended.stdout


def test_a_demo_that_stands_is_used_again_though_a_document_has_changed(reader: Reader) -> None:
    """The page's fifth step: the bulletin at once, from the same records."""
    use = reader.city.tap("beijing-72")["use"]
    (reader.folder / BUS).write_text((reader.folder / BUS).read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    ended = reader.types(".venv/bin/onecard demo --scale 10000 --exit")
    assert ended.returncode == 0
    assert "--fresh" in ended.stderr
    assert "2024年10月31日" in ended.stdout
    assert reader.city.explained(use)["reason"] == "OK_FREE"


def test_a_document_with_a_finding_is_not_loaded(reader: Reader) -> None:
    path = reader.folder / "bad.yaml"
    path.write_text((ROOT / BUS).read_text(encoding="utf-8").replace("list_price * 50%", "9**9**9"), encoding="utf-8")
    ended = reader.types(f".venv/bin/onecard policy load '{path}'")
    assert ended.returncode == 1
    assert "policy check" in ended.stderr
    assert ended.stdout == ""


def test_a_new_scene_is_one_document(reader: Reader) -> None:
    """A fare that nobody has thought of, loaded into the city that stands: no Python, no restart."""
    scene = reader.folder / "cities/jiaxing/policies/green-ride.yaml"
    scene.write_text(GREEN_RIDE, encoding="utf-8")
    assert reader.city.tap("beijing-65")["paid"] == 200
    ended = reader.types(f".venv/bin/onecard policy load {scene}")
    assert ended.returncode == 0, ended.stderr
    answer = reader.city.tap("beijing-65")
    assert (answer["paid"], answer["programme"], answer["payers"]) == (90, "green-ride", [{"fund": "donors", "amount": 110}])
    assert reader.types(f".venv/bin/onecard policy load {scene}").stdout.strip() == "green-ride version 1: was in force already"


GREEN_RIDE = """programme: green-ride
kind: use
title: {zh: 绿色出行, en: Green ride}
basis: a story
effective: {from: 2024-01-01}
where: {region: 330400, service: ride, site_kind: bus}
pay: list_price * 45%
funding:
  donors: 100%
tests:
  - {case: anybody, list_price: 2.00, expect: {paid: 0.90}}
"""
