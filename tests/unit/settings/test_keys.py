"""What is sealed opens in its own row under its own key, and nowhere else; an old keyring is read as it is."""

import json
import secrets
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.settings.keys import NONCE_BYTES, Keyring, KeyringUnreadable, SealBroken, SealedPlace, load_keyring, make_keyring
from onecard.settings.keys_model import ANY, PURPOSES, DataKey, KeySet, Purpose
from onecard.values.suites import SuiteName

OLD = make_keyring(bytes(range(64)))
IDENTITY = SealedPlace(table="people_identity", purpose="identity")
names = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


def ring(suite: SuiteName) -> Keyring:
    """A keyring with one key for each purpose, which no file keeps."""
    size = {"SM": 16, "INTL": 32}[suite]
    keys = [
        DataKey(id=f"{purpose}-1", purpose=purpose, suite=suite, state="active", created_at=None, secret=bytes([number]) * size)
        for number, purpose in enumerate(PURPOSES)
    ]
    return Keyring(KeySet(hash_key=bytes(32), keys=tuple(keys), kek=""))


RINGS = [OLD, ring("SM"), ring("INTL")]
purposes = st.sampled_from(PURPOSES)


@given(st.sampled_from(RINGS), names, purposes, st.integers() | names, st.binary(max_size=200), st.binary(min_size=12, max_size=12))
def test_what_is_sealed_opens_again(ring: Keyring, table: str, purpose: Purpose, row: object, plain: bytes, nonce: bytes) -> None:
    place = SealedPlace(table=table, purpose=purpose)
    key_id, sealed = ring.seal(place, row, plain, nonce)
    assert ring.open(place, row, key_id, sealed) == plain
    assert len(sealed) == NONCE_BYTES + len(plain) + 16


@given(st.sampled_from(RINGS), st.binary(max_size=50), st.data())
def test_no_other_row_table_purpose_key_or_byte_opens_it(ring: Keyring, plain: bytes, data: st.DataObject) -> None:
    key_id, sealed = ring.seal(IDENTITY, 7, plain, b"n" * NONCE_BYTES)
    where = data.draw(st.integers(0, len(sealed) - 1))
    bent = bytearray(sealed)
    bent[where] ^= 1 << data.draw(st.integers(0, 7))
    for place, row, key, content in [
        (IDENTITY, 8, key_id, sealed),
        (SealedPlace(table="cards_card", purpose="identity"), 7, key_id, sealed),
        (IDENTITY, 7, "k2", sealed),
        (IDENTITY, 7, "card-1", sealed),
        (IDENTITY, 7, key_id, bytes(bent)),
        (IDENTITY, 7, key_id, sealed[:where]),
    ]:
        with pytest.raises(SealBroken):
            ring.open(place, row, key, content)


@pytest.mark.parametrize("ring", RINGS[1:], ids=["SM", "INTL"])
def test_a_key_of_one_purpose_opens_nothing_of_another(ring: Keyring) -> None:
    key_id, sealed = ring.seal(SealedPlace(table="t", purpose="card"), 1, b"plain", b"n" * NONCE_BYTES)
    with pytest.raises(SealBroken):
        ring.open(SealedPlace(table="t", purpose="identity"), 1, key_id, sealed)


def test_the_suites_seal_differently() -> None:
    sealed = {ring.seal(IDENTITY, 1, b"plain", b"n" * NONCE_BYTES).content for ring in RINGS}
    assert len(sealed) == len(RINGS)


def test_sm4_gcm_agrees_with_the_standard_vector() -> None:
    """RFC 8998, appendix A.1."""
    from onecard.settings.keys_ciphers import decipher, encipher

    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    cipher = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    assert encipher("SM", key, plain, nonce=nonce, bound=bound) == nonce + cipher + tag
    assert decipher("SM", key, nonce + cipher + tag, bound=bound) == plain


