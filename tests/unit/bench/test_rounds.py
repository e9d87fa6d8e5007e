"""What the table says is what was measured: medians, ratios of one round's own runs, every contender in every round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.rounds import Compared, compare, interleave

RATES = st.floats(0.001, 1e6)


def counted(name: str, said: list[str]):
    async def contender():
        said.append(name)
        return {"rate": float(len(said))}

    return contender


async def test_every_contender_runs_once_a_round_and_no_first_round_is_counted():
    said: list[str] = []
    samples = await interleave({name: counted(name, said) for name in "abc"}, 4, lambda done, total: None)
    assert [sorted(said[start : start + 3]) for start in range(0, 15, 3)] == [["a", "b", "c"]] * 5
    assert {name: len(measures["rate"]) for name, measures in samples.items()} == {"a": 4, "b": 4, "c": 4}
    assert min(min(measures["rate"]) for measures in samples.values()) == 4.0


async def test_rounds_begin_with_different_contenders():
    said: list[str] = []
    await interleave({name: counted(name, said) for name in "abc"}, 2, lambda done, total: None)
    assert said[::3] == ["a", "b", "c"]


async def test_progress_ends_at_its_end():
    heard: list[tuple[int, int]] = []
    await interleave({name: counted(name, []) for name in "ab"}, 3, lambda done, total: heard.append((done, total)))
    assert heard == [(done, 8) for done in range(1, 9)]


def test_a_row_holds_medians_and_the_extremes_of_single_rounds():
    samples = {"ours": {"rate": [10.0, 30.0, 20.0]}, "peer": {"rate": [5.0, 10.0, 20.0]}}
    (row,) = compare(samples, [Compared(row="tap", unit="uses/s", ours="ours", peer="peer")])
    assert (row.value, row.peer_value, row.ratio) == (20.0, 10.0, 2.0)
    assert (row.ratio_min, row.ratio_max, row.rounds) == (1.0, 3.0, 3)


def test_where_lower_is_better_the_ratio_is_turned_round():
    samples = {"ours": {"p99": [10.0]}, "peer": {"p99": [30.0]}}
    (row,) = compare(samples, [Compared(row="p99", unit="ms", ours="ours", peer="peer", measure="p99", better="lower")])
    assert (row.value, row.peer_value, row.ratio) == (10.0, 30.0, 3.0)


@pytest.mark.parametrize("better", ["higher", "lower"])
@given(pairs=st.lists(st.tuples(RATES, RATES), min_size=1, max_size=9))
def test_the_ratio_of_medians_lies_between_those_of_single_rounds(better, pairs):
    samples = {"ours": {"rate": [ours for ours, _ in pairs]}, "peer": {"rate": [peer for _, peer in pairs]}}
    (row,) = compare(samples, [Compared(row="r", unit="u", ours="ours", peer="peer", better=better)])
    if len(pairs) % 2:
        assert row.ratio_min * (1 - 1e-9) <= row.ratio <= row.ratio_max * (1 + 1e-9)
    assert row.ratio_min <= row.ratio_max
