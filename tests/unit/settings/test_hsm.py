"""A key-encryption key in a hardware security module, by its real stand-in: SoftHSM through PKCS#11."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from onecard.settings.hsm import make_hsm_key, open_hsm_key, read_address
from onecard.settings.keys import NONCE_BYTES, SealedPlace, load_keyring
from onecard.settings.keys_change import rotate_keys, wrap_keys
from onecard.settings.keys_errors import KekUnusable
from onecard.settings.keys_file import KeyringFile
from tests.unit.settings.softhsm import MODULE, PIN, SoftHsm, make_softhsm, needs_softhsm

NONCE = b"n" * NONCE_BYTES


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    """One module for all tests of this file: a process loads it once."""
    hsm = make_softhsm(tmp_path_factory.mktemp("softhsm"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(hsm.configuration))
        yield hsm


@needs_softhsm
def test_a_key_made_in_the_module_wraps_and_unwraps_and_never_leaves(hsm: SoftHsm) -> None:
    import pkcs11

    make_hsm_key(hsm.uri("kek"))
    key = open_hsm_key(hsm.uri("kek"))
    wrapped = key.wrap(b"k" * 32, NONCE, b"for this")
    assert key.unwrap(wrapped, b"for this") == b"k" * 32
    for content, bound in [(wrapped, b"for that"), (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"for this"), (wrapped[:20], b"for this")]:
        with pytest.raises(ValueError, match="not wrapped by this key"):
            key.unwrap(content, bound)
    with pkcs11.lib(MODULE).get_token(token_label="onecard").open(user_pin=PIN) as session:
        inside = session.get_key(label="kek")
        with pytest.raises(pkcs11.AttributeSensitive):
            inside[pkcs11.Attribute.VALUE]
    with pytest.raises(KekUnusable, match="there already"):
        make_hsm_key(hsm.uri("kek"))


@needs_softhsm
@pytest.mark.parametrize("suite", ["SM", "INTL"])
def test_a_home_whose_keys_are_wrapped_by_the_module_keeps_nothing_that_opens_them(hsm: SoftHsm, tmp_path: Path, suite) -> None:
    uri = hsm.uri(f"home-{suite}")
    make_hsm_key(uri)
    ring = load_keyring(tmp_path, suite=lambda: suite, kek=uri)
    place = SealedPlace(table="t", purpose="identity")
    sealed = ring.seal(place, 1, b"plain", NONCE)
    rotate_keys(KeyringFile(tmp_path), suite, ring.keys.keys[0].created_at)
    assert ring.open(place, 1, *sealed) == b"plain"
    assert load_keyring(tmp_path).keys == ring.keys
    assert [path.name for path in tmp_path.iterdir()] == ["keyring.json"]
    written = (tmp_path / "keyring.json").read_text()
    assert PIN not in written
    assert not any(key.secret.hex() in written for key in ring.keys.keys if key.secret)


@needs_softhsm
def test_a_home_moves_from_its_file_into_the_module_and_back(hsm: SoftHsm, tmp_path: Path) -> None:
    serving = load_keyring(tmp_path)
    before = serving.keys
    uri = hsm.uri("moved")
    make_hsm_key(uri)
    wrap_keys(KeyringFile(tmp_path), uri)
    assert [path.name for path in tmp_path.iterdir()] == ["keyring.json"]
    assert json.loads((tmp_path / "keyring.json").read_text())["kek"] == uri
    for ring in (serving, load_keyring(tmp_path)):
        assert (ring.keys.keys, ring.keys.hash_key) == (before.keys, before.hash_key)
    wrap_keys(KeyringFile(tmp_path), None)
    assert load_keyring(tmp_path).keys.keys == before.keys


@needs_softhsm
def test_servers_go_on_opening_and_sealing_while_the_module_is_away(hsm: SoftHsm, tmp_path: Path) -> None:
    """It is asked once for each key: what was unwrapped stays in memory."""
    uri = hsm.uri("away")
    make_hsm_key(uri)
    ring = load_keyring(tmp_path, kek=uri)
    place = SealedPlace(table="t", purpose="card")
    away = hsm.pin_file.rename(hsm.pin_file.with_suffix(".away"))
    try:
        (tmp_path / "keyring.json").touch()
        assert ring.open(place, 1, *ring.seal(place, 1, b"x", NONCE)) == b"x"
        with pytest.raises(KekUnusable, match="No such file"):
            load_keyring(tmp_path)
    finally:
        away.rename(hsm.pin_file)


@needs_softhsm
def test_another_key_of_the_module_is_not_taken_for_the_one_that_wrapped(hsm: SoftHsm, tmp_path: Path) -> None:
    make_hsm_key(hsm.uri("right"))
    make_hsm_key(hsm.uri("wrong"))
    load_keyring(tmp_path, kek=hsm.uri("right"))
    with pytest.raises(KekUnusable, match="not the one that wrapped"):
        load_keyring(tmp_path, kek=hsm.uri("wrong"))


@needs_softhsm
def test_a_key_that_may_leave_the_module_is_refused(hsm: SoftHsm) -> None:
    import pkcs11

    with pkcs11.lib(MODULE).get_token(token_label="onecard").open(user_pin=PIN, rw=True) as session:
        session.generate_key(pkcs11.KeyType.AES, 256, label="loose", store=True, template={pkcs11.Attribute.EXTRACTABLE: True})
    with pytest.raises(KekUnusable, match="may leave the module"):
        open_hsm_key(hsm.uri("loose")).wrap(b"k" * 32, NONCE, b"")


@needs_softhsm
@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"token": "nobody"}, "No token", id="no such token"),
        pytest.param({"key": "nothing"}, "No key", id="no such key"),
        pytest.param({"module-path": "/nowhere.so"}, "nowhere", id="no such module"),
        pytest.param({"pin-source": "/nowhere"}, "No such file", id="no PIN"),
    ],
)
def test_what_the_module_lacks_is_one_sentence(hsm: SoftHsm, more: dict[str, str], said: str) -> None:
    with pytest.raises(KekUnusable, match=said):
        open_hsm_key(hsm.uri(**{"key": "kek", **more})).wrap(b"k" * 32, NONCE, b"")


@needs_softhsm
def test_a_wrong_pin_is_told_and_not_shown(hsm: SoftHsm, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("0000-wrong")
    with pytest.raises(KekUnusable, match="PinIncorrect") as refused:
        open_hsm_key(hsm.uri("kek", **{"pin-source": str(tmp_path / "pin")})).wrap(b"k" * 32, NONCE, b"")
    assert "0000-wrong" not in str(refused.value) + refused.value.said_zh


GOOD = "pkcs11:token=my%20token;id=%01%ff?module-path=/m.so&pin-source=file:///etc/pin"


def test_an_address_is_read_as_rfc_7512_says() -> None:
    address = read_address(GOOD)
    assert address.token == {"token_label": "my token"}
    assert address.key == {"id": b"\x01\xff"}
    assert (str(address.module), str(address.pin_file)) == ("/m.so", "/etc/pin")


@pytest.mark.parametrize(
    "bad",
    [
        "pkcs11:",
        "pkcs11:token=a;object=b",
        "pkcs11:object=b?module-path=/m.so&pin-source=/pin",
        "pkcs11:token=a?module-path=/m.so&pin-source=/pin",
        GOOD + "&colour=red",
        GOOD + "&pin-source=/other",
        GOOD.replace("/m.so", ""),
    ],
)
def test_an_incomplete_address_is_refused(bad: str) -> None:
    with pytest.raises(KekUnusable):
        read_address(bad)


def test_a_pin_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(KekUnusable) as refused:
        read_address(GOOD.replace("pin-source=file:///etc/pin", f"colour=red&pin-value={PIN}"))
    assert PIN not in str(refused.value) + refused.value.said_zh