def test_an_older_key_still_opens_what_it_sealed() -> None:
    key_id, old = OLD.seal(IDENTITY, 1, b"plain", b"n" * NONCE_BYTES)
    newer = DataKey(id="k2", purpose=ANY, suite="INTL", state="active", created_at=None, secret=secrets.token_bytes(32))
    ring = Keyring(KeySet(hash_key=OLD.hash_key, keys=(*OLD.keys.keys, newer), kek=""))
    assert ring.open(IDENTITY, 1, key_id, old) == b"plain"
    assert ring.seal(IDENTITY, 1, b"plain", b"n" * NONCE_BYTES).key_id == "k2"


def test_a_keyring_never_shows_its_keys() -> None:
    told = repr(OLD) + repr(OLD.keys) + repr(OLD.keys.keys[0])
    assert "Keyring(k1)" in told
    for secret in (OLD.hash_key, OLD.keys.keys[0].secret):
        assert secret is not None
        assert secret.hex()[:8] not in told
        assert repr(secret)[2:10] not in told


def test_a_home_keeps_one_keyring_closed_to_others_however_many_make_it_at_once(tmp_path: Path) -> None:
    with ThreadPool(8) as pool:
        rings = pool.map(lambda _: load_keyring(tmp_path), range(8))
    assert len({ring.hash_key for ring in rings}) == 1
    kek, keyring = sorted(tmp_path.iterdir())
    assert keyring.name == "keyring.json"
    assert kek.name == rings[0].keys.kek.removeprefix("file:")
    assert {path.stat().st_mode & 0o777 for path in (kek, keyring)} == {0o600}


@pytest.mark.parametrize("suite", ["SM", "INTL"])
def test_a_new_home_has_a_key_of_the_citys_suite_for_each_purpose_and_none_in_clear(tmp_path: Path, suite: SuiteName) -> None:
    keys = load_keyring(tmp_path, suite=lambda: suite).keys
    assert [(key.purpose, key.suite, key.state) for key in keys.keys] == [(purpose, suite, "active") for purpose in PURPOSES]
    written = (tmp_path / "keyring.json").read_text()
    for secret in (keys.hash_key, *(key.secret for key in keys.keys)):
        assert secret is not None
        assert secret.hex() not in written
    assert "wrapped" in written


def test_a_keyring_of_the_old_form_opens_and_is_left_as_it_is(tmp_path: Path) -> None:
    """Servers of the version before may still be reading it."""
    content = json.dumps({"hash": bytes(range(32)).hex(), "data": {"k1": bytes(range(32, 64)).hex()}, "current": "k1"})
    (tmp_path / "keyring.json").write_text(content)
    ring = load_keyring(tmp_path)
    sealed = OLD.seal(IDENTITY, 7, b"plain", b"n" * NONCE_BYTES)
    assert ring.open(IDENTITY, 7, *sealed) == b"plain"
    assert ring.seal(IDENTITY, 7, b"plain", b"n" * NONCE_BYTES) == sealed
    assert ring.hash_key == OLD.hash_key
    assert (tmp_path / "keyring.json").read_text() == content
    assert len(list(tmp_path.iterdir())) == 1


SPOILED: list[Callable[[str], str]] = [
    lambda good: "",
    lambda good: "{}",
    lambda good: "[]",
    lambda good: '{"hash": "00", "data": {}, "current": "k1"}',
    lambda good: '{"hash": "zz", "data": {}, "current": ""}',
    lambda good: good[:-1],
    lambda good: good.replace('"form":2', '"form":3'),
    lambda good: good.replace('"state":"active"', '"state":"retired"', 1),
    lambda good: good.replace('"keys":[', '"spare":[],"keys":['),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_key_file_is_one_sentence_and_is_left_alone(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    load_keyring(tmp_path)
    path = tmp_path / "keyring.json"
    content = spoil(path.read_text())
    path.write_text(content)
    with pytest.raises(KeyringUnreadable, match=r"keyring\.json cannot be read"):
        load_keyring(tmp_path)
    assert path.read_text() == content
