"""A roster file is taken whole or refused with row and column, whatever it holds."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.app.application import city_rules
from onecard.payouts.roster_file import RosterRow, numbers_meant, plain_name, read_roster_file
from onecard.payouts.roster_problems import Problem
from onecard.payouts.roster_table import FILE_BYTES_MAX
from onecard.settings.city_folder import find_city
from onecard.values.person_number import check_character

LISTS = city_rules(find_city("jiaxing")).lists
FIRST_17 = "33049119500101004"
NUMBER = FIRST_17 + check_character(FIRST_17)
WRONG = FIRST_17 + ("0" if NUMBER[-1] != "0" else "1")
HEADER = "person_no,name,village,land"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(content: bytes | str, *facts: str) -> tuple[list[RosterRow], list[Problem]]:
    return read_roster_file(content.encode() if isinstance(content, str) else content, facts or ("land",), LISTS)


def refused(content: bytes | str, *facts: str) -> list[tuple[int, str]]:
    rows, problems = read(content, *facts)
    assert rows == [] and problems and all(problem.zh and problem.en for problem in problems)
    return [(problem.row, problem.column) for problem in problems]


def xlsx(rows: str, after: str = "", shared: str = "", doctype: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>')
        file.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>')
        file.writestr("xl/worksheets/sheet1.xml", f"{doctype}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>")
        if shared:
            file.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
    return packed.getvalue()


def row(number: int, *cells: str, kind: str = "inlineStr") -> str:
    told = "".join(
        f'<c r="{chr(65 + at)}{number}" t="{kind}"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
    )  # fmt: skip
    return f'<row r="{number}">{told}</row>'


SHEET_HEADER = row(1, *HEADER.split(","))


def test_a_file_is_read_with_its_evidence_in_hundredths():
    rows, problems = read(f"\ufeff{HEADER}\r\n{NUMBER},王·买买提,桃园村,2.5\r\n\r\n")
    assert problems == [] and len(rows) == 1
    assert (rows[0].row, rows[0].number.reveal(), rows[0].village, rows[0].facts) == (2, NUMBER, "桃园村", {"land": 250})


def test_a_sheet_is_read_like_a_csv():
    rows, problems = read(xlsx(SHEET_HEADER + row(2, NUMBER, "王三", "桃园", "12.50")))
    assert problems == [] and rows[0].facts == {"land": 1250}


def test_shared_texts_are_read():
    cells = "".join(f'<c r="{chr(65 + at)}2" t="s"><v>{at}</v></c>' for at in range(4))
    shared = "".join(f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r></si>" for text in (NUMBER, "王三", "桃园", "3"))
    rows, _ = read(xlsx(SHEET_HEADER + f'<row r="2">{cells}</row>', shared=shared))
    assert rows[0].number.reveal() == NUMBER


@pytest.mark.parametrize(
    ("line", "column"),
    [
        pytest.param(f"{WRONG},王三,桃园,1", "person_no", id="check digit"),
        pytest.param("330491195013010,王三,桃园,1", "person_no", id="no such month in an old number"),
        pytest.param("33049119500101,王三,桃园,1", "person_no", id="too short"),
        pytest.param(f"{NUMBER},,桃园,1", "name", id="no name"),
        pytest.param(f"{NUMBER},王\u202e三,桃园,1", "name", id="a character that turns text around"),
        pytest.param(f"{NUMBER},王三,,1", "village", id="no village"),
        pytest.param(f"{NUMBER},王三,桃园,-1", "land", id="below nothing"),
        pytest.param(f"{NUMBER},王三,桃园,1.005", "land", id="thousandths"),
        pytest.param(f"{NUMBER},王三,桃园,10000.01", "land", id="out of bounds"),
        pytest.param(f"{NUMBER},王三,桃园,１", "land", id="full width"),
        pytest.param(f"{NUMBER},王三,桃园", "land", id="missing"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_by_column(line: str, column: str):
    assert refused(f"{HEADER}\n{line}\n") == [(2, column)]


def test_a_refusal_never_shows_a_whole_number():
    _, problems = read(f"{HEADER}\n{WRONG},王三,桃园,1\n")
    assert WRONG not in str(problems)


def test_one_bad_row_refuses_the_file_whole():
    assert refused(f"{HEADER}\n{NUMBER},王三,桃园,1\n{WRONG},李四,桃园,1\n") == [(3, "person_no")]


def test_the_same_person_twice_is_refused():
    assert refused(f"{HEADER}\n{NUMBER},王三,桃园,1\n{NUMBER},王三,桃园,2\n") == [(3, "person_no")]


def test_old_numbers_are_taken_and_mean_their_new_form_too():
    rows, problems = read(f"{HEADER}\n330491500101004,王三,桃园,1\n")
    assert problems == [] and numbers_meant(rows[0].number.reveal()) == ("330491500101004", NUMBER)
    assert numbers_meant(NUMBER) == (NUMBER,)


def test_names_are_compared_whatever_dot_was_typed():
    assert len({plain_name(f"王{dot}买买提") for dot in "·•・‧"}) == 1


@pytest.mark.parametrize("header", ["person_no,name,land", HEADER + ",phone", HEADER + ",land", "", "land,land,land,land"])
def test_a_header_is_what_is_asked_for_and_no_more(header: str):
    assert all(place[0] == 1 for place in refused(f"{header}\n{NUMBER},王三,桃园,1,1\n"))


def test_columns_may_stand_in_any_order():
    rows, _ = read(f"land,village,name,person_no\n1,桃园,王三,{NUMBER}\n")
    assert rows[0].facts == {"land": 100}


def test_names_of_a_closed_list_are_held_to_it():
    rows, _ = read(f"person_no,name,village,schooling\n{NUMBER},王三,桃园,primary\n", "schooling")
    assert rows[0].facts == {"schooling": "primary"}
    assert refused(f"person_no,name,village,schooling\n{NUMBER},王三,桃园,kindergarten\n", "schooling") == [(2, "schooling")]


def test_merged_cells_are_refused_where_they_are():
    assert refused(xlsx(SHEET_HEADER, after='<mergeCells><mergeCell ref="B2:B4"/></mergeCells>')) == [(2, "B")]


def test_a_formula_is_refused_where_it_is():
    assert refused(xlsx(SHEET_HEADER + '<row r="2"><c r="D2"><f>SUM(A1:A9)</f><v>7</v></c></row>')) == [(2, "D")]


def test_a_zip_bomb_is_refused_before_it_is_inflated(monkeypatch: pytest.MonkeyPatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file, file.open("xl/workbook.xml", "w") as part:
        for _ in range(300):
            part.write(bytes(1 << 20))
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was inflated"))
    assert refused(packed.getvalue()) == [(1, "")]


def test_entities_are_refused():
    assert refused(xlsx(SHEET_HEADER, doctype='<!DOCTYPE x [<!ENTITY a "b">]>')) == [(1, "")]


def test_a_file_that_is_too_large_is_refused():
    assert refused(bytes(FILE_BYTES_MAX + 1)) == [(1, "")]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes):
    for begun in (content, HEADER.encode() + b"\n" + content, b"PK\x03\x04" + content):
        rows, problems = read(begun)
        assert not (rows and problems) and (rows or problems)


@given(st.data())
def test_a_sheet_with_any_byte_changed_is_read_or_refused(data: st.DataObject):
    whole = bytearray(xlsx(SHEET_HEADER + row(2, NUMBER, "王三", "桃园", "12.50")))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    rows, problems = read(bytes(whole))
    assert not (rows and problems) and (rows or problems)
