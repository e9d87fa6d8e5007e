"""The inventory tells of keys that sign without making any, and without their secrets."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from onecard.app.key_signing import signing_told
from onecard.settings.home import Home
from onecard.settings.log_keys import load_log_keys, rotate_log_key
from onecard.settings.signing_keys import HANDOVER, load_signing_keys, rotate_signing_keys

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_a_home_that_never_signed_has_none_and_none_are_made(tmp_path: Path) -> None:
    home = Home(folder=tmp_path)
    home.create()
    assert signing_told(home, NOW) == []
    assert list(home.keys.iterdir()) == []


def test_each_key_is_told_with_its_dates_and_never_its_secret(tmp_path: Path) -> None:
    home = Home(folder=tmp_path)
    home.create()
    load_signing_keys(home.keys, "SM", NOW)
    keys = rotate_signing_keys(home.keys, "SM", LATER)
    log = [*load_log_keys(home.keys, "SM", NOW).keys, *rotate_log_key(home.keys, LATER).keys]
    told = signing_told(home, LATER)
    assert [(key["purpose"], key["state"]) for key in told] == [
        ("codes", "verify-only"), ("codes-mac", "verify-only"), ("codes", "active"), ("codes-mac", "active"),
        ("log", "verify-only"), ("log", "active"),
    ]  # fmt: skip
    assert [key["ended_at"] for key in told] == [*[(LATER + HANDOVER).isoformat()] * 2, None, None, LATER.isoformat(), None]
    assert [key["created_at"] for key in told[3:]] == [LATER.isoformat(), NOW.isoformat(), LATER.isoformat()]
    said = json.dumps(told)
    assert not any(key.secret.hex()[:8] in said for key in [*keys, *log] if key.secret)
