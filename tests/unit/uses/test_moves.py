"""The moves of a batch: one per counter, with the most and the least that it may stand at before the batch."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from onecard.decision.model import Count, Counter
from onecard.ledger.model import CounterMove
from onecard.uses.record import Moves

GROUND = Counter("campus", date(1900, 1, 1), "ground-places", "")
CAP = 10


def count(counted: int, *, cap: int = CAP, counter: Counter = GROUND, used_before: int = 0) -> Count:
    return Count(programme="ground", unit="persons", per="at_once", counter=counter, cap=cap, used_before=used_before, counted=counted)


def move_of(*steps: int, read: int = 0, counter: Counter = GROUND) -> CounterMove | None:
    """Return the one move of a batch that read the counter at *read*; a step of 0 was asked, and refused."""
    moves = Moves()
    for place, step in enumerate(steps):
        moves.add(1, [count(step, counter=counter, used_before=read + sum(steps[:place]))])
    made = moves.all()
    assert len(made) <= 1
    return made[0] if made else None


def lets_pass(move: CounterMove, before: int) -> bool:
    """Tell whether the store takes *move* where the counter stands at *before*."""
    return move.floor <= before and (move.cap is None or before + move.moved <= move.cap)


@given(st.lists(st.integers(-CAP, CAP), max_size=8), st.integers(0, CAP), st.integers(0, CAP))
def test_a_move_fits_a_counter_exactly_where_every_step_of_it_does(steps: list[int], read: int, before: int) -> None:
    move = move_of(*steps, read=read)
    if move is None:
        assert sum(steps) == 0
        return
    each_fits = all(still_so(step, read + sum(steps[:place]), before + sum(steps[:place])) for place, step in enumerate(steps))
    assert move.moved == sum(steps)
    assert lets_pass(move, before) == each_fits


def still_so(step: int, as_decided: int, as_written: int) -> bool:
    """Tell whether a step that was decided where the counter stood at *as_decided* holds where it stands at *as_written*."""
    if step:
        return as_written >= -step if step < 0 else as_written + step <= CAP
    return as_written >= as_decided and (as_decided > CAP or as_written <= CAP)


def test_what_gives_back_leans_on_what_is_there_even_where_more_is_taken_after_it() -> None:
    move = move_of(-1, 2, read=1)
    assert move is not None
    assert (move.moved, move.floor, move.cap) == (1, 1, CAP)


def test_who_is_refused_beside_one_who_is_let_in_relies_on_nobody_having_left_meanwhile() -> None:
    move = move_of(1, 0, read=CAP - 1)
    assert move is not None
    assert lets_pass(move, CAP - 1) and not lets_pass(move, CAP - 2)


def test_who_leaves_takes_everything_along_that_he_holds() -> None:
    move = move_of(-2, read=2, counter=Counter("", date(1900, 1, 1), "ground-places", "inside@campus>campus/"))
    assert move is not None
    assert [lets_pass(move, before) for before in (1, 2, 3)] == [False, True, False]
    others = move_of(-2, read=2)  # Of all persons together others may have come meanwhile.
    assert others is not None and lets_pass(others, 3)


def test_what_is_in_error_is_kept_where_the_counter_stands_still_or_goes_down() -> None:
    for steps in ((), (-2,), (3, -3)):
        moves = Moves()
        for step in steps:
            moves.add(1, [count(step)])
        moves.add(1, [], ((count(0, used_before=CAP), 2),))
        (move,) = moves.all()
        assert (move.moved, move.in_error) == (sum(steps), 2)


def test_counters_of_persons_and_of_sites_are_apart() -> None:
    own = Counter("", date(2024, 10, 31), "elder-rides", "")
    moves = Moves()
    moves.add(1, [count(1), count(1, counter=own)])
    moves.add(2, [count(1), count(1, counter=own)])
    assert {(move.owner, move.moved) for move in moves.all()} == {("campus", 2), (1, 1), (2, 1)}


def test_the_tightest_cap_of_a_batch_holds() -> None:
    moves = Moves()
    moves.add(1, [count(1, cap=30)])
    moves.add(1, [count(1, cap=5)])
    moves.add(1, [count(1, cap=30)])
    (move,) = moves.all()
    assert (move.moved, move.cap) == (3, 6)  # Before the batch at most 3: then the second one fits under 5.
