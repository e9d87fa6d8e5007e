"""Terminals for tests and load: devices of no real site, at sites in testing, so that nothing they do enters a figure."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from onecard.settings.secret_file import replace_secret
from onecard.terminals.model import Operator, Site, Terminal
from onecard.terminals.service import allow_tokens, register_sites

if TYPE_CHECKING:
    from collections.abc import Callable

    from onecard.app.application import App

__all__ = ["FLEET_MAX", "Fleet", "simulated_fleet"]

FLEET_MAX: Final = 10_000
FLEET_FILE: Final = "fleet.json"
"""In the home, beside the cast's tokens, and closed like them: the token of the simulated terminals."""

_AT_ONE_SITE: Final = 50
_SINCE: Final = date(2024, 1, 1)
_OPERATOR: Final = Operator(operator="simulated", name_zh="模拟终端", name_en="Simulated terminals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Some terminals with the one token that speaks for all of them."""

    token: str = field(repr=False)
    terminals: tuple[str, ...]


async def simulated_fleet(app: "App", number: int, new_token: "Callable[[], str]") -> Fleet:
    """Return *number* simulated terminals of the demo that stands in the home; those that it has not yet are added to it.

    Their sites are in testing: uses there are decided, recorded and marked, and enter no figure (DESIGN §2).
    """
    assert 0 < number <= FLEET_MAX
    path = app.settings.home.folder / FLEET_FILE
    token = msgspec.json.decode(path.read_bytes(), type=dict[str, str])["token"] if path.exists() else new_token()
    replace_secret(path, msgspec.json.encode({"token": token}))
    wanted = [Terminal(terminal=_name(place), site=_site_name(place), model="demo-simulated", bound_on=_SINCE) for place in range(number)]
    directory = app.masters.directory
    missing = [terminal for terminal in wanted if directory.place(terminal.terminal) is None]
    sites = {terminal.site: _site(terminal.site, app.city.lists.region) for terminal in missing if terminal.site not in directory.sites}
    if missing:
        async with app.database.acquire("desk") as connection, connection.transaction():
            await register_sites(connection, [_OPERATOR], list(sites.values()), missing)
            await allow_tokens(connection, [(token, terminal.terminal) for terminal in missing])
    return Fleet(token=token, terminals=tuple(terminal.terminal for terminal in wanted))


def _name(place: int) -> str:
    return f"SIM-{place + 1:05d}"


def _site_name(place: int) -> str:
    return f"SIM-SITE-{place // _AT_ONE_SITE + 1:03d}"


def _site(name: str, region: str) -> Site:
    return Site(
        site=name, operator=_OPERATOR.operator, kind="bus", scene="bus", region=region, name_zh="模拟点位", name_en="Simulated site",
        services=("ride",), states=((_SINCE, "testing"),),
    )  # fmt: skip
