"""Keys that sign: their secrets are wrapped, an older home's are once read in clear, and the inventory makes and shows none."""

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onecard.app.key_signing import reseal_files, sealed_in_files, signing_told
from onecard.app.opening import Store
from onecard.settings.home import Home
from onecard.settings.keys import SealBroken, load_keyring
from onecard.settings.keys_change import rotate_keys
from onecard.settings.keys_file import KeyringFile
from onecard.settings.log_keys import LOG_KEYS_FILE, load_log_keys, rotate_log_key
from onecard.settings.signing_keys import HANDOVER, SIGNING_KEYS_FILE, load_signing_keys, rotate_signing_keys
from onecard.settings.suites import SUITES
from onecard.values.suites import MAC_KEY_BYTES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    home = Home(folder=tmp_path)
    home.create()
    return Store(home=home, keyring=load_keyring(home.keys), database=None)  # type: ignore[arg-type]


def test_a_home_that_never_signed_has_none_and_none_are_made(store: Store) -> None:
    before = sorted(store.home.keys.iterdir())
    assert signing_told(store, NOW) == []
    assert sealed_in_files(store) == {SIGNING_KEYS_FILE: {}, LOG_KEYS_FILE: {}}
    assert [done.rows for done in reseal_files(store)] == [0, 0]
    assert sorted(store.home.keys.iterdir()) == before


def test_each_key_is_told_with_its_dates_and_never_its_secret(store: Store) -> None:
    folder, ring = store.home.keys, store.keyring
    load_signing_keys(folder, ring, "SM", NOW)
    keys = rotate_signing_keys(folder, ring, "SM", LATER)
    log = [*load_log_keys(folder, ring, "SM", NOW).keys, *rotate_log_key(folder, ring, LATER).keys]
    told = signing_told(store, LATER)
    assert [(key["purpose"], key["state"], key["provider"]) for key in told] == [
        ("codes", "verify-only", "none"), ("codes-mac", "verify-only", "file"), ("codes", "active", "file"),
        ("codes-mac", "active", "file"), ("log", "verify-only", "none"), ("log", "active", "file"),
    ]  # fmt: skip
    assert [key["ended_at"] for key in told] == [*[(LATER + HANDOVER).isoformat()] * 2, None, None, LATER.isoformat(), None]
    assert [key["created_at"] for key in told[3:]] == [LATER.isoformat(), NOW.isoformat(), LATER.isoformat()]
    secrets = [key.secret for key in [*keys, *log] if key.secret]
    files = b"".join((folder / name).read_bytes() for name in (SIGNING_KEYS_FILE, LOG_KEYS_FILE))
    assert len(secrets) == 5 and not any(secret.hex()[:8] in json.dumps(told) for secret in secrets)
    assert not any(secret in files or base64.b64encode(secret) in files for secret in secrets)


def previous_home(folder: Path) -> None:
    """Write the files as the version before wrote them: secrets in clear."""
    suite = SUITES["SM"]
    signing, logging, shared = suite.private_key(b"s" * 48), suite.private_key(b"l" * 48), b"m" * MAC_KEY_BYTES
    key = {"suite": "SM", "valid_from": NOW.isoformat(), "valid_until": None}
    issuers = [
        {"kid": "aaaa", "shared": False, "secret": text(signing), "public": text(suite.public_key(signing)), **key},
        {"kid": "bbbb", "shared": True, "secret": text(shared), "public": "", **key},
    ]
    log = [{"valid_from": NOW.isoformat(), "public": text(suite.public_key(logging)), "secret": text(logging)}]
    (folder / SIGNING_KEYS_FILE).write_text(json.dumps(issuers))
    (folder / LOG_KEYS_FILE).write_text(json.dumps({"log": "0011223344556677", "suite": "SM", "keys": log}))


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_home_of_the_version_before_is_read_once_and_written_anew(store: Store) -> None:
    folder, ring = store.home.keys, store.keyring
    previous_home(folder)
    keys, log = load_signing_keys(folder, ring, "SM", LATER), load_log_keys(folder, ring, "INTL", LATER)
    assert [(key.kid, key.secret) for key in keys] == [("aaaa", SUITES["SM"].private_key(b"s" * 48)), ("bbbb", b"m" * MAC_KEY_BYTES)]
    assert log.signed(log.sign(1, bytes(32), NOW)) and log.origin == "onecard/0011223344556677/sm3"
    active = ring.keys.sealing("signing")
    assert active is not None
    assert sealed_in_files(store) == {SIGNING_KEYS_FILE: {active.id: 2}, LOG_KEYS_FILE: {active.id: 1}}
    for name in (SIGNING_KEYS_FILE, LOG_KEYS_FILE):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        written = (folder / name).read_text()
        assert not any(text(secret) in written for secret in (b"m" * MAC_KEY_BYTES, *(key.secret or b"-" for key in (*keys, *log.keys))))
    unmoved = [(folder / name).stat().st_mtime_ns for name in (SIGNING_KEYS_FILE, LOG_KEYS_FILE)]
    assert (load_signing_keys(folder, ring, "SM", LATER), load_log_keys(folder, ring, "SM", LATER)) == (keys, log)
    assert [(folder / name).stat().st_mtime_ns for name in (SIGNING_KEYS_FILE, LOG_KEYS_FILE)] == unmoved


def test_a_new_data_key_seals_them_anew_while_others_read(store: Store) -> None:
    folder = store.home.keys
    serving = load_keyring(folder)  # Another process, which is told of nothing.
    keys, log = load_signing_keys(folder, serving, "SM", NOW), load_log_keys(folder, serving, "SM", NOW)
    (begun,) = rotate_keys(KeyringFile(folder), "SM", LATER, ["signing"])
    assert load_log_keys(folder, serving, "SM", LATER) == log
    assert [done.rows for done in reseal_files(store)] == [2, 1]
    assert sealed_in_files(store) == {SIGNING_KEYS_FILE: {begun.id: 2}, LOG_KEYS_FILE: {begun.id: 1}}
    assert (load_signing_keys(folder, serving, "SM", NOW), load_log_keys(folder, serving, "SM", NOW)) == (keys, log)
    assert [done.rows for done in reseal_files(store)] == [0, 0]


def test_files_of_another_home_do_not_open_and_a_secret_is_no_other_keys(store: Store, tmp_path: Path) -> None:
    folder = store.home.keys
    load_signing_keys(folder, store.keyring, "SM", NOW)
    (tmp_path / "other").mkdir()
    with pytest.raises(SealBroken):
        load_signing_keys(folder, load_keyring(tmp_path / "other"), "SM", NOW)
    first, second = json.loads((folder / SIGNING_KEYS_FILE).read_text())
    swapped = [{**first, "secret": second["secret"]}, {**second, "secret": first["secret"]}]
    (folder / SIGNING_KEYS_FILE).write_text(json.dumps(swapped))
    with pytest.raises(SealBroken):
        load_signing_keys(folder, store.keyring, "SM", NOW)
