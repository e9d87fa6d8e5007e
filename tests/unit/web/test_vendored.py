"""Libraries of others are what their note says, each with its licence, and lead to no other host."""

import hashlib
import re

import pytest

from onecard.web.assets import ASSETS, asset
from tests.unit.reports.sample import ROOT

FOLDER = ROOT / "src/onecard/web/static/vendor"
NOTE = (FOLDER / "README.md").read_text("utf-8")
FILES = dict(re.findall(r"^\| `([\w.-]+)` \|.*\| `([0-9a-f]{64})` \|$", NOTE, re.MULTILINE))
LICENCES = {
    "htmx.LICENSE.txt": "Zero-Clause BSD", "jsbn.LICENSE.txt": "Tom Wu", "sm-crypto.LICENSE.txt": "june01",
    "zxing-wasm.LICENSE.txt": "Ze-Zheng Wu",
}  # fmt: skip


def test_the_note_names_every_file_and_no_other():
    assert FILES.keys() | LICENCES.keys() | {"README.md"} == {path.name for path in FOLDER.iterdir()}
    assert {f"vendor/{name}" for name in FILES} == {name for name in ASSETS if name.startswith("vendor/")}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_as_it_came(name):
    found = asset(f"vendor/{name}")
    assert found is not None
    assert hashlib.sha256(found.content).hexdigest() == FILES[name]
    assert found.media == ("application/wasm" if name.endswith(".wasm") else "text/javascript")


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_a_library_names_no_other_host_and_makes_no_script_out_of_text(name):
    text = (FOLDER / name).read_text("utf-8")
    assert re.findall(r"https?://[\w.-]+|\beval\(|new Function", text) == []


@pytest.mark.parametrize(("name", "holder"), LICENCES.items())
def test_each_licence_lies_beside_its_library(name, holder):
    assert holder in (FOLDER / name).read_text("utf-8") and name in NOTE
