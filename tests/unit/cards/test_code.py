"""The codec of dynamic codes: one text a code, and no altered, forged, stale or early one is believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onecard.cards.code import CODE_LIVES, CODE_SKEW, FORMS, Code, Issuer, code_text, read_code, time_reason, verify
from onecard.settings.suites import SUITES

NOW = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _key(form, seed=b"x"):
    suite, signs = FORMS[form]
    if not signs:
        mac = SUITES[suite].mac_signer(seed * 32)
        return mac, mac
    private = SUITES[suite].private_key(seed * 48)
    return SUITES[suite].signer(private), SUITES[suite].verifier(SUITES[suite].public_key(private))


def _issuer(form, kid, verifier, valid_from=LONG_AGO, valid_until=None):
    return Issuer(kid=kid, form=form, valid_from=valid_from, valid_until=valid_until, verifier=verifier)


SIGNERS = {form: _key(form)[0] for form in FORMS}
ISSUERS = {f"k{form}": _issuer(form, f"k{form}", _key(form)[1]) for form in FORMS}
each_form = pytest.mark.parametrize("form", FORMS)


def shown(form="1", signer=None, **other):
    told = {
        "form": form, "kid": f"k{form}", "pseudonym": "AbCdEfGhIjKlMn-_", "born": date(1959, 5, 1), "home_region": "330481",
        "registered_region": "330481", "issued_at": NOW, "nonce": "nonce_-8",
    }  # fmt: skip
    return code_text(signer or SIGNERS[form], **{**told, **other})


def judged(text, now=NOW, issuers=ISSUERS, **more):
    code = read_code(text)
    return verify(code, issuers, now, **more) if isinstance(code, Code) else code


people = st.builds(
    dict,
    pseudonym=st.text(ALPHABET, min_size=16, max_size=16),
    born=st.dates(date(1900, 1, 1), date(2024, 12, 31)),
    home_region=st.sampled_from(["330481", "341800", "110105"]),
    registered_region=st.sampled_from(["", "330481"]),
    issued_at=st.datetimes(datetime(2024, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
    nonce=st.text(ALPHABET, min_size=8, max_size=8),
)


@settings(deadline=None)
@given(st.sampled_from(list(FORMS)), people)
def test_what_is_written_is_read_back_and_believed(form, person):
    code = read_code(shown(form, **person))
    assert isinstance(code, Code)
    assert {name: getattr(code, name) for name in person} == person
    assert verify(code, ISSUERS, person["issued_at"]) is None


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(list(FORMS)), st.data())
def test_any_altered_character_is_refused(form, data):
    text = shown(form)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET + ". ~Ａ０é"))
    assume(other != text[place])
    assert judged(text[:place] + other + text[place + 1 :]) == "CODE_BAD_SIGN"


@settings(deadline=None)
@given(st.sampled_from(list(FORMS)), st.data())
def test_a_part_of_a_code_and_a_code_with_more_are_refused(form, data):
    text = shown(form)
    cut = data.draw(st.integers(0, len(text) - 1))
    more = data.draw(st.text(min_size=1, max_size=4))
    assert judged(text[:cut]) == "CODE_BAD_SIGN"
    assert judged(text + more) == "CODE_BAD_SIGN"
    assert judged(more + text) == "CODE_BAD_SIGN"


@settings(deadline=None)
@given(st.sampled_from(list(FORMS)), st.data())
def test_fields_that_change_places_are_refused(form, data):
    fields = shown(form).split(".")
    mixed = data.draw(st.permutations(fields))
    assume(mixed != fields)
    assert judged(".".join(mixed)) == "CODE_BAD_SIGN"


@given(st.text(max_size=200))
def test_any_text_is_read_without_raising(text):
    assert judged(text) == "CODE_BAD_SIGN"


@each_form
def test_a_code_signed_again_by_somebody_else_is_refused(form):
    stranger, _ = _key(form, b"s")
    assert judged(shown(form, signer=stranger)) == "CODE_BAD_SIGN"


@each_form
def test_a_key_id_that_nobody_knows_is_refused(form):
    assert judged(shown(form, kid="zzzz")) == "CODE_BAD_SIGN"


@pytest.mark.parametrize("form", ["2", "3", "4"])
def test_a_key_serves_one_form_only(form):
    assert judged(shown(form, kid="k1")) == "CODE_BAD_SIGN"


def test_a_public_key_makes_no_mac():
    """The classic confusion: a MAC under the public key's bytes, which everybody has."""
    suite = SUITES["SM"]
    public = suite.public_key(suite.private_key(b"x" * 48))
    assert judged(shown("2", signer=suite.mac_signer(suite.digest(public)), kid="k1")) == "CODE_BAD_SIGN"


