"""A total shared among days comes out exactly."""

from hypothesis import given
from hypothesis import strategies as st

from onecard.demo.quota import spread


@given(st.integers(0, 100_000), st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_parts_add_up_and_none_is_a_whole_one_off(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) < 1.000001 for part, share in zip(parts, exact, strict=True))


def test_of_equal_remainders_the_earlier_gains():
    assert spread(5, [1, 1, 1]) == [2, 2, 1]
