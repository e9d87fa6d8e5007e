"""Signed heads: the form of C2SP to the byte, strict reading, and signatures that say which log they speak of."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.settings.suites import SUITES
from onecard.values.signed_head import HEAD_BYTES_MAX, Head, NotAHead, key_hash, read_head, sign_head, signed_by

HEAD = Head(origin="onecard/1f0c", size=4711, root=b"\x07" * 32, at=datetime(2024, 10, 31, 12, 0, tzinfo=UTC))
SECRETS = {name: SUITES[name].private_key(b"\x05" * 48) for name in SUITES}
SUITE_NAMES = pytest.mark.parametrize("suite", ["SM", "INTL"])


def signed(suite, head=HEAD):
    return sign_head(head, suite, SUITES[suite].public_key(SECRETS[suite]), SUITES[suite].signer(SECRETS[suite]))


def good(suite, found):
    public = SUITES[suite].public_key(SECRETS[suite])
    return signed_by(found, suite, public, SUITES[suite].verifier(public))


def test_a_note_has_the_form_of_a_checkpoint_to_the_byte():
    note = signed("INTL").note.decode()
    lines = note.split("\n")
    assert lines[:5] == ["onecard/1f0c", "4711", base64.b64encode(b"\x07" * 32).decode(), "at 2024-10-31T12:00:00Z", ""]
    assert lines[5].startswith("— onecard/1f0c ") and lines[6:] == [""]
    assert len(base64.b64decode(lines[5].split(" ")[2])) == 4 + 64


def test_the_hash_of_an_ed25519_key_is_that_of_c2sp():
    # The example of https://c2sp.org/signed-note: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    public = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert public[:1] == b"\x01"
    assert key_hash("PeterNeumann", "INTL", public[1:]).hex() == "c74f20a3"


@SUITE_NAMES
@given(
    size=st.integers(0, 10**17), root=st.binary(min_size=32, max_size=32),
    seconds=st.integers(0, 4 * 10**9), origin=st.from_regex(r"[!-~]{1,60}", fullmatch=True),
)  # fmt: skip
def test_what_was_signed_is_read_back_and_believed(suite, size, root, seconds, origin):
    head = Head(origin=origin, size=size, root=root, at=datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    made = signed(suite, head)
    assert read_head(made.note) == made and good(suite, made)


@SUITE_NAMES
@pytest.mark.parametrize(
    "change", [{"size": 4712}, {"root": b"\x08" * 32}, {"at": HEAD.at + timedelta(seconds=1)}, {"origin": "onecard/2"}]
)
def test_another_head_is_not_believed(suite, change):
    made = signed(suite)
    other = replace(made, head=replace(HEAD, **change))
    assert not good(suite, other) and not good(suite, replace(other, key_name=other.head.origin))


def test_a_signature_of_the_other_suite_is_not_believed():
    assert not good("SM", signed("INTL")) and not good("INTL", signed("SM"))


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_byte_changed_anywhere_is_refused_or_not_believed(at, byte):
    note = bytearray(signed("INTL").note)
    place = at % len(note)
    same = note[place] == byte
    note[place] = byte
    try:
        found = read_head(bytes(note))
    except NotAHead:
        assert not same
    else:
        assert good("INTL", found) == same


NOTE = signed("INTL").note


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(NOTE[:-1], id="no end of line"),
        pytest.param(NOTE + b"\n", id="a line too many"),
        pytest.param(b"\xef\xbb\xbf" + NOTE, id="a byte order mark"),
        pytest.param(NOTE.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(NOTE.replace("—".encode(), b"-"), id="a hyphen for the em dash"),
        pytest.param(NOTE.replace(b"4711", b"04711"), id="a zero before the size"),
        pytest.param(NOTE.replace(b"4711", b"-1"), id="a negative size"),
        pytest.param(NOTE.replace(b"at 2024-10-31", b"at 2024-02-30"), id="no such day"),
        pytest.param(NOTE.replace(b"at 2024", b"2024"), id="a time without at"),
        pytest.param(NOTE.replace(b"BwcHBw", b"BwcH", 1), id="a short root"),
        pytest.param(NOTE.replace(b"BwcHBw", b"Bwc\nBw", 1), id="a broken root"),
        pytest.param(NOTE.replace(b"Bwc=\n", b"Bwd=\n"), id="bits beyond the end of base64"),
        pytest.param(NOTE.replace(b"\n\n", b"\n"), id="no empty line"),
        pytest.param(NOTE.replace(b"onecard/1f0c\n", b"onecard /1f0c\n", 1), id="a blank in the origin"),
        pytest.param(b"\xff" + NOTE, id="not UTF-8"),
        pytest.param(NOTE + b"x" * HEAD_BYTES_MAX, id="too long"),
    ],
)
def test_what_is_no_note_is_refused(bad):
    with pytest.raises(NotAHead):
        read_head(bad)
