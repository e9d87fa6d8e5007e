"""`onecard standins personalisation | province | household`: who makes cards, who knows them, and who knows births and deaths."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from onecard.cli.output import document, say, settings_here, wrong_call
from onecard.cli.standins import standins
from onecard.demo.source import read_source
from onecard.settings.city_folder import find_city
from onecard.standins import maker
from onecard.standins import register as household_register
from onecard.standins.personalisation import Personalisation
from onecard.standins.province import STATUSES, Province
from onecard.standins.serving import serve

__all__ = ["register"]

Fault = Annotated[maker.Fault, typer.Option(help="What it does wrong.")]
DayFault = Annotated[household_register.Fault, typer.Option(help="What is wrong with the file.")]


def register(_: typer.Typer) -> None:
    """Add the commands below `onecard standins`, which stands already."""
    standins.command("personalisation")(personalisation)
    standins.command("province")(province)
    standins.command("household")(household)


def personalisation(
    inbox: Annotated[Path, typer.Option("--in", help="Where batches lie (*.make).", file_okay=False)],
    outbox: Annotated[Path, typer.Option("--out", help="Where return files go.", file_okay=False)],
    fault: Fault = "none",
    late_seconds: Annotated[float, typer.Option(help="How late --fault late is.", min=0, max=3600)] = 10.0,
    once: Annotated[bool, typer.Option("--once", help="Answer what lies there, and end.")] = False,
) -> None:
    """The card maker: answers every batch in a folder, until Ctrl-C.

    Example: onecard standins personalisation --in outbox --out inbox --fault partial
    """
    Personalisation(inbox=inbox, outbox=outbox, fault=fault, late_seconds=late_seconds, say=say).run(once=once)


def province(
    port: Annotated[int, typer.Option(help="0 picks a free one.", min=0, max=65535)] = 0,
    otherwise: Annotated[
        Literal["active", "sealed", "lost", "cancelled", "none"], typer.Option(help="What is said of cards that --tell does not name.")
    ] = "lost",
    tell: Annotated[Path | None, typer.Option(help="JSON: status by key in hex.", exists=True, dir_okay=False)] = None,
    slow_of: Annotated[int, typer.Option(help="One card of so many is answered late; 0: none.", min=0)] = 0,
    slow_seconds: Annotated[float, typer.Option(min=0, max=600)] = 5.0,
    unknown_of: Annotated[int, typer.Option(help="One card of so many is not answered; 0: none.", min=0)] = 0,
) -> None:
    """The province's card platform: how a card stands, by the key of its number.

    Example: onecard standins province --port 8102 --unknown-of 5
    """
    known = {} if tell is None else _told(tell)
    if not set(known.values()) <= set(STATUSES):
        wrong_call(f"状态应为 {'、'.join(STATUSES)}。", f"A status is one of {', '.join(STATUSES)}.")
    asked = Province(otherwise=otherwise, known=known, slow_of=slow_of, slow_seconds=slow_seconds, unknown_of=unknown_of)
    serve(asked, port, lambda url: say(f"Ready: {url}"))


def household(
    out: Annotated[Path, typer.Option(help="Where the file goes.", file_okay=False)],
    people: Annotated[Path, typer.Option(help="What onecard cast --json printed.", exists=True, dir_okay=False)],
    day: Annotated[str, typer.Option(help="The day it tells of.")] = "2024-10-31",
    death: Annotated[list[str] | None, typer.Option(help="The key of somebody who died; may be repeated.")] = None,
    move: Annotated[list[str] | None, typer.Option(help="KEY=REGION, who moved where; may be repeated.")] = None,
    births: Annotated[int, typer.Option(min=0, max=999)] = 0,
    name: Annotated[str, typer.Option(help="The file's name for good; blank: by the day.")] = "",
    fault: DayFault = "none",
) -> None:
    """The household register: writes one day's file, and ends.

    Example: onecard standins household --out inbox --people cast.json --death local-93 --move local-65=330483
    """
    moved = [(key, region) for key, _, region in (each.partition("=") for each in move or [])]
    if not death and not moved and not births:
        wrong_call("至少要有一件事：--death、--move 或 --births。", "Tell of something: --death, --move or --births.")
    region, area = _of_newborns() if births else ("", "")
    wish = household_register.DayWish(
        day=_day(day), deaths=death or [], moves=moved, births=births, births_region=region, births_area=area, name=name
    )
    try:
        known = household_register.people_of(json.loads(people.read_text(encoding="utf-8")))
        content = household_register.day_bytes(wish, known, fault)
    except (ValueError, TypeError):
        wrong_call(f"{people} 应为 onecard cast --json 的输出。", f"{people} should hold what onecard cast --json printed.")
    except KeyError as unknown:
        wrong_call(f"名册中没有 {unknown}。", f"The register does not know {unknown}.")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name or f'HJ{wish.day:%Y%m%d}'}.household"
    path.write_bytes(content)
    document({"file": str(path), "events": len(wish.deaths) + len(moved) + births})


def _of_newborns() -> tuple[str, str]:
    """Return where this home's city registers the newborns of its demo, and the area code of their numbers."""
    settings = settings_here()
    city = read_source(find_city(settings.city, settings.cities)).city
    return city.cast["home"], city.particulars.numbers.newborns


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong_call("日期应为 2024-10-31 这样的格式。", "Write the day like 2024-10-31.")


def _told(path: Path) -> dict[str, str]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(key).lower(): str(status) for key, status in told.items()}
    except (ValueError, AttributeError):
        wrong_call(f"{path} 应为 JSON 对象：卡号摘要到状态。", f"{path} should be a JSON object: status by key.")
