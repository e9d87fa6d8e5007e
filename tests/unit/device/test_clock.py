"""The city's time on a device: right by the server's word, steady while the program runs, unsure when somebody moved the clock."""

from dataclasses import dataclass

import pytest

from onecard.device.clock import JUMP_MS_MAX, CityClock, DeviceClock
from onecard.values.days import epoch_milliseconds

NOON = 1_730_347_200_000


@dataclass
class Hands:
    """A device's clocks, moved by hand."""

    wall: int = NOON
    steady: int = 5_000

    def wall_ms(self) -> int:
        return self.wall

    def steady_ms(self) -> int:
        return self.steady

    def pass_ms(self, ms: int) -> None:
        self.wall += ms
        self.steady += ms


def test_a_city_whose_clock_stands_elsewhere_is_followed():
    hands = Hands()
    clock = CityClock(hands)
    clock.correct(-700 * 86_400_000)
    hands.pass_ms(6 * 3_600_000)
    assert epoch_milliseconds(clock.now()) == NOON - 700 * 86_400_000 + 6 * 3_600_000
    assert clock.is_sure
    assert CityClock(hands, clock.offset_ms).now() == clock.now()  # After a start, from what was kept.


@pytest.mark.parametrize(
    ("jump_ms", "sure"), [(0, True), (JUMP_MS_MAX, True), (-JUMP_MS_MAX, True), (JUMP_MS_MAX + 1, False), (-180_000, False)]
)
def test_a_clock_that_somebody_moved_is_not_trusted_alone_and_not_followed(jump_ms, sure):
    hands = Hands()
    clock = CityClock(hands)
    hands.wall += jump_ms
    hands.pass_ms(1000)
    assert (clock.is_sure, clock.jumped_ms) == (sure, jump_ms)
    assert epoch_milliseconds(clock.now()) == NOON + 1000


def test_the_servers_word_settles_it():
    hands = Hands()
    clock = CityClock(hands)
    hands.wall -= 180_000
    clock.correct(40)
    assert clock.is_sure
    assert (clock.offset_ms, epoch_milliseconds(clock.now())) == (180_040, NOON + 40)


def test_this_machine_has_clocks():
    clock = DeviceClock()
    assert clock.wall_ms() > NOON
    assert clock.steady_ms() <= clock.steady_ms()
