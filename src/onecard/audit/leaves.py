"""What a leaf of the log holds, to the byte, so that anyone can work it out again. Pure.

JSON arrays without blanks, UTF-8, the first element naming the form. Instants are whole milliseconds since 1970, days ISO,
bytes and ids hexadecimal (docs/reference/log.md).
"""

import msgspec

from onecard.audit.model import BatchLeaf, Entry, LeafKind, PeopleLeaf
from onecard.values.days import epoch_milliseconds

__all__ = ["Content", "batch_data", "canonical_json", "entry_data", "kind_of", "leaf_data", "people_data"]

Content = BatchLeaf | PeopleLeaf | Entry
"""What a leaf stands for."""

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode


def batch_data(leaf: BatchLeaf) -> bytes:
    """Return what the leaf of a batch holds: the root over its records' salted digests, and where the batch stands."""
    return _encode((
        "onecard batch 1", leaf.batch.hex, leaf.lane, leaf.number, epoch_milliseconds(leaf.made_at), leaf.book_day, leaf.records,
        leaf.root.hex(),
    ))  # fmt: skip


def people_data(leaf: PeopleLeaf) -> bytes:
    """Return what the leaf of a batch about people holds: the root over its salted digests, and when it was told."""
    return _encode(("onecard people 1", leaf.batch.hex, epoch_milliseconds(leaf.made_at), leaf.told, leaf.root.hex()))


def entry_data(entry: Entry) -> bytes:
    """Return what the leaf of an entry holds: its salt, and then every column."""
    return _encode((
        "onecard entry 1", entry.salt.hex(), entry.entry.hex, epoch_milliseconds(entry.at), entry.kind, entry.person, entry.account,
        entry.as_person, entry.roles, entry.purpose, entry.act, entry.object, entry.region, entry.subject, entry.result, entry.content,
    ))  # fmt: skip


def leaf_data(content: Content) -> bytes:
    """Return what the leaf of anything holds."""
    if isinstance(content, Entry):
        return entry_data(content)
    return batch_data(content) if isinstance(content, BatchLeaf) else people_data(content)


def kind_of(content: Content) -> LeafKind:
    """Return of which kind its leaf is."""
    if isinstance(content, Entry):
        return content.kind
    return "batch" if isinstance(content, BatchLeaf) else "people"


def canonical_json(content: object) -> str:
    """Return *content* as JSON of one form: keys sorted, no blanks."""
    return _encode_sorted(content).decode()
