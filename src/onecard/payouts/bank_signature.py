"""The signature beside a bank file: `BANK_BATCH.txt.sig`, over every byte of it. Pure.

    {"kid": "bank-4f9a", "alg": "SM2", "sig": "base64"}
"""

import base64
import binascii
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from onecard.values.error import OnecardError
from onecard.values.suites import SIGNATURE_BYTES, Signer, SuiteName, Verifier

__all__ = ["ALGORITHMS", "SIGNATURE_FILE_BYTES_MAX", "Algorithm", "FileSignature", "SignatureWrong", "check", "read_signature", "sign"]

Algorithm = Literal["SM2", "Ed25519"]

ALGORITHMS: Final[Mapping[SuiteName, Algorithm]] = MappingProxyType({"SM": "SM2", "INTL": "Ed25519"})
SIGNATURE_FILE_BYTES_MAX: Final = 1024


class SignatureWrong(OnecardError):
    """A bank file was not signed by whom it says, or was altered since."""

    code = "payouts.signature_wrong"
    zh = "签名文件不对：{why_zh}。整份文件未作任何处理。"
    en = "The signature is wrong: {why_en}. Nothing of the file was taken."


class FileSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signed: the key's name, the algorithm, r‖s of SM2 or the signature of Ed25519 in base64."""

    kid: str
    alg: Algorithm
    sig: str

    @property
    def content(self) -> bytes:
        """The bytes of the signature file."""
        return msgspec.json.encode(self) + b"\n"


def sign(content: bytes, kid: str, suite: SuiteName, signer: Signer) -> FileSignature:
    """Return the signature over *content* by *signer*, whose key is called *kid* and of *suite*."""
    return FileSignature(kid=kid, alg=ALGORITHMS[suite], sig=base64.b64encode(signer.sign(content)).decode("ascii"))


def read_signature(content: bytes) -> FileSignature:
    """Return what a signature file says; raises `SignatureWrong` where it is none."""
    if len(content) > SIGNATURE_FILE_BYTES_MAX:
        raise SignatureWrong(why_zh=f"超过 {SIGNATURE_FILE_BYTES_MAX} 字节", why_en=f"it is longer than {SIGNATURE_FILE_BYTES_MAX} bytes")
    try:
        return msgspec.json.decode(content, type=FileSignature)
    except (msgspec.MsgspecError, UnicodeDecodeError) as mistake:
        raise SignatureWrong(why_zh="应为含 kid、alg、sig 的 JSON", why_en="JSON with kid, alg and sig is expected") from mistake


def check(content: bytes, signature: FileSignature, suite: SuiteName, verifier: Verifier) -> None:
    """Hold *signature* to *content* and to the key that *verifier* knows, of *suite*; raises `SignatureWrong`."""
    try:
        signed = base64.b64decode(signature.sig, validate=True)
    except binascii.Error:
        signed = b""
    if signature.alg != ALGORITHMS[suite]:
        raise SignatureWrong(why_zh=f"该密钥的算法是 {ALGORITHMS[suite]}", why_en=f"the key's algorithm is {ALGORITHMS[suite]}")
    if len(signed) != SIGNATURE_BYTES or not verifier.verify(content, signed):
        raise SignatureWrong(why_zh="与文件内容或密钥不符", why_en="it is not over this file, or not by this key")
