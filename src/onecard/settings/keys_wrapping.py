"""The key-encryption key, under which all others are wrapped: in a file of the home, or in a hardware security module."""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote

from onecard.settings.hsm import open_hsm_key
from onecard.settings.keys_ciphers import KEY_BYTES, decipher, encipher
from onecard.settings.keys_errors import KekUnusable
from onecard.settings.secret_file import write_secret_once

__all__ = ["KeyEncryptionKey", "file_of_kek", "forget_file_kek", "make_file_kek", "open_kek", "provider_of"]

_FILE: Final = "file:"
_HSM: Final = "pkcs11:"


class KeyEncryptionKey(Protocol):
    """Wraps other keys. Where it is hardware, the key itself never leaves it.

    An adapter for another interface (SDF, GM/T 0018) is a class with these two methods.
    """

    def wrap(self, secret: bytes, nonce: bytes, bound: bytes) -> bytes:
        """Return *secret* wrapped (AES-256-GCM), bound to *bound*; *nonce* is `NONCE_BYTES` of chance. Raises `KekUnusable`."""

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Return what was wrapped; `ValueError` where another key wrapped it or *bound* differs. Raises `KekUnusable`."""


class _FileKek:
    """A key in a file: whoever reads the file and the keyring has everything."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def wrap(self, secret: bytes, nonce: bytes, bound: bytes) -> bytes:
        return encipher("INTL", self._key, secret, nonce=nonce, bound=bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        return decipher("INTL", self._key, wrapped, bound=bound)


def provider_of(uri: str) -> str:
    """Return what holds the key at *uri*: `file`, `pkcs11`, or `none` where nothing is wrapped."""
    return uri.partition(":")[0] if uri else "none"


def open_kek(uri: str, folder: Path) -> KeyEncryptionKey:
    """Return the key at *uri*: `file:NAME` in *folder*, `file:///PATH`, or `pkcs11:…` (RFC 7512). Raises `KekUnusable`."""
    if uri.startswith(_HSM):
        return open_hsm_key(uri)
    if not uri.startswith(_FILE):
        raise KekUnusable(uri=uri, why_zh="应以 file: 或 pkcs11: 开头", why_en="it begins with neither file: nor pkcs11:")
    return _FileKek(_key_in(uri, file_of_kek(uri, folder)))


def make_file_kek(folder: Path) -> str:
    """Make a key in a file of its own in *folder* and return its URI; `OSError` where the disk refuses."""
    name = f"kek-{secrets.token_hex(4)}.key"
    write_secret_once(folder / name, secrets.token_bytes(KEY_BYTES["INTL"]).hex().encode() + b"\n")
    return _FILE + name


def forget_file_kek(uri: str, folder: Path) -> None:
    """Delete the key at *uri* where it is a file of the home's own; others' files and modules are theirs to empty."""
    if uri.startswith(_FILE) and "/" not in uri:
        with suppress(FileNotFoundError):
            file_of_kek(uri, folder).unlink()


def file_of_kek(uri: str, folder: Path) -> Path:
    """Return the path that a `file:` URI names; a bare name is one in *folder*, so that a home may be moved."""
    return folder / unquote(uri.removeprefix(_FILE).removeprefix("//"))


def _key_in(uri: str, path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise KekUnusable(uri=uri, why_zh=f"文件 {path} 无法读取", why_en=f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise KekUnusable(uri=uri, why_zh=f"{path} 不是十六进制密钥", why_en=f"{path} holds no key in hex") from error
    if len(key) != KEY_BYTES["INTL"]:
        raise KekUnusable(uri=uri, why_zh=f"{path} 中的密钥不是 32 字节", why_en=f"the key in {path} is not 32 bytes long")
    return key
