"""`onecard keys`: which keys there are, new ones, sealing anew, and the end of old ones. No command shows a key."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, TypeVar, cast, get_args

import typer

from onecard.app.key_desk import KeyDesk, open_key_desk, wrap_home
from onecard.app.key_signing import signing_told
from onecard.cli.output import answer_no, document, run, say, settings_here, wrong_call
from onecard.keys.inventory import Inventory
from onecard.keys.resealing import RATE, RATE_MAX, Resealed
from onecard.settings.keys_model import PURPOSES, Purpose
from onecard.values.suites import SuiteName

__all__ = ["keys", "register"]

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]

T = TypeVar("T")

_ROWS_A_LINE: Final = 20_000

keys = typer.Typer(help="The keys that seal personal data.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys, name="keys")


@keys.command("list")
def list_keys(as_json: Json = False) -> None:
    """Every key that seals: purpose, suite, where it is wrapped, state, dates, rows by table; then the keys that sign.

    Example: onecard keys list
    """
    found, signing = run(_list())
    if as_json:
        document({**found.to_json(), "signing": signing})
    else:
        _told(found)
        for key in signing:
            say(f"{key['id']:<17} {key['purpose']:<10} {key['suite']:<4} {key['provider']:<6} {key['created_at'][:10]} {key['state']}")


@keys.command("rotate")
def rotate(
    purpose: Annotated[
        list[str] | None, typer.Option(help="identity, card, account, pseudonym, totp or signing; may be repeated. All if left out.")
    ] = None,
    suite: Annotated[str | None, typer.Option(help="SM (SM4-GCM) or INTL (AES-256-GCM). The city's own if left out.")] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Make the keys, and let the next rotation begin them: for several machines.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Begin new keys while servers run: they seal from now on, and the old ones only open.

    Example: onecard keys rotate --purpose identity
    """
    if wrong := set(purpose or ()) - set(PURPOSES):
        wrong_call(f"没有用途 {', '.join(sorted(wrong))}。", f"There is no purpose {', '.join(sorted(wrong))}: {', '.join(PURPOSES)}.")
    if suite not in (None, *get_args(SuiteName)):
        wrong_call("算法套件应为 SM 或 INTL。", "The suite is SM or INTL.")
    begun = run(_rotate(cast(list[Purpose], purpose or list(PURPOSES)), cast(SuiteName | None, suite), waiting))
    if as_json:
        document({"begun": begun, "state": "waiting" if waiting else "active"})
    else:
        say("\n".join(begun))


@keys.command("reseal")
def reseal(rate: Annotated[int, typer.Option(min=1, max=RATE_MAX, help="Rows a second, at most.")] = RATE, as_json: Json = False) -> None:
    """Seal anew what older keys sealed, beside running servers. Interrupted or killed, it goes on where it stopped.

    Example: onecard keys reseal --rate 5000
    """
    done = run(_reseal(rate))
    if as_json:
        document({"ok": not any(table.unopened for table in done), "tables": [table.to_json() for table in done]})
    for table in done:
        if not as_json:
            say(f"{table.table}: {table.rows}")
        for row in [] if as_json else table.broken:
            say(f"    ✕ 无法解开 does not open: {row}")
    if any(table.unopened for table in done):
        answer_no()


@keys.command("retire")
def retire(key: Annotated[str, typer.Argument(metavar="KEY", help="A key's id.")], as_json: Json = False) -> None:
    """Destroy the secret of a key; refused while anything is sealed by it.

    Example: onecard keys retire identity-x7f2q
    """
    run(_retire(key))
    if as_json:
        document({"id": key, "state": "retired"})
    else:
        say(f"{key}: 已停用 retired")


@keys.command("wrap")
def wrap(
    kek: Annotated[
        str | None, typer.Argument(metavar="[URI]", help="file:///PATH or pkcs11:… (RFC 7512); a new key file of the home if left out.")
    ] = None,
    make: Annotated[bool, typer.Option("--make", help="Make the key in its hardware module first.")] = False,
    as_json: Json = False,
) -> None:
    """Wrap all keys under another key-encryption key. Personal data stays as it is.

    Example: onecard keys wrap --make "pkcs11:token=onecard;object=kek?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/pin"
    """
    if make and not (kek or "").startswith("pkcs11:"):
        wrong_call("--make 只用于 pkcs11: 地址。", "--make is for a pkcs11: address.")
    where = wrap_home(settings_here(), kek, make=make)
    if as_json:
        document({"kek": where})
    else:
        say(where)


async def _list() -> tuple[Inventory, list[dict[str, Any]]]:
    async with open_key_desk(settings_here()) as desk:
        return await desk.inventory(), signing_told(desk.store, desk.clock())


async def _rotate(purposes: list[Purpose], suite: SuiteName | None, waiting: bool) -> list[str]:
    return await _at_desk(lambda desk: desk.rotate(purposes, suite, waiting=waiting))


async def _reseal(rate: int) -> list[Resealed]:
    return await _at_desk(lambda desk: desk.reseal(rate, _now_and_then()))


async def _retire(key: str) -> None:
    await _at_desk(lambda desk: desk.retire(key))


async def _at_desk(work: Callable[[KeyDesk], Awaitable[T]]) -> T:
    async with open_key_desk(settings_here()) as desk:
        return await work(desk)


def _now_and_then() -> Callable[[Resealed], None]:
    said: dict[str, int] = {}

    def tell(done: Resealed) -> None:
        if done.rows // _ROWS_A_LINE > said.get(done.table, 0):
            said[done.table] = done.rows // _ROWS_A_LINE
            sys.stderr.write(f"{done.table}: {done.rows}\n")
            sys.stderr.flush()

    return tell


def _told(found: Inventory) -> None:
    say(f"主密钥 key-encryption key: {found.kek or '无（旧格式，密钥未包裹） none: an old keyring, its keys are in clear'}")
    for told in found.keys:
        made = f"{told.key.created_at:%Y-%m-%d}" if told.key.created_at else "          "
        rows = ", ".join(f"{table} {count}" for table, count in sorted(told.rows.items()))
        say(f"{told.key.id:<17} {told.key.purpose:<10} {told.key.suite:<4} {told.provider:<6} {made} {told.key.state:<12} {rows}")
    for key_id, tables in found.missing.items():
        rows = ", ".join(f"{table} {count}" for table, count in sorted(tables.items()))
        say(f"{key_id:<17} ✕ 本机没有此密钥 not in this home: {rows}")
