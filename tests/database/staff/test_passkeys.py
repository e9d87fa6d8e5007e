"""Passkeys, by an authenticator of our own that does what a phone does: it keeps a key for a host and signs challenges."""

import hashlib
import json
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from onecard.app.opening import Store
from onecard.settings.origin import read_origin
from onecard.web.session_passkey import passkey_routes
from tests.database.staff.office import Office, enter, open_office, routes_of

HOST, ORIGIN = "city.test", "http://city.test"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class Phone:
    """Keeps one passkey. `verified` is false where its owner did not unlock it."""

    def __init__(self, name: bytes = b"phone-of-the-clerk", host: str = HOST, origin: str = ORIGIN) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name, self.host, self.origin = name, host, origin
        self.count = 0
        self.verified = True

    def created(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what `navigator.credentials.create` gives."""
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        data = self._data(_WITH_KEY) + bytes(16) + struct.pack(">H", len(self.name)) + self.name + cose
        client = self._client("webauthn.create", options)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential({"clientDataJSON": bytes_to_base64url(client), "attestationObject": bytes_to_base64url(attested)})

    def answered(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what `navigator.credentials.get` gives."""
        self.count += 1
        data, client = self._data(0), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        told = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._credential({name: bytes_to_base64url(value) for name, value in told.items()})

    def _data(self, more: int) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        name = bytes_to_base64url(self.name)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "boss")) as office:
        office.desk = replace(office.desk, origin=read_origin(ORIGIN))
        yield office


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    app = routes_of(office.desk)
    app.include_router(passkey_routes(office.desk))
    opened: list[httpx.AsyncClient] = []

    def open_browser() -> httpx.AsyncClient:
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN))
        return opened[-1]

    yield open_browser
    for each in opened:
        await each.aclose()


async def registered(office: Office, browser: httpx.AsyncClient, phone: Phone, who: str = "clerk") -> httpx.Response:
    await enter(office, browser, who)
    options = (await browser.post("/v1/session/passkeys/options")).json()
    return await browser.post("/v1/session/passkeys", json=phone.created(options))


async def asked(browser: httpx.AsyncClient) -> dict[str, Any]:
    options: dict[str, Any] = (await browser.post("/v1/session/passkey/options")).json()
    assert len(base64url_to_bytes(options["challenge"])) == 32
    assert options["userVerification"] == "required"
    return options


async def shown(browser: httpx.AsyncClient, phone: Phone) -> httpx.Response:
    return await browser.post("/v1/session/passkey", json=phone.answered(await asked(browser)))


async def test_a_passkey_signs_its_owner_in(office: Office, browser: Callable[[], httpx.AsyncClient]):
    phone = Phone()
    assert (await registered(office, browser(), phone)).status_code == 201
    one = browser()
    told = await shown(one, phone)
    assert (told.status_code, told.json()["user"]) == (200, "clerk")
    assert (await one.get("/v1/session")).json()["role"] == "card-clerk"
    assert (await shown(browser(), phone)).status_code == 200  # And again.


async def test_only_who_is_signed_in_registers_one_and_by_a_write_of_his_own(office: Office, browser: Callable[[], httpx.AsyncClient]):
    one = browser()
    assert (await one.post("/v1/session/passkeys/options")).status_code == 401
    await enter(office, one, "clerk")
    del one.headers["X-CSRF-Token"]
    assert (await one.post("/v1/session/passkeys/options")).status_code == 403


async def test_a_passkey_belongs_to_one_account(office: Office, browser: Callable[[], httpx.AsyncClient]):
    phone = Phone()
    assert (await registered(office, browser(), phone)).status_code == 201
    assert (await registered(office, browser(), phone, "boss")).status_code == 409


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda phone: setattr(phone, "verified", False), id="not unlocked by its owner"),
        pytest.param(lambda phone: setattr(phone, "key", ec.generate_private_key(ec.SECP256R1())), id="another key"),
        pytest.param(lambda phone: setattr(phone, "origin", "http://evil.test"), id="a page of another host"),
        pytest.param(lambda phone: setattr(phone, "host", "evil.test"), id="a key of another host"),
        pytest.param(lambda phone: setattr(phone, "name", b"nobody's"), id="a key that nobody registered"),
        pytest.param(lambda phone: setattr(phone, "count", -1), id="a copy that counts behind"),
    ],
)
async def test_what_is_wrong_is_answered_alike(office: Office, browser: Callable[[], httpx.AsyncClient], spoil: Callable[[Phone], None]):
    phone = Phone()
    await registered(office, browser(), phone)
    assert (await shown(browser(), phone)).status_code == 200
    spoil(phone)
    assert (await shown(browser(), phone)).status_code == 401


