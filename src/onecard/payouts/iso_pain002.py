"""A return as pain.002.001.10 (customer payment status report): read into the same value as the text file's. Pure.

ACSC says paid, RJCT failed with the proprietary code F01–F99, and RJCT with the additional word REFUND refunded after it was
paid. PDNG of the group says that more reports follow. Counts and sums stand by status, and are held to the payments.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyiso20022.pain.pain_002_001_10 as pain
from xsdata.models.datatype import XmlDateTime

from onecard.payouts.bank_problem import Wanted
from onecard.payouts.bank_text import Misfit, mark_cells
from onecard.payouts.iso_pain001 import PAIN001, end_to_end_id
from onecard.payouts.iso_xml import CURRENCY, PAYMENTS_MAX, decimal_yuan, fen_in, only, read_xml, refuse, write_xml
from onecard.payouts.return_file import RETURN_NO_MAX, Result, ReturnFile, ReturnHead
from onecard.payouts.return_writing import ReturnLines
from onecard.values.sealed_file import sm3

__all__ = ["PAIN002", "read_pain002", "write_pain002"]

PAIN002: Final = "pain.002.001.10"

_NAMESPACE: Final = f"urn:iso:std:iso:20022:tech:xsd:{PAIN002}"
_STATUS: Final[dict[Result, str]] = {"P": "ACSC", "F": "RJCT", "R": "RJCT"}
_REFUND: Final = "REFUND"
_PENDING: Final = "PDNG"
_MESSAGE: Final = re.compile(r"(.{1,20})\.r([0-9]{3})", re.ASCII)
_END_TO_END: Final = re.compile(r"(.{1,20})/([0-9]{7})", re.ASCII)
_CODE: Final = re.compile(r"F[0-9]{2}", re.ASCII)


def write_pain002(head: ReturnHead, lines: ReturnLines, made_at: datetime, asked: int) -> bytes:
    """Return the report on *lines* of a batch in which *asked* payments were; as the stand-in bank writes it."""
    assert len(lines.seq) <= PAYMENTS_MAX
    original = pain.OriginalPaymentInstruction32(
        orgnl_pmt_inf_id=head.batch, tx_inf_and_sts=[_status(head, lines, row) for row in range(len(lines.seq))]
    )  # fmt: skip
    top = pain.OriginalGroupHeader17(
        orgnl_msg_id=head.batch, orgnl_msg_nm_id=PAIN001, orgnl_nb_of_txs=str(asked), grp_sts="PART" if head.last else _PENDING,
        nb_of_txs_per_sts=[
            pain.NumberOfTransactionsPerStatus5(dtld_nb_of_txs=str(many), dtld_sts=status, dtld_ctrl_sum=decimal_yuan(fen))
            for status, (many, fen) in sorted(_sums(lines.result, lines.amount_fen).items())
        ],
    )  # fmt: skip
    agent = pain.FinancialInstitutionIdentification18(othr=pain.GenericFinancialIdentification1(id=head.bank))
    report = pain.CustomerPaymentStatusReportV10(
        grp_hdr=pain.GroupHeader86(
            msg_id=f"{head.batch}.r{head.return_no:03d}", cre_dt_tm=XmlDateTime.from_datetime(made_at.replace(microsecond=0)),
            dbtr_agt=pain.BranchAndFinancialInstitutionIdentification6(fin_instn_id=agent),
        ),
        orgnl_grp_inf_and_sts=top, orgnl_pmt_inf_and_sts=[original],
    )  # fmt: skip
    return write_xml(pain.Document(cstmr_pmt_sts_rpt=report), _NAMESPACE)


def read_pain002(content: bytes) -> ReturnFile:
    """Return what a report says, for `return_match.match`. Raises `FileRefused`; line is the payment's number in the report."""
    told = read_xml(content, pain.Document).cstmr_pmt_sts_rpt
    head = _head(told)
    payments = only(told.orgnl_pmt_inf_and_sts, "OrgnlPmtInfAndSts").tx_inf_and_sts
    if not 0 < len(payments) <= PAYMENTS_MAX:
        raise refuse("TxInfAndSts", Wanted(f" 1 至 {PAYMENTS_MAX} 笔", f"1 to {PAYMENTS_MAX} payments"), str(len(payments)))
    rows = [_payment(head.batch, line, payment) for line, payment in enumerate(payments, 1)]
    seq, ss_no, account, amount_fen, result, code, serial, at = zip(*rows, strict=True)
    if len(set(seq)) != len(seq):
        line, twice = next((line, each) for line, each in enumerate(seq, 1) if each in seq[: line - 1])
        raise refuse("OrgnlEndToEndId", Wanted("未出现过的序号", "a seq that no earlier payment has"), str(twice), line)
    _hold_sums(told, result, amount_fen)
    return ReturnFile(
        head=head, digest=sm3(content), seq=np.array(seq, dtype=np.int64), ss_no=np.array(ss_no, dtype="S18"),
        account=np.array(account, dtype="S32"), amount_fen=np.array(amount_fen, dtype=np.int64),
        result=np.array([ord(each) for each in result], dtype=np.uint8), code=np.array(code, dtype=np.uint8),
        bank_serial=np.array(serial, dtype="S20"), time=np.array(at, dtype="datetime64[s]"),
    )  # fmt: skip


