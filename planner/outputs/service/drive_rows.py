"""The routes of a weekday as people read them, and each call of theirs, the same on pages, in the workbook and in tables."""

from __future__ import annotations

from dataclasses import dataclass

from planner.outputs.service.week_figures import DriveFigures, WeekdayFigures
from planner.outputs.service.week_names import week_fleet, week_stop_names
from planner.plans.load_share import share_text
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.routing import Visit
from planner.words import figures, say


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call of a route: where, when, what is brought and fetched; ``at_station`` where goods only pass."""

    number: int
    visit: Visit
    name: str
    at_station: bool

    @property
    def goods(self) -> str:
        """Parcels down and up."""
        return say("↓{down} ↑{up}", down=round(self.visit.delivered[0]), up=round(self.visit.picked_up[0]))

    @property
    def text(self) -> str:
        """The call in a line: arrival, place, parcels down and up."""
        where = say("{name} (station)", name=self.name) if self.at_station else self.name
        return say("{clock} {name} {goods}", clock=figures.clock(self.visit.arrival_s), name=where, goods=self.goods)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRow:
    """A route: its vehicle, where it starts, and its calls."""

    drive: DriveFigures
    name: str
    start: str
    calls: tuple[CallRow, ...]

    @property
    def load(self) -> str:
        """How full the vehicle gets."""
        return share_text(self.drive.load_share)


def drive_rows(plan: ServicePlan, day: WeekdayFigures, *, at: str = "") -> list[DriveRow]:
    """Return a row for each route of a weekday, the hub's first; vehicles of the station ``at`` without its name."""
    fleet, names = week_fleet(plan, at), week_stop_names(plan)
    sent = calls_at_stations(plan.day_of[day.weekday])
    rows = []
    for drive in day.drives:
        calls = (
            CallRow(number=number, visit=visit, name=names[visit.stop_id], at_station=visit.stop_id in sent)
            for number, visit in enumerate(drive.route.visits, start=1)
        )
        rows.append(
            DriveRow(
                drive=drive,
                name=fleet.called(drive.route.vehicle_id),
                start=names[drive.route.depot_id],
                calls=tuple(calls),
            )
        )
    return rows


def calls_at_stations(day: ServiceDay) -> frozenset[str]:
    """Return the ids of a weekday's stops that bring goods to a station or fetch them there."""
    return frozenset(one.id for one in day.tiers.consignments)
