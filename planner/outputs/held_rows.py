"""What is held that day as people read it: whose and how much, why, and what would serve it."""

from __future__ import annotations

from dataclasses import dataclass

from planner.outputs.day_stops import villages_text
from planner.outputs.fleet_names import FleetNames
from planner.outputs.left_out import why_cut_off
from planner.outputs.names import spoken_name, stop_names
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.plans import DayPlan
from planner.plans.day_account import Held, HeldBecause, held_of
from planner.words import figures, say, term


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A line about something held: ``name`` says at which place, ``whose`` and ``what`` of which villages and how much."""

    held: Held
    name: str
    whose: str
    what: str
    reason: str
    remedy: str

    @property
    def title(self) -> str:
        """Place and goods."""
        return say("{name} ({what})", name=self.name, what=self.what) if self.what else self.name


def held_rows(plan: DayPlan) -> list[HeldRow]:
    """Return a row for all that is on no vehicle, stops on no route first."""
    names = stop_names(plan.area, spoken_name)
    return [_row(plan, one, names) for one in held_of(plan)]


def _row(plan: DayPlan, one: Held, names: dict[str, str]) -> HeldRow:
    reason, remedy = _why(plan, one)
    if one.because in (HeldBecause.CUT_OFF, HeldBecause.NO_PLACE) or (not one.stop_id and len(one.village_ids) == 1):
        name, whose = spoken_name(plan.area.village_by_id[one.village_ids[0]]), ""
    else:
        name, whose = names[one.site_id], villages_text(plan, one.village_ids)
        if whose == spoken_name(plan.area.site_by_id[one.site_id]):
            whose = ""  # the point has the village's name
    cold = say("Cold chain") if one.cold else ""
    whose = say(", ").join(filter(None, (whose, cold)))
    return HeldRow(held=one, name=name, whose=whose, what=_what(one, whose), reason=reason, remedy=remedy)


def _what(one: Held, whose: str) -> str:
    """Return whose it is and how much, down and up apart; empty for nothing."""
    parts = [whose] if whose else []
    if one.delivery_parcels or one.pickup_parcels or one.kg:
        parts.append(
            say(
                "{down} down, {up} up, {kg} kg",
                down=figures.number(one.delivery_parcels),
                up=figures.number(one.pickup_parcels),
                kg=f"{one.kg:.1f}",
            )
        )
    return say(", ").join(parts)


def _why(plan: DayPlan, one: Held) -> tuple[str, str]:
    """Return why something is held, and what would serve it."""
    fleet = FleetNames.of(plan)
    if one.left is not None:
        remedy = relaxations_text(one.left, plan.routes.dimensions, fleet)
        return reason_text(one.left, plan.area.site_by_id, fleet), remedy
    if one.settled is not None:
        why = term(one.settled.reason) if one.settled.reason else term(one.settled.settled)
        if one.settled.vehicle_id:
            why = f"{fleet.called(one.settled.vehicle_id)} {figures.clock(one.settled.at_s)} {why}"
        return why, ""
    match one.because:
        case HeldBecause.NOT_OPEN:
            return (
                say("is not open on {date}", date=figures.day(plan.date)),
                say("order for the villages, which hand over elsewhere that day"),
            )
        case HeldBecause.DESERTED:
            return (
                say("none of its villages has a way to it that day"),
                say("bring them to a place that is open, or plan a day when its own is"),
            )
        case HeldBecause.ANOTHER_DAY if one.next_visit is not None:
            return (
                say("not a day of its visits"),
                say("comes along on {date}", date=figures.short_day(one.next_visit)),
            )
        case HeldBecause.NEVER_OPEN_THEN:
            span = say("{opens}–{closes}", opens=_clock(one.earliest_s), closes=_clock(one.latest_s))
            return (
                say("asked for at {span}, when its point is never open", span=span),
                say("give times within the point's hours"),
            )
    why = why_cut_off(plan, one.village_ids[0])
    if one.site_id:
        place = spoken_name(plan.area.site_by_id[one.site_id])
        why = say("{reason}; hands over at {place}", reason=why, place=place)
    return (
        why,
        say("bring them to a place that is open, or plan a day when its own is"),
    )


def _clock(seconds: float | None) -> str:
    return "" if seconds is None else figures.clock(seconds)
