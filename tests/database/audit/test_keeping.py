"""A server's part in keeping the log: seconds, minutes, the witness, and whatever the witness does."""

import asyncio
import http.server
import threading
from datetime import timedelta

import pytest

from onecard.app import log_keeper
from onecard.app.log_keeper import LogKeeper
from onecard.app.opening import Store
from onecard.app.witness import FolderWitness, UrlWitness, WitnessAddressWrong, WitnessContradicts, WitnessSilent, witness_of
from onecard.audit.service import note
from onecard.db.pool import Database
from onecard.settings.home import Home
from onecard.values.signed_head import read_head
from tests.database.audit.acting import Someone, keys_in
from tests.database.town import NOON


@pytest.fixture
def at_home(store, tmp_path) -> Store:
    """The store with a home of this test's own: its log has a name of its own."""
    home = Home(folder=tmp_path / "home")
    home.create()
    return Store(home=home, keyring=store.keyring, database=store.database)


async def look(store: Store, number: int = 1, at=NOON) -> None:
    async with store.database.acquire("desk") as connection, connection.transaction():
        for _ in range(number):
            told = {"act": "uses.read", "object": "use", "region": "", "purpose": "p", "result": "ok"}
            await note(connection, Someone(), at=at, **told)


def keeper(store: Store, witness=None, at=NOON, suite="INTL") -> LogKeeper:
    return LogKeeper(store, suite, lambda: at, witness)


async def test_a_server_that_runs_takes_signs_and_hands_over_by_itself(at_home, tmp_path, monkeypatch):
    monkeypatch.setattr(log_keeper, "TAKE_SECONDS", 0.05)
    monkeypatch.setattr(log_keeper, "SIGN_SECONDS", 0.1)
    log = keeper(at_home, FolderWitness(tmp_path / "witness"))
    async with log.running():
        await look(at_home, 3)
        while not (tmp_path / "witness" / "3.head").exists():
            await asyncio.sleep(0.02)
        figures = await log.figures()
        await look(at_home, 2)
    last = read_head((tmp_path / "witness" / "5.head").read_bytes())
    assert figures.size >= 3 and log.keys.signed(last) and last.head.size == 5, "what waits at the end is taken in and signed"


async def test_what_lay_while_no_server_ran_is_taken_at_the_start(at_home):
    await look(at_home, 2, at=NOON - timedelta(days=3))
    log = keeper(at_home)
    assert await log.sign() is None, "only what is new is looked at each second"
    assert (await log.close()).head.size == 2


async def test_a_store_that_is_gone_for_a_while_stops_nothing(at_home, monkeypatch):
    monkeypatch.setattr(log_keeper, "TAKE_SECONDS", 0.02)
    monkeypatch.setattr(log_keeper, "SIGN_SECONDS", 0.02)
    calls = []

    async def lost(*_: object) -> int:
        calls.append(1)
        if len(calls) < 4:
            raise log_keeper.StoreUnreachable(why="gone") if len(calls) % 2 else ValueError("a mistake")
        return await right(*_)

    right = log_keeper.sequence
    monkeypatch.setattr(log_keeper, "sequence", lost)
    log = keeper(at_home)
    await look(at_home)
    async with log.running():
        while (await log.figures()).head_size != 1:
            await asyncio.sleep(0.02)
    assert len(calls) > 4


async def test_a_silent_witness_gets_everything_later_the_newest_first(at_home, tmp_path):
    class Sulking(FolderWitness):
        silent, given = True, list[int]()

        async def take(self, size: int, note: bytes) -> None:
            if self.silent:
                raise WitnessSilent("asleep")
            self.given.append(size)
            await super().take(size, note)

    witness = Sulking(tmp_path / "witness")
    log = keeper(at_home, witness)
    for size in (1, 2, 3):
        await look(at_home)
        assert (await log.sign()).head.size == size
    figures = await log.figures()
    assert (figures.waiting, figures.witnessed_size) == (3, None)
    witness.silent = False
    assert await log.hand_over() == 3 and witness.given == [3, 2, 1]
    assert (await log.figures()).witnessed_size == 3 and await log.hand_over() == 0


async def test_a_witness_that_holds_another_head_raises_an_alarm_and_keeps_its_own(at_home, store, tmp_path):
    folder = tmp_path / "witness"
    await look(at_home)
    other = Store(home=Home(folder=tmp_path / "other"), keyring=store.keyring, database=store.database)
    other.home.create()
    signed = keys_in(other.home.keys).sign(1, b"1" * 32, NOON)
    folder.mkdir()
    (folder / "1.head").write_bytes(signed.note)
    log = keeper(at_home, FolderWitness(folder))
    await log.sign()
    async with store.database.acquire("audit_ro") as connection:
        assert [tuple(row) for row in await connection.fetch("SELECT kind, person FROM audit_alarm")] == [("witness", "")]
    assert (folder / "1.head").read_bytes() == signed.note
    assert (await log.figures()).waiting == 1


async def test_a_folder_takes_the_same_head_again_and_no_other(tmp_path):
    keys = keys_in(tmp_path)
    witness = witness_of(str(tmp_path / "deep" / "folder"))
    assert isinstance(witness, FolderWitness)
    first, later = keys.sign(7, b"1" * 32, NOON), keys.sign(7, b"1" * 32, NOON + timedelta(minutes=1))
    await witness.take(7, first.note)
    await witness.take(7, later.note)  # Another server signed the same tree: the first is kept.
    assert (tmp_path / "deep" / "folder" / "7.head").read_bytes() == first.note
    with pytest.raises(WitnessContradicts):
        await witness.take(7, keys.sign(7, b"2" * 32, NOON).note)
    assert [path.name for path in (tmp_path / "deep" / "folder").iterdir()] == ["7.head"]
    blocked = FolderWitness(tmp_path / "log.json" / "no-folder")
    with pytest.raises(WitnessSilent):
        await blocked.take(7, first.note)


async def test_an_address_gets_the_note_and_its_answer_counts():
    answers, got = [204, 409, 500], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers[len(got) - 1])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    witness = witness_of(f"http://127.0.0.1:{server.server_port}/heads?city=x")
    try:
        assert isinstance(witness, UrlWitness)
        await witness.take(1, b"a note")
        with pytest.raises(WitnessContradicts):
            await witness.take(1, b"a note")
        with pytest.raises(WitnessSilent):
            await witness.take(1, b"a note")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert got[0] == ("/heads?city=x", "text/plain; charset=utf-8", b"a note")
    with pytest.raises(WitnessSilent):
        await witness.take(1, b"a note")


async def test_no_witness_is_no_witness(at_home):
    assert witness_of(None) is None
    with pytest.raises(WitnessAddressWrong):
        witness_of("https://")
    await look(at_home)
    log = keeper(at_home, suite="SM")
    assert (await log.sign()).head.origin.endswith("/sm3") and (await log.figures()).waiting == 1


async def test_many_servers_sign_one_head_a_size(at_home, store):
    await look(at_home, 5)
    one = keeper(at_home)
    assert one.keys  # Made before they start together.
    signed = await asyncio.gather(*[keeper(at_home, at=NOON + timedelta(seconds=number)).sign() for number in range(4)])
    assert sum(each is not None for each in signed) == 1
    assert isinstance(store.database, Database) and (await one.figures()).head_size == 5
