"""Lists as files: whatever a cell holds, no spreadsheet runs it, and what is a text stays one."""

import asyncio
import csv
import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.web.console_export import CellValue, Export, export_response, guarded

STARTERS = ["=1+1", "＝1+1", "@SUM(A1)", "＠SUM", "+1", "＋1", "-1", "－1", "\tx", "\rx"]
EVIL = [*STARTERS, "<img src=x onerror=alert(1)>", 'a"b,c', "http://evil.example/", "007", "王*国"]


def made(form: str, *cells: CellValue) -> tuple[bytes, dict[str, str]]:
    export = Export(
        name="onecard-uses-2024-10-31-clerk", sheet="用卡记录", labels=["值"], rows=[[cell] for cell in cells], about=[("导出人", "clerk")]
    )
    answer = asyncio.run(export_response(export, form))  # type: ignore[arg-type]
    return bytes(answer.body), dict(answer.headers)


def csv_cells(content: bytes) -> list[str]:
    assert content.startswith(b"\xef\xbb\xbf")
    return [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))][1:]


def sheet(content: bytes, name: str = "sheet1") -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/{name}.xml").decode()


@pytest.mark.parametrize("text", STARTERS)
def test_a_text_that_a_spreadsheet_would_run_gets_a_mark_before_it(text):
    assert guarded(text) == "'" + text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20), max_size=5))
def test_no_cell_of_a_csv_begins_like_a_formula_and_every_text_can_be_had_back(texts):
    cells = csv_cells(made("csv", *texts)[0])
    assert [cell.removeprefix("'") if cell[1:].startswith(tuple("=+-@＝＋－＠\t\r")) else cell for cell in cells] == texts
    assert not [cell for cell in cells if cell[0] in "=+-@＝＋－＠\t\r"]


def test_a_workbook_keeps_texts_as_texts_numbers_as_numbers_and_runs_nothing():
    content, headers = made("xlsx", *EVIL, 1234.5, None, datetime(2024, 10, 31, 4, 0, tzinfo=UTC))
    told = sheet(content)
    assert "<f>" not in told and "hyperlink" not in told
    kinds = re.findall(r'<c r="A(\d+)"(?: s="\d+")?(?: t="(\w+)")?', told)
    assert [kind for _, kind in kinds[1 : len(EVIL) + 1]] == ["inlineStr"] * len(EVIL)
    assert "<v>1234.5</v>" in told and "007" in told
    assert "clerk" in sheet(content, "sheet2")
    assert headers["content-disposition"] == 'attachment; filename="onecard-uses-2024-10-31-clerk.xlsx"'


def test_a_file_is_kept_by_nobody_on_its_way():
    assert made("csv", "x")[1]["cache-control"] == "no-store"


def test_an_instant_stands_by_the_citys_clock():
    assert csv_cells(made("csv", datetime(2024, 10, 31, 4, 0, tzinfo=UTC))[0]) == ["2024-10-31 12:00:00"]


def test_an_amount_has_two_decimals():
    assert csv_cells(made("csv", 15.0, 1234.5, 7)[0]) == ["15.00", "1234.50", "7"]
