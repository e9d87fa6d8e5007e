"""Make the bulletin of a day: read what uses add up to, and the sites twice, then plan."""

from datetime import date

from onecard.reports.model import Bulletin, City
from onecard.reports.plan import make_bulletin, meal_window, quarter_end
from onecard.reports.store import Reader, read_fed_canteens, read_sites, read_uses

__all__ = ["bulletin"]


async def bulletin(reader: Reader, as_of: date, *, city: City, scale: int, synthetic: bool) -> Bulletin:
    """Return the bulletin of *as_of* from the records; a figure they do not hold is None.

    *scale* and *synthetic* say what city this is and are passed on as they are. Raises what the reader raises.
    """
    quarter = quarter_end(as_of)
    meals_from, meals_until = meal_window(quarter)
    return make_bulletin(
        as_of=as_of,
        scale=scale,
        synthetic=synthetic,
        city=city,
        uses=await read_uses(reader, as_of=as_of),
        fed=await read_fed_canteens(reader, meals_from=meals_from, meals_until=meals_until),
        sites=await read_sites(reader, as_of=as_of),
        sites_at_quarter=await read_sites(reader, as_of=quarter),
    )
