"""Who may see the cast: this machine, under its own name, with nobody in between."""

import pytest

from onecard.web.loopback import is_loopback


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        pytest.param("127.0.0.1", {"host": "127.0.0.1:8000"}, id="IPv4"),
        pytest.param("127.9.9.9", {"host": "localhost:8000"}, id="all of 127"),
        pytest.param("::1", {"host": "[::1]:8000"}, id="IPv6"),
        pytest.param("::ffff:127.0.0.1", {"host": "localhost"}, id="IPv4 inside IPv6"),
    ],
)
def test_this_machine_is_let_in(client, headers):
    assert is_loopback(client, headers)


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        pytest.param("192.168.1.7", {"host": "127.0.0.1:8000"}, id="a neighbour"),
        pytest.param("127.0.0.1", {"host": "evil.example"}, id="a page that means us by another name"),
        pytest.param("127.0.0.1", {"host": "127.0.0.1.evil.example"}, id="a name that begins like ours"),
        pytest.param("127.0.0.1", {"host": "localhost:8000", "x-forwarded-for": "10.0.0.1"}, id="behind a proxy"),
        pytest.param("127.0.0.1", {}, id="no name"),
        pytest.param(None, {"host": "localhost"}, id="no peer"),
    ],
)
def test_everybody_else_is_kept_out(client, headers):
    assert not is_loopback(client, headers)
