"""Four eyes as a rule: by person, under any account, for himself or another, of exactly this digest."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.staff.approval import digest_of, refuse_decision
from onecard.staff.errors import DigestChanged, NotAllowed, OwnWork
from onecard.staff.model import Acting, Request, Right, Waiting
from onecard.staff.permissions import decides
from onecard.staff.scope import Scope

PEOPLE = st.sampled_from(["a", "b", "c", "d"])
MAYBE = st.sampled_from(["", "a", "b", "c", "d"])
WAITING = Waiting(kind="card-cancel", object="card x", region="330481", payload={"card": "x"}, reason="moved")


def request_of(by: str, as_person: str = "") -> Request:
    return Request(
        approval=UUID(int=1), kind=WAITING.kind, object=WAITING.object, digest=digest_of(WAITING), region=WAITING.region, scene="",
        programme="", subject=1, payload=WAITING.payload, reason=WAITING.reason, at=datetime(2024, 10, 31, tzinfo=UTC), by=by,
        as_person=as_person,
    )  # fmt: skip


def acting_of(person: str, as_person: str = "", region: str = "330400", account: str = "any") -> Acting:
    right = Right(role="boss", scope=Scope(region=region), permissions=frozenset({decides("card-cancel")}))
    return Acting(person=person, account=account, name=person, rights=(right,), as_person=as_person)


@given(PEOPLE, MAYBE, PEOPLE, MAYBE)
def test_nobody_whose_hand_was_in_it_decides(by: str, prepared_as: str, decider: str, decided_as: str):
    request, acting = request_of(by, prepared_as), acting_of(decider, decided_as)
    if {by, prepared_as} & {decider, decided_as} - {""}:
        with pytest.raises(OwnWork):
            refuse_decision(request, acting, request.digest)
    else:
        refuse_decision(request, acting, request.digest)


def test_another_account_is_the_same_person():
    with pytest.raises(OwnWork):
        refuse_decision(request_of("a"), acting_of("a", account="second"), digest_of(WAITING))


def test_the_permission_is_asked_of_the_kind_and_the_place():
    with pytest.raises(NotAllowed):
        refuse_decision(request_of("a"), acting_of("b", region="330483"), digest_of(WAITING))
    with pytest.raises(NotAllowed):
        refuse_decision(replace(request_of("a"), kind="loss-release"), acting_of("b"), digest_of(WAITING))


def test_another_digest_is_told_last():
    with pytest.raises(DigestChanged):
        refuse_decision(request_of("a"), acting_of("b"), bytes(32))


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "loss-release"}, {"object": "card y"}, {"region": "330483"}, {"payload": {"card": "y"}}, {"reason": "other"},
        {"scene": "bus"}, {"programme": "p"}, {"payload": {"card": "x", "more": 1}},
    ],
)  # fmt: skip
def test_whatever_changes_changes_the_digest(other: dict[str, object]):
    assert digest_of(replace(WAITING, **other)) != digest_of(WAITING)  # type: ignore[arg-type]


def test_the_digest_does_not_hang_on_the_order_of_keys():
    one = replace(WAITING, payload={"a": 1, "b": 2})
    assert digest_of(one) == digest_of(replace(WAITING, payload={"b": 2, "a": 1}))
