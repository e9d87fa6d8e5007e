"""Everything that can be checked about a store, by an auditor who brings a head from outside (docs/guides/operator/audit.md)."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from onecard.app.key_check import verify_seals
from onecard.app.opening import Store
from onecard.app.whose import check_whose
from onecard.audit.erased import erased_people
from onecard.audit.extension import KeptHeads, check_newest_head, extension_checks, read_kept_heads
from onecard.audit.held import check_changes, check_erased, check_strays
from onecard.audit.verify import walk_log
from onecard.db.catalogue import Thing, catalogue_of, differences
from onecard.db.safety import role_findings, setting_findings
from onecard.db.scratch import scratch
from onecard.ledger.verify import Check, verify_ledger
from onecard.people.verify import check_people
from onecard.settings.log_keys import LogKeys
from onecard.uses.plan import anonymous_salt
from onecard.values.error import OnecardError
from onecard.values.signed_head import HEAD_BYTES_MAX, NotAHead, SignedHead, read_head

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["NotThisLog", "OutsideHead", "read_outside_head", "verify_audit", "verify_records"]

SIBLINGS_MAX: Final = 20_000

_BATCH: Final = re.compile(r"batch ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class NotThisLog(OnecardError):
    """A signed head, but of another log, or by a key that this log never had."""

    code = "audit.not_this_log"
    exit_code = 2
    zh = "{file} 是日志 {origin} 的签名头，不是本系统日志 {ours} 的密钥签发的。请核对文件。"
    en = "{file} is a head of {origin}, and no key of this log ({ours}) signed it. Check which file it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideHead:
    """A head that the auditor brings, and others of this log that lie beside it: these narrow down where something was rewritten."""

    head: SignedHead
    beside: Sequence[SignedHead] = ()


def read_outside_head(file: Path, keys: LogKeys) -> OutsideHead:
    """Return the head in *file*. Raises `NotAHead`, `NotThisLog`, and `OSError` where it cannot be read."""
    signed = read_head(_bytes(file))
    if not keys.signed(signed):
        raise NotThisLog(file=file, origin=signed.head.origin, ours=keys.origin)
    return OutsideHead(head=signed, beside=_siblings(file, keys))


async def verify_audit(store: Store, keys: LogKeys, outside: OutsideHead | None, wanted: Mapping[Thing, str] | None = None) -> list[Check]:
    """Check the log against *outside* and the store's own heads, every record, row and ciphertext, the catalogue and the server.

    Reads alone, but for a database that it makes and drops again to see what the migrations make; *wanted* is that catalogue
    where it is known already.
    """
    given = [outside.head] if outside else []
    async with store.database.acquire("migrate") as connection:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            checks, places, erased = await _log_checks(connection, keys, given, outside.beside if outside else ())
        checks += [await _catalogue(store, connection, wanted), await _server(connection), await check_whose(connection, store.keyring)]
    return [*checks, *[_with_leaves(check, places) for check in await _records(store, erased)]]


async def verify_records(store: Store, keys: LogKeys) -> list[Check]:
    """Check what needs no walk through the log: the ledger against its records, every sealed value, and the newest head."""
    async with store.database.acquire("audit_ro") as connection:
        erased = frozenset(each.subject for each in await erased_people(connection))
        newest = await check_newest_head(connection, keys)
    return [*await _records(store, erased), newest]


async def _records(store: Store, erased: Collection[int]) -> list[Check]:
    async with store.database.acquire("audit_ro") as connection:
        ledger = await verify_ledger(connection, anonymous_salt(store.keyring.hash_key), erased)
    return [*ledger, await verify_seals(store)]


async def _log_checks(
    connection: "Connection", keys: LogKeys, given: Sequence[SignedHead], beside: Sequence[SignedHead]
) -> tuple[list[Check], Mapping[UUID, int], frozenset[int]]:
    """Return the checks of the log, where each batch stands in it, and who was erased."""
    kept = await read_kept_heads(connection, keys)
    heads = [signed.head for signed in (*kept.good, *given, *beside)]
    walked = await walk_log(connection, keys.suite.digest, heads)
    erased = frozenset(each.subject for each in await erased_people(connection))
    known = KeptHeads(good=kept.good, problems=kept.problems, beside=beside)
    people = _with_leaves(await check_people(connection, erased), walked.places)
    checks = [
        *await extension_checks(connection, walked, given, known),
        *walked.checks(),
        await check_strays(connection, max((head.at for head in heads), default=None)),
        await check_changes(connection, erased),
        await check_erased(connection),
        people,
    ]
    return checks, walked.places, erased


async def _catalogue(store: Store, connection: "Connection", wanted: Mapping[Thing, str] | None) -> Check:
    wanted = wanted or await _as_made(store)
    problems = differences(wanted, await catalogue_of(connection))
    return Check(name="catalogue-is-as-migrations-made-it", examined=len(wanted), problems=problems)


async def _as_made(store: Store) -> Mapping[Thing, str]:
    async with scratch(store.database, f"onecard_as_made_{secrets.token_hex(6)}", datetime.now(UTC)) as made:
        return await catalogue_of(made)


async def _server(connection: "Connection") -> Check:
    findings = [*await setting_findings(connection), *await role_findings(connection)]
    return Check(name="server-keeps-what-it-is-given", examined=1, problems=findings)


def _with_leaves(check: Check, places: Mapping[UUID, int]) -> Check:
    """Say of each problem under which leaf it lies."""
    return replace(check, problems=[_BATCH.sub(lambda found: _leaf(found, places), problem) for problem in check.problems])


def _leaf(found: re.Match[str], places: Mapping[UUID, int]) -> str:
    position = places.get(UUID(found[1]))
    return f"{found[0]} (under no leaf yet)" if position is None else f"{found[0]} (leaf {position})"


def _siblings(file: Path, keys: LogKeys) -> list[SignedHead]:
    found = []
    for path in sorted(file.resolve().parent.glob("*.head"))[:SIBLINGS_MAX]:
        try:
            signed = read_head(_bytes(path))
        except (NotAHead, OSError):
            continue
        if keys.signed(signed):
            found.append(signed)
    return found


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(HEAD_BYTES_MAX + 1)
