"""What a terminal holds to decide alone: its site's bundle, read and compiled, and the hotlist. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onecard.cards.code import Issuers
from onecard.cards.issuers import issuers_from
from onecard.decision.rulebook import RuleBook
from onecard.policy.check import check
from onecard.policy.model import Source
from onecard.terminals.bundle import Bundle, BundleUnreadable, Expected, read_bundle
from onecard.terminals.hotlist import EMPTY, Hotlist
from onecard.terminals.model import Place
from onecard.terminals.params import Params
from onecard.uses.occasion import CityRules

__all__ = ["Holdings", "Rules", "rules_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A bundle, compiled: by what is decided here, and whom the site expects."""

    etag: str
    place: Place
    city: CityRules
    book: RuleBook
    issuers: Issuers
    hash_key: bytes = field(repr=False)
    cards: Mapping[bytes, Expected] = field(repr=False)  # By alias.
    params: Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All that a decision without the server rests on."""

    rules: Rules
    hotlist: Hotlist = EMPTY
    hotlist_at: datetime  # The city's instant at which the list was last known to be the newest.


def rules_from(content: bytes) -> Rules:
    """Return the rules in the bundle *content*; raises `BundleUnreadable`, also where a document of it does not compile."""
    bundle = read_bundle(content)
    try:
        issuers = issuers_from(bundle.issuers)
    except (KeyError, ValueError) as mistake:
        raise BundleUnreadable(why=f"issuers: {mistake}") from mistake
    return Rules(
        etag=bundle.etag, place=Place(bundle.terminal, bundle.site), city=CityRules(lists=bundle.lists, day_kinds=bundle.day_kinds),
        book=_book(bundle), issuers=issuers, hash_key=bundle.hash_key, cards=bundle.cards, params=bundle.params,
    )  # fmt: skip


def _book(bundle: Bundle) -> RuleBook:
    """Compile the documents as the server does: from their source, under the versions that it gave them."""
    sources = [Source(file=f"{each.programme}@{each.version}.yaml", content=each.source.encode()) for each in bundle.documents]
    versions = {source.file: each.version for source, each in zip(sources, bundle.documents, strict=True)}
    checked = check(sources, bundle.lists, versions=versions)
    for finding in checked.findings:
        if not finding.note:
            raise BundleUnreadable(why=f"{finding.file}:{finding.line}: {finding.en}")
    return RuleBook(checked.programmes, gated=bundle.lists.gated, number=bundle.rules)
