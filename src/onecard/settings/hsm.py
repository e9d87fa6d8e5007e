"""A key-encryption key that never leaves its hardware security module: PKCS#11, AES-256-GCM, named by an RFC 7512 URI.

    pkcs11:token=onecard;object=kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/onecard/pin

The package `python-pkcs11` comes with `pip install onecard[hsm]`.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes

from onecard.settings.keys_ciphers import NONCE_BYTES
from onecard.settings.keys_errors import KekUnusable

__all__ = ["HsmAddress", "HsmKey", "make_hsm_key", "open_hsm_key", "read_address"]

_SCHEME: Final = "pkcs11:"
_KNOWN: Final = {"token", "serial", "object", "id", "module-path", "pin-source"}
_TAG_BITS: Final = 128

# A module knows one user per process: of two sessions that log in at once the second is refused.
_one_session = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class HsmAddress:
    """Which module, token and key, and in which file the PIN is."""

    uri: str
    module: Path
    pin_file: Path
    token: Mapping[str, Any]  # `token_label` or `token_serial`, as the library calls them.
    key: Mapping[str, Any]  # `label` or `id`.


def read_address(uri: str) -> HsmAddress:
    """Return what *uri* names; raises `KekUnusable` where it is incomplete, or holds a PIN instead of a file's name."""
    told = _parts(uri)
    if not ({"module-path", "pin-source"} <= told.keys() and told.keys() & {"token", "serial"} and told.keys() & {"object", "id"}):
        raise _unusable(uri, "需要 token、object、module-path、pin-source", "it wants token, object, module-path and pin-source")
    token: dict[str, Any] = {}
    if "token" in told:
        token["token_label"] = unquote(told["token"])
    if "serial" in told:
        token["token_serial"] = unquote_to_bytes(told["serial"])
    key: dict[str, Any] = {}
    if "object" in told:
        key["label"] = unquote(told["object"])
    if "id" in told:
        key["id"] = unquote_to_bytes(told["id"])
    pin_file = unquote(told["pin-source"]).removeprefix("file:").removeprefix("//")
    return HsmAddress(uri=uri, module=Path(unquote(told["module-path"])), pin_file=Path(pin_file), token=token, key=key)


class HsmKey:
    """Wraps and unwraps inside the module. A session lasts as long as one call: a module that was restarted is found again."""

    def __init__(self, address: HsmAddress) -> None:
        self._address = address

    def wrap(self, secret: bytes, nonce: bytes, bound: bytes) -> bytes:
        """Return *nonce* and *secret* wrapped, bound to *bound*. Raises `KekUnusable`."""
        with self._key() as key:
            return nonce + bytes(key.encrypt(secret, **_gcm(nonce, bound)))

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Return what was wrapped; `ValueError` where it was not by this key, or for something else. Raises `KekUnusable`."""
        import pkcs11

        with self._key() as key:
            try:
                return bytes(key.decrypt(wrapped[NONCE_BYTES:], **_gcm(wrapped[:NONCE_BYTES], bound)))
            except (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.DataInvalid, pkcs11.GeneralError) as error:
                raise ValueError("not wrapped by this key") from error  # SoftHSM says GeneralError of a wrong tag.

    @contextmanager
    def _key(self) -> Iterator[Any]:
        import pkcs11

        with _session(self._address) as session:
            key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, **self._address.key)
            if key[pkcs11.Attribute.EXTRACTABLE]:
                raise _unusable(self._address.uri, "该密钥可以导出，不能作主密钥", "that key may leave the module")
            yield key


def open_hsm_key(uri: str) -> HsmKey:
    """Return the key at *uri*; nothing is asked of the module before it is used. Raises `KekUnusable`."""
    return HsmKey(read_address(uri))


def make_hsm_key(uri: str) -> None:
    """Make an AES-256 key at *uri* that cannot leave the module. Raises `KekUnusable`, also where one is there already."""
    import pkcs11

    address = read_address(uri)
    with _session(address, rw=True) as session:
        found = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, **_attributes(address)}))
        if found:
            raise _unusable(uri, "已有同名密钥", "a key of that name is there already")
        kept = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.PRIVATE: True}
        session.generate_key(pkcs11.KeyType.AES, 256, store=True, template=kept, **address.key)


@contextmanager
def _session(address: HsmAddress, *, rw: bool = False) -> Iterator[Any]:
    """Lend a session in which the PIN was shown; whatever the module says becomes one sentence."""
    try:
        import pkcs11
    except ImportError as error:
        raise _unusable(address.uri, "缺少 python-pkcs11，请安装 onecard[hsm]", "python-pkcs11 is not installed: onecard[hsm]") from error
    try:
        pin = address.pin_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _unusable(address.uri, f"PIN 文件 {address.pin_file} 无法读取", f"{address.pin_file}: {error.strerror}") from error
    with _one_session:
        try:
            token = pkcs11.lib(str(address.module)).get_token(**address.token)
            with token.open(user_pin=pin, rw=rw) as session:
                yield session
        except pkcs11.PKCS11Error as error:
            said = str(error) or type(error).__name__
            raise _unusable(address.uri, f"密码机回答 {said}", f"the module says {said}") from error


def _gcm(nonce: bytes, bound: bytes) -> dict[str, Any]:
    import pkcs11

    return {"mechanism": pkcs11.Mechanism.AES_GCM, "mechanism_param": pkcs11.GCMParams(nonce, bound, _TAG_BITS)}


def _attributes(address: HsmAddress) -> dict[Any, Any]:
    import pkcs11

    names = {"label": pkcs11.Attribute.LABEL, "id": pkcs11.Attribute.ID}
    return {names[name]: value for name, value in address.key.items()}


def _parts(uri: str) -> dict[str, str]:
    """Return the parts of *uri* by name, not unquoted yet."""
    path, _, query = uri.removeprefix(_SCHEME).partition("?")
    told: dict[str, str] = {}
    if "pin-value" in query:
        raise _unusable(uri.partition("?")[0], "PIN 应放在文件里（pin-source）", "a PIN stands in a file (pin-source)")
    for part in [*filter(None, path.split(";")), *filter(None, query.split("&"))]:
        name, _, value = part.partition("=")
        if name not in _KNOWN or name in told or not value:
            raise _unusable(uri, f"不认识的部分 {name}", f"the part {name} is not known, empty or there twice")
        told[name] = value
    return told


def _unusable(uri: str, why_zh: str, why_en: str) -> KekUnusable:
    return KekUnusable(uri=uri, why_zh=why_zh, why_en=why_en)
