"""Codes of a phone, checked in the browser as Python made them: both suites, and every way in which one is not to be believed."""

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta

import gmalg
import pytest
from gmalg.sm2 import bytes_to_point
from gmalg.utils import bytes_to_int

from onecard.cards.code import FORMS, Code, Issuer, authentic, code_text, read_code
from onecard.settings.sm2 import SIGNER_ID
from onecard.settings.suites import SUITES
from tests.browser.test_alone import BUS, scan

NOW = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)
BEGAN, ENDED = NOW - timedelta(days=300), NOW + timedelta(days=30)
PRIVATE = {suite: SUITES[suite].private_key(b"x" * 48) for suite in SUITES}
PUBLIC = {suite: SUITES[suite].public_key(PRIVATE[suite]) for suite in SUITES}
KIDS = {"SM": "sm1", "INTL": "in1"}
ISSUERS = [
    {"kid": KIDS[suite], "suite": suite, "public": b64encode(PUBLIC[suite]).decode(), "from": BEGAN.isoformat(), "until": ENDED.isoformat()}
    for suite in SUITES
]
PYTHONS = {
    KIDS[suite]: Issuer(kid=KIDS[suite], form=form, valid_from=BEGAN, valid_until=ENDED, verifier=SUITES[suite].verifier(PUBLIC[suite]))
    for form, suite in (("1", "SM"), ("3", "INTL"))
}
_JUDGED = """async ([address, issuers, texts]) => {
  const { codeIn, isAuthentic } = await import(address), told = [];
  for (const text of texts) {
    const code = codeIn(text);
    told.push(code && [await isAuthentic(code, issuers), code.born, code.home, code.registered, code.at]);
  }
  return told; }"""


class OverEmptyId:
    """Signs as OpenSSL 3 does when nobody tells it a signer id: truly, and over the wrong thing."""

    def sign(self, message):
        core = gmalg.SM2(PRIVATE["SM"], uid=SIGNER_ID, pk=PUBLIC["SM"])._core
        r, s = core.sign(message, bytes_to_int(PRIVATE["SM"]), b"", bytes_to_point(PUBLIC["SM"]))
        assert core.verify(message, r, s, b"", bytes_to_point(PUBLIC["SM"]))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def shown(suite="SM", signer=None, **other):
    form = {"SM": "1", "INTL": "3"}[suite]
    told = {
        "form": form, "kid": KIDS[suite], "pseudonym": "AbCdEfGhIjKlMn-_", "born": date(1959, 5, 1), "home_region": "330481",
        "registered_region": "", "issued_at": NOW, "nonce": "nonce_-8",
    }  # fmt: skip
    return code_text(signer or SUITES[suite].signer(PRIVATE[suite]), **{**told, **other})


def judged(page, texts):
    """Return what the browser says of each: None for no code, else whether it is authentic (None: it cannot tell)."""
    return page.evaluate(_JUDGED, ["/static/code.js", ISSUERS, texts])


def pythons(text):
    code = read_code(text)
    return isinstance(code, Code) and authentic(code, PYTHONS)


@pytest.mark.parametrize("suite", SUITES)
def test_a_code_of_a_known_issuer_is_believed_with_all_it_says(open_page, suite):
    page = open_page("/terminal")
    texts = [shown(suite), shown(suite, registered_region="330402", born=date(2024, 2, 29))]
    at = NOW.timestamp() * 1000
    assert judged(page, texts) == [[True, "19590501", "330481", "", at], [True, "20240229", "330481", "330402", at]]