def _status(head: ReturnHead, lines: ReturnLines, row: int) -> pain.PaymentTransaction105:
    result, reason = lines.result[row], []
    if result != "P":
        choice = pain.StatusReason6Choice(prtry=lines.code[row] or "F99")
        reason = [pain.StatusReasonInformation12(rsn=choice, addtl_inf=[_REFUND] if result == "R" else [])]
    amount = pain.ActiveOrHistoricCurrencyAndAmount(value=decimal_yuan(lines.amount_fen[row]), ccy=CURRENCY)
    person = pain.PersonIdentification13(othr=[pain.GenericPersonIdentification1(id=lines.ss_no[row])])
    account = pain.AccountIdentification4Choice(othr=pain.GenericAccountIdentification1(id=lines.account[row]))
    return pain.PaymentTransaction105(
        orgnl_end_to_end_id=end_to_end_id(head.batch, lines.seq[row]), tx_sts=_STATUS[result], sts_rsn_inf=reason,
        accptnc_dt_tm=XmlDateTime.from_datetime(lines.time[row]), acct_svcr_ref=lines.bank_serial[row],
        orgnl_tx_ref=pain.OriginalTransactionReference28(
            amt=pain.AmountType4Choice(instd_amt=amount), cdtr_acct=pain.CashAccount38(id=account),
            cdtr=pain.Party40Choice(pty=pain.PartyIdentification135(id=pain.Party38Choice(prvt_id=person))),
        ),
    )  # fmt: skip


def _head(told: pain.CustomerPaymentStatusReportV10) -> ReturnHead:
    top, batch = told.orgnl_grp_inf_and_sts, told.orgnl_grp_inf_and_sts.orgnl_msg_id
    named = _MESSAGE.fullmatch(told.grp_hdr.msg_id)
    if named is None or named[1] != batch or not int(named[2]):
        wanted = Wanted(f" {batch}.r001 至 {batch}.r{RETURN_NO_MAX}", f"{batch}.r001 to {batch}.r{RETURN_NO_MAX}")
        raise refuse("MsgId", wanted, told.grp_hdr.msg_id[:35])
    if top.orgnl_msg_nm_id != PAIN001:
        raise refuse("OrgnlMsgNmId", Wanted(f" {PAIN001}", PAIN001), top.orgnl_msg_nm_id[:35])
    agent = told.grp_hdr.dbtr_agt.fin_instn_id.othr if told.grp_hdr.dbtr_agt else None
    return ReturnHead(
        batch=batch, return_no=int(named[2]), bank=agent.id if agent else "", encoding="UTF-8", last=top.grp_sts != _PENDING
    )  # fmt: skip


