"""Ordinary residents of the demo whom no other story meets: each is asked for by place, elders by what a shop grants them."""

from typing import Any

from tests.stories.doors import City

__all__ = ["card_of_crowd", "cards_of_elders"]

_ASKED_ON = "2024-10-07T10:00:00+08:00"  # A day on which no story counts anything.

Card = dict[str, str]


def card_of_crowd(city: City, place: int) -> Card:
    """Return the card of the crowd's resident at *place*, from 0."""
    crowd: list[Card] = city.onecard("cast", "--json", "--crowd", str(place + 1)).json()["crowd"]
    return crowd[place]


def cards_of_elders(city: City, first: int, last: int) -> list[Card]:
    """Return the cards of those between two places of the crowd who are sixty to sixty-nine: the sight lets them in for half."""
    crowd: list[Card] = city.onecard("cast", "--json", "--crowd", str(last)).json()["crowd"][first:last]
    uses = [city.use(card, "scenic", occurred_at=_ASKED_ON) for card in crowd]
    answers: list[dict[str, Any]] = city.post("/v1/uses/batch", {"uses": uses}, terminal="scenic").json()["answers"]
    return [card for card, answer in zip(crowd, answers, strict=True) if answer["paid"] == 2500]
