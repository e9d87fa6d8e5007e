"""Who lives together is known, and none of a policy's business."""

from datetime import UTC, date, datetime

from onecard.decision.model import BLANKS, Occasion
from onecard.people.model import FACT_FORMS, read_fact, write_fact
from onecard.policy.facts import FACTS
from onecard.uses.known import CredentialRow, Person
from onecard.uses.occasion import subject_of

NOON = datetime(2024, 10, 31, 4, 0, tzinfo=UTC)


def occasion() -> Occasion:
    return Occasion(
        facts=BLANKS, day=date(2024, 10, 31), service="ride", site="bus-1", site_kind="bus", operator="bus", region="330481", slot="",
        list_price_fen=200,
    )  # fmt: skip


def test_a_household_is_a_plain_number():
    assert write_fact("household", 387_420_489) == "387420489"
    assert read_fact("household", "387420489") == 387_420_489


def test_every_fact_about_a_person_can_be_asked_by_a_policy_but_the_household():
    assert set(FACT_FORMS) - set(FACTS) == {"household"}


def test_a_decision_never_sees_the_household():
    known = [("household", date(2020, 1, 1), "387420489"), ("insured_as", date(2020, 1, 1), "retired")]
    person = Person(subject=1, born=date(1959, 5, 12), home_region="330481", salt=b"", facts=known)
    subject, blocked = subject_of(person, CredentialRow(1, date(2019, 1, 1), None), occasion(), NOON)
    assert subject.facts == {"age": 65, "home_region": "330481", "insured_as": "retired"}
    assert not blocked
