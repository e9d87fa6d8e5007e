"""Jiaxing's roles, and a reader that finds every mistake with its line."""

import pytest

from onecard.settings.city_folder import find_city
from onecard.staff.permissions import KINDS, PERMISSIONS, decides
from onecard.staff.roles import Roles
from onecard.staff.roles_file import RolesWrong, read_roles, roles_from

FIELD = {  # FIELD §5.4.
    "card-clerk", "card-supervisor", "make-card-clerk", "key-custodian", "village-collector", "street-reviewer",
    "department-approver", "finance-approver", "bank-clerk", "canteen-manager", "museum-manager", "scenic-manager",
    "library-manager", "school-manager", "merchant-manager", "terminal-engineer", "clearing-clerk", "clearing-reviewer",
    "risk-officer", "customer-service", "viewer", "auditor", "policy-author", "policy-approver", "medical-clerk",
    "admin-system", "admin-security", "admin-audit",
}  # fmt: skip

GOOD = """\
sign_in: {failures: 5, lock_minutes: 15}
full_ids_per_hour: 7
roles:
  clerk:
    zh: 经办
    en: Clerk
    may: [cards.read, cards.loss]
    idle: 5
  admin-system:
    zh: 系统管理员
    en: System administrator
    admin: system
    may: [staff.accounts]
"""


@pytest.fixture(scope="module")
def jiaxing() -> Roles:
    return roles_from("roles.yaml", find_city("jiaxing").text("roles.yaml"))


def test_the_city_has_every_role_of_the_field(jiaxing: Roles):
    assert jiaxing.by_name.keys() == FIELD
    assert (jiaxing.sign_in.failures, jiaxing.sign_in.idle, jiaxing.sign_in.hours) == (5, 15, 8)


def test_nobody_prepares_and_decides_the_same_kind_by_one_role(jiaxing: Roles):
    prepares = {
        "policy-release": "policy.release", "loss-release": "cards.release", "card-cancel": "cards.cancel",
        "person-correction": "residents.correct",
    }  # fmt: skip
    for role in jiaxing.by_name.values():
        for kind, permission in prepares.items():
            assert not {permission, decides(kind)} <= role.permissions, (role.name, kind)


def test_every_kind_has_somebody_who_decides_it(jiaxing: Roles):
    allowed = frozenset().union(*(role.permissions for role in jiaxing.by_name.values()))
    assert {kind for kind in KINDS if decides(kind) not in allowed} == set()


def test_customer_service_sees_masked_data_only(jiaxing: Roles):
    assert "residents.full-id" not in jiaxing.by_name["customer-service"].permissions


def test_no_administrator_touches_the_citys_business(jiaxing: Roles):
    for role in jiaxing.by_name.values():
        if role.admin:
            assert {name.partition(".")[0] for name in role.permissions} <= {"staff", "audit", "keys"}


def test_a_good_page_is_read():
    roles = roles_from("roles.yaml", GOOD)
    assert roles.by_name["clerk"].permissions == {"cards.read", "cards.loss"}
    assert (roles.by_name["clerk"].idle_minutes, roles.by_name["admin-system"].idle_minutes) == (5, 15)
    assert (roles.by_name["admin-system"].admin, roles.full_ids_per_hour) == ("system", 7)
    assert roles.idle(("clerk", "admin-system")).total_seconds() == 300  # The strictest counts.


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        pytest.param("cards.read", "cards.reed", 7, id="no such permission"),
        pytest.param("cards.read", "cards.loss", 7, id="a permission twice"),
        pytest.param("[cards.read, cards.loss]", "[]", 7, id="no permissions"),
        pytest.param("    en: Clerk\n", "", 5, id="no English name"),
        pytest.param("idle: 5", "idle: 0", 8, id="idle out of bounds"),
        pytest.param("idle: 5", "idle: １５", 8, id="full-width digits"),
        pytest.param("idle: 5", "ideal: 5", 8, id="an unknown key"),
        pytest.param("admin: system", "admin: audit", 12, id="another administrator's class"),
        pytest.param("    admin: system\n", "", 10, id="an administrator without class"),
        pytest.param("failures: 5", "failures: 50", 1, id="too many tries"),
        pytest.param("lock_minutes", "lock_hours", 1, id="an unknown rule"),
        pytest.param("full_ids_per_hour: 7", "full_ids_per_hour: many", 2, id="a budget that is no number"),
        pytest.param("roles:\n", "roles: none\nrest:\n", 3, id="no roles"),
        pytest.param("  clerk:\n", "  clerk:\n    zh: 甲\n", 6, id="a key twice"),
    ],
)
def test_a_mistake_is_found_on_its_line(old: str, new: str, line: int):
    assert GOOD.count(old) >= 1
    roles, findings = read_roles("roles.yaml", GOOD.replace(old, new, 1).encode())
    assert roles is None
    assert line in {finding.line for finding in findings}
    with pytest.raises(RolesWrong):
        roles_from("roles.yaml", GOOD.replace(old, new, 1))


def test_every_permission_has_words_in_both_languages():
    for name, words in PERMISSIONS.items():
        assert words.zh and words.en, name
        assert name.count(".") == 1
