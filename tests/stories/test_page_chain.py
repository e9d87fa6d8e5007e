"""The page's chain before the served city: its own uses are believed, a second device is named and goes on serving."""

from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, shows, uploaded

pytestmark = [*page_stories, pytest.mark.long]

TERMINAL = "merchant"  # No other story opens its page.


def alarms(city: City) -> dict[str, int]:
    """Return the open alarms of the terminal by kind; links that wait are looked at first."""
    found = city.onecard("site", "alarms", TERMINAL, "--json").json()["alarms"]
    kinds = [alarm["kind"] for alarm in found]
    return {kind: kinds.count(kind) for kind in kinds}


def test_what_one_tablet_signs_is_believed_and_a_second_tablet_is_named(city: City) -> None:
    lost = city.shown("lost-card")["value"]  # Refused everywhere, so that no limit of anybody is touched.

    def story(browser: Any) -> None:
        first = open_terminal(browser, city, TERMINAL)
        assert not first.is_visible("#cloned")
        shows(first, lost, "red", "卡已挂失")
        first.context.set_offline(True)
        shows(first, lost, "red", "请联系工作人员")
        first.reload()
        first.wait_for_selector("html[data-ready]")
        shows(first, lost, "red", "请联系工作人员")
        uploaded(first)
        assert len(kept_by(first, city, TERMINAL)) == 3
        assert alarms(city) == {}  # Each signature good, no fork.

        second = open_terminal(browser, city, TERMINAL)  # Another tablet with the same token.
        second.wait_for_selector("#cloned:visible")
        assert second.inner_text("#cloned").startswith("登记的是另一台设备")
        shows(second, lost, "red", "卡已挂失")
        assert alarms(city) == {"clone": 1}

        first.reload()
        first.wait_for_selector("#cloned:visible")
        assert first.inner_text("#cloned").startswith("另一台设备也在用这个终端的身份")
        assert city.onecard("site", "settle-alarm", TERMINAL, "--reason", "the second tablet was put away").code == 0
        first.reload()
        first.wait_for_selector("html[data-alone=ready]")
        assert not first.is_visible("#cloned")
        for page in (first, second):
            page.context.close()

    in_browser(story)
    chains = [check for check in city.onecard("verify", "--json").json()["checks"] if "chain" in check["name"] or "link" in check["name"]]
    assert chains and all(check["ok"] for check in chains) and sum(check["examined"] for check in chains) >= 4
