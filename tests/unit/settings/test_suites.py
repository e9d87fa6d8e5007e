"""Two suites behind one interface; SM2, SM3 and HMAC-SM3 are held against a second implementation that shares no code with the first."""

import gmalg
import pytest
from gmalg.sm2 import bytes_to_point
from gmalg.utils import bytes_to_int
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.settings.sm2 import SIGNER_ID, Sm2Signer, Sm2Verifier, sm2_private_key, sm2_public_key
from onecard.settings.suites import INTL, SM, SUITES
from onecard.values.suites import SIGNATURE_BYTES

RANDOMNESS = bytes(range(48))
PRIVATE = sm2_private_key(RANDOMNESS)
PUBLIC = sm2_public_key(PRIVATE)
ORACLE = gmalg.SM2(PRIVATE, uid=SIGNER_ID, pk=PUBLIC)

each_suite = pytest.mark.parametrize("suite", SUITES.values(), ids=list(SUITES))


@each_suite
def test_what_one_signs_the_other_half_believes_and_nothing_else(suite):
    private = suite.private_key(RANDOMNESS)
    signer, verifier = suite.signer(private), suite.verifier(suite.public_key(private))
    signature = signer.sign(b"a code")
    assert len(signature) == SIGNATURE_BYTES
    assert verifier.verify(b"a code", signature)
    assert not verifier.verify(b"a cod", signature)
    stranger = suite.verifier(suite.public_key(suite.private_key(bytes(48))))
    assert not stranger.verify(b"a code", signature)


@each_suite
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_at_all_make_a_verifier_raise(suite, signature):
    verifier = suite.verifier(suite.public_key(suite.private_key(RANDOMNESS)))
    assert not verifier.verify(b"a code", signature)
    assert not suite.mac_signer(bytes(32)).verify(b"a code", signature)


@pytest.mark.parametrize(
    "signature",
    [bytes(64), b"\xff" * 64, bytes(32) + b"\x01" * 32, b"\x01" * 32 + bytes(32), b"", b"\x01" * 63, b"\x01" * 65],
    ids=["zero", "past the order", "r is 0", "s is 0", "empty", "short", "long"],
)
def test_numbers_outside_the_group_are_no_signature(signature):
    assert not Sm2Verifier(PUBLIC).verify(b"a code", signature)


@each_suite
def test_a_mac_is_believed_by_who_holds_its_key(suite):
    mine, other = suite.mac_signer(b"k" * 32), suite.mac_signer(b"o" * 32)
    assert mine.verify(b"a code", mine.sign(b"a code"))
    assert not other.verify(b"a code", mine.sign(b"a code"))
    assert mine.sign(b"a code") == suite.mac(b"k" * 32, b"a code")


@settings(max_examples=8, deadline=None)
@given(st.binary(max_size=300))
def test_a_second_library_believes_our_sm2_and_we_believe_its(message):
    signature = Sm2Signer(PRIVATE).sign(message)
    assert ORACLE.verify(message, signature[:32], signature[32:])
    r, s = ORACLE.sign(message)
    assert Sm2Verifier(PUBLIC).verify(message, r.rjust(32, b"\0") + s.rjust(32, b"\0"))


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_a_second_library_makes_the_same_sm3_and_hmac(content, key):
    def sm3(data):
        made = gmalg.SM3()
        made.update(data)
        return made.value()

    assert SM.digest(content) == sm3(content)
    block = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner, outer = bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
    assert SM.mac(key, content) == sm3(outer + sm3(inner + content))  # RFC 2104, written out.


@pytest.mark.parametrize("signer_id", [b"", b"1234567812345679", b"ALICE123@YAHOO.COM"], ids=["empty", "another", "the standard's example"])
def test_a_signature_over_another_signer_id_is_refused(signer_id):
    core = ORACLE._core  # Its face refuses an empty id; the arithmetic behind it does not.
    r, s = core.sign(b"a code", bytes_to_int(PRIVATE), signer_id, bytes_to_point(PUBLIC))
    assert core.verify(b"a code", r, s, signer_id, bytes_to_point(PUBLIC)), "it is a true signature, over the wrong id"
    assert not Sm2Verifier(PUBLIC).verify(b"a code", r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_sm3_and_sha256_are_those_of_the_standards():
    assert SM.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, A.1
    assert INTL.digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4


@pytest.mark.parametrize("private", [b"", bytes(32), b"\xff" * 32, PRIVATE + b"\0"], ids=["empty", "zero", "past the order", "long"])
def test_what_is_no_private_key_is_refused(private):
    with pytest.raises(ValueError, match="SM2 private key"):
        Sm2Signer(private)


@pytest.mark.parametrize(
    "public", [b"", PUBLIC[1:], b"\x04" + bytes(64), b"\x05" + PUBLIC[1:]], ids=["empty", "bare", "off the curve", "other form"]
)
def test_what_is_no_public_key_is_refused(public):
    with pytest.raises(ValueError, match=r"(?i)key"):
        Sm2Verifier(public)
