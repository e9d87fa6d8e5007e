"""What is wrong with a file from a bank, place by place; a file with any of it is refused whole. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

from onecard.values.error import OnecardError
from onecard.values.masked import CardNumber, PersonName, PersonNumber

__all__ = ["PROBLEMS_MAX", "FileRefused", "Problem", "Wanted", "problem", "shown"]

PROBLEMS_MAX: Final = 20
"""Problems told of one file: whoever sent it needs the first ones, and nobody a million."""

_SEEN_MAX: Final = 64

_MASKS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType({
    "ss_no": PersonNumber, "account": CardNumber, "name": PersonName,
})  # fmt: skip


class Wanted(NamedTuple):
    """What was expected in a place, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One place of a file that is not as agreed: *line* and *column* from 1, the column in bytes of its line."""

    line: int
    column: int
    field: str
    expected: str
    seen: str
    zh: str
    en: str


class FileRefused(OnecardError):
    """A bank's file is not as agreed. Nothing of it was taken."""

    code: ClassVar[str] = "payouts.file_refused"
    zh = "文件有 {count} 处不对，整份未作任何处理。第一处：{first_zh}请核对后重新提交。"
    en = "The file is wrong in {count} place(s), and nothing of it was taken. The first: {first_en} Send it again once corrected."

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Refuse for *problems*, one at least; no more than `PROBLEMS_MAX` are kept."""
        assert problems
        self.problems = tuple(problems[:PROBLEMS_MAX])
        super().__init__(count=len(self.problems), first_zh=self.problems[0].zh, first_en=self.problems[0].en)


def problem(line: int, column: int, field: str, wanted: Wanted, seen: str) -> Problem:
    """Return what is wrong at one place, said in both languages."""
    zh = f"第 {line} 行第 {column} 字节（{field}）应为{wanted.zh}，实为“{seen}”。"
    en = f"Line {line}, byte {column} ({field}): {wanted.en} is expected, '{seen}' was found."
    return Problem(line=line, column=column, field=field, expected=wanted.en, seen=seen, zh=zh, en=en)


def shown(field: str, content: bytes | str) -> str:
    """Return how *content* of the column *field* may be shown: persons and accounts masked, what is no text in hex."""
    try:
        text = content if isinstance(content, str) else content.decode("gb18030" if field == "name" else "ascii")
    except UnicodeDecodeError:
        assert isinstance(content, bytes)
        return "hex " + content[: _SEEN_MAX // 2].hex() if field not in _MASKS else "(not text)"
    text = text.strip()
    if field in _MASKS:
        return str(_MASKS[field](text))
    return text[:_SEEN_MAX] if text.isprintable() else ascii(text[:_SEEN_MAX])[1:-1]
