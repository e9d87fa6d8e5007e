"""What is looked at before a card is made: the person, the bank's side, and what the province knows of the old card. Pure."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from onecard.people.model import Identity
from onecard.values.person_number import is_person_number

__all__ = ["Authority", "Candidate", "Known", "check_candidate"]

NAME_BYTES_MAX: Final = 60

Known = Literal["active", "sealed", "lost", "cancelled", "none", "unknown"]
"""What an authority says of a card; `unknown`: it did not answer, or not in time."""


class Authority(Protocol):
    """Who knows the cards of the whole province; asked by the key of a number, never by the number."""

    async def status(self, key: bytes) -> Known:
        """Return how a card stands there; never raises: no answer is `unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody whose card is to be made."""

    kind: str
    identity: Identity | None
    alive: bool
    encoding: str
    elsewhere: Known = "none"  # What the province says of the card in whose place the new one comes.


def check_candidate(candidate: Candidate) -> dict[str, str | None]:
    """Return the answer of each check (`cards.application.path`): '' passed, a reason failed, None not known yet."""
    person = _person(candidate)
    return {"health": person, "bank": person or _bank(candidate), "province": person or _province(candidate)}


def _person(candidate: Candidate) -> str:
    if candidate.identity is None:
        return "没有身份信息 no identity"
    if not candidate.alive:
        return "已登记死亡 registered as dead"
    if not is_person_number(candidate.identity.number.reveal()):
        return "证件号码不是 18 位 not a number of 18 characters"
    return ""


def _bank(candidate: Candidate) -> str:
    assert candidate.identity is not None, "the person's own check comes first"
    try:
        size = len(candidate.identity.name.reveal().encode(candidate.encoding))
    except UnicodeEncodeError:
        return "姓名含无法编码的字符 the name cannot be written"
    return "" if size <= NAME_BYTES_MAX else "姓名过长 the name is too long"


def _province(candidate: Candidate) -> str | None:
    if candidate.elsewhere == "unknown":
        return None
    if candidate.kind == "reissue" and candidate.elsewhere == "active":
        return "省平台尚未登记挂失 the province knows of no loss"
    if candidate.elsewhere == "cancelled":
        return "省平台已注销 cancelled at the province"
    return ""
