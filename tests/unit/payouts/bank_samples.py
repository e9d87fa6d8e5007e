"""Batches and returns for tests of bank files, and ways to alter a file and make its head right again."""

from collections.abc import Sequence
from datetime import UTC, datetime

from onecard.payouts.batch_file import BatchHead, BatchLines, write_batch
from onecard.payouts.return_file import ReturnHead
from onecard.payouts.return_writing import ReturnLines, write_return
from onecard.values.sealed_file import sm3

# 昞 ends in a backslash and 晐 in a bar in GB18030; 㐂𠮷 lies outside GBK; the dot of names is written in four ways.
NAMES = ["李昞", "晐晐", "㐂𠮷", "王·买买提", "王•买买提", "王・买买提", "王･买买提", "John Smith"]
AT = datetime(2024, 10, 25, 2, tzinfo=UTC)


def head(encoding="GB18030") -> BatchHead:
    return BatchHead(batch="P20241025-0001", programme="high-age-allowance", period="2024-09", bank="B01", encoding=encoding)


def lines(many=8, **other) -> BatchLines:
    told = {
        "ss_no": [f"330491{number:012d}" for number in range(many)], "name": [NAMES[number % len(NAMES)] for number in range(many)],
        "account": [f"62{number:017d}" for number in range(many)], "amount_fen": [6_000 + number for number in range(many)],
        "memo": ["2024-09 高龄津贴"] * many,
    }  # fmt: skip
    return BatchLines(**{**told, **other})


def batch(many=8, encoding="GB18030") -> bytes:
    return write_batch(head(encoding), lines(many))


def returned(seqs: Sequence[int], results: str, *, return_no=1, last=True, batch_lines: BatchLines | None = None, **other) -> bytes:
    """Return the file that answers each of *seqs* by the letter of *results* at its place."""
    sent = batch_lines or lines(max(seqs))
    told = {
        "seq": list(seqs), "ss_no": [sent.ss_no[seq - 1] for seq in seqs], "account": [sent.account[seq - 1] for seq in seqs],
        "amount_fen": [sent.amount_fen[seq - 1] for seq in seqs], "result": list(results),
        "code": ["F03" if result == "F" else "" for result in results], "bank_serial": [f"S{return_no:03d}{seq:07d}" for seq in seqs],
        "time": [AT] * len(seqs),
    }  # fmt: skip
    top = ReturnHead(batch="P20241025-0001", return_no=return_no, bank="B01", encoding="GB18030", last=last)
    return write_return(top, ReturnLines(**{**told, **other}))


def cut_lines(content: bytes) -> list[bytes]:
    return content[:-1].split(b"\n")


def resealed(lines: Sequence[bytes]) -> bytes:
    """Return *lines* with the head's digest made right again, so that what was altered itself is found."""
    digest = sm3(b"".join(line + b"\n" for line in lines[1:-1])).hex().encode()
    return b"\n".join([lines[0][:-64] + digest, *lines[1:]]) + b"\n"


def put(line: bytes, at: int, content: bytes) -> bytes:
    """Return *line* with *content* from byte *at* (from 1) on."""
    return line[: at - 1] + content + line[at - 1 + len(content) :]
