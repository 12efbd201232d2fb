"""How indicators are worked out from the network and the base database: one function each, by its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from planner.config import FundingSource
from planner.coverage.appraise import FEN_PER_YUAN
from planner.model import Fact, Site, Tier, Village, said
from planner.pipeline.bulletin.definitions import bus_services
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans.bulletin import COUNTY

_HUB_M2, _STATION_M2 = 800.0, 100.0
_POINT_M2, _SMALL_POINT_M2, _LARGE_VILLAGE = 10.0, 5.0, 500
_YUAN_PER_UNIT = 10_000
"""Money is told in 10,000 yuan."""


def share(meets: Iterable[bool | None], *, left_out: int = 0) -> Tally:
    """Return which part of things meets what is asked; None is one of which nobody knows, ``left_out`` are counted as not.

    Of what is known in part the known are the part and all are the whole, so that the share is the least that it can be;
    where of none it is known that it does, there is no share.
    """
    answers = list(meets)
    whole, unknown = len(answers) + left_out, sum(answer is None for answer in answers)
    if not whole:
        return Tally(value=None, part=0, whole=0, reason=said("no data: there is none of which it could be a share"))
    part = sum(bool(answer) for answer in answers)
    if unknown and not part:
        return Tally(value=None, whole=whole, reason=said("no data: the base database says it of none"))
    return Tally(value=part / whole, part=part, whole=whole, note=_unknown(unknown, left_out))


def _unknown(unknown: int, left_out: int) -> Fact | None:
    if unknown:
        return said("of {count} it is not known; they count as not", count=unknown)
    if left_out:
        return said("{count} villages whose rows are at fault count as not", count=left_out)
    return None


def count(meets: Iterable[bool | None]) -> Tally:
    """Return how many things meet what is asked; None is one of which nobody knows."""
    answers = list(meets)
    unknown = sum(answer is None for answer in answers)
    part = sum(bool(answer) for answer in answers)
    if unknown and not part:
        return Tally(value=None, reason=said("no data: the base database says it of none"))
    note = said("of {count} it is not known; they are not counted", count=unknown) if unknown else None
    return Tally(value=part, note=note)


def villages_that(facts: MonthFacts, meets: Callable[[Village], bool | None], *, poor: bool = False) -> Tallies:
    """Return the share of villages, or of registered poor villages, that meet what is asked, by place."""
    rows = facts.area.rows_left_out
    left_out = rows.poor_villages if poor else rows.villages
    return {
        place: share(
            (meets(village) for village in villages if village.registered_poor or not poor),
            left_out=left_out if place == COUNTY else 0,
        )
        for place, villages in facts.by_place()
    }


def poor_villages_served(facts: MonthFacts) -> Tallies:
    """Return A1: registered poor villages that a point serves within the standard."""
    return villages_that(facts, lambda village: facts.hand_over[village.id].covered, poor=True)


def villages_served(facts: MonthFacts) -> Tallies:
    """Return A2: villages that a point serves within the standard."""
    return villages_that(facts, lambda village: facts.hand_over[village.id].covered)


def villages_with_point(facts: MonthFacts) -> Tallies:
    """Return A3: villages in which an open point stands."""
    with_point = {site.place_id for site in facts.open_points}
    return villages_that(facts, lambda village: village.id in with_point)


def villages_reached(facts: MonthFacts) -> Tallies:
    """Return A4: villages with a way to an open place where they hand over."""
    return villages_that(facts, lambda village: facts.hand_over[village.id].site_id is not None)


def townships_with_outlet(facts: MonthFacts) -> Tallies:
    """Return A5: townships with an open express station or a county hub."""
    outlets = (*facts.open_stations, *facts.network.opened_sites(Tier.COUNTY_HUB))
    with_outlet = {facts.township_of(site.place_id) for site in outlets}
    return {COUNTY: share(township in with_outlet for township in facts.townships)}


def large_hubs(facts: MonthFacts) -> Tallies:
    """Return A6: county hubs of 800 m² and more."""
    return {COUNTY: count(_at_least(hub, _HUB_M2) for hub in facts.network.opened_sites(Tier.COUNTY_HUB))}


def large_stations(facts: MonthFacts) -> Tallies:
    """Return A6: open express stations of 100 m² and more."""
    found = {COUNTY: count(_at_least(station, _STATION_M2) for station in facts.open_stations)}
    for township in facts.townships:
        own = [station for station in facts.open_stations if facts.township_of(station.place_id) == township]
        found[township] = count(_at_least(station, _STATION_M2) for station in own)
    return found


def _at_least(site: Site, m2: float) -> bool | None:
    return None if site.floor_area_m2 is None else site.floor_area_m2 >= m2


def points_up_to_standard(facts: MonthFacts) -> Tallies:
    """Return A7: open points with floor enough, staff, equipment, line and rules."""

    def of(points: Iterable[Site]) -> Tally:
        return share(_up_to_standard(facts, point) for point in points)

    by_township = {
        township: of(point for point in facts.open_points if facts.township_of(point.place_id) == township)
        for township in facts.townships
    }
    return {COUNTY: of(facts.open_points), **by_township}


def _up_to_standard(facts: MonthFacts, point: Site) -> bool | None:
    """Return whether a point meets all that is asked: no as soon as one thing is known to lack, None if one is not known."""
    village = facts.area.village_by_id.get(point.place_id)
    large = village is None or village.population >= _LARGE_VILLAGE
    floor = _at_least(point, _POINT_M2 if large else _SMALL_POINT_M2)
    answers = (floor, point.staffed, point.equipped, point.on_line, point.has_rules)
    if False in answers:
        return False
    return None if None in answers else True


def villages_with_shop(facts: MonthFacts) -> Tallies:
    """Return A8: villages with a convenience shop."""
    return villages_that(facts, lambda village: village.shop)


def townships_with_centre(facts: MonthFacts) -> Tallies:
    """Return A8: townships with a centre of trade."""
    return {COUNTY: share(township.trade_centre for township in facts.area.townships)}


def sites_with_buses(facts: MonthFacts) -> Tallies:
    """Return A10 where it is not filled in: open sites whose services say that buses take parcels.

    No site that says so is no proof that there is none: the base database rarely says it.
    """
    with_buses = [site for site in (*facts.open_points, *facts.open_stations) if bus_services() & set(site.services)]
    if not with_buses:
        return {place: Tally(value=None, reason=NOT_FILLED_IN) for place, _ in facts.by_place()}
    counts = Counter(facts.township_of(site.place_id) for site in with_buses)
    return {COUNTY: Tally(value=len(with_buses)), **{id_: Tally(value=counts[id_]) for id_ in facts.townships}}


def county_with_bus_lines(facts: MonthFacts) -> Tallies:
    """Return A10: whether buses of this county take parcels, as a share of one county."""
    lines = facts.entered.get(("A10.2", COUNTY))
    if lines is None:
        return {COUNTY: Tally(value=None, reason=NOT_FILLED_IN)}
    return {COUNTY: share([lines.value > 0])}


def money_planned(facts: MonthFacts, source: FundingSource | None = None) -> Tallies:
    """Return A15: what the stage in force is to cost, from one source or all four, in 10,000 yuan."""
    table = facts.network.subsidies
    if table is None:
        return {COUNTY: Tally(value=None, reason=said("no data: the configuration does not say who pays"))}
    phase = facts.stage.name if facts.stage.name in table.phases else None
    return {COUNTY: Tally(value=table.fen(phase=phase, source=source) / FEN_PER_YUAN / _YUAN_PER_UNIT)}


def money_received(facts: MonthFacts, code: str = "A15.6", source: FundingSource | None = None) -> Tallies:
    """Return A15: money received (what was filled in as ``code``) against money planned, from one source or all four."""
    received, planned = facts.entered.get((code, COUNTY)), money_planned(facts, source)[COUNTY]
    if received is None:
        return {COUNTY: Tally(value=None, reason=NOT_FILLED_IN)}
    return {COUNTY: _ratio(received.value, planned.value, planned.reason)}


def produce_share(facts: MonthFacts) -> Tallies:
    """Return B3: online retail of farm produce as a part of rural online retail."""
    produce, rural = (facts.entered.get((code, COUNTY)) for code in ("B3.2", "B3.1"))
    if produce is None or rural is None:
        return {COUNTY: Tally(value=None, reason=NOT_FILLED_IN)}
    return {COUNTY: _ratio(produce.value, rural.value, None)}


def _ratio(part: float, whole: float | None, reason: Fact | None) -> Tally:
    if not whole:
        return Tally(value=None, reason=reason or said("no data: there is none of which it could be a share"))
    return Tally(value=part / whole, part=part, whole=whole)


NOT_FILLED_IN = said("not filled in")
"""Why there is no figure where the bureau's table has none."""
