"""The cells of a roster file, CSV or the first sheet of an XLSX, as texts; whatever could hide something is refused. Pure."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from onecard.payouts.roster_problems import Problem

__all__ = ["FILE_BYTES_MAX", "INFLATED_BYTES_MAX", "ROWS_MAX", "Row", "read_table"]

FILE_BYTES_MAX: Final = 32 * 1024 * 1024
INFLATED_BYTES_MAX: Final = 48 * 1024 * 1024
"""What an XLSX may come to: looked up in its directory before anything is inflated."""
ROWS_MAX: Final = 400_000
_ENTRIES_MAX: Final = 1_000
_CELLS_MAX: Final = 64  # Of one row.

Row = tuple[int, list[str]]
"""Its number in the file, from 1, and its cells."""

_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)


class _Refused(Exception):
    """The file as a whole is not taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


def read_table(content: bytes) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a file that are not empty, or why it is not taken. A file is an XLSX where it begins like a ZIP."""
    try:
        if len(content) > FILE_BYTES_MAX:
            raise _Refused(_whole(f"文件超过 {FILE_BYTES_MAX >> 20} MB", f"it is larger than {FILE_BYTES_MAX >> 20} MB"))
        rows = list(_of_xlsx(content) if content[:4] == b"PK\x03\x04" else _of_csv(content))
    except _Refused as refused:
        return [], [refused.problem]
    return [(number, cells) for number, cells in rows if any(cells)], []


def _of_csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        line = content[: mistake.start].count(b"\n") + 1
        raise _Refused(Problem(line, "", "", "此处不是 UTF-8", "this is not UTF-8")) from mistake
    if "\0" in text:
        raise _Refused(_whole("文件含有空字符", "it holds a NUL character"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            _refuse_beyond(reader.line_num, cells)
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as mistake:
        raise _Refused(Problem(reader.line_num, "", "", "此行的引号或分隔符不对", "quotes or commas of this row are wrong")) from mistake


def _of_xlsx(content: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > _ENTRIES_MAX or sum(entry.file_size for entry in entries) > INFLATED_BYTES_MAX:
                most = INFLATED_BYTES_MAX >> 20
                raise _Refused(_whole(f"解开后超过 {most} MB，未予解开", f"it would inflate to more than {most} MB and was not inflated"))
            sheet = _xml(packed, _first_sheet(packed))
            shared = _shared(packed)
    except (zipfile.BadZipFile, KeyError, ParseError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as mistake:
        raise _Refused(_whole("不是完好的 XLSX 文件", "it is no sound XLSX file")) from mistake
    merged = sheet.find(f".//{_SHEET}mergeCell")
    if merged is not None:
        raise _Refused(_at(merged.get("ref", "").partition(":")[0], "有合并单元格，请先取消合并", "cells are merged here: part them first"))
    for row in sheet.iter(f"{_SHEET}row"):
        yield _row(row, shared)


def _row(row: Element, shared: list[str]) -> Row:
    cells: list[str] = []
    number = int(row.get("r", "0"))
    for cell in row.iter(f"{_SHEET}c"):
        place = _CELL.fullmatch(cell.get("r", ""))
        if place is None:
            raise _Refused(_whole("单元格缺少位置", "a cell has no place"))
        column = _column_number(place[1])
        if cell.find(f"{_SHEET}f") is not None:
            raise _Refused(_at(place[0], "有公式，请改为数值", "a formula stands here: put its value in its place"))
        if column > _CELLS_MAX:
            continue
        cells += [""] * (column - len(cells))
        cells[column - 1] = _text(cell, shared)
    _refuse_beyond(number, cells)
    return number, cells


def _text(cell: Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(each.text or "" for each in cell.iter(f"{_SHEET}t")).strip()
    told = cell.findtext(f"{_SHEET}v", "")
    if kind != "s":
        return told.strip()
    if not told.isdigit() or int(told) >= len(shared):
        raise _Refused(_at(cell.get("r", ""), "引用了不存在的文字", "it points to a text that is not there"))
    return shared[int(told)].strip()


def _first_sheet(packed: zipfile.ZipFile) -> str:
    book = _xml(packed, "xl/workbook.xml")
    sheet = book.find(f".//{_SHEET}sheet")
    if sheet is None:
        raise _Refused(_whole("没有工作表", "it has no sheet"))
    for link in _xml(packed, "xl/_rels/workbook.xml.rels"):
        if link.get("Id") == sheet.get(_LINK):
            target = link.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise _Refused(_whole("没有工作表", "it has no sheet"))


def _shared(packed: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in packed.namelist():
        return []
    return ["".join(part.text or "" for part in text.iter(f"{_SHEET}t")) for text in _xml(packed, name).iter(f"{_SHEET}si")]


def _xml(packed: zipfile.ZipFile, name: str) -> Element:
    """Return one part; a document type, which could make much of little, is refused."""
    content = packed.read(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _Refused(_whole("XML 含有文档类型声明", "its XML declares a document type"))
    return fromstring(content)  # noqa: S314 - Without a document type there are no entities to expand; its size was looked up.


def _refuse_beyond(number: int, cells: list[str]) -> None:
    if number > ROWS_MAX + 1:
        raise _Refused(Problem(number, "", "", f"超过 {ROWS_MAX} 行", f"there are more than {ROWS_MAX} rows"))
    if len(cells) > _CELLS_MAX:
        raise _Refused(Problem(number, "", "", f"超过 {_CELLS_MAX} 列", f"there are more than {_CELLS_MAX} columns"))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _at(cell: str, zh: str, en: str) -> Problem:
    place = _CELL.fullmatch(cell)
    return Problem(int(place[2]) if place else 1, place[1] if place else "", "", zh, en)


def _whole(zh: str, en: str) -> Problem:
    return Problem(1, "", "", zh, en)
