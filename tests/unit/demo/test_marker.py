"""What stands in a home: whole, broken off, another scale, or other data."""

import stat

import msgspec
import pytest

from onecard.demo.marker import Marker, read_marker, standing, write_marker

BUILT = Marker(city="here", scale=100, seed=1, digest="d", complete=True, bulletin_day="2024-10-31", cast={"people": []})


@pytest.mark.parametrize(
    ("marker", "scale", "digest", "expected"),
    [
        pytest.param(None, 100, "d", "none", id="nothing was built"),
        pytest.param(BUILT, 100, "d", "complete", id="the same"),
        pytest.param(msgspec.structs.replace(BUILT, city="there"), 100, "d", "other_city", id="another city"),
        pytest.param(msgspec.structs.replace(BUILT, complete=False), 100, "d", "incomplete", id="broken off"),
        pytest.param(BUILT, 1000, "d", "other_scale", id="another scale"),
        pytest.param(BUILT, 100, "e", "other_data", id="a policy was changed"),
    ],
)
def test_a_home_is_used_again_only_when_whole_and_the_same(marker, scale, digest, expected):
    assert standing(marker, "here", scale, 1, digest) == expected


def test_the_marker_is_closed_to_others_and_reads_back(tmp_path):
    write_marker(tmp_path, BUILT)
    write_marker(tmp_path, BUILT)
    assert read_marker(tmp_path) == BUILT
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"scale": "100"}'])
def test_a_file_that_is_no_marker_counts_as_nothing(tmp_path, content):
    (tmp_path / "demo.json").write_bytes(content)
    assert read_marker(tmp_path) is None
