"""A rare character lives through all files of register and maker; what is wrong with one refuses it whole, by row and column."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.moved import Moved

NAME = "𠮷·𬱖"  # Neither is in GBK: four bytes each in GB18030.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person_number(seventeen: str) -> str:
    """Return a person number with its check digit (GB 11643)."""
    return seventeen + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS, strict=True)) % 11]


def sealed(head: str, rows: list[bytes]) -> bytes:
    """Return a whole file: *head* as far as the digest, the rows, the trailer."""
    body = b"".join(row + b"\n" for row in rows)
    return head.encode() + hashlib.new("sm3", body).hexdigest().encode() + b"\n" + body + f"T|{len(rows):07d}\n".encode()


def born(number: str, *, encoding: str = "GB18030") -> bytes:
    """Return a day of the register in which somebody of that name is born."""
    row = b"|".join((b"D", b"0000001", b"birth", number.encode(), NAME.encode(encoding).ljust(60), number[6:14].encode(), b"330481"))
    return sealed(f"H|1|{'HJ' + number[-6:]:<20}|20241031|GB18030|0000001|", [row])


def as_utf8(content: bytes) -> bytes:
    return content.decode("GB18030").encode()


def another_name(content: bytes) -> bytes:
    name = NAME.encode("GB18030")
    return content.replace(name, "王·买买提".encode("GB18030")[: len(name)])


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "UTF-8 under a head that says GB18030": as_utf8,
    "another name": another_name,
    "cut at the end": lambda content: content[:-2],
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "lines of another system": lambda content: content.replace(b"\n", b"\r\n"),
    "nothing": lambda _: b"",
}


@pytest.fixture
def desk(city: City) -> Iterator[Callable[..., Any]]:
    """The card desk of a copy of the city: the maker there has given no number yet."""
    with Moved.copy_of(city) as moved:

        def at_desk(*arguments: str | Path, refused: bool = False) -> Any:
            ended = moved.onecard("card", *arguments, "--json")
            assert ended.code == (2 if refused else 0), ended.err
            return json.loads(ended.out)

        yield at_desk


def test_a_name_outside_gbk_goes_through_register_and_maker_and_whatever_is_spoilt_on_the_way_is_refused_whole(
    city: City, desk: Callable[..., Any], tmp_path: Path
) -> None:
    number = person_number("33049520240102101")
    (tmp_path / "day").write_bytes(born(number))
    (tmp_path / "wrong").write_bytes(born(number, encoding="UTF-8"))
    assert desk("feed", tmp_path / "wrong", refused=True)["problems"][0]["field"]
    assert desk("feed", tmp_path / "day")["taken"] == {"birth": 1}
    desk("apply", f"id:{number}", "--kind", "first", "--reason", "newborn")
    batch = desk("batch", "make", "--folder", tmp_path / "out")
    assert NAME.encode("GB18030") in Path(batch["file"]).read_bytes()
    city.onecard("standins", "personalisation", "--in", tmp_path / "out", "--out", tmp_path / "in", "--once")
    back = next((tmp_path / "in").glob("*.return"))
    for what, spoil in SPOILT.items():
        (tmp_path / "spoilt").write_bytes(spoil(back.read_bytes()))
        (problem,) = desk("batch", "import", tmp_path / "spoilt", refused=True)["problems"]
        assert problem["line"] >= 1 and problem["column"] >= 1 and problem["zh"] and problem["en"], what
    assert (desk("batch", "import", back)["made"], desk("batch", "import", back)["duplicate"]) == (1, True)
    for to in ("delivered", "received", "issued"):
        stepped = desk("step", f"id:{number}", "--to", to, "--reason", "guardian shown", "--reveal")
    assert desk("show", stepped["issued"]["card"])["social"]["state"] == "active"
