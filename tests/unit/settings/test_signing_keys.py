"""The keys of a home that issue codes: made once, rotated without a gap, kept closed, told to terminals by public halves only."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from onecard.cards.issuers import issuers_from, issuers_of, public_issuers
from onecard.settings.keys import KeyringUnreadable, make_keyring
from onecard.settings.signing_keys import HANDOVER, SIGNING_KEYS_FILE, current_key, load_signing_keys, rotate_signing_keys
from onecard.settings.suites import SUITES

NOW = datetime(2024, 10, 31, 12, 0, 0, 250_000, tzinfo=UTC)
SECOND = NOW.replace(microsecond=0)
RING = make_keyring(bytes(range(64)))


def test_a_home_makes_its_keys_once_and_keeps_them_closed(tmp_path):
    keys = load_signing_keys(tmp_path, RING, "SM", NOW)
    assert [(key.suite, key.shared) for key in keys] == [("SM", False), ("SM", True)]
    assert load_signing_keys(tmp_path, RING, "SM", NOW + timedelta(days=9)) == keys
    assert stat.S_IMODE((tmp_path / SIGNING_KEYS_FILE).stat().st_mode) == 0o600
    assert all(key.valid_from == SECOND and len({key.kid for key in keys}) == 2 for key in keys)


def test_rotation_begins_new_keys_before_the_old_ones_end(tmp_path):
    old = load_signing_keys(tmp_path, RING, "SM", NOW)
    later = NOW + timedelta(days=90)
    keys = rotate_signing_keys(tmp_path, RING, "SM", later)
    assert [key.kid for key in keys[:2]] == [key.kid for key in old]
    assert [key.valid_until for key in keys] == [later.replace(microsecond=0) + HANDOVER] * 2 + [None, None]
    assert keys[2].valid_from == later.replace(microsecond=0)
    assert current_key(keys, "SM", shared=False) == keys[2] and current_key(keys, "SM", shared=True) == keys[3]
    assert rotate_signing_keys(tmp_path, RING, "SM", later)[0].valid_until == later.replace(microsecond=0) + HANDOVER, "an end stays an end"


def test_a_replaced_signing_key_loses_its_secret_and_still_proves_its_codes(tmp_path):
    before = load_signing_keys(tmp_path, RING, "INTL", NOW)[0]
    signature = SUITES["INTL"].signer(before.secret).sign(b"a code")
    after = rotate_signing_keys(tmp_path, RING, "INTL", NOW)
    assert after[0].secret is None and after[1].secret is not None
    assert issuers_of(after)[before.kid].verifier.verify(b"a code", signature)


def test_a_city_that_changes_its_suite_gets_keys_for_it(tmp_path):
    load_signing_keys(tmp_path, RING, "INTL", NOW)
    keys = load_signing_keys(tmp_path, RING, "SM", NOW)
    assert [key.suite for key in keys] == ["INTL", "INTL", "SM", "SM"]
    assert current_key(keys, "INTL", shared=False) is None


def test_a_clock_that_was_set_back_gets_keys_that_hold_now(tmp_path):
    load_signing_keys(tmp_path, RING, "SM", NOW)
    earlier = NOW - timedelta(days=1)
    assert current_key(load_signing_keys(tmp_path, RING, "SM", earlier), "SM", shared=False).valid_from <= earlier


def test_no_secret_leaves_the_house(tmp_path):
    load_signing_keys(tmp_path, RING, "SM", NOW)
    keys = rotate_signing_keys(tmp_path, RING, "SM", NOW)
    told = json.dumps(public_issuers(keys, NOW))
    assert [row["kid"] for row in json.loads(told)] == [key.kid for key in keys if not key.shared]
    for key in keys:
        assert repr(key).count("secret") == 0
        if key.secret is not None:
            assert key.secret.hex() not in told and str(key.secret)[2:-1] not in told


def test_terminals_believe_what_the_house_signed(tmp_path):
    key = load_signing_keys(tmp_path, RING, "SM", NOW)[0]
    told = issuers_from(json.loads(json.dumps(public_issuers([key], NOW))))
    issuer = told[key.kid]
    assert (issuer.form, issuer.valid_from, issuer.valid_until) == ("1", SECOND, None)
    assert issuer.verifier.verify(b"a code", SUITES["SM"].signer(key.secret).sign(b"a code"))


def test_keys_that_ended_long_ago_are_told_to_nobody(tmp_path):
    load_signing_keys(tmp_path, RING, "SM", NOW)
    keys = rotate_signing_keys(tmp_path, RING, "SM", NOW)
    assert len(public_issuers(keys, NOW + HANDOVER)) == 1


def test_two_rotations_at_once_lose_no_key(tmp_path):
    load_signing_keys(tmp_path, RING, "INTL", NOW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: rotate_signing_keys(tmp_path, RING, "INTL", NOW), range(8)))
    keys = load_signing_keys(tmp_path, RING, "INTL", NOW)
    assert len(keys) == 2 + 8 * 2
    assert sum(key.valid_until is None for key in keys) == 2


@pytest.mark.parametrize("content", [b"", b"[{}]", b'{"keys": []}', b'[{"kid": 1}]'], ids=["empty", "bare", "another form", "a number"])
def test_a_file_that_is_no_key_file_is_one_sentence(tmp_path, content):
    (tmp_path / SIGNING_KEYS_FILE).write_bytes(content)
    with pytest.raises(KeyringUnreadable, match="cannot be read"):
        load_signing_keys(tmp_path, RING, "SM", NOW)
