"""Batches and files of the card desk, each one transaction; whoever is outside is asked before it begins."""

import asyncio
import json
import urllib.request
from typing import Final, cast, get_args

from onecard.app.card_desk import CardDesk
from onecard.app.changes import note_file
from onecard.cards.batches import Batch, ask_authority, make_batch, waiting_applications
from onecard.cards.checks import Authority, Known
from onecard.cards.household import FeedTaken, take_household_file
from onecard.cards.returns import Taken, take_return

__all__ = ["Province", "import_household", "import_return", "send_batch"]

_ANSWER_SECONDS_MAX: Final = 3.0
_TRIES_MAX: Final = 2
_ANSWER_BYTES_MAX: Final = 10_000


class Province:
    """The province's card platform by HTTP: asked with a key, twice at most, three seconds each; else the answer is unknown."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(url)
        self._url = url.rstrip("/")

    async def status(self, key: bytes) -> Known:
        """Return how the card behind *key* stands there; `unknown` where no clear answer came."""
        for _ in range(_TRIES_MAX):
            told = await asyncio.to_thread(self._ask, key)
            if told != "unknown":
                return told
        return "unknown"

    def _ask(self, key: bytes) -> Known:
        try:
            with urllib.request.urlopen(f"{self._url}/cards/{key.hex()}", timeout=_ANSWER_SECONDS_MAX) as answer:  # noqa: S310 the scheme is checked
                told = json.loads(answer.read(_ANSWER_BYTES_MAX))["status"]
        except (OSError, ValueError, KeyError, TypeError):
            return "unknown"
        return cast(Known, told) if told in get_args(Known) else "unknown"


async def send_batch(desk: CardDesk, authority: Authority | None) -> Batch:
    """Make the next batch. Raises `MovedMeanwhile`: then it may be asked for again."""
    async with desk.transaction() as connection:
        waiting = await waiting_applications(connection, desk.tools)
    elsewhere = await ask_authority(authority, waiting)
    async with desk.transaction() as connection:
        now = desk.clock.now()
        made = await make_batch(connection, desk.tools, waiting, elsewhere, now)
        await note_file(connection, "cards.make-batch", "cards_batch", now)
        return made


async def import_return(desk: CardDesk, content: bytes) -> Taken:
    """Take a return file, whole or not at all; raises as `take_return`."""
    async with desk.transaction() as connection:
        now = desk.clock.now()
        taken = await take_return(connection, desk.tools, content, now)
        await note_file(connection, "cards.take-return", "cards_return", now)
        return taken


async def import_household(desk: CardDesk, content: bytes) -> FeedTaken:
    """Take a day of the household register, whole or not at all; raises as `take_household_file`."""
    async with desk.transaction() as connection:
        now = desk.clock.now()
        taken = await take_household_file(connection, desk.tools, content, now)
        await desk.tell(connection, taken.changes)
        await note_file(connection, "people.take-feed", "cards_feed", now)
        return taken
