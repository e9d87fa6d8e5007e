"""Signing in by an identity provider, against a real one in a thread of its own."""

import time
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from onecard.app.oidc import Oidc
from onecard.app.opening import Store
from onecard.settings.settings import OidcSettings
from onecard.web.api import install_problems
from onecard.web.session_oidc import oidc_routes
from tests.database.staff.office import Office, open_office, routes_of

SUBJECT = "alice@city.test"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # The provider's own, of the library it is made of.


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcSettings]:
    """A provider that believes whatever name is typed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock

        with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
            yield OidcSettings(issuer=f"http://localhost:{server.server_port}", client="onecard", secret="for-a-test")


@pytest.fixture
async def office(store: Store, provider: OidcSettings) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "boss")) as office:
        office.desk = replace(office.desk, oidc=Oidc(settings=provider, unix_seconds=time.time))
        async with store.database.acquire("desk") as connection:
            await office.desk.staff.register.link(connection, "clerk", "oidc", f"{provider.issuer} {SUBJECT}")
        yield office


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    app = routes_of(office.desk)
    app.include_router(oidc_routes(office.desk))
    install_problems(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        yield browser


async def sent_away(browser: httpx.AsyncClient) -> str:
    answer = await browser.get("/v1/session/oidc")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def come_back(address: str, subject: str = SUBJECT) -> str:
    """Return where the provider sends whoever says that he is *subject*."""
    async with httpx.AsyncClient() as there:
        answer = await there.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def test_whoever_the_provider_knows_is_signed_in_as_his_account(browser: httpx.AsyncClient):
    back = await come_back(await sent_away(browser))
    assert back.startswith("http://city.test/v1/session/oidc/callback?")
    assert (await browser.get(back)).status_code == 200
    told = (await browser.get("/v1/session")).json()
    assert (told["user"], told["role"]) == ("clerk", "card-clerk")


async def test_the_way_there_is_bound_to_this_attempt(browser: httpx.AsyncClient):
    asked = parse_qs(urlsplit(await sent_away(browser)).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert browser.cookies.get("onecard_oidc")


async def test_a_stranger_to_the_register_is_not_let_in(browser: httpx.AsyncClient):
    back = await come_back(await sent_away(browser), "mallory@city.test")
    assert (await browser.get(back)).status_code == 401


async def test_an_answer_is_taken_by_the_browser_that_asked_and_once(office: Office, browser: httpx.AsyncClient):
    back = await come_back(await sent_away(browser))
    kept = browser.cookies.get("onecard_oidc") or ""
    browser.cookies.clear()
    assert (await browser.get(back)).status_code == 401  # Without what the browser was sent away with.
    for forged in (kept[:-1] + ("0" if kept[-1] != "0" else "1"), "x" + kept, "nothing", ""):
        assert (await browser.get(back, headers={"cookie": f"onecard_oidc={forged}"})).status_code == 401
    cookie = {"cookie": f"onecard_oidc={kept}"}
    assert (await browser.get(back.replace("state=", "state=x"), headers=cookie)).status_code == 401
    assert (await browser.get(back, headers=cookie)).status_code == 200
    assert (await browser.get(back, headers=cookie)).status_code == 401


async def test_a_closed_account_is_not_opened_by_the_provider(office: Office, browser: httpx.AsyncClient):
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.close_account(connection, "clerk")
    assert (await browser.get(await come_back(await sent_away(browser)))).status_code == 401


async def test_a_silent_provider_is_told_so(office: Office):
    silent = OidcSettings(issuer="http://127.0.0.1:9", client="onecard", secret="x")
    desk = replace(office.desk, oidc=Oidc(settings=silent, unix_seconds=time.time))
    app = routes_of(desk)
    app.include_router(oidc_routes(desk))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        answer = await browser.get("/v1/session/oidc")
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


async def test_where_no_provider_is_set_up_there_is_no_such_door(office: Office):
    desk = replace(office.desk, oidc=None)
    app = routes_of(desk)
    app.include_router(oidc_routes(desk))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        assert (await browser.get("/v1/session/oidc")).status_code == 404
