"""A return matched to its batch by number of lines, amount and person, all lines at once: applied exactly, or refused whole. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from onecard.payouts.bank_columns import RETURN_FORM
from onecard.payouts.bank_matrix import Cells, Fen
from onecard.payouts.bank_problem import PROBLEMS_MAX, FileRefused, Problem, Wanted, problem, shown
from onecard.payouts.batch_file import BatchFile
from onecard.payouts.return_file import FAILED, PAID, REFUNDED, ReturnFile
from onecard.values.fixed_columns import problem_at

__all__ = ["EFFECTS", "Applied", "Effect", "Exported", "Standing", "exported_of", "match", "nothing_answered"]

Effect = Literal["paid", "failed", "refunded", "paid_twice"]
"""What an answer does to its line. `paid_twice`: the money came here and through another batch too; a recovery case opens."""

EFFECTS: Final[tuple[Effect, ...]] = get_args(Effect)
"""In the order of their numbers in `Applied.effect`."""

_PAID, _FAILED, _REFUNDED, _TWICE = (np.uint8(number) for number in range(4))
_UNANSWERED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exported:
    """What a bank was asked to pay; the line at place n has seq n + 1."""

    batch: str
    bank: str
    ss_no: Cells = field(repr=False)
    account: Cells = field(repr=False)
    amount_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """How the lines of a batch stand before a return is taken."""

    answered: NDArray[np.uint8]  # The bank's last answer to each: `PAID`, `FAILED`, `REFUNDED`, or 0 for none.
    elsewhere: NDArray[np.bool_]  # Whose money has come through another batch: those that were re-paid, or late successes before.
    taken: Mapping[int, bytes]  # Digests of the returns that were taken, by return_no.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Applied:
    """What a return does, line by line in the order of the file; nothing where it is a duplicate."""

    duplicate: bool
    complete: bool  # Every line of the batch is answered now.
    seq: Fen
    effect: NDArray[np.uint8]  # A place in `EFFECTS`.
    code: NDArray[np.uint8]  # 1–99, 0 for none.
    bank_serial: Cells
    time: NDArray[np.datetime64]

    @property
    def counts(self) -> dict[Effect, int]:
        """How many lines have each effect."""
        return {effect: int(np.count_nonzero(self.effect == number)) for number, effect in enumerate(EFFECTS)}

    @property
    def failed(self) -> dict[str, int]:
        """How many lines failed, by code."""
        codes = Counter(self.code[self.effect == _FAILED].tolist())
        return {f"F{code:02d}": many for code, many in sorted(codes.items())}


def exported_of(file: BatchFile) -> Exported:
    """Return what a batch file asked for."""
    return Exported(
        batch=file.head.batch, bank=file.head.bank, ss_no=file.ss_no, account=file.account, amount_fen=file.amount_fen
    )  # fmt: skip


def nothing_answered(lines: int) -> Standing:
    """Return how a batch of so many *lines* stands right after its export."""
    return Standing(answered=np.zeros(lines, dtype=np.uint8), elsewhere=np.zeros(lines, dtype=np.bool_), taken={})


def match(exported: Exported, returned: ReturnFile, standing: Standing) -> Applied:
    """Return what *returned* does to the lines of *exported*; raises `FileRefused` where anything in it is not as it should be.

    The same bytes again are a duplicate and do nothing; the same return_no with other bytes is refused.
    """
    assert len(exported.ss_no) == len(standing.answered) == len(standing.elsewhere)
    _refuse_other_batch(exported, returned)
    before = standing.taken.get(returned.head.return_no)
    if before is not None and before != returned.digest:
        wanted = Wanted("未用过的回盘号，或与前次完全相同的文件", "a return_no that was not used, or the same bytes as then,")
        raise FileRefused([_in_head("return_no", wanted, f"{returned.head.return_no:03d}")])
    if before is not None:
        return _applied(returned, np.zeros(0, dtype=np.uint8), standing.answered, duplicate=True)
    places = _places(exported, returned)
    _refuse_other_lines(exported, returned, places)
    answered = standing.answered[places]
    _refuse_answered(returned, answered)
    after = standing.answered.copy()
    after[places] = returned.result
    _refuse_unanswered(exported, returned, after)
    effect = np.select(
        [returned.result == FAILED, returned.result == REFUNDED, standing.elsewhere[places]], [_FAILED, _REFUNDED, _TWICE], _PAID
    ).astype(np.uint8)
    return _applied(returned, effect, after, duplicate=False)


def _applied(returned: ReturnFile, effect: NDArray[np.uint8], after: NDArray[np.uint8], *, duplicate: bool) -> Applied:
    part = slice(0, len(effect))
    return Applied(
        duplicate=duplicate, complete=bool((after != _UNANSWERED).all()), seq=returned.seq[part], effect=effect, code=returned.code[part],
        bank_serial=returned.bank_serial[part], time=returned.time[part],
    )  # fmt: skip


def _refuse_other_batch(exported: Exported, returned: ReturnFile) -> None:
    for name, sent, told in (("batch", exported.batch, returned.head.batch), ("bank", exported.bank, returned.head.bank)):
        if sent != told:
            raise FileRefused([_in_head(name, Wanted(f" {sent}（与送盘一致）", f"{sent}, as it was exported,"), told)])


def _places(exported: Exported, returned: ReturnFile) -> NDArray[np.intp]:
    unknown = returned.seq > len(exported.ss_no)
    if unknown.any():
        many = len(exported.ss_no)
        wanted = Wanted(f" 1 至 {many}（批次共 {many} 行）", f"a seq of the batch, 1 to {many},")
        raise FileRefused([_at(row, "seq", wanted, str(returned.seq[row])) for row in _first(unknown)])
    return returned.seq - 1


def _refuse_other_lines(exported: Exported, returned: ReturnFile, places: NDArray[np.intp]) -> None:
    problems: list[Problem] = []
    pairs = (("ss_no", exported.ss_no, returned.ss_no), ("account", exported.account, returned.account))
    for name, sent, told in pairs:
        for row in _first(sent[places] != told):
            expected = shown(name, bytes(sent[places[row]]))
            wanted = Wanted(f"送盘时的 {expected}", f"{expected}, as it was exported,")
            problems.append(_at(row, name, wanted, shown(name, bytes(told[row]))))
    for row in _first(exported.amount_fen[places] != returned.amount_fen):
        sent_fen = int(exported.amount_fen[places[row]])
        wanted = Wanted(f" {sent_fen:012d}（送盘金额）", f"{sent_fen:012d}, the amount that was exported,")
        problems.append(_at(row, "amount", wanted, f"{int(returned.amount_fen[row]):012d}"))
    if problems:
        raise FileRefused(sorted(problems, key=lambda each: (each.line, each.column)))


def _refuse_answered(returned: ReturnFile, answered: NDArray[np.uint8]) -> None:
    """Hold answers to those before: a failure may be followed by a late success, a payment by a refund, and nothing else."""
    follows = np.select(
        [returned.result == PAID, returned.result == FAILED], [(answered == _UNANSWERED) | (answered == FAILED), answered == _UNANSWERED],
        answered == PAID,
    )  # fmt: skip
    problems = []
    for row in _first(~follows):
        before = chr(answered[row]) if answered[row] else ""
        wanted = {
            "": Wanted(" P 或 F（此行尚未付款）", "P or F, for this line was not paid yet,"),
            "P": Wanted(" R（此行已付）", "R, for this line was paid already,"),
            "F": Wanted(" P（此行已失败）", "P, for this line failed already,"),
            "R": Wanted("不再出现（此行已退票）", "no further answer, for this line was refunded,"),
        }[before]
        problems.append(_at(row, "result", wanted, chr(returned.result[row])))
    if problems:
        raise FileRefused(problems)


def _refuse_unanswered(exported: Exported, returned: ReturnFile, after: NDArray[np.uint8]) -> None:
    if not returned.head.last or (after != _UNANSWERED).all():
        return
    missing = np.flatnonzero(after == _UNANSWERED)
    said = "、".join(str(place + 1) for place in missing[:PROBLEMS_MAX])
    many = len(exported.ss_no)
    wanted = Wanted(
        f" N，或答复全部 {many} 行（未答复 {len(missing)} 行，序号 {said}）",
        f"N, or an answer to each of the {many} lines ({len(missing)} have none, seq {said.replace('、', ', ')}),",
    )
    raise FileRefused([_in_head("last", wanted, "Y")])


def _first(bad: NDArray[np.bool_]) -> list[int]:
    return [int(row) for row in np.flatnonzero(bad)[:PROBLEMS_MAX]]


def _at(row: int, name: str, wanted: Wanted, seen: str) -> Problem:
    return problem(row + 2, problem_at(RETURN_FORM.row_form, name, 1, wanted).place[1], name, wanted, seen)


def _in_head(name: str, wanted: Wanted, seen: str) -> Problem:
    return problem(1, problem_at(RETURN_FORM.head_form, name, 1, wanted).place[1], name, wanted, seen)
