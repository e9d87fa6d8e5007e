"""`onecard demo`: build the demo city (or use the one that stands), print its bulletin, serve it."""

from typing import Annotated

import typer
import uvloop

from onecard.app.application import open_app
from onecard.app.tally_keeper import TallyKeeper
from onecard.cli.output import complain, say, settings_here
from onecard.cli.progress import progress_shown
from onecard.cli.stand import ready_line
from onecard.demo.build import build_demo, demo_standing
from onecard.reports.text import bulletin_text
from onecard.settings.settings import DEFAULT_CITY, Settings
from onecard.web.server import Server, bind

__all__ = ["register"]

SCALE_MAX = 10_000

_WHY = {
    "incomplete": ("上次没有建完，重新建立。", "The last build was not finished; building anew."),
    "other_city": ("现有的演示是另一座城市，重新建立。", "The demo that stands is another city's; building anew."),
    "other_scale": ("现有的演示城市比例不同，重新建立。", "The demo that stands has another scale; building anew."),
}
_CHANGED = (
    "城市数据或政策文件在建成后有改动；沿用现有的演示城市，重新建立请加 --fresh。",
    "The city's files have changed since this demo was built. It is used as it stands; --fresh builds it anew.",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    scale: Annotated[int, typer.Option(help="Build 1:N of the city's people.", min=1, max=SCALE_MAX)] = 100,
    leave: Annotated[bool, typer.Option("--exit", help="Stop after the bulletin.")] = False,
    port: Annotated[int, typer.Option(help="0 picks a free one.", min=0, max=65535)] = 8000,
    city: Annotated[str | None, typer.Option(help=f"A folder under cities/; else that of the home, else {DEFAULT_CITY}.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build anew though a whole one stands.")] = False,
) -> None:
    """Build the demo city at 1:N, replay its days through the real engine, print the bulletin, serve.

    Example: onecard demo --city xuancheng --scale 1000 --exit
    """
    uvloop.run(_demo(settings_here(city), scale, leave, port, fresh))


async def _demo(settings: Settings, scale: int, leave: bool, port: int, fresh: bool) -> None:
    bound = None if leave else bind("127.0.0.1", port)  # First: who has the port taken hears it before a city is built.
    settings.home.create()
    stands = demo_standing(settings, scale)
    if stands == "other_data" and not fresh:  # Its records outlive an edited file (SURFACES §1).
        complain(*_CHANGED)
    elif stands != "complete" or fresh:
        if stands in _WHY:
            complain(*_WHY[stands])
        with progress_shown() as progress:
            built = await build_demo(settings, scale, progress)
        complain(f"{built.uses} 笔用卡已记录，其中 {built.refused} 笔未通过。", f"{built.uses} uses recorded, {built.refused} refused.")
    async with open_app(settings) as app:
        await app.log.close()  # All that the builder wrote is under a signed head from the first moment,
        await TallyKeeper(app.database).add_all()  # and added up.
        made = await app.bulletin()
        say(bulletin_text(made))
        if bound is not None:
            server = Server(app, bound)
            say()
            say(ready_line("127.0.0.1", bound.getsockname()[1]))
            await server.run()
