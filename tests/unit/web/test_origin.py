"""Where a request comes from: what a browser says of other sites is believed, a Host header's word of who we are is not."""

import pytest
from starlette.requests import Request

from onecard.settings.origin import Origin, OriginWrong, read_origin
from onecard.web.origin import is_cross_site, own_origin

OURS = Origin(scheme="https", host="card.example.gov.cn", port=443)


def request(*headers: tuple[str, str], client: str = "10.0.0.7", port: int = 8000) -> Request:
    told = [(name.encode(), value.encode()) for name, value in (("host", "city.test"), *headers)]
    return Request({
        "type": "http", "scheme": "http", "method": "POST", "path": "/", "query_string": b"", "headers": told, "client": (client, 1),
        "server": ("127.0.0.1", port),
    })  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="no browser"),
        pytest.param([("sec-fetch-site", "same-origin")], id="our page"),
        pytest.param([("sec-fetch-site", "none")], id="reloaded by hand"),
        pytest.param([("origin", "http://city.test")], id="our origin"),
        pytest.param([("origin", "https://card.example.gov.cn")], id="the origin of the settings"),
        pytest.param([("sec-fetch-site", "same-origin"), ("origin", "http://city.test")], id="both"),
    ],
)
def test_what_our_own_pages_send_is_let_in(headers: list[tuple[str, str]]) -> None:
    assert not is_cross_site(OURS, request(*headers))


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([("sec-fetch-site", "cross-site")], id="another site"),
        pytest.param([("sec-fetch-site", "same-site")], id="a sister host"),
        pytest.param([("sec-fetch-site", "")], id="an empty word"),
        pytest.param([("origin", "null")], id="a page that hides"),
        pytest.param([("origin", "")], id="an empty origin"),
        pytest.param([("origin", "https://city.test")], id="another scheme"),
        pytest.param([("origin", "http://city.test:8001")], id="another port"),
        pytest.param([("origin", "http://city.test.evil.example")], id="a host that begins like ours"),
        pytest.param([("origin", "http://city.test"), ("origin", "http://evil.example")], id="two of them"),
        pytest.param([("sec-fetch-site", "same-origin"), ("origin", "null")], id="one of the two is wrong"),
    ],
)
def test_what_another_page_sends_is_not(headers: list[tuple[str, str]]) -> None:
    assert is_cross_site(OURS, request(*headers))


def test_where_we_are_is_told_by_the_settings_or_is_this_machine() -> None:
    assert own_origin(OURS, request()) == OURS
    assert own_origin(None, request()) is None
    assert own_origin(None, request(client="127.0.0.1")) is None, "it asked for another name"
    local = Request({**request(client="127.0.0.1").scope, "headers": [(b"host", b"localhost:9999")]})
    assert str(own_origin(None, local)) == "http://localhost:8000", "the port it came in by, not the one it claims"


@pytest.mark.parametrize(
    ("text", "origin"),
    [("https://Card.example.gov.cn/", "https://card.example.gov.cn"), ("http://localhost:8000", "http://localhost:8000"),
     ("https://card.example:443", "https://card.example"), ("https://[::1]:8443", "https://[::1]:8443")],
)  # fmt: skip
def test_an_origin_is_read_as_browsers_write_it(text: str, origin: str) -> None:
    assert str(read_origin(text)) == origin


@pytest.mark.parametrize(
    "text", ["card.example", "ftp://card.example", "https://", "https://card.example/console", "https://a@card.example",
             "https://card.example:99999", "https://card.example?x", "https://card.example:0", "https://一卡通.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(OriginWrong):
        read_origin(text)
