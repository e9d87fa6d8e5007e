"""A batch as pain.001.001.09 (customer credit transfer initiation), the second format beside the text file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import pyiso20022.pain.pain_001_001_09 as pain
from xsdata.models.datatype import XmlDate, XmlDateTime

from onecard.payouts.bank_columns import BATCH_FORM
from onecard.payouts.bank_matrix import layout_of
from onecard.payouts.bank_problem import Wanted
from onecard.payouts.bank_text import mark_cells, text_cells
from onecard.payouts.bank_writing import amounts, refuse_misfit
from onecard.payouts.batch_file import BatchHead, BatchLines
from onecard.payouts.iso_xml import CURRENCY, PAYMENTS_MAX, decimal_yuan, fen_in, only, read_xml, refuse, write_xml

__all__ = ["PAIN001", "Payer", "end_to_end_id", "read_pain001", "write_pain001"]

PAIN001: Final = "pain.001.001.09"

_NAMESPACE: Final = f"urn:iso:std:iso:20022:tech:xsd:{PAIN001}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Whose money it is: the treasury's name and its account at the paying bank."""

    name: str
    account: str = field(repr=False)


def write_pain001(head: BatchHead, lines: BatchLines, payer: Payer, made_at: datetime, pay_on: date) -> bytes:
    """Return a batch of 1 to `PAYMENTS_MAX` payments as one message, which bears the batch's name. Raises `FileRefused`."""
    _hold_to_text_form(lines)
    many, total = len(lines.ss_no), decimal_yuan(sum(lines.amount_fen))
    if many > PAYMENTS_MAX:
        raise refuse("NbOfTxs", Wanted(f"至多 {PAYMENTS_MAX} 笔", f"at most {PAYMENTS_MAX} payments"), str(many))
    agent = pain.FinancialInstitutionIdentification18(othr=pain.GenericFinancialIdentification1(id=head.bank))
    payment = pain.PaymentInstruction30(
        pmt_inf_id=head.batch, pmt_mtd=pain.PaymentMethod3Code.TRF, nb_of_txs=str(many), ctrl_sum=total,
        reqd_exctn_dt=pain.DateAndDateTime2Choice(dt=XmlDate.from_date(pay_on)), dbtr=pain.PartyIdentification135(nm=payer.name),
        dbtr_acct=_account(payer.account), dbtr_agt=pain.BranchAndFinancialInstitutionIdentification6(fin_instn_id=agent),
        instr_for_dbtr_agt=f"{head.programme} {head.period}", cdt_trf_tx_inf=_transfers(head, lines),
    )  # fmt: skip
    top = pain.GroupHeader85(
        msg_id=head.batch, cre_dt_tm=XmlDateTime.from_datetime(made_at.replace(microsecond=0)), nb_of_txs=str(many), ctrl_sum=total,
        initg_pty=pain.PartyIdentification135(nm=payer.name),
    )  # fmt: skip
    initiation = pain.CustomerCreditTransferInitiationV09(grp_hdr=top, pmt_inf=[payment])
    return write_xml(pain.Document(cstmr_cdt_trf_initn=initiation), _NAMESPACE)


def read_pain001(content: bytes) -> tuple[BatchHead, BatchLines]:
    """Return what a message asks a bank to pay, as the bank reads it. Raises `FileRefused`."""
    told = read_xml(content, pain.Document).cstmr_cdt_trf_initn
    payment = only(told.pmt_inf, "PmtInf")
    batch = told.grp_hdr.msg_id
    programme, _, period = (payment.instr_for_dbtr_agt or "").partition(" ")
    agent = payment.dbtr_agt.fin_instn_id.othr
    head = BatchHead(batch=batch, programme=programme, period=period, bank=agent.id if agent else "", encoding="UTF-8")
    rows = [_transfer(batch, seq, each) for seq, each in enumerate(payment.cdt_trf_tx_inf, 1)]
    if not rows or told.grp_hdr.nb_of_txs != str(len(rows)):
        raise refuse("NbOfTxs", Wanted(f" {len(rows)}", f"{len(rows)}, the payments that are there,"), told.grp_hdr.nb_of_txs)
    ss_no, name, account, amount_fen, memo = zip(*rows, strict=True)
    lines = BatchLines(ss_no=list(ss_no), name=list(name), account=list(account), amount_fen=list(amount_fen), memo=list(memo))
    if told.grp_hdr.ctrl_sum != decimal_yuan(sum(lines.amount_fen)):
        total = decimal_yuan(sum(lines.amount_fen))
        raise refuse("CtrlSum", Wanted(f" {total}", f"{total}, the sum of all payments,"), str(told.grp_hdr.ctrl_sum))
    _hold_to_text_form(lines)
    return head, lines