def _payment(batch: str, line: int, told: pain.PaymentTransaction105) -> tuple[int, str, str, int, Result, int, str, str]:
    named = _END_TO_END.fullmatch(told.orgnl_end_to_end_id or "")
    if named is None or named[1] != batch:
        wanted = Wanted(f" {batch}/序号", f"{batch}/ and a seq")
        raise refuse("OrgnlEndToEndId", wanted, (told.orgnl_end_to_end_id or "")[:35], line)
    reference = told.orgnl_tx_ref
    amount = reference.amt.instd_amt if reference and reference.amt else None
    party = reference.cdtr.pty if reference and reference.cdtr else None
    person = party.id.prvt_id if party and party.id else None
    account = reference.cdtr_acct.id.othr if reference and reference.cdtr_acct else None
    if amount is None or person is None or account is None:
        raise refuse("OrgnlTxRef", Wanted("金额、证件与账户", "amount, id and account of the payment"), "", line)
    result, code = _result(told, line)
    ss_no = _mark(only(person.othr, "Othr", line).id, 18, "PrvtId", line)
    serial = _mark(told.acct_svcr_ref or "-", 20, "AcctSvcrRef", line)
    fen = fen_in(amount.value, amount.ccy, line)
    return int(named[2]), ss_no, _mark(account.id, 32, "CdtrAcct", line), fen, result, code, serial, _instant(told, line)


def _result(told: pain.PaymentTransaction105, line: int) -> tuple[Result, int]:
    if told.tx_sts == "ACSC":
        return "P", 0
    reason = only(told.sts_rsn_inf, "StsRsnInf", line) if told.tx_sts == "RJCT" else None
    code = reason.rsn.prtry if reason and reason.rsn else None
    if reason is None or code is None or _CODE.fullmatch(code) is None or code == "F00":
        wanted = Wanted(" ACSC，或带 F01 至 F99 的 RJCT", "ACSC, or RJCT with F01 to F99")
        raise refuse("TxSts", wanted, f"{told.tx_sts} {code or ''}"[:20], line)
    return ("R" if _REFUND in reason.addtl_inf else "F"), int(code[1:])


def _instant(told: pain.PaymentTransaction105, line: int) -> str:
    at = told.accptnc_dt_tm.to_datetime() if told.accptnc_dt_tm else None
    if at is None or at.tzinfo is None:
        raise refuse("AccptncDtTm", Wanted("带时区的时间", "a time with offset"), str(told.accptnc_dt_tm)[:35], line)
    return str(at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds"))


def _mark(text: str, width: int, field: str, line: int) -> str:
    if isinstance(mark_cells([text], width), Misfit):
        raise refuse(field, Wanted(f" 1 至 {width} 位可见字符", f"1 to {width} visible ASCII characters"), "", line)
    return text


def _sums(results: Sequence[Result], amounts_fen: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Return how many payments have each status, and their fen."""
    many, fen = Counter[str](), Counter[str]()
    for result, amount_fen in zip(results, amounts_fen, strict=True):
        many[_STATUS[result]] += 1
        fen[_STATUS[result]] += amount_fen
    return {status: (many[status], fen[status]) for status in many}


def _hold_sums(told: pain.CustomerPaymentStatusReportV10, results: Sequence[Result], amounts_fen: Sequence[int]) -> None:
    there = {status: (str(many), decimal_yuan(fen)) for status, (many, fen) in _sums(results, amounts_fen).items()}
    said = {each.dtld_sts: (each.dtld_nb_of_txs, each.dtld_ctrl_sum) for each in told.orgnl_grp_inf_and_sts.nb_of_txs_per_sts}
    if said != there:
        wanted = " ".join(f"{status} {many} {total}" for status, (many, total) in sorted(there.items()))
        seen = " ".join(f"{status} {many} {total}" for status, (many, total) in sorted(said.items()))
        raise refuse("NbOfTxsPerSts", Wanted(f" {wanted}", f"{wanted}, which is there,"), seen[:64])
