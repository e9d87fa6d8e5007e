"""pain.001 and pain.002 say what the text files say, and nothing that is not as the schema has it is taken."""

from datetime import UTC, date, datetime

import pytest

from onecard.payouts.bank_problem import FileRefused
from onecard.payouts.batch_file import BatchLines, read_batch
from onecard.payouts.iso_pain001 import Payer, read_pain001, write_pain001
from onecard.payouts.iso_pain002 import read_pain002, write_pain002
from onecard.payouts.iso_xml import PAYMENTS_MAX
from onecard.payouts.return_file import ReturnHead, read_return
from onecard.payouts.return_match import exported_of, match, nothing_answered
from onecard.payouts.return_writing import ReturnLines
from tests.unit.payouts.bank_samples import AT, batch, head, lines, returned

MADE_AT = datetime(2024, 10, 24, 2, tzinfo=UTC)
PAYER = Payer(name="海宁市财政局", account="6200000000000000001")
BATCH = write_pain001(head("UTF-8"), lines(), PAYER, MADE_AT, date(2024, 10, 25))
ALL = list(range(1, 9))


def report(results="PPFPPPPF", *, last=True, return_no=1, sent: BatchLines | None = None) -> bytes:
    sent = sent or lines()
    top = ReturnHead(batch=head().batch, return_no=return_no, bank="B01", encoding="UTF-8", last=last)
    told = ReturnLines(
        seq=ALL, ss_no=sent.ss_no, account=sent.account, amount_fen=sent.amount_fen, result=list(results),
        code=["F03" if result == "F" else "" for result in results], bank_serial=[f"S001{seq:07d}" for seq in ALL], time=[AT] * 8,
    )  # fmt: skip
    return write_pain002(top, told, MADE_AT, 8)


def test_a_batch_comes_back_as_it_was_sent():
    assert read_pain001(BATCH) == (head("UTF-8"), lines())
    assert write_pain001(head("UTF-8"), lines(), PAYER, MADE_AT, date(2024, 10, 25)) == BATCH


def test_a_report_does_what_the_text_return_does():
    exported = exported_of(read_batch(batch()))
    as_xml = match(exported, read_pain002(report()), nothing_answered(8))
    as_text = match(exported, read_return(returned(ALL, "PPFPPPPF")), nothing_answered(8))
    assert as_xml.counts == as_text.counts
    assert as_xml.failed == as_text.failed == {"F03": 2}
    for name in ("seq", "effect", "code", "time"):
        assert getattr(as_xml, name).tolist() == getattr(as_text, name).tolist()
    assert as_xml.complete


def test_a_report_may_leave_payments_pending_or_tell_refunds():
    assert not read_pain002(report(last=False)).head.last
    assert bytes(read_pain002(report("RPPPPPPP", return_no=2)).result) == b"RPPPPPPP"


def test_a_message_holds_no_more_payments_than_banks_take():
    with pytest.raises(FileRefused) as refused:
        write_pain001(head("UTF-8"), lines(PAYMENTS_MAX + 1), PAYER, MADE_AT, date(2024, 10, 25))
    assert refused.value.problems[0].field == "NbOfTxs"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param(b"<Document", b'<!DOCTYPE a [<!ENTITY b "c">]><Document', "Document", id="entities"),
        pytest.param(b'encoding="UTF-8"', b'encoding="UTF-16"', "Document", id="another encoding"),
        pytest.param("昞".encode(), b"\xff", "Document", id="no UTF-8"),
        pytest.param(b"pain.001.001.09", b"pain.001.001.03", "Document", id="another version"),
        pytest.param(b"<GrpHdr>", b"<GrpHdr><More>1</More>", "Document", id="an unknown element"),
        pytest.param(b'Ccy="CNY"', b'Ccy="CNY" More="1"', "Document", id="an unknown attribute"),
        pytest.param(b'Ccy="CNY"', b'Ccy="USD"', "InstdAmt", id="another currency"),
        pytest.param(b">60.00<", b">60.001<", "InstdAmt", id="a tenth of a fen"),
        pytest.param(b">60.00<", b">NaN<", "InstdAmt", id="no number"),
        pytest.param(b">60.00<", b">60.01<", "CtrlSum", id="0.01 off"),
        pytest.param(b"<NbOfTxs>8<", b"<NbOfTxs>9<", "NbOfTxs", id="another count"),
        pytest.param(b"/0000002<", b"/0000001<", "EndToEndId", id="a seq twice"),
        pytest.param(b"</CstmrCdtTrfInitn></Document>", b"", "Document", id="cut off"),
    ],
)
def test_a_wrong_batch_message_is_refused(old, new, field):
    assert old in BATCH
    with pytest.raises(FileRefused) as refused:
        read_pain001(BATCH.replace(old, new, 1))
    assert refused.value.problems[0].field == field


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param(b"/0000002<", b"/0000001<", "OrgnlEndToEndId", id="a seq twice"),
        pytest.param(b"<TxSts>ACSC<", b"<TxSts>ACCP<", "TxSts", id="a status that says nothing final"),
        pytest.param(b"<Prtry>F03<", b"<Prtry>AC04<", "TxSts", id="another code"),
        pytest.param(b"<DtldNbOfTxs>6<", b"<DtldNbOfTxs>7<", "NbOfTxsPerSts", id="another count"),
        pytest.param(b">60.00<", b">60.01<", "NbOfTxsPerSts", id="0.01 off"),
        pytest.param(b".r001<", b".r000<", "MsgId", id="return 0"),
        pytest.param(b"2024-10-25T02:00:00Z", b"2024-10-25T02:00:00", "AccptncDtTm", id="a time without offset"),
        pytest.param(b"330491000000000000", "３３０".encode(), "PrvtId", id="wide digits"),
    ],
)
def test_a_wrong_report_is_refused(old, new, field):
    content = report()
    assert old in content
    with pytest.raises(FileRefused) as refused:
        read_pain002(content.replace(old, new, 1))
    assert refused.value.problems[0].field == field
