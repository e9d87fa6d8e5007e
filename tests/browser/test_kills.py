"""A browser killed while it decides alone: what it had shown is on its disk, and arrives once."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import CHROMIUM
from tests.browser.test_alone import scan, sent, stored

CARDS = ["B00000001", "B00000006", "B00000099"]


def processes_of(folder):
    """Return the processes of the browser whose profile lies in *folder*."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # It ended meanwhile.
            continue
    return [pid for pid in found if pid != os.getpid()]


def killed_after(folder, seconds):
    def kill():
        for pid in processes_of(folder):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    timer = threading.Timer(seconds, kill)
    timer.start()
    return timer


def opened(chromium, folder, app):
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"], locale="zh-CN"
    )
    page = context.pages[0]
    page.goto(f"{app.address}/terminal/bus")
    page.wait_for_selector("html[data-ready]")
    return context, page


def killed_while_alone(chromium, app, folder, kills, chance):
    """Tap until the browser is killed, again and again; return how many answers were shown in all."""
    app.stands_alone, shown = True, 0
    for _ in range(kills):
        app.is_away = True
        context, page = opened(chromium, folder, app)
        page.wait_for_selector("html[data-alone=ready]")
        context.set_offline(True)
        begun = int(page.get_attribute("#net", "data-waiting"))
        assert begun >= shown  # What was shown before the last kill is there again.
        timer = killed_after(folder, chance.uniform(0.3, 2.0))
        shown = begun
        try:
            while True:
                scan(page, chance.choice(CARDS))
                page.wait_for_selector(f"#net[data-waiting='{shown + 1}']", timeout=5000)
                shown += 1
        except Error:
            timer.join()
    app.is_away = False
    context, page = opened(chromium, folder, app)
    arrived = sent(app, shown, seconds=20)
    time.sleep(0.5)
    seqs = [seq for seq, _, _ in arrived]
    assert len(seqs) >= shown and seqs == sorted(set(seqs))
    assert {record["seq"] for record in stored(page) if record["state"] == "sent"} >= set(seqs)
    context.close()
    return shown


@pytest.mark.long
def test_nothing_that_was_shown_is_lost_when_the_browser_is_killed(chromium, app, tmp_path):
    assert killed_while_alone(chromium, app, tmp_path / "profile", 3, random.Random(3)) > 3


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_nothing_that_was_shown_is_lost_in_forty_kills_of_the_browser(chromium, app, tmp_path):
    assert killed_while_alone(chromium, app, tmp_path / "profile", 40, random.Random()) > 40