def forged(suite):
    """Name every way in which a code is not to be believed."""
    good, stranger = shown(suite), SUITES[suite].signer(SUITES[suite].private_key(b"s" * 48))
    head, _, signature = good.rpartition(".")
    other = {"SM": "INTL", "INTL": "SM"}[suite]
    content = urlsafe_b64decode(signature + "==")
    numbers = {"all zero": bytes(64), "all ones": bytes([255]) * 64, "halves changed": content[32:] + content[:32]}
    altered = {
        "signed again by a stranger": shown(suite, signer=stranger),
        "another's key id": shown(suite, kid=KIDS[other]),
        "older person": good.replace("19590501", "19490501"),
        "other region": good.replace("330481", "330402"),
        "before the key": shown(suite, issued_at=BEGAN - timedelta(seconds=1)),
        "after the key": shown(suite, issued_at=ENDED),
        **{name: f"{head}.{urlsafe_b64encode(content).rstrip(b'=').decode()}" for name, content in numbers.items()},
    }  # fmt: skip
    return altered | ({"over an empty signer id": shown("SM", signer=OverEmptyId())} if suite == "SM" else {})


@pytest.mark.parametrize("suite", SUITES)
def test_whatever_is_not_the_issuers_is_told(open_page, suite):
    cases = forged(suite)
    told = judged(open_page("/terminal"), list(cases.values()))
    assert {name: found[0] for name, found in zip(cases, told, strict=True)} == dict.fromkeys(cases, False)
    assert not any(pythons(text) for text in cases.values())


@pytest.mark.parametrize("suite", SUITES)
def test_a_cut_or_lengthened_text_is_no_code(open_page, suite):
    good = shown(suite)
    texts = [good[:cut] for cut in range(0, len(good), 3)] + [good + "A", " " + good, good.replace("19590501", "19590229")]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    texts.append(good[:-1] + alphabet[alphabet.index(good[-1]) + 1])  # Bits that nobody uses must be 0: one code, one text.
    assert [found for found in judged(open_page("/terminal"), texts) if found is not None] == []
    assert [text for text in texts if isinstance(read_code(text), Code)] == []


@pytest.mark.parametrize("form", ["2", "4"])
def test_what_the_server_alone_can_check_is_left_to_it(open_page, form):
    mac = SUITES[FORMS[form][0]].mac_signer(b"k" * 32)
    unknown = [shown(form=form, kid="mac", signer=mac), shown("SM", kid="new")]
    page = open_page("/terminal")
    assert [found[0] for found in judged(page, unknown)] == [None, None]
    assert judged(page, [shown(form=form, kid="sm1", signer=mac)])[0][0] is False  # A key serves one form.


def test_a_hundred_codes_of_the_suite_are_believed_and_read_alike(open_page):
    people = [date(1930, 1, 1) + timedelta(days=211 * at) for at in range(100)]
    texts = [shown("SM", born=born, issued_at=NOW + timedelta(seconds=at)) for at, born in enumerate(people)]
    told = judged(open_page("/terminal"), texts)
    assert [found[:2] for found in told] == [[True, f"{born:%Y%m%d}"] for born in people]


@pytest.mark.parametrize("suite", SUITES)
def test_alone_a_code_stands_for_its_holder(open_page, app, suite):
    """A visitor of whom this terminal never heard: birth date and home are in the code, its signature is checked here."""
    app.stands_alone, app.issuers = True, [{**issuer, "until": None} for issuer in ISSUERS]
    page = open_page(BUS)
    page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
    page.context.set_offline(True)
    page.reload()  # The library too is there without a network.
    page.wait_for_selector("html[data-ready]")
    now = app.now() + timedelta(seconds=1)
    elder = shown(suite, born=date(1950, 1, 1), home_region="341800", issued_at=now)
    scan(page, elder)
    page.wait_for_selector("main[data-state=ok]")
    assert page.inner_text("#word") == "离线通过"
    scan(page, elder)
    page.wait_for_selector("main[data-state=red]")
    assert page.inner_text("#word") == "二维码已使用"
    stranger = SUITES[suite].signer(SUITES[suite].private_key(b"s" * 48))
    scan(page, shown(suite, signer=stranger, born=date(1940, 1, 1), issued_at=now))
    page.wait_for_selector("#net[data-waiting='3']")
    assert page.get_attribute("main", "data-state") == "red"
