"""Make a bulletin: indicators by formula or from the bureau's table, held against last month, last year, target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from planner.config import FundingSource
from planner.geodata.services import SERVICES
from planner.model import Fact, Text, said
from planner.pipeline.bulletin import formulas, formulas_of_days, formulas_of_roads, formulas_of_services
from planner.pipeline.bulletin.grade_step import grade_step
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans.bulletin import COUNTY, Bulletin, BulletinPlace, Indicator, IndicatorFigure

Formula = Callable[[MonthFacts], Tallies]


FORMULAS: dict[str, Formula] = {
    "A1": formulas.poor_villages_served,
    "A2": formulas.villages_served,
    "A3": formulas.villages_with_point,
    "A4": formulas.villages_reached,
    "A5": formulas.townships_with_outlet,
    "A6.1": formulas.large_hubs,
    "A6.2": formulas.large_stations,
    "A7": formulas.points_up_to_standard,
    "A8.1": formulas.villages_with_shop,
    "A8.2": formulas.townships_with_centre,
    "A9": formulas_of_services.county_grade,
    "A10.3": formulas.county_with_bus_lines,
    "A11": formulas_of_days.villages_the_same_day,
    "A12.1": formulas_of_days.mean_visits,
    "A12.2": formulas_of_days.least_visits,
    "A12.3": formulas_of_days.villages_visited_enough,
    "A13.1": formulas_of_roads.people_without_road,
    "A13.2": formulas_of_roads.people_near_road,
    "A14.1": formulas_of_days.parcel_cost,
    "A14.2": formulas_of_days.load_factor,
    "A14.3": formulas_of_days.motor_share,
    "A15.1": formulas.money_planned,
    **{
        f"A15.{number}": partial(formulas.money_planned, source=source)
        for number, source in enumerate(FundingSource, start=2)
    },
    "A15.7": formulas.money_received,
    **{
        f"A15.7.{number}": partial(formulas.money_received, code=f"A15.6.{number}", source=source)
        for number, source in enumerate(FundingSource, start=1)
    },
    **{
        f"A16.{number}": partial(formulas_of_services.villages_with_service, service=service)
        for number, service in enumerate(SERVICES, start=1)
    },
    "B3.3": formulas.produce_share,
}
"""What works out the indicators that are not entered, by code."""
FROM_BASE_DATABASE: dict[str, Formula] = {"A10.1": formulas.sites_with_buses}
"""What is entered, and worked out where the bureau's table has no figure of it at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The bulletins that a new one is held against, None where there is none."""

    month: Bulletin | None = None
    year: Bulletin | None = None


def make_bulletin(
    facts: MonthFacts, indicators: Sequence[Indicator], *, before: Before = Before(), figures_file: str = ""
) -> Bulletin:
    """Return the bulletin of a month."""
    area = facts.area
    figures: list[IndicatorFigure] = []
    for indicator in indicators:
        figures += _ranked(indicator, list(_figures_of(indicator, facts, before, figures_file)))
    order = {COUNTY: 0}
    return Bulletin(
        area_id=area.id,
        area_name=Text(area.name_latin or area.name, area.name),
        issuer=facts.config.issuer,
        period=str(facts.month),
        network_id=facts.network.id,
        stage=facts.stage.name,
        day_ids=tuple(day.id for day in facts.days),
        indicators=tuple(indicators),
        townships=tuple(
            BulletinPlace(id=one.id, name=Text(one.name_latin or one.name, one.name)) for one in area.townships
        ),
        figures=tuple(sorted(figures, key=lambda figure: order.get(figure.place_id, 1))),
        figures_file=figures_file,
        previous_id="" if before.month is None else before.month.id,
        year_before_id="" if before.year is None else before.year.id,
        grade_step=grade_step(facts),
        until=facts.until,
        ahead_ids=facts.ahead_ids,
        fewest_days=facts.config.fewest_days,
    )


def _figures_of(
    indicator: Indicator, facts: MonthFacts, before: Before, figures_file: str
) -> Sequence[IndicatorFigure]:
    places = (COUNTY, *(facts.townships if indicator.by_township else ()))
    tallies: Mapping[str, Tally]
    if indicator.code in FROM_BASE_DATABASE and not any(code == indicator.code for code, _ in facts.entered):
        tallies, source = FROM_BASE_DATABASE[indicator.code](facts), _plan_source(indicator, facts)
    elif indicator.entered:
        tallies, source = _entered(indicator, facts, places), _table_source(figures_file)
    else:
        tallies, source = FORMULAS[indicator.code](facts), _plan_source(indicator, facts)
    found = []
    for place in places:
        tally = tallies[place]
        entered = facts.entered.get((indicator.code, place))
        found.append(
            IndicatorFigure(
                code=indicator.code,
                place_id=place,
                value=tally.value,
                part=tally.part,
                whole=tally.whole,
                reason=tally.reason,
                note=tally.note,
                source=source,
                days=tally.days,
                reporter=entered.reporter if entered is not None else "",
                previous=_value_in(before.month, indicator, place),
                year_before=_value_in(before.year, indicator, place),
            )
        )
    return found


def _entered(indicator: Indicator, facts: MonthFacts, places: Sequence[str]) -> Mapping[str, Tally]:
    return {
        place: Tally(value=None, reason=formulas.NOT_FILLED_IN)
        if (figure := facts.entered.get((indicator.code, place))) is None
        else Tally(value=figure.value)
        for place in places
    }


def _table_source(figures_file: str) -> Fact:
    return said("table of the bureau: {file}", file=figures_file) if figures_file else said("table of the bureau")


def _plan_source(indicator: Indicator, facts: MonthFacts) -> Fact:
    if indicator.code.startswith(("A11", "A12", "A14")):
        return _day_source(facts)
    if indicator.code in ("A10.3", "B3.3") or indicator.code.startswith("A15.7"):
        return said("table of the bureau, network plan {id}", id=facts.network.id)
    return said("network plan {id}, base database", id=facts.network.id)


def _day_source(facts: MonthFacts) -> Fact:
    if facts.until is None or facts.until >= facts.month.last:
        return said("{count} day plans of the month", count=len(facts.days))
    return said("{count} day plans of the month up to {until}", count=len(facts.days), until=facts.until.isoformat())


def _value_in(bulletin: Bulletin | None, indicator: Indicator, place: str) -> float | None:
    """Return what an indicator came to in another bulletin; None if it was not in it, or counted otherwise."""
    if bulletin is None:
        return None
    other, figure = bulletin.indicator_of.get(indicator.code), bulletin.figure_of.get((indicator.code, place))
    if figure is None or other is None or (other.kind, other.unit.zh) != (indicator.kind, indicator.unit.zh):
        return None
    return figure.value


def _ranked(indicator: Indicator, figures: Sequence[IndicatorFigure]) -> list[IndicatorFigure]:
    """Return the figures with the townships' ranks, the best first; equal ones share the better rank."""
    values = [figure.value for figure in figures if figure.place_id != COUNTY and figure.value is not None]
    sign = -1 if indicator.less_is_better else 1
    return [
        figure
        if figure.place_id == COUNTY or figure.value is None
        else replace(figure, rank=1 + sum(sign * other > sign * figure.value for other in values))
        for figure in figures
    ]
