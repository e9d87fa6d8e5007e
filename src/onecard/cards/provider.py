"""Who knows codes that are not ours: what is asked and what may be answered, whichever system stands behind it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from onecard.cards.code import CodeReason
from onecard.values.masked import PersonNumber

__all__ = ["CredentialProvider", "Recognised"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Somebody whom a provider vouches for."""

    number: PersonNumber
    born: date
    home_region: str
    token: str  # The provider's own word for this act: what a dispute is settled by.


class CredentialProvider(Protocol):
    """A system that knows whose code this is."""

    async def decode(self, code: str, terminal: str, at: datetime) -> Recognised | CodeReason | None:
        """Return who shows *code* at *terminal* at the instant *at*, why the provider refuses it, or None: it did not answer in time.

        Never raises for what a provider may do: silence, nonsense and slowness are all None, within a second.
        """
