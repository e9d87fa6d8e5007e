"""The keys with which a home signs bank files: made once, rotated, sealed, and known to banks by public halves only."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onecard.app.key_signing import reseal_files, sealed_in_files, signing_told
from onecard.app.opening import Store
from onecard.payouts.bank_signature import SignatureWrong, check, read_signature, sign
from onecard.settings.bank_keys import BANK_KEYS_FILE, load_bank_keys, rotate_bank_key
from onecard.settings.home import Home
from onecard.settings.keys import KeyringUnreadable, SealBroken, load_keyring, make_keyring
from onecard.settings.suites import SUITES

NOW = datetime(2024, 10, 25, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
RING = make_keyring(bytes(range(64)))
FILE = b"H|1|P20241025-0001\n"


@pytest.mark.parametrize(("suite", "algorithm"), [("SM", "SM2"), ("INTL", "Ed25519")])
def test_a_file_is_signed_by_the_current_key_and_proved_by_its_public_half(tmp_path, suite, algorithm):
    keys = load_bank_keys(tmp_path, RING, suite, NOW)
    signature = read_signature(sign(FILE, keys.current.kid, suite, keys.signer()).content)
    assert (signature.kid, signature.alg) == (keys.current.kid, algorithm)
    verifier = SUITES[suite].verifier(keys.current.public)
    check(FILE, signature, suite, verifier)
    with pytest.raises(SignatureWrong):
        check(FILE + b" ", signature, suite, verifier)
    other = rotate_bank_key(tmp_path, RING, suite, LATER)
    with pytest.raises(SignatureWrong):
        check(FILE, signature, suite, SUITES[suite].verifier(other.current.public))


def test_a_signature_says_of_which_algorithm_it_is(tmp_path):
    keys = load_bank_keys(tmp_path, RING, "INTL", NOW)
    signature = sign(FILE, keys.current.kid, "SM", keys.signer())
    with pytest.raises(SignatureWrong) as wrong:
        check(FILE, signature, "INTL", SUITES["INTL"].verifier(keys.current.public))
    assert "Ed25519" in wrong.value.said_en


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"kid":"a","alg":"RSA","sig":""}', b'{"kid":"a","alg":"SM2","sig":"","more":1}', b"\xff", b" " * 2000]
)
def test_what_is_no_signature_file_is_refused(content):
    with pytest.raises(SignatureWrong):
        read_signature(content)


def test_a_home_makes_its_key_once_and_a_replaced_one_loses_its_secret(tmp_path):
    keys = load_bank_keys(tmp_path, RING, "SM", NOW)
    assert load_bank_keys(tmp_path, RING, "SM", LATER) == keys
    assert stat.S_IMODE((tmp_path / BANK_KEYS_FILE).stat().st_mode) == 0o600
    old, new = rotate_bank_key(tmp_path, RING, "INTL", LATER).keys
    assert (old.kid, old.public, old.secret) == (keys.current.kid, keys.current.public, None)
    assert load_bank_keys(tmp_path, RING, "SM", LATER).keys == (old, new)
    assert [told["suite"] for told in load_bank_keys(tmp_path, RING, "SM", LATER).told()] == ["SM", "INTL"]


def test_the_secret_stands_sealed_and_opens_under_its_own_keyring_only(tmp_path):
    keys = load_bank_keys(tmp_path, RING, "SM", NOW)
    assert keys.current.secret is not None
    assert keys.current.secret.hex()[:16] not in repr(keys)
    with pytest.raises(SealBroken):
        load_bank_keys(tmp_path, make_keyring(bytes(range(1, 65))), "SM", NOW)
    (tmp_path / BANK_KEYS_FILE).write_text("[]")
    with pytest.raises(KeyringUnreadable):
        load_bank_keys(tmp_path, RING, "SM", NOW)


def test_the_inventory_tells_of_them_once_a_bank_was_written_to(tmp_path: Path):
    home = Home(folder=tmp_path)
    home.create()
    store = Store(home=home, keyring=load_keyring(home.keys), database=None)  # type: ignore[arg-type]
    assert BANK_KEYS_FILE not in sealed_in_files(store)
    load_bank_keys(home.keys, store.keyring, "SM", NOW)
    rotate_bank_key(home.keys, store.keyring, "SM", LATER)
    told = [(key["purpose"], key["state"], key["ended_at"]) for key in signing_told(store, LATER)]
    assert told == [("bank-files", "verify-only", LATER.isoformat()), ("bank-files", "active", None)]
    assert sum(sealed_in_files(store)[BANK_KEYS_FILE].values()) == 1
    assert (reseal_files(store)[-1].table, reseal_files(store)[-1].rows) == (BANK_KEYS_FILE, 0)
