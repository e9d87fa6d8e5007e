"""`onecard staff …`: who works here. The home's owner makes the first administrators; from then on they do, signed in."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import typer

from onecard.app.staff_office import StaffOffice
from onecard.cli.output import document, run, say, settings_here, wrong_call
from onecard.cli.staff_here import desk_here, maybe_signed_in
from onecard.staff.permissions import PERMISSIONS
from onecard.staff.scope import EVERY, Scope, is_scope_region
from onecard.values.days import civil

__all__ = ["register"]

staff = typer.Typer(help="Who works here, and what each may do.", no_args_is_help=True)

_FAR: Final = date(2099, 12, 31)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="A key of small letters, digits and dashes.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(staff, name="staff")


@staff.command("roles")
def roles(as_json: Json = False) -> None:
    """The city's roles, and what each may do.

    Example: onecard staff roles
    """
    run(_roles(as_json))


@staff.command("hire")
def hire(person: Person, name: Annotated[str, typer.Option(help="The person's name.")]) -> None:
    """Register a human being. Four eyes are counted by person, whatever the accounts.

    Example: onecard staff hire wang-jianguo --name 王建国
    """
    if not 1 <= len(name) <= 64 or not name.isprintable():
        wrong_call("姓名应为 1 到 64 个可见字符。", "A name has 1 to 64 visible characters.")
    run(_hire(_key(person), name))


@staff.command("account")
def account(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The name to sign in with.")],
    person: Annotated[str, typer.Option(help="Whose account it is.")],
    as_json: Json = False,
) -> None:
    """Make an account; its password and the secret of its one-time codes are printed this once.

    Example: onecard staff account jianguo --person wang-jianguo
    """
    run(_account(_key(account), _key(person), as_json))


@staff.command("link")
def link(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The name to sign in with.")],
    subject: Annotated[str, typer.Option(help="Who it is at the city's identity provider.")],
) -> None:
    """Tie an account to a person of the identity provider that ONECARD_OIDC_ISSUER names.

    Example: onecard staff link jianguo --subject 248289761001
    """
    provider = settings_here().oidc
    if provider is None:
        wrong_call("没有设置身份认证服务（ONECARD_OIDC_ISSUER）。", "No identity provider is set up (ONECARD_OIDC_ISSUER).")
    if not 1 <= len(subject) <= 255 or not subject.isprintable():
        wrong_call("标识应为 1 到 255 个可见字符。", "A subject has 1 to 255 visible characters.")
    run(_link(_key(account), provider.issuer, subject))


@staff.command("close")
def close(account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The name to sign in with.")]) -> None:
    """Close an account for good and end its sessions.

    Example: onecard staff close jianguo
    """
    run(_close(_key(account)))


@staff.command("grant")
def grant(
    person: Person,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="As `onecard staff roles` lists them.")],
    region: Annotated[str, typer.Option(help="All inside it; none for administrators.")] = "",
    scene: Annotated[str, typer.Option(help="One scene only.")] = EVERY,
    programme: Annotated[str, typer.Option(help="One programme only.")] = EVERY,
    until: Annotated[str, typer.Option(help="The last day, ISO.")] = "",
    as_json: Json = False,
) -> None:
    """Give a role somewhere, from today. Nobody gives one to himself.

    Example: onecard staff grant wang-jianguo card-clerk --region 330481
    """
    if region and not is_scope_region(region):
        wrong_call("地区代码应为 6、9 或 12 位数字。", "A region has 6, 9 or 12 digits.")
    scope = Scope(region=region, scene=scene, programme=programme)
    run(_grant(_key(person), role, scope, _day(until) if until else None, as_json))


@staff.command("revoke")
def revoke(grant: Annotated[str, typer.Argument(metavar="GRANT", help="As `onecard staff list` names it.")]) -> None:
    """Take a role back, at once.

    Example: onecard staff revoke 0f6c…
    """
    try:
        named = UUID(grant)
    except ValueError:
        wrong_call("授权编号不合格式，请照 onecard staff list 列出的填写。", "This names no grant: take it from `onecard staff list`.")
    run(_revoke(named))


@staff.command("delegate")
def delegate(
    person: Person,
    to: Annotated[str, typer.Option(help="Who acts in his place.")],
    until: Annotated[str, typer.Option(help="The last day, ISO.")],
) -> None:
    """Let somebody act in another's place, from today. Four eyes look at both.

    Example: onecard staff delegate wang-jianguo --to li-xiu --until 2024-11-08
    """
    run(_delegate(_key(person), _key(to), _day(until)))


@staff.command("undelegate")
def undelegate(person: Person, to: Annotated[str, typer.Option(help="Who acts in his place.")]) -> None:
    """Let somebody act in another's place no longer.

    Example: onecard staff undelegate wang-jianguo --to li-xiu
    """
    run(_undelegate(_key(person), _key(to)))


@staff.command("list")
def list_command(as_json: Json = False) -> None:
    """Every account and every grant.

    Example: onecard staff list --json
    """
    run(_list(as_json))


async def _roles(as_json: bool) -> None:
    async with desk_here() as desk:
        known = desk.staff.roles.by_name
    if as_json:
        told = [{"role": r.name, "zh": r.zh, "en": r.en, "may": sorted(r.permissions), "admin": r.admin} for r in known.values()]
        document({"roles": told})
        return
    for role in known.values():
        say(f"{role.name:<20} {role.zh} | {role.en}")
        say(f"    {', '.join(PERMISSIONS[each].zh for each in sorted(role.permissions))}")


async def _hire(person: str, name: str) -> None:
    async with maybe_signed_in() as (desk, acting):
        await StaffOffice(staff=desk.staff).hire(acting, person, name)


async def _account(name: str, person: str, as_json: bool) -> None:
    async with maybe_signed_in() as (desk, acting):
        made = await StaffOffice(staff=desk.staff).open_account(acting, name, person)
    if as_json:
        document({"user": made.account, "password": made.password, "totp": made.totp})
    else:
        say(f"{made.account}\n密码 password  {made.password}\n动态码密钥 totp secret  {made.totp}")


async def _link(name: str, issuer: str, subject: str) -> None:
    async with maybe_signed_in() as (desk, acting):
        await StaffOffice(staff=desk.staff).link(acting, name, issuer, subject)


async def _close(name: str) -> None:
    async with maybe_signed_in() as (desk, acting):
        await StaffOffice(staff=desk.staff).close_account(acting, name)


async def _grant(person: str, role: str, scope: Scope, until: date | None, as_json: bool) -> None:
    async with maybe_signed_in() as (desk, acting):
        made = await StaffOffice(staff=desk.staff).grant(acting, person, role, scope, civil(desk.staff.now()).date(), until)
    if as_json:
        document({"grant": str(made.grant), "person": person, "role": role})
    else:
        say(str(made.grant))


async def _revoke(grant: UUID) -> None:
    async with maybe_signed_in() as (desk, acting):
        await StaffOffice(staff=desk.staff).end_grant(acting, grant)


async def _delegate(person: str, delegate: str, until: date) -> None:
    async with maybe_signed_in() as (desk, acting):
        today = civil(desk.staff.now()).date()
        if until < today:
            wrong_call("最后一天不能早于今天。", "The last day cannot lie before today.")
        await StaffOffice(staff=desk.staff).delegate(acting, person, delegate, today, until)


async def _undelegate(person: str, delegate: str) -> None:
    async with maybe_signed_in() as (desk, acting):
        await StaffOffice(staff=desk.staff).end_delegation(acting, person, delegate)


async def _list(as_json: bool) -> None:
    async with maybe_signed_in() as (desk, acting):
        accounts, grants = await StaffOffice(staff=desk.staff).listed(acting)
    if as_json:
        document({"accounts": accounts, "grants": grants})
        return
    for row in accounts:
        say(f"{row['account']:<20} {row['person']:<20} {row['name']:<8} {'closed' if row['closed_at'] else ''}")
    for row in grants:
        ended = "ended" if row["ended_at"] else row["until_day"] or ""
        where = f"{row['region'] or '-'} {row['scene']} {row['programme']}"
        say(f"{row['grant_id']}  {row['person']:<20} {row['role']:<20} {where} {ended}")


def _key(text: str) -> str:
    if not 1 <= len(text) <= 64 or not text.isascii() or not all(each.islower() or each.isdigit() or each in "-._" for each in text):
        wrong_call("名称只用小写字母、数字和 - . _，最多 64 个字符。", "A name has small letters, digits and - . _, 64 at most.")
    return text


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if day > _FAR:
        wrong_call("日期应为 2024-11-08 这样的格式。", "Write the date like 2024-11-08.")
    return day
