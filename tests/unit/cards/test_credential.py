"""Credentials: one canonical form each, and a sentence for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.cards.credential import CredentialMalformed, credential_key, normalise
from onecard.values.person_number import check_character

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        pytest.param("card", "B00000019", "B00000019", id="one letter, eight digits"),
        pytest.param("card", "AD0351899", "AD0351899", id="two letters, seven digits"),
        pytest.param("card", "ba0010547", "BA0010547", id="small letters are forgiven"),
        pytest.param("chip", "330400D15600000500AB12CD34EF5678", "330400d15600000500ab12cd34ef5678", id="chip in capitals"),
        pytest.param("id", "33049119540312101x", "33049119540312101X", id="small x"),
    ],
)
def test_a_credential_has_one_form(kind, value, canonical):
    if kind == "id":
        value = value[:17] + check_character(value[:17]).lower()
        canonical = value.upper()
    assert normalise(kind, value) == canonical


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("card", "B0000001９", id="full-width digit"),
        pytest.param("card", "B0000001٣", id="arabic digit"),
        pytest.param("card", "C0000007", id="eight characters"),
        pytest.param("card", "ABC000001", id="three letters"),
        pytest.param("card", "B00000019\n", id="line end"),
        pytest.param("card", "", id="empty"),
        pytest.param("chip", "g" * 32, id="not hexadecimal"),
        pytest.param("chip", "a" * 31, id="one short"),
        pytest.param("id", "330491195403121012", id="wrong check character"),
        pytest.param("id", "330491195413121013", id="month 13"),
        pytest.param("id", "330491540312101", id="fifteen digits"),
        pytest.param("face", "B00000019", id="unknown kind"),
        pytest.param("card", "B000\x000019", id="NUL"),
        pytest.param("card", "B000\ud8000019", id="lone surrogate"),
    ],
)
def test_what_is_no_credential_is_refused_with_a_sentence(kind, value):
    with pytest.raises(CredentialMalformed) as raised:
        normalise(kind, value)
    assert raised.value.said_zh
    assert raised.value.said_en
    assert not value or value not in raised.value.said_en
    assert raised.value.field == "credential.value"


@given(st.sampled_from(["card", "chip", "id"]), st.text(max_size=40))
def test_any_text_is_canonical_or_refused(kind, value):
    try:
        canonical = normalise(kind, value)
    except CredentialMalformed:
        return
    assert normalise(kind, canonical) == canonical
    assert canonical.isascii()


def test_the_same_text_as_another_kind_is_another_key():
    assert credential_key(KEY, "card", "B00000019") == credential_key(KEY, "card", "b00000019")
    assert credential_key(KEY, "card", "B00000019") != credential_key(b"x" * 32, "card", "B00000019")
    assert len(credential_key(KEY, "chip", "a" * 32)) == 32
