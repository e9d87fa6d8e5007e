"""The city's `roles.yaml`, read strictly: every mistake is a finding with its line. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from onecard.policy.findings import Desk
from onecard.policy.model import Finding
from onecard.policy.nodes import Node, Rows, Spot, Table, Text
from onecard.policy.reader import read_page
from onecard.staff.model import AdminClass
from onecard.staff.permissions import PERMISSIONS
from onecard.staff.roles import FULL_IDS_PER_HOUR, Role, Roles, SignInRules
from onecard.values.error import OnecardError

__all__ = ["RolesWrong", "read_roles", "roles_from"]

_KEYS: Final = frozenset({"zh", "en", "may", "admin", "idle"})
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "failures": (3, 20), "lock_minutes": (1, 1440), "address_failures": (20, 10_000), "idle": (1, 60), "hours": (1, 12),
        "full_ids_per_hour": (0, 1000),
    }
)  # fmt: skip
_SIGN_IN: Final = frozenset(_BOUNDS) - {"full_ids_per_hour"}


class RolesWrong(OnecardError):
    """The city's `roles.yaml` has findings; the first is told."""

    code = "staff.roles_wrong"
    zh = "{file} 第 {line} 行：{why_zh}"
    en = "{file} line {line}: {why_en}"


def roles_from(file: str, text: str) -> Roles:
    """Return the roles of *text*; raises `RolesWrong` with the first finding."""
    roles, findings = read_roles(file, text.encode())
    if roles is None:
        first = findings[0]
        raise RolesWrong(file=first.file, line=first.line, why_zh=first.zh, why_en=first.en)
    return roles


def read_roles(file: str, content: bytes) -> tuple[Roles | None, list[Finding]]:
    """Return the roles that *content* holds, None where there are findings."""
    desk = Desk(file)
    page = read_page(content, desk)
    if page is None:
        return None, desk.findings
    reader = _Reader(file)
    roles = reader.page(page)
    return (None if reader.findings else roles), reader.findings


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self.findings: list[Finding] = []

    def page(self, page: Table) -> Roles:
        self._unknown(page, frozenset({"sign_in", "full_ids_per_hour", "roles"}))
        rules = self._sign_in(page.get("sign_in"), page.spot)
        told = page.get("full_ids_per_hour")
        most = FULL_IDS_PER_HOUR if told is None else self._number(told, page.spot_of("full_ids_per_hour"), "full_ids_per_hour")
        written = page.get("roles")
        if not isinstance(written, Table) or not written.entries:
            self._find(page.spot_of("roles"), "缺少角色表 roles", "there is no table of roles")
            return Roles(by_name={}, sign_in=rules)
        roles = {name: self._role(key, node, rules) for name, (key, node) in written.entries.items()}
        return Roles(by_name=MappingProxyType(roles), sign_in=rules, full_ids_per_hour=most)

    def _sign_in(self, node: Node | None, spot: Spot) -> SignInRules:
        if node is None:
            return SignInRules()
        if not isinstance(node, Table):
            self._find(spot, "sign_in 应为一组键值", "sign_in is a table")
            return SignInRules()
        self._unknown(node, frozenset(_SIGN_IN))
        told = {name: self._number(value, key.spot, name) for name, (key, value) in node.entries.items() if name in _SIGN_IN}
        return SignInRules(**told)

    def _role(self, key: Text, node: Node, rules: SignInRules) -> Role:
        name = key.value
        if not isinstance(node, Table):
            self._find(key.spot, f"角色 {name} 应为一组键值", f"role {name} is a table")
            node = Table({}, key.spot)
        self._unknown(node, _KEYS)
        admin = self._admin(name, node)
        idle = rules.idle if node.get("idle") is None else self._number(node.get("idle"), node.spot_of("idle"), "idle")
        return Role(
            name=name, zh=self._text(node, "zh", name), en=self._text(node, "en", name), permissions=self._may(node, name),
            admin=admin, idle_minutes=idle,
        )  # fmt: skip

    def _admin(self, name: str, table: Table) -> AdminClass | None:
        told = table.get("admin")
        for each in get_args(AdminClass):
            if isinstance(told, Text) and told.value == each and name == f"admin-{each}":
                known: AdminClass = each
                return known
        if told is not None or name.startswith("admin-"):
            zh = f"管理员角色的名称与类别须一致：admin-system、admin-security、admin-audit；此处为 {name}"
            en = f"an administrator is named after his class: admin-system, admin-security, admin-audit; not {name}"
            self._find(table.spot_of("admin"), zh, en)
        return None

    def _may(self, table: Table, name: str) -> frozenset[str]:
        told = table.get("may")
        if not isinstance(told, Rows) or not told.items:
            self._find(table.spot_of("may"), f"角色 {name} 缺少权限列表 may", f"role {name} has no list `may`")
            return frozenset()
        allowed: set[str] = set()
        for item in told.items:
            if not isinstance(item, Text) or item.value not in PERMISSIONS:
                shown = item.value if isinstance(item, Text) else "-"
                self._find(item.spot, f"没有权限“{shown}”", f"there is no permission `{shown}`")
            elif item.value in allowed:
                self._find(item.spot, f"权限 {item.value} 重复", f"{item.value} stands twice")
            else:
                allowed.add(item.value)
        return frozenset(allowed)

    def _text(self, table: Table, key: str, name: str) -> str:
        told = table.get(key)
        if not isinstance(told, Text) or not 1 <= len(told.value) <= 64:
            self._find(table.spot_of(key), f"角色 {name} 缺少名称 {key}", f"role {name} has no name in {key}")
            return name
        return told.value

    def _number(self, node: Node | None, spot: Spot, name: str) -> int:
        least, most = _BOUNDS[name]
        if isinstance(node, Text) and node.value.isascii() and node.value.isdigit() and least <= int(node.value[:9]) <= most:
            return int(node.value)
        self._find(spot, f"{name} 应为 {least} 到 {most} 的整数", f"{name} is a whole number from {least} to {most}")
        return least

    def _unknown(self, table: Table, known: frozenset[str]) -> None:
        for name, (key, _) in table.entries.items():
            if name not in known:
                said = ", ".join(sorted(known))
                self._find(key.spot, f"不认识“{name}”；可用：{said}", f"`{name}` is not known here; known are {said}")

    def _find(self, spot: Spot, zh: str, en: str) -> None:
        self.findings.append(
            Finding(file=self._file, line=spot.line, column=spot.column, code="ROLES", zh=zh, en=en, hint="docs/guides/operator/staff.md")
        )
