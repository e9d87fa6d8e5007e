"""A return against its batch: applied exactly or refused whole, whatever becomes of its bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.payouts.bank_problem import FileRefused
from onecard.payouts.bank_text import texts
from onecard.payouts.batch_file import read_batch
from onecard.payouts.return_file import read_return
from onecard.payouts.return_match import EFFECTS, Applied, Standing, exported_of, match, nothing_answered
from tests.unit.payouts.bank_samples import batch, cut_lines, lines, put, resealed, returned

MANY = 8
EXPORTED = exported_of(read_batch(batch(MANY)))
ALL = list(range(1, MANY + 1))


def standing(before="", elsewhere=(), taken=()) -> Standing:
    """Return how lines stand whose last answers are the letters of *before* (`-` for none)."""
    fresh = nothing_answered(MANY)
    for place, letter in enumerate(before):
        fresh.answered[place] = 0 if letter == "-" else ord(letter)
    for seq in elsewhere:
        fresh.elsewhere[seq - 1] = True
    return Standing(answered=fresh.answered, elsewhere=fresh.elsewhere, taken=dict(taken))


def effects(applied: Applied) -> dict[int, str]:
    return {int(seq): EFFECTS[effect] for seq, effect in zip(applied.seq, applied.effect, strict=True)}


def test_a_whole_return_answers_every_line():
    applied = match(EXPORTED, read_return(returned(ALL, "PPFPPPPF")), standing())
    assert applied.counts == {"paid": 6, "failed": 2, "refunded": 0, "paid_twice": 0}
    assert applied.failed == {"F03": 2}
    assert applied.complete
    assert [seq for seq, effect in effects(applied).items() if effect == "failed"] == [3, 8]
    assert texts(applied.bank_serial, "UTF-8")[2] == "S0010000003"


def test_a_bank_may_answer_bit_by_bit_in_any_order():
    applied = match(EXPORTED, read_return(returned([5, 2], "PF", last=False)), standing())
    assert effects(applied) == {5: "paid", 2: "failed"}
    assert not applied.complete
    rest = read_return(returned([1, 3, 4, 6, 7, 8], "PPPPPP", return_no=2))
    assert match(EXPORTED, rest, standing("-F--P---")).complete


@pytest.mark.parametrize(
    ("before", "elsewhere", "result", "effect"),
    [
        pytest.param("PPPPPPPP", (), "R", "refunded", id="a refund weeks later"),
        pytest.param("FPPPPPPP", (), "P", "paid", id="a success after all"),
        pytest.param("FPPPPPPP", (1,), "P", "paid_twice", id="a success after it was paid again"),
        pytest.param("-PPPPPPP", (1,), "P", "paid_twice", id="paid again after a success came late"),
        pytest.param("-PPPPPPP", (1,), "F", "failed", id="the bank saw the second payment"),
        pytest.param("PPPPPPPP", (1,), "R", "refunded", id="one of two payments comes back"),
    ],
)
def test_what_an_answer_does_depends_on_what_was_before(before, elsewhere, result, effect):
    applied = match(EXPORTED, read_return(returned([1], result, return_no=4)), standing(before, elsewhere))
    assert effects(applied) == {1: effect}


@pytest.mark.parametrize(
    ("before", "result"), [("P", "P"), ("P", "F"), ("F", "F"), ("F", "R"), ("R", "P"), ("R", "F"), ("R", "R"), ("-", "R")]
)
def test_an_answer_that_cannot_follow_is_refused(before, result):
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(returned([1], result, last=False, return_no=4)), standing(before + "PPPPPPP"))
    assert [(each.line, each.column, each.field, each.seen) for each in refused.value.problems] == [(2, 76, "result", result)]


def test_the_same_bytes_again_are_a_duplicate_and_do_nothing():
    file = read_return(returned(ALL, "PPPPPPPP"))
    applied = match(EXPORTED, file, standing("PPPPPPPP", taken={1: file.digest}.items()))
    assert applied.duplicate
    assert len(applied.seq) == 0


def test_a_return_no_again_with_other_bytes_is_refused():
    first, other = (read_return(returned(ALL, results)) for results in ("PPPPPPPP", "PPPPPPPF"))
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, other, standing("PPPPPPPP", taken={1: first.digest}.items()))
    assert refused.value.problems[0].field == "return_no"


def test_a_last_return_leaves_no_line_unanswered():
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(returned([1, 2, 4, 5, 6, 7, 8], "PPPPPPP")), standing())
    assert (refused.value.problems[0].field, refused.value.problems[0].line) == ("last", 1)
    assert "seq 3" in refused.value.problems[0].en


SENT = lines(MANY)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        pytest.param({"amount_fen": [*SENT.amount_fen[:3], SENT.amount_fen[3] + 1, *SENT.amount_fen[4:]]}, "amount", id="0.01 off"),
        pytest.param({"ss_no": [*SENT.ss_no[:3], SENT.ss_no[4], *SENT.ss_no[4:]]}, "ss_no", id="another person"),
        pytest.param({"account": [*SENT.account[:3], SENT.account[4], *SENT.account[4:]]}, "account", id="another account"),
    ],
)
def test_a_line_that_is_not_as_it_was_exported_is_refused_with_both_values(other, field):
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(returned(ALL, "PPPPPPPP", **other)), standing())
    assert [(each.line, each.field) for each in refused.value.problems] == [(5, field)]


def test_amounts_that_changed_places_are_refused_though_the_sum_is_right():
    amount_fen = [SENT.amount_fen[1], SENT.amount_fen[0], *SENT.amount_fen[2:]]
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(returned(ALL, "PPPPPPPP", amount_fen=amount_fen)), standing())
    assert [each.line for each in refused.value.problems] == [2, 3]


@pytest.mark.parametrize(("at", "content", "field"), [(5, b"P20241025-0002", "batch"), (30, b"B02", "bank")])
def test_a_return_of_another_batch_or_bank_is_refused(at, content, field):
    made = cut_lines(returned(ALL, "PPPPPPPP"))
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(resealed([put(made[0], at, content), *made[1:]])), standing())
    assert refused.value.problems[0].field == field


def test_a_seq_that_the_batch_has_not_is_refused():
    with pytest.raises(FileRefused) as refused:
        match(EXPORTED, read_return(returned([1, 9], "PP", batch_lines=lines(9), last=False)), standing())
    assert [(each.line, each.field) for each in refused.value.problems] == [(3, "seq")]


GOOD = returned(ALL, "PFPPPFPP")
MEANT = {seq: "failed" if seq in (2, 6) else "paid" for seq in ALL}


@st.composite
def mutated(draw) -> bytes:
    """Return the good file after one or two accidents."""
    content = bytearray(GOOD)
    for _ in range(draw(st.integers(1, 2))):
        rows = bytes(content).split(b"\n")
        one, two = (draw(st.integers(0, len(rows) - 1)) for _ in range(2))
        at = draw(st.integers(0, len(content) - 1))
        accident = draw(st.sampled_from(["flip", "cut", "drop", "double", "swap", "insert", "remove"]))
        if accident == "flip":
            content[at] ^= draw(st.integers(1, 255))
        elif accident == "cut":
            content = content[: max(at, 1)]
        elif accident == "insert":
            content.insert(at, draw(st.integers(0, 255)))
        elif accident == "remove" and len(content) > 1:
            del content[at]
        else:
            if accident == "drop" and len(rows) > 1:
                del rows[one]
            elif accident == "double":
                rows.insert(one, rows[one])
            else:
                rows[one], rows[two] = rows[two], rows[one]
            content = bytearray(b"\n".join(rows)) or bytearray(b"\n")
    return bytes(content)


@given(mutated())
@settings(deadline=None, max_examples=400)
def test_whatever_happens_to_a_return_it_is_refused_whole_or_applied_exactly(content):
    before = standing()
    try:
        applied = match(EXPORTED, read_return(content), before)
    except FileRefused as refused:
        assert refused.problems
        assert not before.answered.any()
    else:
        assert effects(applied) == MEANT
        assert content[content.index(b"\n") :] == GOOD[GOOD.index(b"\n") :]  # A head's return_no may be another and good.


@given(mutated())
@settings(deadline=None, max_examples=400)
def test_even_with_its_digest_made_right_nothing_is_paid_that_was_not_exported(content):
    rows = content[:-1].split(b"\n")
    try:
        applied = match(EXPORTED, read_return(resealed(rows)), standing())
    except FileRefused:
        return
    assert sorted(effects(applied)) == ALL
    assert int(EXPORTED.amount_fen[applied.seq - 1].sum()) == sum(SENT.amount_fen)
    assert set(applied.effect.tolist()) <= {0, 1}
