"""One-time codes, passwords and session tokens, apart from any store."""

import asyncio

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.staff.errors import TooManySignIns
from onecard.staff.passwords import Passwords
from onecard.staff.sessions import csrf_of, session_hash
from onecard.staff.totp import STEP_SECONDS, step_of_code

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(st.integers(1_000, 4_000_000_000), st.integers(-200, 200))
def test_a_code_is_believed_for_half_a_minute_around(now: int, apart: int):
    code = pyotp.TOTP(SECRET).at(now + apart)
    steps = (now + apart) // STEP_SECONDS - now // STEP_SECONDS
    found = step_of_code(SECRET, code, float(now))
    if abs(steps) <= 1:
        assert found is not None
    if found is not None:  # Another step's code may be the same six digits by chance.
        assert pyotp.TOTP(SECRET).generate_otp(found) == code


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "abcdef", "12 456", "-12345"])
def test_what_is_no_code_is_none(code: str):
    assert step_of_code(SECRET, code, 1_700_000_000.0) is None


async def test_a_password_is_known_again_and_no_other():
    passwords = Passwords()
    kept = await passwords.hashed("correct horse")
    assert kept.startswith("$argon2id$")
    assert await passwords.is_right("correct horse", kept)
    assert not await passwords.is_right("correct horsE", kept)
    assert not await passwords.is_right("correct horse", None)
    assert not await passwords.is_right("correct horse", "no hash")
    assert passwords.evaluated == 4  # A name that nobody has costs as much.


async def test_a_long_password_is_not_cut_to_a_right_one():
    passwords = Passwords()
    kept = await passwords.hashed("x" * 256)
    assert await passwords.is_right("x" * 256, kept)
    assert not await passwords.is_right("x" * 257, kept)


async def test_who_finds_too_many_waiting_is_told_to_come_again():
    passwords = Passwords()
    kept = await passwords.hashed("p")
    told = await asyncio.gather(*(passwords.is_right("p", kept) for _ in range(70)), return_exceptions=True)
    refused = [each for each in told if isinstance(each, TooManySignIns)]
    assert len(refused) == 6
    assert refused[0].http_status == 503
    assert [each for each in told if each is True] == [True] * 64


def test_the_token_of_writes_follows_from_the_sessions_and_the_homes_key():
    one = csrf_of(b"k" * 32, "token")
    assert one == csrf_of(b"k" * 32, "token")
    assert one != csrf_of(b"k" * 32, "other")
    assert one != csrf_of(b"x" * 32, "token")
    assert len(session_hash("token")) == 32