def end_to_end_id(batch: str, seq: int) -> str:
    """Return how a payment is called from end to end: its batch and its seq, 35 characters at most."""
    return f"{batch}/{seq:07d}"


def _transfers(head: BatchHead, lines: BatchLines) -> list[pain.CreditTransferTransaction34]:
    rows = zip(lines.ss_no, lines.name, lines.account, lines.amount_fen, lines.memo, strict=True)
    return [
        pain.CreditTransferTransaction34(
            pmt_id=pain.PaymentIdentification6(end_to_end_id=end_to_end_id(head.batch, seq)),
            amt=pain.AmountType4Choice(instd_amt=pain.ActiveOrHistoricCurrencyAndAmount(value=decimal_yuan(fen), ccy=CURRENCY)),
            cdtr=pain.PartyIdentification135(
                nm=name, id=pain.Party38Choice(prvt_id=pain.PersonIdentification13(othr=[pain.GenericPersonIdentification1(id=ss_no)]))
            ),
            cdtr_acct=_account(account), rmt_inf=pain.RemittanceInformation16(ustrd=[memo]),
        )
        for seq, (ss_no, name, account, fen, memo) in enumerate(rows, 1)
    ]  # fmt: skip


def _transfer(batch: str, seq: int, told: pain.CreditTransferTransaction34) -> tuple[str, str, str, int, str]:
    if told.pmt_id.end_to_end_id != end_to_end_id(batch, seq):
        wanted = Wanted(f" {end_to_end_id(batch, seq)}", end_to_end_id(batch, seq))
        raise refuse("EndToEndId", wanted, told.pmt_id.end_to_end_id[:35], seq)
    whole = told.cdtr and told.cdtr.nm and told.cdtr.id and told.cdtr.id.prvt_id and told.cdtr_acct and told.cdtr_acct.id.othr
    if not whole or told.amt.instd_amt is None or told.rmt_inf is None:
        raise refuse("CdtTrfTxInf", Wanted("姓名、证件、账户、金额与附言", "name, id, account, amount and remittance"), "", seq)
    assert told.cdtr and told.cdtr.nm and told.cdtr.id and told.cdtr.id.prvt_id and told.cdtr_acct and told.cdtr_acct.id.othr
    amount = told.amt.instd_amt
    return (
        only(told.cdtr.id.prvt_id.othr, "Othr", seq).id, told.cdtr.nm, told.cdtr_acct.id.othr.id,
        fen_in(amount.value, amount.ccy, seq), only(told.rmt_inf.ustrd, "Ustrd", seq),
    )  # fmt: skip


def _account(account: str) -> pain.CashAccount38:
    return pain.CashAccount38(id=pain.AccountIdentification4Choice(othr=pain.GenericAccountIdentification1(id=account)))


def _hold_to_text_form(lines: BatchLines) -> None:
    """Hold every value to what the text file could say: both formats carry the same payments, and no control character."""
    layout = layout_of(BATCH_FORM.row_form)
    amounts(lines.amount_fen, layout, 2)
    columns: tuple[tuple[str, Sequence[str], bool], ...] = (
        ("ss_no", lines.ss_no, True), ("account", lines.account, True), ("name", lines.name, False), ("memo", lines.memo, False),
    )  # fmt: skip
    for name, values, mark in columns:
        width = layout.places[name].stop - layout.places[name].start
        refuse_misfit(mark_cells(values, width) if mark else text_cells(values, width, "UTF-8"), layout, name, values, 2)
