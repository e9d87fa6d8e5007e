"""ISO 20022 messages to XML and back, strictly: no document type, no entity, no element or attribute that the schema has not. Pure.

The classes are pyiso20022's, generated from the published schemas; xsdata reads and writes by them (docs/decisions/0034).
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar
from xml.etree.ElementTree import ParseError

from xsdata.exceptions import ConverterError, ConverterWarning, ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from onecard.payouts.bank_columns import AMOUNT_FEN_MAX
from onecard.payouts.bank_problem import FileRefused, Wanted, problem

__all__ = ["CURRENCY", "MESSAGE_BYTES_MAX", "PAYMENTS_MAX", "decimal_yuan", "fen_in", "only", "read_xml", "refuse", "write_xml"]

PAYMENTS_MAX: Final = 10_000
"""Payments of one message: banks take no more, and a tree of objects for each is what memory is spent on."""

MESSAGE_BYTES_MAX: Final = PAYMENTS_MAX * 4_096
CURRENCY: Final = "CNY"

_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_CENT: Final = Decimal("0.01")

Document = TypeVar("Document")


def write_xml(document: object, namespace: str) -> bytes:
    """Return the message as UTF-8, the same bytes for the same message."""
    return XmlSerializer(config=SerializerConfig(encoding="UTF-8")).render(document, ns_map={None: namespace}).encode("utf-8")


def read_xml(content: bytes, kind: type[Document]) -> Document:
    """Return the message in *content*; raises `FileRefused` where it is none of this *kind*.

    A document type is refused before anything is parsed: entities cannot be declared, so none can be expanded.
    """
    if len(content) > MESSAGE_BYTES_MAX:
        wanted = Wanted(f"至多 {MESSAGE_BYTES_MAX} 字节", f"a message of at most {MESSAGE_BYTES_MAX} bytes")
        raise refuse("Document", wanted, str(len(content)))
    declared = _DECLARED.match(content)
    if declared is not None and declared[1].lower() != b"utf-8":
        raise refuse("Document", Wanted(" UTF-8 编码", "UTF-8"), declared[1][:20].decode("ascii", "replace"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse("Document", Wanted(" UTF-8 编码", "UTF-8"), content[error.start : error.start + 1].hex(), line) from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refuse("Document", Wanted("没有 DOCTYPE 的报文", "a message without DOCTYPE"), "<!DOCTYPE")
    config = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
    try:
        return XmlParser(config=config).from_bytes(content, kind)
    except (ParserError, ConverterError, ConverterWarning, ParseError, TypeError, ValueError) as mistake:
        line = getattr(mistake, "position", (1, 1))[0]
        said = type(mistake).__name__
        raise refuse("Document", Wanted(" ISO 20022 报文结构", "an ISO 20022 message of that kind"), said, line) from mistake


def refuse(field: str, wanted: Wanted, seen: str, line: int = 1) -> FileRefused:
    """Return the refusal of a message for its element *field*; *line* is the payment's number where one is meant."""
    return FileRefused([problem(line, 1, field, wanted, seen)])


def decimal_yuan(fen: int) -> Decimal:
    """Return *fen* as yuan with two decimals."""
    return (Decimal(fen) / 100).quantize(_CENT)


def fen_in(value: Decimal, currency: str, line: int) -> int:
    """Return an amount as fen: above nothing, two decimals at most, in `CURRENCY`. Raises `FileRefused`."""
    try:
        whole = value.is_finite() and value == value.quantize(_CENT) and 0 < value * 100 <= AMOUNT_FEN_MAX
    except InvalidOperation:
        whole = False
    if not whole or currency != CURRENCY:
        wanted = Wanted(f"以 {CURRENCY} 计、两位小数的金额", f"an amount above 0 in {CURRENCY} with two decimals")
        raise refuse("InstdAmt", wanted, f"{value} {currency}"[:40], line)
    return int(value * 100)


def only(values: Sequence[Document], field: str, line: int = 1) -> Document:
    """Return the one element of *values*; raises `FileRefused` where there is none or more than one."""
    if len(values) != 1:
        raise refuse(field, Wanted("恰好一个元素", "exactly one element"), str(len(values)), line)
    return values[0]
