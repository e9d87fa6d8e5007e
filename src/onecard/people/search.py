"""Find people by what is known of them when nobody has their number: a name, its first letters, the end of a phone number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onecard.db.walled import along_index
from onecard.people import mark_store
from onecard.people.marks import MarkKind, mark_of
from onecard.people.service import open_identities
from onecard.settings.keys import Keyring
from onecard.values.search_mark import TAIL

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SIFTED_MAX", "Sought", "search_people"]

SIFTED_MAX: Final = 2_000
"""So many phone numbers of one end are opened to compare the rest. At 5.5 million people one end is some 550 people's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for: *text* as a *kind*, and what narrows it down: a region whole or its beginning, and a year of birth."""

    kind: MarkKind
    text: str
    inside: str = ""  # What the region must begin with.
    born_year: int = 0  # 0: whenever.


async def search_people(
    connection: "Connection", keyring: Keyring, prefixes: Sequence[str], sought: Sought, most: int
) -> list[tuple[int, str]]:
    """Return (subject, region) of at most *most* people inside *prefixes*, by region and year of birth. In a transaction.

    Of a phone number more than its last `TAIL` digits may be told; then those alone are found whose number ends so. Raises
    `SealBroken`.
    """
    await along_index(connection)
    mark = mark_of(keyring.hash_key, sought.kind, sought.text)
    longer = sought.kind == "phone" and len(sought.text) > TAIL
    found = await mark_store.marked(connection, mark, prefixes, sought.inside, sought.born_year, SIFTED_MAX if longer else most)
    if not longer:
        return found
    identities = await open_identities(connection, keyring, [subject for subject, _ in found])
    phones = {subject: identity.phone.reveal() for subject, identity in identities.items() if identity.phone is not None}
    return [(subject, region) for subject, region in found if phones.get(subject, "").endswith(sought.text)][:most]
