"""Times that a day's orders ask for and no visit can keep: those of a point's villages, and the point's hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from planner.config import RoutingConfig
from planner.geodata.findings import Finding, Severity
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders
from planner.geodata.orders.order_rows import written_clock
from planner.model import Demand, StudyArea, said


def windows_at_fault(
    estimate: Demand,
    orders: DayOrders,
    with_goods: Callable[[Sequence[PlaceOrders]], list[PlaceOrders]],
    area: StudyArea,
    routing: RoutingConfig,
) -> Iterator[Finding]:
    """Yield an error for each row whose time fits neither the others of its point nor the point's hours.

    ``with_goods`` returns of some villages those that have something that day: the times of the others bind nobody.
    """
    hours = {window.site_id: (window.opens, window.closes) for window in routing.windows}
    at_point: dict[str, list[PlaceOrders]] = defaultdict(list)
    for village_id, site_id in estimate.place_of_village.items():
        if village_id in orders.villages:
            at_point[site_id].append(orders.villages[village_id])
    for site_id, one in orders.points.items():
        at_point[site_id].append(one)
    for site_id, members in sorted(at_point.items()):
        active = [one for one in members if one.place.site_id] + with_goods(
            [one for one in members if one.place.village_id]
        )
        timed = [one for one in active if (one.earliest_s, one.latest_s) != (None, None)]
        opens, closes = map(float, hours.get(site_id, (routing.opens, routing.closes)))
        first = max([opens, *(one.earliest_s for one in timed if one.earliest_s is not None)])
        last = min([closes, *(one.latest_s for one in timed if one.latest_s is not None)])
        if not timed or first <= last:
            continue
        span = said("{opens}-{closes}", opens=written_clock(opens), closes=written_clock(closes))
        for one in timed:
            for row in one.rows:
                yield Finding(
                    severity=Severity.ERROR,
                    code="no_common_time",
                    file=orders.rows.label(row),
                    row=row.number,
                    field=orders.rows.headings.get("latest", orders.rows.headings.get("window", "latest")),
                    value=row.cells.get("latest", "") or row.cells.get("window", ""),
                    message=said(
                        "leaves no time for a visit at {site}, open {span}: it would be from {first} until {last}",
                        site=area.site_by_id[site_id].name,
                        span=span,
                        first=written_clock(first),
                        last=written_clock(last),
                    ),
                    remedy=said("give times within the hours that all who hand over there can keep"),
                )
