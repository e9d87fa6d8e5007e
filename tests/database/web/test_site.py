"""A new site's way to life: tested on its bound device, used once on trial, then live; never a step sooner."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from onecard.app.opening import Store
from onecard.app.site_test import try_terminal
from onecard.terminals.model import Site, Terminal
from onecard.terminals.proof import SiteUnknown, move_site, proof_of
from onecard.terminals.service import allow_tokens, register_sites
from onecard.terminals.way import TEST_CASES, MoveRefused, NotProved
from onecard.uses.model import Tap
from onecard.values.days import civil
from tests.database.town import CARDS, TOKEN
from tests.database.web.served import Served, serve_town

LINE = Site(
    site="line-2", operator="op", kind="bus", scene="bus", region="330400", name_zh="二路", name_en="Line 2", services=("ride",),
    states=((date(2024, 10, 1), "wiring"), (date(2024, 10, 20), "testing")),
)  # fmt: skip
BUS = Terminal(terminal="BUS-NEW", site="line-2", bound_on=date(2024, 10, 15))
TEST_CARDS = {"good_card": ("card", CARDS["elder"]), "lost_card": ("card", CARDS["lost"])}


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        async with store.database.acquire("desk") as connection, connection.transaction():
            await register_sites(connection, [], [LINE], [BUS])
            await allow_tokens(connection, [(TOKEN, "BUS-NEW")])
        await served.app.masters.reload()
        yield served


async def move(served: Served, to: str, days: int) -> Site:
    day = civil(served.now()).date() + timedelta(days=days)
    async with served.town.store.database.acquire("desk") as connection, connection.transaction():
        return await move_site(connection, "line-2", to, day)  # type: ignore[arg-type]


async def ready(served: Served) -> None:
    """Let the device sign in and tell that it holds what holds."""
    told = (await served.sign_in("BUS-NEW")).json()
    await served.heartbeat("BUS-NEW", hotlist=told["hotlist"], bundle=told["bundle"])


async def test_a_site_is_live_once_its_device_passed_and_somebody_used_it(served: Served):
    await ready(served)
    tried = await try_terminal(served.app, "BUS-NEW", TEST_CARDS)
    assert [(each.case, each.passed) for each in tried] == [(case, True) for case in TEST_CASES], tried
    with pytest.raises(MoveRefused):
        await move(served, "live", 0)
    await move(served, "trial", 0)
    with pytest.raises(NotProved) as refused:
        await move(served, "live", 1)
    assert "one real use" in refused.value.said_en
    await served.app.masters.reload()
    tap = Tap(terminal="BUS-NEW", seq=1, kind="card", value=CARDS["elder"], service="ride", list_price_fen=200, occurred_at=served.now())
    await served.town.uses.record([tap], served.now())
    moved = await move(served, "live", 1)
    assert moved.states[-1] == (civil(served.now()).date() + timedelta(days=1), "live")


async def test_a_dry_card_is_no_real_use_and_a_stale_device_passes_nothing_that_it_told(served: Served):
    await ready(served)
    served.town.moment[0] += timedelta(minutes=11)
    tried = {each.case: each.passed for each in await try_terminal(served.app, "BUS-NEW", TEST_CARDS)}
    assert [case for case, passed in tried.items() if passed] == ["good_card", "lost_card", "unknown_card"]
    async with served.town.store.database.acquire("desk") as connection:
        proof = await proof_of(connection, LINE, [BUS])
        assert proof.passed["BUS-NEW"] == {"good_card", "lost_card", "unknown_card"}
        assert not proof.used
        later = Terminal(terminal="BUS-NEW", site="line-2", bound_on=civil(served.now()).date() + timedelta(days=1))
        assert (await proof_of(connection, LINE, [later])).passed["BUS-NEW"] == frozenset()  # Bound anew: shown anew.


async def test_a_case_without_its_card_or_with_a_sound_card_for_a_lost_one_fails(served: Served):
    sound = {"lost_card": ("card", CARDS["elder"])}
    tried = {each.case: each for each in await try_terminal(served.app, "BUS-NEW", sound)}
    assert not tried["good_card"].passed
    assert not tried["lost_card"].passed
    assert not tried["signed_in"].passed


async def test_an_unknown_site_or_terminal_is_said(served: Served):
    with pytest.raises(SiteUnknown):
        await try_terminal(served.app, "nobody", TEST_CARDS)
    async with served.town.store.database.acquire("desk") as connection, connection.transaction():
        with pytest.raises(SiteUnknown):
            await move_site(connection, "nowhere", "trial", date(2024, 10, 31))
