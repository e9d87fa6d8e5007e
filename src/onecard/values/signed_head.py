"""A signed tree head: a note in the form of C2SP tlog-checkpoint, bytes in and out, strict. Pure.

    onecard/1f0c…                      the origin: which log
    4711                               how many leaves
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…  the tree head, base64
    at 2024-10-31T12:00:00Z            when it was signed
                                       an empty line
    — onecard/1f0c… AbCd…              who signed: base64 of 4 bytes of key hash and the signature

UTF-8, LF. What is signed is everything above the empty line with its last LF. Source: https://c2sp.org/tlog-checkpoint,
https://c2sp.org/signed-note (the em dash is U+2014).
"""

import base64
import hashlib
import re
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from onecard.values.error import OnecardError
from onecard.values.suites import DIGEST_BYTES, SIGNATURE_BYTES, Signer, SuiteName, Verifier

__all__ = ["HEAD_BYTES_MAX", "Head", "NotAHead", "SignedHead", "key_hash", "read_head", "sign_head", "signed_by"]

HEAD_BYTES_MAX: Final = 4096

_KEY_TYPE: Final[dict[SuiteName, bytes]] = {"INTL": b"\x01", "SM": b"\xffonecard/sm2"}
"""What stands before a public key where its hash is taken: 0x01 is Ed25519 (C2SP); 0xff begins a type that has no number there."""

_KEY_HASH_BYTES: Final = 4
_TEXT: Final = re.compile(
    r"(?P<origin>[!-~]{1,100})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"at (?P<at>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)\n"
)
_SIGNATURE: Final = re.compile(r"\u2014 (?P<name>[!-~]{1,100}) (?P<bytes>[A-Za-z0-9+/]+={0,2})\n")


class NotAHead(OnecardError):
    """Bytes that are no signed head of a log."""

    code = "log.not_a_head"
    exit_code = 2
    zh = "这不是一份审计日志的签名头：{why_zh}。"
    en = "This is not a signed head of an audit log: {why_en}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How a log stood: its first *size* leaves have the tree head *root*."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        when = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\nat {when}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head and who says so."""

    head: Head
    key_name: str
    key_hash: bytes
    signature: bytes

    @property
    def note(self) -> bytes:
        """The whole note."""
        signed = base64.b64encode(self.key_hash + self.signature).decode()
        return self.head.text + f"\n\u2014 {self.key_name} {signed}\n".encode()


def sign_head(head: Head, suite: SuiteName, public: bytes, signer: Signer) -> SignedHead:
    """Return *head* signed under the name of its own log."""
    return SignedHead(head=head, key_name=head.origin, key_hash=key_hash(head.origin, suite, public), signature=signer.sign(head.text))


def signed_by(signed: SignedHead, suite: SuiteName, public: bytes, verifier: Verifier) -> bool:
    """Tell whether *signed* was signed by the owner of *public*, under the name of the log that it speaks of."""
    named = signed.key_name == signed.head.origin and signed.key_hash == key_hash(signed.key_name, suite, public)
    return named and verifier.verify(signed.head.text, signed.signature)


def key_hash(name: str, suite: SuiteName, public: bytes) -> bytes:
    """Return the 4 bytes by which a note names a key; SHA-256 in either suite, for it is a name and proves nothing."""
    return hashlib.sha256(name.encode() + b"\n" + _KEY_TYPE[suite] + public).digest()[:_KEY_HASH_BYTES]


def read_head(note: bytes) -> SignedHead:
    """Return what *note* says; raises `NotAHead`. One byte more or less than the form has is no head."""
    if len(note) > HEAD_BYTES_MAX:
        raise NotAHead(why_zh=f"超过 {HEAD_BYTES_MAX} 字节", why_en=f"it is longer than {HEAD_BYTES_MAX} bytes")
    try:
        text, empty, signature = note.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as mistake:
        raise NotAHead(why_zh="不是 UTF-8", why_en="it is not UTF-8") from mistake
    told, signer = _TEXT.fullmatch(text + "\n"), _SIGNATURE.fullmatch(signature)
    if told is None or not empty:
        raise NotAHead(
            why_zh="前四行应为日志名、条数、根（base64）与 at 时间",
            why_en="its four lines are the log's name, a size, a root in base64 and `at` a time",
        )
    if signer is None:
        raise NotAHead(why_zh="空行之后应为一行签名", why_en="one line with the signature follows the empty one")
    head = Head(origin=told["origin"], size=int(told["size"]), root=_decoded(told["root"], DIGEST_BYTES), at=_instant(told["at"]))
    signed = _decoded(signer["bytes"], _KEY_HASH_BYTES + SIGNATURE_BYTES)
    return SignedHead(head=head, key_name=signer["name"], key_hash=signed[:_KEY_HASH_BYTES], signature=signed[_KEY_HASH_BYTES:])


def _decoded(text: str, length: int) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except NotBase64:
        content = b""
    if len(content) != length or base64.b64encode(content).decode() != text:  # One way to write it, or two notes say the same.
        raise NotAHead(why_zh=f"应为 {length} 字节的 base64", why_en=f"base64 of {length} bytes is expected")
    return content


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as mistake:
        raise NotAHead(why_zh="没有这个时间", why_en="there is no such time") from mistake
