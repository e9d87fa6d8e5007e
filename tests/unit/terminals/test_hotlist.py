"""The hotlist's bytes: what is written is what is read, a delta is the difference, and damage is never taken for a list."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.terminals.hotlist import (
    EMPTY,
    DeltaOutOfOrder,
    Hotlist,
    HotlistDelta,
    HotlistMalformed,
    applied,
    encode_delta,
    encode_full,
    entry_of,
    read_message,
    updated,
)

ENTRIES = st.sets(st.integers(0, 2**32 - 1), max_size=60)
CARDS = 165_000


def joined(entries: set[int]) -> bytes:
    return b"".join(entry.to_bytes(4, "big") for entry in sorted(entries))


def scattered(many: int, step: int = 2_654_435_761) -> set[int]:
    """Return *many* entries as even as a hash makes them (Fibonacci hashing), the same each time."""
    return {number * step % 2**32 for number in range(1, many + 1)}


@pytest.fixture(scope="module")
def city_list() -> bytes:
    return encode_full(9, joined(scattered(2 * CARDS)))  # A card is its number and its chip.


@given(ENTRIES)
def test_what_is_written_whole_is_read_whole(entries):
    told = updated(EMPTY, encode_full(3, joined(entries)))
    assert told.version == 3
    assert set(told.entries) == entries


@given(ENTRIES, ENTRIES)
def test_a_delta_leads_from_one_list_to_the_other(before, after):
    held = updated(EMPTY, encode_full(3, joined(before)))
    told = updated(held, encode_delta(3, 8, after - before, before - after))
    assert told == updated(EMPTY, encode_full(8, joined(after)))


@given(ENTRIES, st.binary(min_size=16, max_size=16))
def test_a_credential_is_on_the_list_where_its_first_four_bytes_are(entries, alias):
    held = updated(EMPTY, encode_full(1, joined(entries)))
    assert held.holds(alias) == (entry_of(alias) in entries)


@pytest.mark.parametrize(
    "delta",
    [
        pytest.param(encode_delta(4, 5, [1], []), id="later than the list at hand"),
        pytest.param(encode_delta(2, 3, [1], []), id="earlier"),
        pytest.param(encode_delta(3, 4, [7], []), id="adds what is there"),
        pytest.param(encode_delta(3, 4, [], [8]), id="removes what is not there"),
        pytest.param(encode_delta(3, 4, [8], [8]), id="adds and removes the same"),
    ],
)
def test_a_delta_out_of_order_is_refused(delta):
    held = updated(EMPTY, encode_full(3, joined({7})))
    with pytest.raises(DeltaOutOfOrder):
        updated(held, delta)
    assert set(held.entries) == {7}


def test_a_delta_of_nothing_moves_the_version():
    held = Hotlist(version=3)
    assert applied(held, HotlistDelta(since=3, version=4)) == Hotlist(version=4)


def test_a_city_of_165_000_barred_cards_fits_into_0_7_mb(city_list):
    assert len(city_list) <= 700_000
    told = read_message(city_list)
    assert isinstance(told, Hotlist)
    assert len(told.entries) == 2 * CARDS
    assert all(one < other for one, other in pairwise(told.entries))


def test_a_delta_of_500_on_a_citys_list_is_what_a_set_would_be(city_list):
    held = updated(EMPTY, city_list)
    listed = set(held.entries)
    gone = list(held.entries)[:: len(held.entries) // 250][:250]
    come = [entry for entry in range(0, 2**32, 2**32 // 251) if entry not in listed][:250]
    told = updated(held, encode_delta(9, 10, come, gone))
    assert list(told.entries) == sorted((listed - set(gone)) | set(come))


@given(st.data())
def test_a_message_cut_short_is_refused(data):
    whole = data.draw(st.sampled_from([encode_full(3, joined({1, 2, 3})), encode_delta(3, 4, [1, 5], [2])]))
    with pytest.raises(HotlistMalformed):
        read_message(whole[: data.draw(st.integers(0, len(whole) - 1))])


def head(kind: bytes, since: int, count: int) -> bytes:
    return struct.pack(">5scQQI", b"OCHL1", kind, since, 3, count)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"OCHL2" + head(b"F", 0, 0)[5:], id="another form"),
        pytest.param(head(b"X", 0, 0), id="an unknown kind"),
        pytest.param(head(b"F", 1, 0), id="a whole list that begins somewhere"),
        pytest.param(head(b"F", 0, 2) + joined({1, 2}) + b"0", id="a byte too many"),
        pytest.param(head(b"F", 0, 2) + joined({1})[:4] + joined({1})[:4], id="an entry twice"),
        pytest.param(head(b"F", 0, 2) + joined({2}) + joined({1}), id="falling"),
        pytest.param(head(b"F", 0, 2**32 - 1), id="a count that would fill the memory"),
        pytest.param(head(b"P", 0, 3) + b"no deflate stream", id="packed, and not"),
        pytest.param(struct.pack(">5scQQII", b"OCHL1", b"D", 4, 3, 0, 0), id="a delta that goes back"),
    ],
)
def test_what_is_no_hotlist_is_refused(bad):
    with pytest.raises(HotlistMalformed):
        read_message(bad)


def test_a_packed_list_with_a_flipped_byte_is_refused_or_still_rises(city_list):
    for place in range(26, len(city_list), len(city_list) // 50):
        damaged = city_list[:place] + bytes([city_list[place] ^ 0x55]) + city_list[place + 1 :]
        with pytest.raises(HotlistMalformed):
            read_message(damaged)
