"""One tap, decided: every gate, then the pile of reductions with the lowest price (POLICY §6). Pure and total."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from onecard.decision.limits import INSIDE_CAP, asked_counts, leaving, memo_of
from onecard.decision.model import Count, Decision, Occasion, Subject, Used
from onecard.decision.rulebook import Asked, RuleBook, preferred
from onecard.policy.model import Facts, Programme
from onecard.policy.reasons import REASONS

__all__ = ["EXIT", "decide"]

EXIT = "exit"
"""The service that lets people out: it asks no gate and no programme (POLICY §5)."""

_NEAREST = {reason: place for place, reason in enumerate(REASONS)}


@dataclass(slots=True)
class _Layer:
    """One document that grants: what it left of the price, and what it would count."""

    programme: Programme
    before_fen: int
    price_fen: int
    counts: list[Count]


@dataclass(slots=True)
class _No:
    """A document that grants nothing: why, and the limits that it still was asked for."""

    programme: Programme
    reason: str
    counts: Sequence[Count] = ()


def decide(subject: Subject | None, occasion: Occasion, rules: RuleBook, used: Used) -> Decision:
    """Return what *subject* gets on *occasion* under *rules*, with *used* already gone of each limit.

    *subject* is None where the credential is nobody's that we know. Money is whole fen; an accepted use
    balances: list price = paid + Σ payers. Never raises for checked documents and facts within POLICY §4.
    """
    if subject is None:
        return refusal("CARD_UNKNOWN")
    if occasion.service == EXIT:
        return Decision(
            outcome="accepted", reason="OK", paid_fen=0, payers=(), programme=None, version=None,
            counts=leaving(occasion.site, used), asked=(),
        )  # fmt: skip
    barred = subject.barred or occasion.barred
    if barred is not None:
        return refusal(barred)
    facts = {**occasion.facts, **subject.facts}
    asked = rules.asked(occasion)
    if asked.locked:
        return refusal("SITE_CLOSED")
    gate_counts: list[Count] = []
    shut: list[_No] = []
    for gate in asked.gates:
        passed = _try_gate(gate, facts, occasion, used, gate_counts)
        if isinstance(passed, _No):
            shut.append(passed)
        else:
            gate_counts += passed
    if shut:
        worst = min(shut, key=_place)
        counts = tuple(replace(count, counted=0) for no in shut for count in no.counts)
        return refusal(worst.reason, counts=counts, asked=asked.facts, blamed=worst.programme.in_error)
    return _priced(facts, occasion, asked, used, gate_counts)


def refusal(reason: str, *, counts: tuple[Count, ...] = (), asked: tuple[str, ...] = (), blamed: str | None = None) -> Decision:
    """Return a refusal for *reason*: nothing is paid, nobody bears anything, nothing counts."""
    return Decision(
        outcome="refused", reason=reason, paid_fen=0, payers=(), programme=None, version=None,
        counts=counts, asked=asked, blamed=blamed,
    )  # fmt: skip


def _priced(facts: Facts, occasion: Occasion, asked: Asked, used: Used, gate_counts: list[Count]) -> Decision:
    list_price_fen = occasion.list_price_fen
    piles: list[list[_Layer]] = []
    noes: list[_No] = []
    for base in asked.bases:
        layer = _try_reduction(base, facts, occasion, used, list_price_fen, gate_counts)
        if isinstance(layer, _No):
            noes.append(layer)
            continue
        pile = [layer]
        if asked.toppings:
            noes += _stack(pile, asked.toppings, facts, occasion, used, gate_counts)
        piles.append(pile)
    counts = [*gate_counts, *(replace(count, counted=0) for no in noes for count in no.counts)]
    if piles:
        best = _cheapest(piles)
        counts += [count for layer in best for count in layer.counts]
        if len(piles) > 1:
            counts += _lost(piles, best, counts)
        return _granted(best, facts, list_price_fen, asked, tuple(counts))
    nearest = min(noes, key=_place) if noes else None
    return Decision(
        outcome="accepted", reason=nearest.reason if nearest else "OK", paid_fen=list_price_fen, payers=(),
        programme=None, version=None, counts=tuple(counts), asked=asked.facts,
        blamed=nearest.programme.in_error if nearest else None,
    )  # fmt: skip


def _cheapest(piles: list[list[_Layer]]) -> list[_Layer]:
    """Return the pile that leaves the lowest price; of equal ones the one whose base is preferred."""
    price_fen = min(pile[-1].price_fen for pile in piles)
    equals = [pile for pile in piles if pile[-1].price_fen == price_fen]
    if len(equals) == 1:
        return equals[0]
    first = preferred([pile[0].programme for pile in equals])
    return next(pile for pile in equals if pile[0].programme is first)


def _lost(piles: list[list[_Layer]], best: list[_Layer], kept: Sequence[Count]) -> list[Count]:
    """Return where the limits stood that only the piles not chosen asked. They count nothing, and a record decided again needs them:

    a pile that lost because little of its pot was left would win over an empty one.
    """
    told = {count.counter: count for pile in piles if pile is not best for layer in pile for count in layer.counts}
    for count in kept:
        told.pop(count.counter, None)
    return [replace(count, counted=0) for count in told.values()]


def _granted(pile: list[_Layer], facts: Facts, list_price_fen: int, asked: Asked, counts: tuple[Count, ...]) -> Decision:
    paid_fen = pile[-1].price_fen
    payers: dict[str, int] = {}
    for layer in pile:
        if layer.before_fen > layer.price_fen:
            for fund, fen in layer.programme.share(facts, layer.before_fen - layer.price_fen):
                payers[fund] = payers.get(fund, 0) + fen
    assert paid_fen + sum(payers.values()) == list_price_fen
    reason = "OK" if paid_fen == list_price_fen else "OK_FREE" if paid_fen == 0 else "OK_DISCOUNT"
    return Decision(
        outcome="accepted", reason=reason, paid_fen=paid_fen, payers=tuple(payers.items()),
        programme="+".join(layer.programme.name for layer in pile), version=pile[0].programme.version,
        counts=counts, asked=asked.facts, blamed=pile[0].programme.in_error,
        layers=tuple((layer.programme.name, layer.before_fen, layer.price_fen) for layer in pile),
    )  # fmt: skip


def _try_gate(gate: Programme, facts: Facts, occasion: Occasion, used: Used, below: Sequence[Count]) -> list[Count] | _No:
    """Return what *gate* counts where it lets pass, else why not. *below* is what gates before it count."""
    verdict = gate.judge(facts)
    if isinstance(verdict, str):
        return _No(gate, verdict)
    if not gate.limits:
        return []
    counts = asked_counts(gate, verdict[1:], occasion, used, occasion.list_price_fen)
    for place, (rule, count) in enumerate(zip(gate.limits, counts, strict=True)):
        room = _room(count, below)
        if room is None:
            counts[place] = replace(count, counted=0)
        elif count.counted > room:
            return _No(gate, rule.reason, counts)
    memos = [
        replace(count, counter=memo, cap=INSIDE_CAP, used_before=used.get(memo, 0))
        for count in counts
        if count.per == "at_once" and count.counted
        for memo in (memo_of(count.counter, occasion.site),)
    ]
    return counts + memos


def _try_reduction(
    programme: Programme, facts: Facts, occasion: Occasion, used: Used, before_fen: int, below: Sequence[Count]
) -> _Layer | _No:
    """Return what *programme* makes of *before_fen*, or why it grants nothing. *below* is what this use already counts."""
    verdict = programme.judge(facts)
    if isinstance(verdict, str):
        return _No(programme, verdict)
    price_fen = verdict[0] if verdict[0] < before_fen else before_fen
    if not programme.limits:
        return _Layer(programme, before_fen, price_fen, [])
    saved_fen = before_fen - price_fen
    counts = asked_counts(programme, verdict[1:], occasion, used, saved_fen)
    for place, (rule, count) in enumerate(zip(programme.limits, counts, strict=True)):
        room = _room(count, below)
        if room is None:
            counts[place] = replace(count, counted=0)
        elif room <= 0 or (count.counted > room and not rule.in_part):
            return _No(programme, rule.reason, counts)
        elif rule.in_part and room < saved_fen:
            saved_fen = room
    for place, count in enumerate(counts):  # What is counted in the end: the fen really saved; nothing where nothing is.
        if saved_fen == 0 or (count.unit == "yuan" and count.counted != saved_fen):
            counts[place] = replace(count, counted=saved_fen)
    return _Layer(programme, before_fen, before_fen - saved_fen, counts)


def _room(count: Count, below: Sequence[Count]) -> int | None:
    """Return what *count* may still count, or None where this use has counted its times or persons already, within this cap too.

    A name counts a use once, yuan add up; the cap is each document's own (POLICY §6).
    """
    taken = sum(other.counted for other in below if other.counter == count.counter) if below else 0
    room = count.cap - count.used_before - taken
    return None if taken and count.unit != "yuan" and room >= 0 else room


def _stack(
    pile: list[_Layer], toppings: Sequence[Programme], facts: Facts, occasion: Occasion, used: Used, gate_counts: list[Count]
) -> list[_No]:
    """Put on *pile* each of *toppings* that may stand there and lowers the price left; return those that grant nothing."""
    names = {pile[0].programme.name}
    noes = []
    for topping in toppings:
        if names.isdisjoint(topping.on_top_of):
            continue
        before_fen = pile[-1].price_fen
        below = [*gate_counts, *(count for layer in pile for count in layer.counts)]
        layer = _try_reduction(topping, {**facts, "price": before_fen}, occasion, used, before_fen, below)
        if isinstance(layer, _No):
            noes.append(layer)
        elif layer.price_fen < before_fen:
            pile.append(layer)
            names.add(topping.name)
    return noes


def _place(no: _No) -> int:
    return _NEAREST[no.reason]
