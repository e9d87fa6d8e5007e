"""Keys change while others use them: each purpose always has one key that seals, and nothing sealed becomes unreadable."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import ThreadPool
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace, load_keyring
from onecard.settings.keys_change import RETIRE_AFTER, retire_key, rotate_keys, wrap_keys
from onecard.settings.keys_errors import KekUnusable, KeyBusy, KeyringUnreadable, KeyUnknown, SealBroken
from onecard.settings.keys_file import KeyringFile
from onecard.settings.keys_model import PURPOSES, Purpose, Sealed

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
IDENTITY = SealedPlace(table="people_identity", purpose="identity")
NONCE = b"n" * NONCE_BYTES
OLD_FORM = json.dumps({"hash": bytes(range(32)).hex(), "data": {"k1": bytes(range(32, 64)).hex()}, "current": "k1"})


def states(ring: Keyring, purpose: Purpose = "identity") -> list[str]:
    """The states of a purpose's keys, oldest first."""
    return [key.state for key in ring.keys.keys if key.purpose == purpose]


def test_a_server_seals_with_the_new_key_at_once_and_opens_what_the_old_one_sealed(tmp_path: Path) -> None:
    serving = load_keyring(tmp_path)
    old = serving.seal(IDENTITY, 1, b"old", NONCE)
    (begun,) = rotate_keys(KeyringFile(tmp_path), "SM", NOW, ["identity"])
    new = serving.seal(IDENTITY, 2, b"new", NONCE)
    assert new.key_id == begun.id != old.key_id
    assert serving.open(IDENTITY, 1, *old) == b"old"
    assert states(serving) == ["decrypt-only", "active"]
    assert states(serving, "card") == ["active"]


def test_a_server_opens_what_another_sealed_under_a_key_that_it_has_not_read_yet(tmp_path: Path) -> None:
    reading, writing = load_keyring(tmp_path), load_keyring(tmp_path)
    rotate_keys(KeyringFile(tmp_path), "INTL", NOW)
    assert reading.open(IDENTITY, 1, *writing.seal(IDENTITY, 1, b"new", NONCE)) == b"new"


def test_a_waiting_key_opens_and_does_not_seal_until_the_next_rotation(tmp_path: Path) -> None:
    ring, file = load_keyring(tmp_path), KeyringFile(tmp_path)
    first = ring.seal(IDENTITY, 1, b"x", NONCE)
    rotate_keys(file, "SM", NOW, ["identity"], waiting=True)
    assert states(ring) == ["active", "waiting"]
    assert ring.seal(IDENTITY, 1, b"x", NONCE) == first
    rotate_keys(file, "SM", NOW, ["identity"], waiting=True)
    assert states(ring) == ["active", "waiting"]
    (begun,) = rotate_keys(file, "INTL", NOW, ["identity"])
    assert states(ring) == ["decrypt-only", "active"]
    assert ring.seal(IDENTITY, 1, b"x", NONCE).key_id == begun.id
    assert begun.suite == "SM"


def test_a_keyring_of_the_old_form_is_wrapped_by_its_first_rotation_and_its_key_opens_on(tmp_path: Path) -> None:
    (tmp_path / "keyring.json").write_text(OLD_FORM)
    ring = load_keyring(tmp_path)
    old, hash_key = ring.seal(IDENTITY, 1, b"old", NONCE), ring.hash_key
    rotate_keys(KeyringFile(tmp_path), "SM", NOW, ["identity"])
    assert (ring.keys.keys[0].id, ring.keys.keys[0].state) == ("k1", "active"), "it still seals for the other purposes"
    rotate_keys(KeyringFile(tmp_path), "SM", NOW)
    assert ring.keys.find("k1").state == "decrypt-only"  # type: ignore[union-attr]
    fresh = load_keyring(tmp_path)
    assert fresh.hash_key == hash_key
    assert fresh.open(IDENTITY, 1, *old) == b"old"
    assert bytes(range(32, 64)).hex() not in (tmp_path / "keyring.json").read_text()


def test_a_purpose_that_a_newer_version_brought_gets_its_key_when_the_keyring_is_loaded(tmp_path: Path) -> None:
    load_keyring(tmp_path)
    path = tmp_path / "keyring.json"
    content = json.loads(path.read_text())
    content["keys"] = [key for key in content["keys"] if key["purpose"] != "totp"]
    path.write_text(json.dumps(content))
    with ThreadPool(4) as pool:
        rings = pool.map(lambda _: load_keyring(tmp_path, suite=lambda: "SM"), range(4))
    assert {tuple(states(ring, "totp")) for ring in rings} == {("active",)}


def test_a_retired_key_opens_nothing_and_its_secret_is_gone(tmp_path: Path) -> None:
    ring, file = load_keyring(tmp_path), KeyringFile(tmp_path)
    old = ring.seal(IDENTITY, 1, b"old", NONCE)
    with pytest.raises(KeyBusy, match="it seals"):
        retire_key(file, old.key_id, NOW)
    rotate_keys(file, "INTL", NOW)
    with pytest.raises(KeyBusy, match="replaced just now"):
        retire_key(file, old.key_id, NOW + RETIRE_AFTER - timedelta(seconds=1))
    retire_key(file, old.key_id, NOW + RETIRE_AFTER)
    with pytest.raises(SealBroken):
        load_keyring(tmp_path).open(IDENTITY, 1, *old)
    assert [key["wrapped"] for key in json.loads(file.path.read_text())["keys"] if key["id"] == old.key_id] == [None]
    with pytest.raises(KeyUnknown):
        retire_key(file, "identity-none", NOW)


