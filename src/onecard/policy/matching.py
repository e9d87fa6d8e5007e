"""Which occasions ask a document: its `where` beside the site and the service of a use."""

from onecard.policy.model import Where
from onecard.values.regions import inside_any

__all__ = ["fits"]


def fits(where: Where, *, region: str, service: str, site_kind: str, operator: str, site: str) -> bool:
    """Tell whether a document with this *where* is asked at that occasion; what `where` leaves out matches anything.

    A region matches with all that lies inside it; a blank *region* lies in none.
    """
    return (
        (not where.service or service in where.service)
        and (not where.site_kind or site_kind in where.site_kind)
        and (not where.region or inside_any(region, where.region))
        and (not where.operator or operator in where.operator)
        and (not where.site or site in where.site)
    )
