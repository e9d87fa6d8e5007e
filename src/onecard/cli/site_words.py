"""A site as `onecard site` tells it, as JSON and in lines."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onecard.app.application import App
from onecard.cli.output import say
from onecard.terminals.alarm import alarms_of
from onecard.terminals.model import Site
from onecard.terminals.presence import presence_of
from onecard.terminals.proof import proof_of, terminals_of
from onecard.terminals.way import MOVES, lacking
from onecard.values.days import civil

__all__ = ["say_site", "site_json", "site_told"]


async def site_told(app: App, site: Site) -> dict[str, Any]:
    """Return one site whole: its way, its devices with what they showed, and what is still missing before it is live."""
    today, terminals = civil(app.now()).date(), terminals_of(app.masters.directory, site.site)
    async with app.database.acquire("desk") as connection:
        proof = await proof_of(connection, site, terminals)
        devices = []
        for each in terminals:
            presence, alarms = await presence_of(connection, each.terminal), await alarms_of(connection, each.terminal)
            devices.append({
                "terminal": each.terminal, "model": each.model, "bound": each.bound_at(today),
                "seen_at": presence.seen_at.isoformat() if presence else None, "hotlist": presence.hotlist if presence else None,
                "passed": sorted(proof.passed[each.terminal]),
                "alarms": [{"kind": a.kind, "at": a.at.isoformat()} for a in alarms if a.settled_at is None],
            })  # fmt: skip
    missing = lacking([each for each in terminals if each.bound_at(today)], proof) if site.state_on(today) != "live" else []
    return {
        **site_json(site, today), "used": proof.used, "terminals": devices, "missing": [{"zh": zh, "en": en} for zh, en in missing],
        "may": list(MOVES[site.states[-1][1]]) if site.states else ["in_talks", "planned"],
    }  # fmt: skip


def site_json(site: Site, day: date) -> dict[str, Any]:
    """Return a site as it stands on *day*."""
    return {
        "site": site.site, "name": {"zh": site.name_zh, "en": site.name_en}, "kind": site.kind, "region": site.region,
        "operator": site.operator, "state": site.state_on(day), "states": [[since.isoformat(), state] for since, state in site.states],
        "planned_for": site.planned_for.isoformat() if site.planned_for else None,
    }  # fmt: skip


def say_site(told: Mapping[str, Any]) -> None:
    """Print what `site_told` returned."""
    say(f"{told['site']}  {told['name']['zh']} · {told['name']['en']}  {told['state']}")
    say("  " + " → ".join(f"{since} {state}" for since, state in told["states"]))
    for each in told["terminals"]:
        say(f"  {each['terminal']}  seen {each['seen_at'] or 'never'}  passed {', '.join(each['passed']) or 'nothing'}")
        for alarm in each["alarms"]:
            say(f"    ! {alarm['kind']} {alarm['at']}")
    for missing in told["missing"]:
        say(f"  · {missing['zh']} | {missing['en']}")
    say(f"  may become: {', '.join(told['may'])}")
