"""Which window of a limit a use falls in, and whether there is room. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from onecard.decision.model import EVER, EVERYWHERE, Count, Counter, Occasion, Used
from onecard.policy.model import LimitRule, Programme

__all__ = ["INSIDE_CAP", "asked_counts", "counter_of", "is_memo", "leaving", "memo_of", "window_start", "windows_of"]

INSIDE_CAP = 2**52
"""A memo of who is inside is no limit; this is the largest number the language knows (POLICY §4)."""

_MEMO = "inside@"


def windows_of(day: date) -> tuple[date, ...]:
    """Return the beginnings of all windows that *day* falls in: day and slot, week, month, year, life."""
    return (day, day - timedelta(days=day.weekday()), day.replace(day=1), day.replace(month=1, day=1), EVER)


def counter_of(rule: LimitRule, occasion: Occasion) -> Counter:
    """Return the counter that *rule* keeps for *occasion*."""
    within = occasion.slot if rule.per == "slot" else ""
    if rule.unit == "persons":
        site = occasion.site if rule.of_site else EVERYWHERE
    else:
        site, within = "", f"{within}@{occasion.site}" if rule.of_site else within
    return Counter(site, window_start(rule.per, occasion.day), rule.name, within)


def memo_of(counter: Counter, site: str) -> Counter:
    """Return the person's own memo of what `at once` counted for him at *site*, so that leaving ends just that."""
    return Counter("", EVER, counter.name, f"{_MEMO}{site}>{counter.site}/{counter.within}")


def is_memo(counter: Counter) -> bool:
    """Tell whether *counter* is such a memo."""
    return not counter.site and counter.within.startswith(_MEMO)


def leaving(site: str, used: Used) -> tuple[Count, ...]:
    """Return what leaving *site* gives back: every memo of this person there, and the counter it stands for."""
    return tuple(_ends(site, used))


def asked_counts(programme: Programme, caps: tuple[int, ...], occasion: Occasion, used: Used, amount_fen: int) -> list[Count]:
    """Return a count per limit of *programme*, as if the use counted *amount_fen* under those in yuan.

    *caps* stand in the order of the limits. The caller compares `used_before + counted` with `cap`.
    """
    counts = []
    for rule, cap in zip(programme.limits, caps, strict=True):
        counter = counter_of(rule, occasion)
        counts.append(
            Count(
                programme=programme.name,
                unit=rule.unit,
                per=rule.per,
                counter=counter,
                cap=cap,
                used_before=used.get(counter, 0),
                counted=_amount(rule, occasion, amount_fen),
            )
        )
    return counts


def _amount(rule: LimitRule, occasion: Occasion, amount_fen: int) -> int:
    if rule.unit == "yuan":
        return amount_fen
    if rule.unit == "persons":
        group = occasion.facts["group"]
        assert isinstance(group, int)
        return group
    return 1


def window_start(per: str, day: date) -> date:
    match per:
        case "slot" | "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return EVER


def _ends(site: str, used: Used) -> Iterator[Count]:
    begin = f"{_MEMO}{site}>"
    for memo, inside in used.items():
        if memo.site or inside <= 0 or not memo.within.startswith(begin):
            continue
        target_site, _, within = memo.within.removeprefix(begin).partition("/")
        for counter in (memo, Counter(target_site, EVER, memo.name, within)):
            before = used.get(counter, 0)
            back = min(inside, before)
            yield Count(
                programme="", unit="persons", per="at_once", counter=counter, cap=INSIDE_CAP, used_before=before, counted=-back
            )
