"""What everything made from an area must say where its data are not real: synthetic, or only assumed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from planner.config.assumptions import Assumption, assumptions
from planner.model import StudyArea
from planner.network.assumed_figures import DAYS, assumed_figures
from planner.outputs.known_shares import rows_left_out_text
from planner.outputs.origins import stand_ins
from planner.words import render, say, term

_NONE: Mapping[str, Any] = MappingProxyType({})


class Notice(NamedTuple):
    """The warning, empty where all data are real, and the parts it is about, each in a line."""

    text: str
    parts: tuple[str, ...]


class Told(Protocol):
    """What files and pages tell of: a plan, or a study of the roads."""

    @property
    def area(self) -> StudyArea: ...
    @property
    def rests_on(self) -> Mapping[str, Any]: ...


def notice_of_plan(plan: Told) -> Notice:
    """Return what must be said of a plan, the same in all that is made of it: of what its figures rest on, and no more."""
    return notice_of(plan.area, plan.rests_on)


def notice_of(area: StudyArea, config: Mapping[str, Any] = _NONE) -> Notice:
    """Return what must be said of the area's data; where there are both kinds, each part says which kind it is.

    ``config`` is what a plan keeps of its configuration: figures in it whose provenance is an assumption are parts, too.
    That there are no roads comes first: it makes every minute and every kilometre an estimate. Rows that were left out come
    last.
    """
    notice = _of_kinds(area, config)
    if area.rows_left_out.villages:
        rows = say("rows of villages left out: {count}", count=area.rows_left_out.villages)
        text = say("; ").join(filter(None, (notice.text, rows)))
        notice = Notice(text, (*notice.parts, rows_left_out_text(area)))
    if not area.on_straight_lines:
        return notice
    return notice._replace(text=say("; ").join((term("straight_lines_notice"), notice.text)))


def _of_kinds(area: StudyArea, config: Mapping[str, Any]) -> Notice:
    synthetic = tuple(render(part) for part in area.synthetic_parts)
    kinds = [
        (code, parts) for code, parts in (("synthetic", synthetic), ("assumed", assumed_parts(area, config))) if parts
    ]
    if not kinds:
        return Notice("", ())
    text = term("_and_".join(code for code, _ in kinds) + "_notice")
    if len(kinds) == 1:
        return Notice(text, kinds[0][1])
    return Notice(
        text, tuple(say("{what}: {text}", what=term(code), text=part) for code, parts in kinds for part in parts)
    )


def assumed_parts(area: StudyArea, config: Mapping[str, Any] = _NONE) -> tuple[str, ...]:
    """Return what is only assumed: the area's data by its sources and by village, then figures of the configuration."""
    figures = (
        say("{what}: {text}", what=figures_named(one), text=render(one.provenance)) for one in assumptions(config)
    )
    travel = (_travel_figures(one) for one in assumed_figures(config))
    return (*(render(part) for part in area.assumed_parts), *stand_ins(area), *figures, *travel)


def caveats(area: StudyArea, config: Mapping[str, Any] = _NONE) -> dict[str, Any]:
    """Return for programs what `notice_of` says: rows left out by number, what is synthetic, what is only assumed."""
    return {
        "rows_left_out": area.rows_left_out,
        "synthetic": [render(part) for part in area.synthetic_parts],
        "assumed": list(assumed_parts(area, config)),
    }


def compared_caveats(
    before: tuple[StudyArea, Mapping[str, Any]], after: tuple[StudyArea, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the caveats of the second of two plans, and those of the first with ``before_`` in front."""
    return {**caveats(*after), **{f"before_{key}": value for key, value in caveats(*before).items()}}


def _travel_figures(code: str) -> str:
    """Return that the program's own figures stand for those of the area, and where it may say its own."""
    if code == DAYS:
        what, text = (
            say("days of the seasons"),
            say("the program's calendar, not that of this area"),
        )
    else:
        what, text = (
            say("travel speeds"),
            say("the program's speeds, not confirmed for this area"),
        )
    return say("{what}: {text}", what=what, text=text)


def is_assumed(config: Mapping[str, Any], *sections: str) -> bool:
    """Return whether figures of one of these sections, such as ``coverage.service_points``, are only assumed."""
    return any(one.section.startswith(sections) for one in assumptions(config))


def marked(text: str, config: Mapping[str, Any], *sections: str) -> str:
    """Return a text with a mark behind it where it rests on figures of these sections that are only assumed."""
    return say("{text} ({mark})", text=text, mark=term("assumed")) if is_assumed(config, *sections) else text


def basis(config: Mapping[str, Any], *sections: str) -> list[str]:
    """Return that figures of these sections are only assumed, as the last of what is said of a result; else nothing."""
    return [say("on assumed figures")] if is_assumed(config, *sections) else []


def figures_named(one: Assumption) -> str:
    """Return what the figures of a section are about."""
    match one.section:
        case "coverage.service_points":
            return say("standard, number and cost of service points")
        case "coverage.express_stations":
            return say("standard, number and cost of express stations")
        case "coverage.phases":
            return say("phase {name}: budget and targets", name=render(one.name))
        case "coverage.subsidies":
            return say("running costs and who pays")
        case "demand":
            return say("parcels and produce")
        case "demand_factors":
            return say("kilograms and cubic metres of a parcel")
        case "routing":
            return say("opening hours and time at a stop")
        case "routing.vehicles":
            return say("vehicle {name}: number, room, hours and costs", name=render(one.name))
        case "travel":
            return say("travel speeds")
        case "travel.straight_lines":
            return say("straight lines in place of roads")
        case "travel.season_days":
            return say("days of the seasons")
        case _:
            return _of_service(one)


def _of_service(one: Assumption) -> str:
    """Return what the figures of the sections of a week's service are about."""
    match one.section:
        case "service":
            return say("visits a week and who pays for the running")
        case "service.stations":
            return say("room, sorting and costs of stations of transfer")
        case "service.stations.vehicles":
            return say("vehicle {name} of a station: number, room, hours and costs", name=render(one.name))
        case "service.buses":
            return say("parcel room and prices of rural buses")
        case "service.prices":
            return say("vehicle {name}: price and years", name=render(one.name))
        case _:
            return one.section