def test_wrapping_anew_leaves_the_keys_and_destroys_the_old_key_file(tmp_path: Path) -> None:
    serving = load_keyring(tmp_path)
    before, keks = serving.keys, set(tmp_path.glob("kek-*"))
    where = wrap_keys(KeyringFile(tmp_path), None)
    assert {path.name for path in tmp_path.glob("kek-*")} == {where.removeprefix("file:")}
    assert not keks & set(tmp_path.glob("kek-*"))
    for ring in (serving, load_keyring(tmp_path)):
        assert (ring.keys.hash_key, ring.keys.keys) == (before.hash_key, before.keys)


def test_whoever_loads_while_all_is_wrapped_anew_gets_the_keys(tmp_path: Path) -> None:
    keys = load_keyring(tmp_path).keys.keys
    with ThreadPool(3) as pool:
        loading = pool.map_async(lambda _: load_keyring(tmp_path).keys.keys, range(150))
        while not loading.ready():
            wrap_keys(KeyringFile(tmp_path), None)
    assert all(loaded == keys for loaded in loading.get())


def test_a_key_file_elsewhere_is_used_and_never_deleted(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "where else", tmp_path / "keys"
    folder.mkdir()
    elsewhere.write_text("ab" * 32 + "\n")
    uri = f"file://{str(elsewhere).replace(' ', '%20')}"
    keys = load_keyring(folder, kek=uri).keys
    assert [path.name for path in folder.iterdir()] == ["keyring.json"]
    moved = elsewhere.rename(tmp_path / "moved")
    with pytest.raises(KekUnusable, match="cannot be read"):
        load_keyring(folder)
    assert load_keyring(folder, kek=f"file:{moved}").keys.keys == keys.keys
    wrap_keys(KeyringFile(folder, f"file:{moved}"), None)
    assert moved.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("cd" * 32, "not the one that wrapped", id="another key"),
        pytest.param("ab" * 16, "not 32 bytes", id="too short"),
        pytest.param("no hex", "no key in hex", id="no key"),
        pytest.param(None, "cannot be read", id="gone"),
    ],
)
def test_a_wrong_key_encryption_key_is_one_sentence(tmp_path: Path, content: str | None, said: str) -> None:
    kek = tmp_path / load_keyring(tmp_path).keys.kek.removeprefix("file:")
    before = (tmp_path / "keyring.json").read_bytes()
    kek.unlink() if content is None else kek.write_text(content)
    with pytest.raises(KekUnusable, match=said):
        load_keyring(tmp_path)
    assert (tmp_path / "keyring.json").read_bytes() == before


def test_a_wrapped_key_under_another_name_or_purpose_does_not_unwrap(tmp_path: Path) -> None:
    """Whoever may write the file cannot make a key of staff's second factors open identities."""
    load_keyring(tmp_path)
    path = tmp_path / "keyring.json"
    good = json.loads(path.read_text())
    for change in ({"purpose": "card"}, {"id": "identity-other"}, {"suite": "SM"}):
        first, *rest = good["keys"]
        path.write_text(json.dumps({**good, "keys": [first | change, *rest]}))
        with pytest.raises((KekUnusable, KeyringUnreadable)):
            load_keyring(tmp_path)


def test_a_keyring_that_becomes_unreadable_stops_sealing_but_not_opening(tmp_path: Path) -> None:
    serving = load_keyring(tmp_path)
    sealed = serving.seal(IDENTITY, 1, b"x", NONCE)
    (tmp_path / "keyring.json").write_text("{")
    assert serving.open(IDENTITY, 1, *sealed) == b"x"
    with pytest.raises(KeyringUnreadable):
        serving.seal(IDENTITY, 1, b"x", NONCE)


acts = st.sampled_from(["rotate", "wait", "retire", "wrap", "seal", "reload"])


@settings(max_examples=40)
@given(st.lists(st.tuples(acts, st.sampled_from(PURPOSES), st.sampled_from(["SM", "INTL"])), max_size=20), st.booleans())
def test_whatever_is_done_each_purpose_seals_and_what_is_sealed_opens_until_its_key_retires(steps, old) -> None:
    with TemporaryDirectory() as name:
        folder, now = Path(name), NOW
        if old:
            (folder / "keyring.json").write_text(OLD_FORM)
            (folder / "keyring.json").chmod(0o600)
        ring, file, kept = load_keyring(folder), KeyringFile(folder), list[tuple[SealedPlace, Sealed]]()
        for act, purpose, suite in steps:
            now += timedelta(hours=1)
            place = SealedPlace(table="t", purpose=purpose)
            if act in ("rotate", "wait"):
                rotate_keys(file, suite, now, [purpose], waiting=act == "wait")
            elif act == "retire":
                with suppress(KeyBusy):
                    gone = retire_key(file, ring.keys.keys[0].id, now).id
                    kept = [one for one in kept if one[1].key_id != gone]
            elif act == "wrap":
                wrap_keys(file, None)
            elif act == "reload":
                ring = load_keyring(folder)
            kept.append((place, ring.seal(place, 1, purpose.encode(), NONCE)))
        assert all(load_keyring(folder).open(place, 1, *sealed) == place.purpose.encode() for place, sealed in kept)
        keys = ring.keys.keys
        assert all(sum(key.state == "active" and key.purpose == purpose for key in keys) <= 1 for purpose in PURPOSES)
        assert ring.keys.lacking() == []
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
