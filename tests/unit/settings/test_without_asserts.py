"""What guards keys, the wall and statements stands without asserts too: an interpreter told to optimise leaves those out."""

import subprocess
import sys
from pathlib import Path

import pytest

_SOURCE = Path(__file__).parents[3] / "src"
_SAYS = """
import sys
sys.path.insert(0, {source!r})
from onecard.db.walled import walled
from onecard.policy.sql_text import column, literal
from onecard.settings.keys import SealedPlace, make_keyring
from onecard.settings.keys_ciphers import encipher
from onecard.staff.scope import subtree
assert False, "asserts are out"
tries = {{
    "wall": lambda: walled(None, [""]).__aenter__().send(None),
    "literal": lambda: literal("a\\0b"),
    "column": lambda: column('x" = 1 --'),
    "nonce": lambda: encipher("INTL", bytes(32), b"", nonce=bytes(8), bound=b""),
    "place": lambda: make_keyring(bytes(range(64))).seal(SealedPlace(table="a\\0b", purpose="totp"), 1, b"", bytes(12)),
    "region": lambda: subtree(""),
}}
for name, tried in tries.items():
    try:
        tried()
    except ValueError:
        print(name)
"""


@pytest.fixture(scope="module")
def refused() -> list[str]:
    """Return what an optimising interpreter refuses, all asked at once: starting one takes its time."""
    run = subprocess.run([sys.executable, "-O", "-c", _SAYS.format(source=str(_SOURCE))], capture_output=True, text=True, check=True)
    return run.stdout.split()


@pytest.mark.parametrize("name", ["wall", "literal", "column", "nonce", "place", "region"])
def test_an_optimising_interpreter_refuses_it_too(refused: list[str], name: str):
    assert name in refused