async def test_a_challenge_is_answered_once_by_the_browser_that_was_asked(office: Office, browser: Callable[[], httpx.AsyncClient]):
    phone = Phone()
    await registered(office, browser(), phone)
    one, other = browser(), browser()
    answer = phone.answered(await asked(one))
    assert (await other.post("/v1/session/passkey", json=answer)).status_code == 401  # It was asked nothing.
    await asked(other)
    assert (await other.post("/v1/session/passkey", json=answer)).status_code == 401  # It was asked something else.
    kept = dict(one.cookies)
    assert (await one.post("/v1/session/passkey", json=answer)).status_code == 200
    one.cookies.clear()
    one.cookies.update(kept)
    phone.count += 1
    assert (await one.post("/v1/session/passkey", json=answer)).status_code == 401
    office.unix[0] += 301
    late = phone.answered(await asked(other))
    office.unix[0] += 301
    assert (await other.post("/v1/session/passkey", json=late)).status_code == 401


@pytest.mark.parametrize("answer", [{}, {"id": 1}, {"id": "x"}, {"id": None, "response": {}}, {"id": "x" * 5000}])
async def test_what_is_no_answer_is_refused(office: Office, browser: Callable[[], httpx.AsyncClient], answer: dict[str, Any]):
    one = browser()
    await asked(one)
    assert (await one.post("/v1/session/passkey", json=answer)).status_code == 401


async def test_a_challenge_is_used_up_by_a_wrong_answer_too(office: Office, browser: Callable[[], httpx.AsyncClient]):
    phone, stranger = Phone(), Phone()
    await registered(office, browser(), phone)
    one = browser()
    options = await asked(one)
    assert (await one.post("/v1/session/passkey", json=stranger.answered(options))).status_code == 401
    assert (await one.post("/v1/session/passkey", json=phone.answered(options))).status_code == 401
    assert (await shown(one, phone)).status_code == 200, "a new challenge is good"


async def test_wrong_answers_are_on_record_and_lock_the_account_like_wrong_passwords(
    office: Office, browser: Callable[[], httpx.AsyncClient]
):
    phone, thief = Phone(), Phone()  # The thief knows the passkey's name, and has another key.
    await registered(office, browser(), phone)
    one = browser()
    assert [(await shown(one, thief)).status_code for _ in range(6)] == [401] * 5 + [429]
    async with office.store.database.acquire("desk") as connection:
        noted = await connection.fetch("SELECT person, result FROM audit_entry WHERE act = 'session.open' AND result <> 'ok'")
    assert [tuple(row) for row in noted] == [("clerk", "staff.sign_in_wrong")] * 5
    assert (await shown(browser(), phone)).status_code == 429
    office.later(hours=1)
    assert (await shown(browser(), phone)).status_code == 200


async def test_a_passkey_is_made_for_the_host_of_the_settings_whatever_a_request_claims(
    office: Office, browser: Callable[[], httpx.AsyncClient]
):
    told = await browser().post("/v1/session/passkey/options", headers={"host": "evil.test"})
    assert told.json()["rpId"] == HOST
    office.desk = replace(office.desk, origin=None)
    app = routes_of(office.desk)
    app.include_router(passkey_routes(office.desk))
    for client, host, expected in (("10.0.0.7", "evil.test", 404), ("127.0.0.1", "evil.test", 404), ("127.0.0.1", "localhost:8000", 200)):
        transport = httpx.ASGITransport(app=app, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as other:
            told = await other.post("/v1/session/passkey/options", headers={"host": host})
            assert told.status_code == expected, (client, host)
            assert expected != 200 or told.json()["rpId"] == "localhost"
