"""The file that goes to the card maker: one row for each person whose card is to be made. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from onecard.values.fixed_columns import Column, Encoding
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.sealed_file import SealedForm, read_sealed, write_sealed

__all__ = ["BATCH", "MAKE_FORM", "MakeFile", "MakeRow", "read_make_file", "write_make_file"]

BATCH: Final = Column(name="batch", width=20)

MAKE_FORM: Final = SealedForm(
    head=(BATCH,),
    row=(
        Column(name="kind", width=9), Column(name="ss_no", width=18), Column(name="name", width=60), Column(name="region", width=6),
        Column(name="bank", width=8), Column(name="replaces", width=9),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRow:
    """One card to be made."""

    kind: str
    ss_no: PersonNumber
    name: PersonName
    region: str
    bank: str
    replaces: CardNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFile:
    """A batch as the maker reads it."""

    batch: str
    encoding: Encoding
    rows: tuple[MakeRow, ...]


def write_make_file(file: MakeFile) -> bytes:
    """Return the bytes of *file*: the same for the same rows. Raises `FileProblem` where a name does not fit."""
    return write_sealed(MAKE_FORM, {"batch": file.batch}, _rows(file.rows), file.encoding)


def read_make_file(content: bytes) -> MakeFile:
    """Return what a make file says, as the maker reads it; raises `FileProblem`."""
    told = read_sealed(MAKE_FORM, content)
    rows = tuple(
        MakeRow(
            kind=row["kind"], ss_no=PersonNumber(row["ss_no"]), name=PersonName(row["name"]), region=row["region"], bank=row["bank"],
            replaces=CardNumber(row["replaces"]) if row["replaces"] else None,
        )
        for row in told.rows
    )  # fmt: skip
    return MakeFile(batch=told.head["batch"], encoding=told.encoding, rows=rows)


def _rows(rows: Iterable[MakeRow]) -> Iterable[dict[str, str | int]]:
    for row in rows:
        yield {
            "kind": row.kind, "ss_no": row.ss_no.reveal(), "name": row.name.reveal(), "region": row.region, "bank": row.bank,
            "replaces": "" if row.replaces is None else row.replaces.reveal(),
        }  # fmt: skip
