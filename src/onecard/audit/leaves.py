"""What a leaf of the log holds, to the byte, so that anyone can work it out again. Pure.

JSON arrays without blanks, UTF-8, the first element naming the form. Instants are whole milliseconds since 1970, days ISO,
bytes and ids hexadecimal (docs/reference/log.md).
"""

import msgspec

from onecard.audit.model import BatchLeaf, Entry
from onecard.values.days import epoch_milliseconds

__all__ = ["batch_data", "canonical_json", "entry_data"]

_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode


def batch_data(leaf: BatchLeaf) -> bytes:
    """Return what the leaf of a batch holds: the root over its records' salted digests, and where the batch stands."""
    return _encode((
        "onecard batch 1", leaf.batch.hex, leaf.lane, leaf.number, epoch_milliseconds(leaf.made_at), leaf.book_day, leaf.records,
        leaf.root.hex(),
    ))  # fmt: skip


def entry_data(entry: Entry) -> bytes:
    """Return what the leaf of an entry holds: its salt, and then every column."""
    return _encode((
        "onecard entry 1", entry.salt.hex(), entry.entry.hex, epoch_milliseconds(entry.at), entry.kind, entry.person, entry.account,
        entry.as_person, entry.roles, entry.purpose, entry.act, entry.object, entry.region, entry.subject, entry.result, entry.content,
    ))  # fmt: skip


def canonical_json(content: object) -> str:
    """Return *content* as JSON of one form: keys sorted, no blanks."""
    return _encode_sorted(content).decode()
