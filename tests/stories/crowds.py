"""Ordinary residents of the demo whom no other story meets: elders are told by what a canteen grants them."""

from typing import Any

from tests.stories.doors import City

__all__ = ["cards_of_elders"]

_ASKED_ON = "2024-10-07T11:30:00+08:00"  # A day on which no story counts anything.

Card = dict[str, str]


def cards_of_elders(city: City, first: int, last: int) -> list[Card]:
    """Return the cards of those between two places of the crowd who are 60 to 69, registered here, and get two yuan off a lunch."""
    crowd: list[Card] = city.onecard("cast", "--json", "--crowd", str(last)).json()["crowd"][first:last]
    uses = [city.use(card, "canteen-jiashan", occurred_at=_ASKED_ON) for card in crowd]
    answers: list[dict[str, Any]] = city.post("/v1/uses/batch", {"uses": uses}, terminal="canteen-jiashan").json()["answers"]
    return [card for card, answer in zip(crowd, answers, strict=True) if answer["paid"] == 1300]
