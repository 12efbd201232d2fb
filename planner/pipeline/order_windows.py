"""Times that a day's orders ask for and no visit can keep, because the point is not open then: what they are for waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.config import RoutingConfig
from planner.geodata.findings import Finding, Severity
from planner.geodata.orders.day_orders import DayOrders
from planner.geodata.orders.order_rows import written_clock
from planner.model import StudyArea, said
from planner.pipeline.fleet import hours_of


def times_never_open(
    orders: DayOrders, places: Mapping[str, str], area: StudyArea, routing: RoutingConfig
) -> Iterator[Finding]:
    """Yield a warning for each row whose time lies outside its point's hours; ``places`` has the site of each village."""
    for one in (*orders.villages.values(), *orders.points.values()):
        site_id = one.place.site_id or places.get(one.place.village_id, "")
        for part in one.parts or (one,):
            if not site_id or (part.amounts and not any(part.amounts.values())):
                continue
            opens, closes = hours_of(site_id, routing)
            first = max(opens, opens if part.earliest_s is None else part.earliest_s)
            last = min(closes, closes if part.latest_s is None else part.latest_s)
            for row in part.rows if first > last else ():
                yield Finding(
                    severity=Severity.WARNING,
                    code="never_open_then",
                    file=orders.rows.label(row),
                    row=row.number,
                    field=orders.rows.headings.get("latest", orders.rows.headings.get("window", "latest")),
                    value=row.cells.get("latest", "") or row.cells.get("window", ""),
                    message=said(
                        "is held: it leaves no time for a visit at {site}, open {span}: from {first} until {last}",
                        site=area.site_by_id[site_id].name,
                        span=said("{opens}-{closes}", opens=written_clock(opens), closes=written_clock(closes)),
                        first=written_clock(first),
                        last=written_clock(last),
                    ),
                    remedy=said("give times within the point's hours, or plan the day again when it is open longer"),
                )
