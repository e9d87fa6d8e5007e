"""Cards of ordinary residents for tests and load: drawn again by the seed, for the store keeps no number in clear."""

from typing import TYPE_CHECKING

from onecard.demo.cast import crowd_json
from onecard.demo.marker import read_marker
from onecard.demo.source import chance_by, read_source
from onecard.demo.world import crowd_of

if TYPE_CHECKING:
    from onecard.app.application import App

__all__ = ["crowd"]


async def crowd(app: "App", number: int) -> list[dict[str, str]]:
    """Return the cards of *number* ordinary valid residents of the demo that stands in the home; fewer in a smaller city."""
    marker = read_marker(app.settings.home.folder)
    assert marker is not None, "only a demo has a crowd"
    source = read_source(app.folder)
    return crowd_json(crowd_of(source.city, marker.scale, number, chance_by(marker.seed)))
