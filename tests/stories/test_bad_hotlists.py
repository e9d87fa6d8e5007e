"""A terminal whose hotlist comes wrong: a delta out of order, cut, or of another list. It keeps what it has and fetches the whole."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.stories.doors import City
from tests.stories.hotlists import whole_hotlist
from tests.stories.moved import Moved
from tests.stories.programs import Program, said

Spoil = Callable[[bytes], bytes]

SPOILT: dict[str, Spoil] = {
    "out of order": lambda delta: delta[:6] + (int.from_bytes(delta[6:14]) + 1).to_bytes(8) + delta[14:],
    "cut short": lambda delta: delta[:-3],
    "of another list, where those that come are there already to go": lambda delta: delta[:22] + delta[26:30] + delta[22:26] + delta[30:],
    "no hotlist at all": lambda _: b"<html>captive portal</html>",
}


@contextmanager
def between(city: City, spoil: Spoil) -> Iterator[tuple[str, list[int]]]:
    """Stand between a terminal and the city, pass all on, and spoil every delta; yield the address, and what was asked for whole."""
    whole: list[int] = []

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on(b"")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def _pass_on(self, body: bytes) -> None:
            asked = urlsplit(self.path)
            if asked.path.endswith("/events"):
                self._answer(404, b"")  # So that it asks by heartbeat, and for the list itself.
                return
            headers = {"Authorization": self.headers["Authorization"], "Content-Type": "application/json"}
            response = httpx.request(self.command, city.serving.url + self.path, content=body, headers=headers)
            content = response.content
            if asked.path == "/v1/hotlist":
                if int(parse_qs(asked.query).get("have", ["0"])[0]):
                    content = spoil(content)
                else:
                    whole.append(1)
            self._answer(response.status_code, content, response.headers["content-type"])

        def _answer(self, status: int, content: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", whole
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        yield moved


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_delta_is_not_taken_and_the_whole_list_is(moved: Moved, what: str, tmp_path: Path) -> None:
    city = moved.near("2024-10-31T11:30:00")
    card = city.shown("local-58")["value"]
    with between(city, SPOILT[what]) as (address, whole):
        with Program.at(city, "museum", tmp_path / "museum", server=address):
            pass
        assert moved.onecard("card", "loss", card, "--kind", "temp", "--reason", "gone").code == 0
        before = len(whole)
        with Program.at(city, "museum", tmp_path / "museum", server=address) as museum:
            museum.heard(whole_hotlist(city, "museum")[0])
            assert len(whole) > before
            moved.leave()
            assert said(museum.alone(card)) == ("refused", "HOTLIST_HIT", 0)
            assert said(museum.alone(city.shown("local-65")["value"]))[0] == "accepted"
        moved.back()
    assert moved.onecard("card", "release", card, "--reason", "found").code == 0
