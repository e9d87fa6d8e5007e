"""`onecard login`, `logout`, `approvals`, `approve`: sign in from the command line, and be the second person there."""

import os
import sys
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import typer

from onecard.app.staff_views import request_summary, right_view
from onecard.cli.output import document, run, say, wrong_call
from onecard.cli.staff_here import SESSION_VARIABLE, desk_here, signed_in
from onecard.staff.approvals import LIST_MAX
from onecard.staff.sessions import Session
from onecard.staff.sign_in import Proof
from onecard.values.days import civil
from onecard.values.masked import holds_number

__all__ = ["register"]

_ADDRESS: Final = "command line"
_DIGEST_LENGTH: Final = 64

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("login")(login)
    app.command("logout")(logout)
    app.command("password")(password)
    app.command("approvals")(approvals)
    app.command("approve")(approve)


def login(
    user: Annotated[str, typer.Argument(metavar="USER", help="The account's name.")],
    totp: Annotated[str, typer.Option(help="The one-time code of this moment.")],
    acts_for: Annotated[str, typer.Option("--as", help="In whose place, by delegation.")] = "",
    as_json: Json = False,
) -> None:
    """Sign in, the password on stdin, and print a token; commands read it from ONECARD_SESSION.

    Example: export ONECARD_SESSION=$(onecard login card-clerk --totp 123456 < password.txt)
    """
    run(_login(Proof(account=user, password=_password(), code=totp, as_person=acts_for), as_json))


def logout() -> None:
    """End the session that ONECARD_SESSION names.

    Example: onecard logout
    """
    run(_logout())


def password() -> None:
    """Change your own password: the old and the new one on two lines of stdin. Every session of yours ends.

    Example: printf '%s\\n%s\\n' "$OLD" "$NEW" | onecard password
    """
    run(_change_password(_password("旧密码 Old password"), _password("新密码 New password")))


def approvals(
    state: Annotated[Literal["any", "waiting", "approved", "refused"], typer.Option(help="Where they stand.")] = "any",
    as_json: Json = False,
) -> None:
    """What waits for a second person within your scope, and what was decided, newest first.

    Example: onecard approvals --state waiting
    """
    run(_approvals("" if state == "any" else state, as_json))


def approve(
    approval: Annotated[str, typer.Argument(metavar="ID", help="As `onecard approvals` lists it.")],
    digest: Annotated[str, typer.Option(help="The digest of what you looked at.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Say no.")] = False,
    reason: Annotated[str, typer.Option(help="Why; up to 200 characters, no personal data.")] = "",
    as_json: Json = False,
) -> None:
    """Be the second person: what is approved is done at once. Your own work is never yours to approve.

    Example: onecard approve 6f1c… --digest 3a7b… --reason "card seen at the counter"
    """
    run(_approve(_uuid(approval), _bytes(digest), "refuse" if refuse else "approve", _reason(reason), as_json))


async def _login(proof: Proof, as_json: bool) -> None:
    async with desk_here() as desk:
        token, session = await desk.staff.sign_in.sign_in(proof, _ADDRESS)
    if as_json:
        document({"session": token, **_told(session)})
    else:
        say(token)


async def _logout() -> None:
    async with desk_here() as desk:
        await desk.staff.sign_out(os.environ.get(SESSION_VARIABLE, "").strip())


async def _change_password(old: str, new: str) -> None:
    async with signed_in() as (desk, acting):
        await desk.staff.sign_in.change_password(acting, old, new, _ADDRESS)


async def _approvals(state: str, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        found = [request_summary(each) for each in await desk.approvals.listed(acting, state=state, most=LIST_MAX)]
    if as_json:
        document({"approvals": found})
        return
    for each in found:
        say(f"{each['approval']}  {each['kind']:<18} {each['state']:<9} {each['prepared_by']:<16} {each['object']}")
        say(f"  digest {each['digest']}  {each['reason']}")


async def _approve(approval: UUID, digest: bytes, decision: Literal["approve", "refuse"], reason: str, as_json: bool) -> None:
    async with signed_in() as (desk, acting):
        told = await desk.approvals.decide(acting.because(reason), approval, digest, decision, reason)
    if as_json:
        document(told)
    else:
        say(f"{told['approval']}  {told['kind']}  {told['state']}")


def _told(session: Session) -> dict[str, Any]:
    rights = [right_view(right) for right in session.acting.rights]
    first = rights[0] if rights else {"role": None, "scope": None}
    expires_at = civil(session.expires_at).isoformat(timespec="seconds")
    return {"user": session.acting.account, "role": first["role"], "scope": first["scope"], "expires_at": expires_at}


def _password(asked: str = "密码 Password") -> str:
    if sys.stdin.isatty():
        told: str = typer.prompt(asked, hide_input=True, err=True)
        return told
    return sys.stdin.readline(1000).rstrip("\r\n")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        wrong_call("编号不合格式，请照 onecard approvals 列出的填写。", "This is no name of an approval: take it from `onecard approvals`.")


def _bytes(digest: str) -> bytes:
    try:
        told = bytes.fromhex(digest)
    except ValueError:
        told = b""
    if len(digest) != _DIGEST_LENGTH or not told:
        wrong_call("摘要应为 64 位十六进制字符。", "A digest has 64 hexadecimal characters.")
    return told


def _reason(text: str) -> str:
    if len(text) > 200 or not (text.isprintable() or not text) or holds_number(text):
        wrong_call("原因最多 200 个可见字符，不含身份证号。", "A reason has at most 200 visible characters, and no person number.")
    return text
