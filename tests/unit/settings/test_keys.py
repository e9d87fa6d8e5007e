"""What is sealed opens in its own row under its own key, and nowhere else."""

import secrets
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.settings.keys import NONCE_BYTES, Keyring, KeyringUnreadable, SealBroken, load_keyring, make_keyring

RING = make_keyring(bytes(range(64)))
names = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


@given(names, st.integers() | names, st.binary(max_size=200), st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_what_is_sealed_opens_again(table: str, row: object, plain: bytes, nonce: bytes) -> None:
    sealed = RING.seal(table, row, plain, nonce)
    assert RING.open(table, row, RING.current, sealed) == plain
    assert len(sealed) == NONCE_BYTES + len(plain) + 16


@given(st.binary(max_size=50), st.data())
def test_no_other_row_table_key_or_byte_opens_it(plain: bytes, data: st.DataObject) -> None:
    sealed = RING.seal("people_identity", 7, plain, b"n" * NONCE_BYTES)
    where = data.draw(st.integers(0, len(sealed) - 1))
    bent = bytearray(sealed)
    bent[where] ^= 1 << data.draw(st.integers(0, 7))
    for table, row, key_id, content in [
        ("people_identity", 8, "k1", sealed),
        ("cards_card", 7, "k1", sealed),
        ("people_identity", 7, "k2", sealed),
        ("people_identity", 7, "k1", bytes(bent)),
        ("people_identity", 7, "k1", sealed[:where]),
    ]:
        with pytest.raises(SealBroken):
            RING.open(table, row, key_id, content)


def test_an_older_key_still_opens_what_it_sealed() -> None:
    old = RING.seal("t", 1, b"plain", b"n" * NONCE_BYTES)
    ring = Keyring(hash_key=RING.hash_key, data_keys={**RING.data_keys, "k2": secrets.token_bytes(32)}, current="k2")
    assert ring.open("t", 1, "k1", old) == b"plain"
    assert ring.seal("t", 1, b"plain", b"n" * NONCE_BYTES) != old


def test_a_keyring_never_shows_its_keys() -> None:
    assert RING.hash_key.hex()[:8] not in repr(RING)
    assert repr(RING) == "Keyring(current='k1')"


def test_a_home_keeps_one_keyring_closed_to_others_however_many_make_it_at_once(tmp_path: Path) -> None:
    with ThreadPool(8) as pool:
        rings = pool.map(lambda _: _load(tmp_path), range(8))
    assert len({ring.hash_key for ring in rings}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keyring.json"]
    assert (tmp_path / "keyring.json").stat().st_mode & 0o777 == 0o600


def _load(folder: Path) -> Keyring:
    return load_keyring(folder)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"hash": "00", "data": {}, "current": "k1"}', '{"hash": "zz", "data": {}, "current": ""}']
)
def test_a_spoiled_key_file_is_one_sentence_and_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "keyring.json").write_text(content)
    with pytest.raises(KeyringUnreadable, match=r"keyring\.json cannot be read"):
        load_keyring(tmp_path)
    assert (tmp_path / "keyring.json").read_text() == content