@pytest.mark.parametrize(
    ("issued", "reason"), [(-1, "CODE_BAD_SIGN"), (0, None), (59, None), (60, "CODE_BAD_SIGN")], ids=["before", "first", "last", "after"]
)
def test_a_key_signs_from_its_first_second_until_its_end(issued, reason):
    issuer = _issuer("1", "k1", _key("1")[1], valid_from=NOW, valid_until=NOW + timedelta(seconds=60))
    at = NOW + timedelta(seconds=issued)
    assert judged(shown(issued_at=at), now=at, issuers={"k1": issuer}) == reason


def test_what_a_replaced_key_signed_before_its_end_stays_good():
    issuer = _issuer("1", "k1", _key("1")[1], valid_until=NOW + timedelta(seconds=1))
    assert judged(shown(), now=NOW + timedelta(seconds=59), issuers={"k1": issuer}) is None


def seconds(number):
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("age", "ahead", "reason"),
    [
        pytest.param(0, None, None, id="just shown"),
        pytest.param(-15, None, None, id="a clock 15 s slow"),
        pytest.param(-16, None, "CODE_CLOCK", id="a clock 16 s slow"),
        pytest.param(-180, None, "CODE_CLOCK", id="a clock three minutes slow"),
        pytest.param(-180, -180, "CODE_CLOCK", id="three minutes slow, and known to be"),
        pytest.param(60, None, None, id="its last second"),
        pytest.param(75, None, None, id="within the skew of a clock nobody has measured"),
        pytest.param(76, None, "CODE_EXPIRED", id="past the skew"),
        pytest.param(61, 0, "CODE_EXPIRED", id="61 s by a clock that is right"),
        pytest.param(70, 10, None, id="70 s by a clock 10 s fast"),
        pytest.param(72, 10, "CODE_EXPIRED", id="72 s by a clock 10 s fast"),
        pytest.param(90, 60, "CODE_CLOCK", id="90 s by a clock a minute fast"),
        pytest.param(200, 60, "CODE_EXPIRED", id="too old by any clock"),
    ],
)
def test_the_clock_decides_what_is_said(age, ahead, reason):
    code = read_code(shown())
    assert isinstance(code, Code)
    assert time_reason(code, NOW + seconds(age), None if ahead is None else seconds(ahead)) == reason


@given(st.integers(-1000, 1000), st.one_of(st.none(), st.integers(-1000, 1000)))
def test_no_code_is_good_outside_its_life_and_skew(age, ahead):
    code = read_code(shown())
    assert isinstance(code, Code)
    good = time_reason(code, NOW + seconds(age), None if ahead is None else seconds(ahead)) is None
    assert not good or -CODE_SKEW <= seconds(age) <= CODE_LIVES + CODE_SKEW


def test_a_forged_code_says_nothing_about_clocks():
    stranger, _ = _key("1", b"s")
    text = shown(signer=stranger, issued_at=NOW + timedelta(hours=1))
    assert judged(text) == "CODE_BAD_SIGN"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        pytest.param(3, "19590431", id="a day that is none"),
        pytest.param(3, "1959 501", id="a blank in the day"),
        pytest.param(4, "030481", id="a region that begins with 0"),
        pytest.param(5, "", id="nothing in place of the blank"),
        pytest.param(6, "0slh4vp", id="a leading zero in the time"),
        pytest.param(6, "SMB6O0", id="capitals in the time"),
        pytest.param(6, "zzzzzzzz", id="a year past all calendars"),
        pytest.param(8, "A" * 85 + "B", id="unused bits of the signature set"),
    ],
)
def test_one_code_has_one_text(field, other):
    fields = shown().split(".")
    fields[field] = other
    assert read_code(".".join(fields)) == "CODE_BAD_SIGN"


def test_a_code_prints_nothing_about_the_person():
    said = repr(read_code(shown()))
    assert "1959" not in said and "AbCd" not in said
