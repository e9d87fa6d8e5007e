"""A line on stdin: known by its shape, forgiven a reader's marks, never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.cards.credential import CredentialMalformed
from onecard.device.errors import LineUnreadable, OrderUnknown
from onecard.device.line import ORDERS, Order, Shown, read_line
from onecard.values.error import OnecardError


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("B00000019\n", Shown("card", "B00000019")),
        (" b00000019\r\n", Shown("card", "B00000019")),
        ("\x02B00000019\x03\r\n", Shown("card", "B00000019")),
        ("CA6543209", Shown("card", "CA6543209")),
        ("330400D1560000056F9A0A0C2EF56E26", Shown("chip", "330400d1560000056f9a0a0c2ef56e26")),
        ("33049519520512083x", Shown("id", "33049519520512083X")),
        ("3.k1.whatever", Shown("code", "3.k1.whatever")),
        ("SI1:abcdefghijklmnopqrstuvwx", Shown("code", "SI1:abcdefghijklmnopqrstuvwx")),
        ("#service entry", Order("service", "entry")),
        ("# price 300", Order("price", "300", 300)),
        ("#exit", Order("exit")),
    ],
)
def test_a_line_is_known_by_its_shape(line, shown):
    assert read_line(line) == shown


@pytest.mark.parametrize(
    "line", ["", "\n", "hello", "B0000001", "B000000190", "Ｂ00000019", "123456789", "https://example.com/qr", "9" * 500]
)
def test_what_is_nothing_of_these_is_said_to_be_so(line):
    with pytest.raises(LineUnreadable):
        read_line(line)


def test_an_id_number_that_cannot_be_one_is_told_apart():
    with pytest.raises(CredentialMalformed):
        read_line("330495195205120831")


@pytest.mark.parametrize(
    "line", ["#", "#dance", "#price", "#price 3.5", "#price -1", "#group 0", "#group 201", "#way swim", "#exit now", "#service a b"]
)
def test_an_order_that_is_none_says_what_there_is(line):
    with pytest.raises(OrderUnknown) as said:
        read_line(line)
    assert all(f"#{name}" in said.value.said_zh for name in ORDERS)


@given(st.text(max_size=450))
def test_no_line_is_too_strange(line):
    try:
        told = read_line(line)
    except OnecardError as mistake:
        assert mistake.said_zh
        assert mistake.said_en
    else:
        assert isinstance(told, Shown | Order)


@given(st.from_regex(r"[A-Z][A-Z0-9][0-9]{7}", fullmatch=True))
def test_a_number_never_stands_in_a_log(number):
    try:
        assert number not in repr(read_line(number))
    except CredentialMalformed as mistake:
        assert number not in mistake.said_en + mistake.said_zh
