"""A sheet for each station's wall: when what arrives, is sorted and leaves, how much is there, and whose day it is."""

from __future__ import annotations

import math
from typing import Any

from planner.outputs.day_stops import named_villages
from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.room_chart import room_chart
from planner.outputs.service.station_day import StationDay, room_of_station, station_asked, station_days
from planner.outputs.service.week_figures import WeekFigures, stations_used, week_figures
from planner.outputs.service.week_rows import DIMENSIONS
from planner.plans.load_share import share_text
from planner.plans.service_plan import ServicePlan
from planner.words import figures, listed, say, term

STATIONS_PAGE = "stations"


def stations_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page, a sheet a station that is used; its links are relative to the plan's folder."""
    week = week_figures(plan)
    return page_template("week_stations.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        page=STATIONS_PAGE,
        notice=notice_of_plan(plan),
        stations=[_station(plan, week, id_) for id_ in stations_used(plan)],
        weekdays=[figures.weekday_name(day) for day in range(7)],
    )


def _station(plan: ServicePlan, week: WeekFigures, station_id: str) -> dict[str, Any]:
    days, room = station_days(plan, week, station_id), room_of_station(plan, station_id)
    return {
        "id": station_id,
        "name": stop_names(plan.area, spoken_name)[station_id],
        "room": _amounts(room) or say("no limit given"),
        "hours": _hours(plan, station_id),
        "days": [{"name": figures.weekday_name(day.weekday, "wide"), **_day(day, room)} for day in days],
        "points": _points(plan, station_id, days),
    }


def _day(day: StationDay, room: tuple[float, ...]) -> dict[str, Any]:
    said = say(
        "Most on hand: {parcels} at {clock}", parcels=_amounts(day.peak), clock=figures.clock(day.peak_s)
    ) if day.steps else ""  # fmt: skip
    shares = [have / whole for have, whole in zip(day.peak, room, strict=True) if math.isfinite(whole) and whole]
    if shares:
        said = say("{text}, {share} of the room", text=said, share=share_text(max(shares)))
    return {
        "brought": [one for one in day.calls if not one.sent.up],
        "fetched": [one for one in day.calls if one.sent.up],
        "drives": day.drives,
        "on_hand": said,
        "chart": room_chart([(at, amount[0]) for at, amount in day.steps], room[0], said),
    }


def _points(plan: ServicePlan, station_id: str, days: tuple[StationDay, ...]) -> list[dict[str, Any]]:
    """Return each point of the station with its villages and, by weekday, when which vehicle is there."""
    names = stop_names(plan.area, spoken_name)
    visits: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for day in days:
        sites = plan.day_of[day.weekday].demand.site_of_stop
        for row in day.drives:
            for call in row.calls:
                said = (figures.clock(call.visit.arrival_s), row.name)
                visits.setdefault((sites[call.visit.stop_id], day.weekday), []).append(said)
    served = dict.fromkeys(site_id for site_id, _ in visits)
    ids = dict.fromkeys([*(one.site_id for one in plan.points if one.station_id == station_id), *served])
    return [
        {
            "name": names[id_],
            "villages": named_villages(plan.area, plan.point_of[id_].village_ids),
            "days": [visits.get((id_, day), []) for day in range(7)],
        }
        for id_ in sorted(ids, key=lambda id_: names[id_])
    ]


def _hours(plan: ServicePlan, station_id: str) -> str:
    """Return from when until when trucks may call."""
    asked = station_asked(plan, station_id)
    return say("{opens}–{closes}", opens=figures.clock(asked["opens"]), closes=figures.clock(asked["closes"]))


def _amounts(amounts: tuple[float, ...]) -> str:
    """Return what is limited or there, with its unit; nothing of what is not."""
    return listed(
        [
            f"{figures.number(round(amount, 1))} {term(name)}"
            for amount, name in zip(amounts, DIMENSIONS, strict=True)
            if math.isfinite(amount) and amount
        ]
    )
