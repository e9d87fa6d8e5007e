"""The directory in a real store: what was registered is what a tap finds."""

from datetime import date

from onecard.db.pool import Connection
from onecard.terminals.model import Opening, Operator, Site, Terminal
from onecard.terminals.service import allow_tokens, load_directory, register_sites, token_hash

MUSEUM = Site(
    site="museum-330402-001", operator="culture", kind="museum", scene="museum", region="330402", name_zh="示例馆", name_en="Example",
    services=("entry",), capacity=800, opening=Opening(weekly={"workday": ((540, 1020),)}, closed_weekdays=frozenset({0})),
    states=((date(2022, 1, 1), "testing"), (date(2022, 2, 1), "live")),
)  # fmt: skip
SHOP = Site(
    site="merchant-330402-001", operator="shop", kind="merchant", scene="merchant", region="330402", name_zh="示例店", name_en="Shop",
    services=("purchase",), agreed_percent=8000, agreed_price_fen=4500, agreed_share=10_000, planned_for=date(2024, 12, 31),
)  # fmt: skip
OPERATORS = [Operator(operator="culture", name_zh="文博", name_en="Museums"), Operator(operator="shop", name_zh="店", name_en="Shop")]
GATE = Terminal(terminal="T330402-0001", site=MUSEUM.site, bound_on=date(2022, 1, 1), model="gate")
TILL = Terminal(terminal="T330402-0002", site=SHOP.site, bound_on=date(2022, 1, 1), unbound_on=date(2024, 1, 1))


async def test_sites_come_back_as_they_were_registered(connection: Connection):
    await register_sites(connection, OPERATORS, [MUSEUM, SHOP], [TILL, GATE])
    directory = await load_directory(connection, 5)
    assert directory.version == 5
    assert directory.sites == {MUSEUM.site: MUSEUM, SHOP.site: SHOP}
    place = directory.place("T330402-0001")
    assert place is not None
    assert (place.terminal, place.site) == (GATE, MUSEUM)
    assert directory.site_of("T330402-0002") == SHOP


async def test_a_token_speaks_for_its_terminals_only_and_is_kept_as_a_hash(connection: Connection):
    await register_sites(connection, OPERATORS, [MUSEUM, SHOP], [TILL, GATE])
    assert await allow_tokens(connection, [("one", GATE.terminal), ("both", GATE.terminal), ("both", TILL.terminal)]) == 3
    directory = await load_directory(connection, 1)
    assert directory.spoken_for(token_hash("one")) == frozenset({GATE.terminal})
    assert directory.spoken_for(token_hash("both")) == frozenset({GATE.terminal, TILL.terminal})
    assert directory.spoken_for(token_hash("none")) is None
    assert await connection.fetchval("SELECT count(*) FROM terminals_token WHERE token_hash = 'one'::bytea") == 0
