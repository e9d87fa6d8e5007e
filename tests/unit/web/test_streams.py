"""Streams of events: a terminal's oldest gives way to its newest, a server has so many, and none is counted after it ended."""

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.app.listeners import Listeners
from onecard.web.streams import Streams, TooManyStreams


async def test_the_oldest_of_a_terminal_gives_way_and_nobody_elses():
    streams = Streams(Listeners(), most_of_terminal=2)
    with ExitStack() as stack:
        first, other, second, third = (stack.enter_context(streams.opened(terminal)) for terminal in ("A", "B", "A", "A"))
        assert [each.superseded for each in (first, second, third, other)] == [True, False, False, False]
        await first.listener.sleep(60)  # It is awake already, or this test takes a minute.


async def test_a_full_server_refuses_until_one_ends():
    streams = Streams(Listeners(), most=2)
    with streams.opened("A"):
        with streams.opened("B"), pytest.raises(TooManyStreams) as refused, streams.opened("C"):
            pass
        assert (refused.value.http_status, refused.value.facts["retry_after"]) == (503, 30)
        with streams.opened("C"):
            pass


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.booleans()), max_size=60))
async def test_whatever_opens_and_ends_no_terminal_holds_more_than_its_part(moves: list[tuple[str, bool]]):
    streams = Streams(Listeners(), most=60, most_of_terminal=3)
    opened: list[tuple[str, ExitStack, object]] = []
    for terminal, opens in moves:
        if opens:
            stack = ExitStack()
            opened.append((terminal, stack, stack.enter_context(streams.opened(terminal))))
        elif opened:
            opened.pop(0)[1].close()
        for name in "ABC":
            assert sum(each == name and not stream.superseded for each, _, stream in opened) <= 3  # type: ignore[attr-defined]
    for _, stack, _ in opened:
        stack.close()
    with ExitStack() as stack:
        for _ in range(60):  # All of the server's are free again.
            stack.enter_context(streams.opened("D"))
