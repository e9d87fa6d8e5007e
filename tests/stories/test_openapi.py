"""`/openapi.json` is complete and true: what schemathesis makes of it is answered as it says, and never with a 5xx."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.stories.doors import City

EXAMPLES = 40
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
    negative_data_rejection,
]  # fmt: skip
OPERATIONS = [
    ("/v1/uses", "POST"), ("/v1/uses/batch", "POST"), ("/v1/uses/{use}/explanation", "GET"), ("/v1/uses/{use}/reversal", "POST"),
    ("/v1/terminals/me", "GET"),
    ("/v1/terminals/sign-in", "POST"), ("/v1/terminals/heartbeat", "POST"), ("/v1/terminals/{terminal}/bundle", "GET"),
    ("/v1/terminals/{terminal}/events", "GET"), ("/v1/hotlist", "GET"), ("/healthz", "GET"), ("/readyz", "GET"), ("/metrics", "GET"),
]  # fmt: skip


# What refuses bad data: the usual codes, and "too large", which is looked at before anything else.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})


def described_by(city: City) -> Any:
    """Return the API as *city* describes it."""
    return schemathesis.openapi.from_url(f"{city.serving.url}/openapi.json", config=CONFIG)


@pytest.fixture(scope="module")
def described(city: City) -> Any:
    """The API as it describes itself."""
    return described_by(city)


def test_every_resource_is_described(described: Any) -> None:
    operations = {(found.ok().path, found.ok().method.upper()) for found in described.get_all_operations()}
    assert set(OPERATIONS) <= operations


GENERATED = [
    *((path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS),
    *((path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS if method == "POST"),
]


@pytest.mark.parametrize(("path", "method", "mode"), GENERATED)
def test_every_answer_is_as_described(city: City, described: Any, path: str, method: str, mode: GenerationMode) -> None:
    _run(city, described[path][method].as_strategy(generation_mode=mode))


def test_whatever_a_known_person_does_at_a_known_terminal_is_decided_as_described(city: City, described: Any) -> None:
    """Groups, ways, tickets, guardians and offline answers as they come; who, where, when and what for are real."""
    _run(city, described["/v1/uses"]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE), "scenic")


def _run(city: City, cases: SearchStrategy[Any], known_at: str = "") -> None:
    terminal = known_at or "bus"
    headers = {"Authorization": f"Bearer {city.terminal(terminal)['token']}"}

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(case=cases)
    def answered(case: Any) -> None:
        if known_at:
            case.body = {**case.body, **city.use("xuancheng-65", known_at)}
        case.call_and_validate(headers=headers, checks=CHECKS)

    answered()


@pytest.mark.parametrize("terminal", ["bus", "campus-in", "canteen-haining"])
def test_real_answers_have_the_described_keys(city: City, terminal: str) -> None:
    """Generated uses seldom name a card that is there: these do."""
    answer = city.tap("local-65", terminal, occurred_at="2024-10-25T19:00:00+08:00")
    schemas = city.client.get("/openapi.json").json()["components"]["schemas"]
    assert set(schemas["UseAnswer"]["required"]) == set(answer)
    assert set(schemas["ExplanationAnswer"]["required"]) <= set(city.explained(answer["use"], terminal))
