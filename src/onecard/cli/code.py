"""`onecard code`: a dynamic code as a resident's phone would show it, and the keys that sign it."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from onecard.app.code_desk import CodeDesk, open_code_desk
from onecard.cards.codes import ShownCode
from onecard.cards.qr import qr_svg
from onecard.cli.output import document, run, say, settings_here, wrong_call
from onecard.values.days import civil

__all__ = ["code", "register"]

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


class _ShowByDefault(TyperGroup):
    """`onecard code PERSON` is short for `onecard code show PERSON`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` before what is neither a command nor a call for help."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["show", *args]
        return super().parse_args(ctx, args)


_HELP = "Dynamic codes: onecard code PERSON is short for onecard code show PERSON."

code = typer.Typer(help=_HELP, cls=_ShowByDefault, no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(code, name="code")


@code.command("show")
def show(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A cast person's key, a person number, a card number or KIND:VALUE.")],
    online: Annotated[bool, typer.Option("--online", help="With a MAC: shorter, and only this city's server can check it.")] = False,
    consent: Annotated[bool, typer.Option("--consent", help="The holder allows codes although the card is reported lost.")] = False,
    qr: Annotated[Path | None, typer.Option("--qr", help="Write the picture, SVG.")] = None,
    as_json: Json = False,
) -> None:
    """A new code: good for 60 seconds, once.

    Example: onecard code local-65 --qr code.svg
    """
    shown = run(_show(person, online, consent))
    if qr is not None:
        _write(qr, qr_svg(shown.code))
    if as_json:
        document({"code": shown.code, "expires_at": civil(shown.expires_at).isoformat()})
    else:
        say(shown.code)
        say(f"有效至 {civil(shown.expires_at):%H:%M:%S}，只能用一次 · good until {civil(shown.expires_at):%H:%M:%S}, once")


@code.command("rotate")
def rotate(as_json: Json = False) -> None:
    """Begin new signing keys; what the old ones signed stays good to its end.

    Example: onecard code rotate
    """
    _told(run(_keys(rotate=True)), as_json)


@code.command("issuers")
def issuers(as_json: Json = False) -> None:
    """The public keys by which terminals believe codes.

    Example: onecard code issuers --json
    """
    _told(run(_keys(rotate=False)), as_json)


async def _show(person: str, online: bool, consent: bool) -> ShownCode:
    async with open_code_desk(settings_here()) as desk:
        return await desk.show(await desk.person(person), shared=online, consent=consent)


async def _keys(*, rotate: bool) -> list[dict[str, Any]]:
    async with open_code_desk(settings_here()) as desk:
        return _after(desk, rotate)


def _after(desk: CodeDesk, rotate: bool) -> list[dict[str, Any]]:
    if rotate:
        desk.keys.rotate()
    return desk.keys.told(desk.clock.now())


def _told(issuers: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        document({"issuers": issuers})
        return
    for issuer in issuers:
        say(f"{issuer['kid']}  {issuer['suite']:<4}  {issuer['from']} … {issuer['until'] or ''}  {issuer['public']}")


def _write(path: Path, picture: bytes) -> None:
    try:
        path.write_bytes(picture)
    except OSError as mistake:
        wrong_call(f"无法写入 {path}：{mistake.strerror}。", f"{path} cannot be written: {mistake.strerror}.")
