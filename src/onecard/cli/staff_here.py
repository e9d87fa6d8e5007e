"""Who runs a command: the session that ONECARD_SESSION names."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from onecard.app.staff_desk import StaffDesk, open_staff_desk
from onecard.cli.output import settings_here
from onecard.staff.errors import NotSignedIn
from onecard.staff.model import Acting

__all__ = ["SESSION_VARIABLE", "desk_here", "maybe_signed_in", "signed_in"]

SESSION_VARIABLE: Final = "ONECARD_SESSION"


@asynccontextmanager
async def signed_in() -> AsyncIterator[tuple[StaffDesk, Acting]]:
    """Open this home's desk for whoever ONECARD_SESSION names. Raises `NotSignedIn` (exit code 2) without one that holds."""
    async with maybe_signed_in() as (desk, acting):
        if acting is None:
            raise NotSignedIn
        yield desk, acting


@asynccontextmanager
async def maybe_signed_in() -> AsyncIterator[tuple[StaffDesk, Acting | None]]:
    """The same; None where no session is named: then it is the home's owner. A session that is named must hold."""
    token = os.environ.get(SESSION_VARIABLE, "").strip()
    async with desk_here() as desk:
        yield desk, (await desk.staff.session(token)).acting if token else None


@asynccontextmanager
async def desk_here() -> AsyncIterator[StaffDesk]:
    """Open this home's desk."""
    async with open_staff_desk(settings_here()) as desk:
        yield desk
