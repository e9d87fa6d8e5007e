"""The picture of a code, as it is written to a file, is read back by a scanner."""

import re
from xml.etree import ElementTree

import pytest
import zxingcpp

from onecard.cards.qr import QUIET_ZONE, qr_svg, qr_version

SCALE = 4
MODULES = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")


def seen(svg):
    """Return what a camera sees of *svg*: one byte a pixel, from its strokes of one module."""
    root = ElementTree.fromstring(svg)
    size = int(root.attrib["width"])
    rows = [bytearray(b"\xff" * size) for _ in range(size)]
    x = y = 0.0
    for command, first, second in MODULES.findall(list(root.iter())[-1].attrib["d"]):
        if command == "h":
            for row in rows[int(y - 0.5) * SCALE : int(y + 0.5) * SCALE]:
                row[int(x) * SCALE : int(x + float(first)) * SCALE] = bytes(int(float(first)) * SCALE)
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return memoryview(b"".join(rows)).cast("B", (size, size))


@pytest.mark.parametrize(("length", "version"), [(149, 8), (106, 6), (400, 15)])
def test_a_scanner_reads_what_was_drawn(length, version):
    text = ("1.03sw.OhCTeahkmpd-RkPh.19590512.330481.330481.sm7yo2." + "Aa0-_" * 100)[:length]
    assert qr_version(text) == version
    assert [found.text for found in zxingcpp.read_barcodes(seen(qr_svg(text, scale=SCALE)))] == [text]


def test_white_surrounds_the_picture():
    picture = seen(qr_svg("a code", scale=SCALE))
    edge = picture.shape[0] - QUIET_ZONE * SCALE
    for place in range(picture.shape[0]):
        assert all(picture[place, near] == 255 and picture[near, place] == 255 for near in (0, QUIET_ZONE * SCALE - 1, edge))
