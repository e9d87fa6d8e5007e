"""The test cases of a device at its site: who it is, what it holds, and how it answers a good, a lost and an unknown card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from onecard.app.application import App
from onecard.terminals.model import Place
from onecard.terminals.presence import Presence, presence_of
from onecard.terminals.proof import SiteUnknown, keep_passes
from onecard.terminals.sign_in import CLOCK_OFF_MS_MAX
from onecard.terminals.way import TEST_CASES
from onecard.uses.intake import SEQ_MAX
from onecard.uses.model import Answer, Tap
from onecard.values.error import OnecardError

__all__ = ["Tried", "test_cards", "try_terminal"]

HEARD_WITHIN: Final = timedelta(minutes=10)
"""What a device told longer ago says nothing about how it stands now."""

UNKNOWN_CARD: Final = "ZZ9999999"
_TRIAL_SEQ: Final = SEQ_MAX  # Nothing is recorded under it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How one case came out, with what was seen."""

    case: str
    passed: bool
    seen: str


def test_cards(app: App) -> Mapping[str, tuple[str, str]]:
    """Return the demo's own test cards by case; empty where this is no demo: the tester brings them."""
    shown = {person["key"]: person["credentials"][0] for person in app.cast()["people"]}
    cards = {"good_card": "local-72", "lost_card": "lost-card"}
    return {case: (shown[key]["kind"], shown[key]["value"]) for case, key in cards.items() if key in shown}


async def try_terminal(app: App, terminal: str, cards: Mapping[str, tuple[str, str]]) -> list[Tried]:
    """Run every case on *terminal* and keep those it passed. Nothing is recorded of the taps. Raises `SiteUnknown`.

    *cards* holds kind and value of a `good_card`, which the site must let in at whatever price, and of a `lost_card`.
    """
    place = app.masters.directory.place(terminal)
    if place is None:
        raise SiteUnknown(named=terminal)
    async with app.database.acquire("desk") as connection:
        told = await presence_of(connection, terminal)
    tried = [*await _told(app, place, told), *[await _tap(app, place, case, shown) for case, shown in _cards(cards).items()]]
    assert [each.case for each in tried] == list(TEST_CASES)
    async with app.database.acquire("desk") as connection:
        await keep_passes(connection, terminal, [each.case for each in tried if each.passed], app.now())
    return tried


async def _told(app: App, place: Place, told: Presence | None) -> list[Tried]:
    """Judge what the device told last."""
    if told is None or app.now() - told.seen_at > HEARD_WITHIN:
        seen = "never" if told is None else told.seen_at.isoformat()
        return [Tried(case=case, passed=False, seen=f"last heard of: {seen}") for case in TEST_CASES[:5]]
    etag, version = app.fleet.bundles.etag(place), await app.fleet.watch.hotlist_version()
    return [
        Tried(case="signed_in", passed=True, seen=told.signed_in_at.isoformat()),
        Tried(case="clock", passed=abs(told.clock_offset_ms) <= CLOCK_OFF_MS_MAX, seen=f"{told.clock_offset_ms} ms"),
        Tried(case="storage", passed=told.storage_ok is True, seen=str(told.storage_ok)),
        Tried(case="bundle", passed=told.bundle == etag, seen=f"{told.bundle or 'none'}, ours is {etag}"),
        Tried(case="hotlist", passed=told.hotlist == version, seen=f"{told.hotlist}, ours is {version}"),
    ]


def _cards(cards: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str] | None]:
    return {"good_card": cards.get("good_card"), "lost_card": cards.get("lost_card"), "unknown_card": ("card", UNKNOWN_CARD)}


async def _tap(app: App, place: Place, case: str, shown: tuple[str, str] | None) -> Tried:
    """Judge how the site answers a card, without recording anything."""
    if shown is None:
        return Tried(case=case, passed=False, seen="no such test card was given")
    tap = Tap(
        terminal=place.terminal.terminal, seq=_TRIAL_SEQ, kind=shown[0], value=shown[1], service=place.site.services[0],
        list_price_fen=0, occurred_at=app.now(),
    )  # fmt: skip
    try:
        answer = (await app.uses.decide_only(tap, app.now()))["answer"]
    except OnecardError as mistake:
        return Tried(case=case, passed=False, seen=mistake.code)
    if not isinstance(answer, Answer):
        return Tried(case=case, passed=False, seen=f"seq {_TRIAL_SEQ} is taken")
    wanted = {"lost_card": ("CARD_LOST",), "unknown_card": ("CARD_UNKNOWN",)}.get(case)
    good = answer.outcome == "accepted" if wanted is None else answer.reason in wanted
    return Tried(case=case, passed=good, seen=f"{answer.outcome} {answer.reason}")
