"""`onecard terminal --simulate N`: thousands of terminals in one process, and what they saw."""

import asyncio
import secrets
from typing import Any, Final

import uvloop

from onecard.app.application import open_app
from onecard.cli.output import complain, document, say, settings_here, wrong_call
from onecard.demo.crowd import crowd
from onecard.demo.fleet import FLEET_MAX, simulated_fleet
from onecard.device.server import Server, Unreachable, connected
from onecard.device.simulation import Plan, simulate
from onecard.device.tally import Tally
from onecard.settings.open_files import allow_open_files

__all__ = ["simulation"]

CROWD: Final = 2000  # Cards that tap.
REQUESTS_AT_ONCE: Final = 100
SPARE_FILES: Final = 300  # Beside a stream for each terminal.
KNOWN_SECONDS_MAX: Final = 15.0  # Within which a server hears of new devices.


def simulation(number: int, url: str, token: str | None, rate: float, seconds: float, as_json: bool) -> None:
    """Simulate *number* terminals at the server *url* and print what they saw.

    With a *token* they are the first that it speaks for, and do not tap where this home is no demo; without one they are devices
    of their own, which are added to the demo in this home.
    """
    if not 0 < number <= FLEET_MAX:
        wrong_call(f"--simulate 应为 1 到 {FLEET_MAX}。", f"--simulate is from 1 to {FLEET_MAX}.")
    allowed = allow_open_files(number + SPARE_FILES)
    if allowed < number + SPARE_FILES:
        wrong_call(
            f"系统只允许打开 {allowed} 个文件，{number} 台终端需要 {number + SPARE_FILES} 个。请提高 ulimit -Hn。",
            f"This system lets a process hold {allowed} files open; {number} terminals need {number + SPARE_FILES}. Raise ulimit -Hn.",
        )
    told = uvloop.run(_simulate(number, url, token, rate, seconds))
    if as_json:
        document(told)
    else:
        _table(told)


async def _simulate(number: int, url: str, token: str | None, rate: float, seconds: float) -> dict[str, Any]:
    chosen, credentials = await _demo(number, token)
    async with connected(url, chosen, connections_max=REQUESTS_AT_ONCE) as asking, connected(url, chosen, connections_max=0) as listening:
        terminals = await _spoken_for(asking, number)
        plan = Plan(terminals=terminals, credentials=credentials, taps_a_second=rate, seconds=seconds)
        tally = Tally()
        await simulate(plan, asking, listening, tally)
    return tally.told(number)


async def _demo(number: int, token: str | None) -> tuple[str, list[dict[str, str]]]:
    """Return the token of the fleet, made where needed, and the cards of a crowd."""
    async with open_app(settings_here()) as app:
        if not app.is_demo:
            if token is None:
                wrong_call("这里不是演示城市，请给出 --token。", "This home is no demo: give a --token.")
            complain("这里不是演示城市：终端只签到和收听，不刷卡。", "This home is no demo: terminals sign in and listen, and do not tap.")
            return token, []
        fleet = token or (await simulated_fleet(app, number, lambda: secrets.token_urlsafe(32))).token
        return fleet, await crowd(app, CROWD)


async def _spoken_for(server: Server, number: int) -> list[str]:
    """Return *number* terminals that the token speaks for, once the server knows them."""
    loop = asyncio.get_running_loop()
    until = loop.time() + KNOWN_SECONDS_MAX
    while True:
        try:
            reply = await server.get("/v1/terminals/me")
        except Unreachable as gone:
            wrong_call(f"连不上服务器：{gone}。", f"The server cannot be reached: {gone}.")
        found = [each["terminal"] for each in reply.told.get("terminals", ())]
        if len(found) >= number:
            return found[:number]
        if loop.time() > until:
            wrong_call(f"令牌只能代表 {len(found)} 台终端。", f"The token speaks for {len(found)} terminals only.")
        await asyncio.sleep(0.5)


def _table(told: dict[str, Any]) -> None:
    listening = told["listening"]
    say(f"{told['terminals']} terminals signed in within {told['sign_in_seconds']} s")
    say(f"{listening['open']} listened at once, after {listening['seconds_until_all']} s; {listening['lost']} streams were lost")
    say(f"{'':<10} {'answered':>9} {'failed':>7} {'p50 ms':>9} {'p99 ms':>9} {'max ms':>9}")
    for what in ("sign_in", "heartbeat", "hotlist", "tap"):
        row = told[what]
        times = " ".join(f"{'' if row[name] is None else row[name]:>9}" for name in ("p50_ms", "p99_ms", "max_ms"))
        say(f"{what:<10} {row['answered']:>9} {row['failed']:>7} {times}")
    for change in told["hotlist_changes"]:
        spread = change["seconds_first_to_last"]
        say(f"hotlist {change['version']}: {change['terminals']} terminals held it, the last {spread} s after the first")
    for outcome, count in told["outcomes"].items():
        say(f"  {count:>8}  {outcome}")
    for why, count in told["whys"].items():
        say(f"  {count:>8}  {why}")
