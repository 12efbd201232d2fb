"""What the page's script shows of each stage of a network: small columns, one entry a place; geometry is sent once.

A feature that has the property ``stages`` is in view at the stages of these numbers, any other always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from planner.coverage import UncoveredReason
from planner.geodata.services import RequiredServices
from planner.model import Tier
from planner.outputs.known_shares import people_share
from planner.outputs.maps import style
from planner.outputs.maps.packing import Packing, letters
from planner.outputs.maps.sites import stage_name
from planner.outputs.maps.stage_coverage import coverage_at
from planner.outputs.maps.stage_figures import stage_figures
from planner.outputs.maps.townships import SHARE_COLOURS, township_cells, township_steps
from planner.outputs.names import spoken_name
from planner.outputs.remedies import remedy_text
from planner.outputs.service_words import lacking_text, service_names, services_text
from planner.plans import HandOver, NetworkPlan, SiteRole, Stage
from planner.plans.service_coverage import services_in_reach
from planner.words import figures, say, term

STEPS = len(style.MINUTES_COLOURS)
UNCOVERED, UNKNOWN = STEPS, STEPS + 1
COLOURS = (*style.MINUTES_COLOURS, style.VERMILLION, style.HATCHED)
"""By the step of a village: minutes light to dark, then not covered, then not known."""


class StageRow(NamedTuple):
    """A line that pop-ups have at a stage: a label, and for each place a form with what fills its {0}, {1} ...

    Where the form is empty the place has no such line.
    """

    label: str
    cells: Sequence[tuple[str, ...]]

    def packed(self, packing: Packing) -> dict[str, object]:
        """Return it for the page's script."""
        parts = max((len(cell) for cell in self.cells), default=1) - 1
        columns = [
            packing.texts(cell[at] if len(cell) > at else "" for cell in self.cells) for at in range(1, parts + 1)
        ]
        return {"label": self.label, "forms": packing.texts(cell[0] for cell in self.cells), "parts": columns}


def stage_data(plan: NetworkPlan, packing: Packing) -> dict[str, object]:
    """Return what the script needs to show each stage; the last one is the finished network."""
    return {
        "colours": [*COLOURS, *SHARE_COLOURS],
        "stages": [_stage(plan, number, packing) for number in range(len(plan.stages))],
    }


def stage_buttons(plan: NetworkPlan) -> list[str]:
    """Return the names of the stages, empty if there is but one; the last one is all."""
    if len(plan.stages) < 2:
        return []
    names = [stage_name(stage.name) for stage in plan.stages]
    return [*names[:-1], say("{stage} (all)", stage=names[-1])]


def step_of(plan: NetworkPlan, way: HandOver) -> int:
    """Return the number of a village's colour in `COLOURS`."""
    standard_s = plan.stations.service_points.standard_s
    if not plan.stations.service_points.found or (way.covered and way.duration_s is None):
        return UNKNOWN
    if not way.covered or way.duration_s is None:
        return UNCOVERED
    return min(int(way.duration_s / standard_s * STEPS), STEPS - 1)


def way_cell(plan: NetworkPlan, way: HandOver) -> tuple[str, ...]:
    """Return where a village hands over and how long it takes to get there, driving and walking apart: form and parts."""
    if way.site_id is None:
        return (say("nowhere, no open site is reached"),)
    name = spoken_name(plan.area.site_by_id[way.site_id])
    if way.duration_s is None:
        return "{0}", name
    standard_s = plan.stations.service_points.standard_s
    minutes = figures.minutes(way.duration_s, standard_s)
    if way.driving_s is None:
        return say("{site}, {minutes}", site="{0}", minutes="{1}"), name, minutes
    parts = figures.parts(way.duration_s, way.driving_s, standard_s)
    form = say("{site}, {minutes} (driving + walking: {parts})", site="{0}", minutes="{1}", parts="{2}")
    return form, name, minutes, parts


def _stage(plan: NetworkPlan, number: int, packing: Packing) -> dict[str, object]:
    stage = plan.stages[number]
    return {
        "name": stage_name(stage.name),
        "said": _summary(plan, stage),
        "figures": [value for _, value in stage_figures(plan, number)],
        "steps": {
            "v": letters(step_of(plan, way) for way in stage.hand_over),
            "t": letters(len(COLOURS) + step for step in township_steps(plan, number)),
        },
        "lines": {
            "v": [row.packed(packing) for row in _village_rows(plan, number)],
            "s": [row.packed(packing) for row in _site_rows(plan, number)],
            "t": [row.packed(packing) for row in _township_rows(plan, number)],
        },
    }


def _village_rows(plan: NetworkPlan, number: int) -> list[StageRow]:
    """Return whether each village is covered, why not and what would cover it, and where it hands over."""
    hand_over = plan.stages[number].hand_over
    remedies = {one.demand_id: remedy_text(plan.area, one, ids=False) for one in plan.remedies}
    last = number == len(plan.stages) - 1
    mends = [("" if way.covered or not last else remedies.get(way.village_id, ""),) for way in hand_over]
    wanted = RequiredServices.of(plan.config)
    services = [services_text(plan.area.site_by_id.get(way.site_id or ""), wanted) for way in hand_over]
    return [
        StageRow(say("Coverage"), [(text,) for text in _states(plan, number)]),
        StageRow(say("Cheapest remedy"), [("" if mend == "-" else mend,) for (mend,) in mends]),
        StageRow(say("Hands over at"), [way_cell(plan, way) for way in hand_over]),
        StageRow(say("Services there"), [(text,) for text in services]),
        StageRow(
            say("Services within {limit}", limit=figures.limit(plan.stations.service_points.standard_s)),
            [(text,) for text in _near(plan, number)],
        ),
    ]


def _near(plan: NetworkPlan, number: int) -> list[str]:
    """Return what all sites within reach of each village offer, empty where nobody says."""
    found = services_in_reach(plan, number)
    return [service_names(found.get(way.village_id, ())) for way in plan.stages[number].hand_over]


def _site_rows(plan: NetworkPlan, number: int) -> list[StageRow]:
    """Return how many villages hand over at each site, and, of service points, their load and why they are there."""
    serves = _serves(plan, plan.stages[number])
    rows = [StageRow(say("Villages handing over here"), [(serves.get(site.id, ""),) for site in plan.area.sites])]
    if roles := {role.site_id: role for role in plan.roles_at(number)}:
        loads = {id_: figures.parcels(round(role.parcels_day)) for id_, role in roles.items() if role.parcels_day}
        why = {id_: _reason(plan, role) for id_, role in roles.items()}
        rows.append(StageRow(say("Load on a usual day"), [(loads.get(site.id, ""),) for site in plan.area.sites]))
        rows.append(StageRow(say("Why here"), [(why.get(site.id, ""),) for site in plan.area.sites]))
    return rows


def _reason(plan: NetworkPlan, role: SiteRole) -> str:
    """Return who would be left out without a site, or that another one would cover all of its villages."""
    if lacking := lacking_text(plan.area.site_by_id[role.site_id], RequiredServices.of(plan.config)):
        return say("it is there already; {lacking}", lacking=lacking)
    if not role.village_ids:
        return say("every village it covers has another open point within the standard")
    people = sum(plan.area.village_by_id[id_].population for id_ in role.village_ids)
    return say(
        "without it {people} in {villages} lose coverage",
        people=figures.people(people),
        villages=figures.villages(len(role.village_ids)),
    )


def _township_rows(plan: NetworkPlan, number: int) -> list[StageRow]:
    labels = (say("People covered"), say("Villages covered"))
    cells = township_cells(plan, number)
    return [StageRow(label, [(row[at],) for row in cells]) for at, label in enumerate(labels)]


def _summary(plan: NetworkPlan, stage: Stage) -> str:
    """Return what is open at a stage and whom it covers."""
    tiers = Counter(plan.area.site_by_id[id_].tier for id_ in stage.opened)
    villages = [plan.area.village_by_id[way.village_id] for way in stage.hand_over if way.covered]
    area = plan.area
    people = sum(village.population for village in villages)
    return say(
        "{points} service points and {stations} express stations open; {covered} of {villages} villages covered, "
        "{share} of the people",
        points=figures.number(tiers[Tier.SERVICE_POINT]),
        stations=figures.number(tiers[Tier.EXPRESS_STATION]),
        covered=figures.number(len(villages)),
        villages=figures.number(area.villages_total),
        share=people_share(area, people),
    )


def _states(plan: NetworkPlan, number: int) -> list[str]:
    """Return whether each village is covered at a stage, else why it is not and from when on it is."""
    left = {one.demand_id: one.reason for one in coverage_at(plan, number).uncovered}
    later = [({way.village_id for way in one.hand_over if way.covered}, one.name) for one in plan.stages[number + 1 :]]
    return [_state(way, left.get(way.village_id), later) for way in plan.stages[number].hand_over]


def _state(way: HandOver, reason: UncoveredReason | None, later: Sequence[tuple[set[str], str]]) -> str:
    if way.covered:
        return term("covered")
    said = term("uncovered")
    if reason is not None:
        said = say("{state}: {reason}", state=said, reason=term(reason))
    for covered, stage in later:
        if way.village_id in covered:
            return say("{state}; covered from {stage}", state=said, stage=stage_name(stage))
    return said


def _serves(plan: NetworkPlan, stage: Stage) -> dict[str, str]:
    """Return how many villages hand over at each site, and how many people live in them."""
    villages: dict[str, list[int]] = {}
    for way in stage.hand_over:
        if way.site_id is not None:
            villages.setdefault(way.site_id, []).append(plan.area.village_by_id[way.village_id].population)
    return {
        site_id: say("{count} ({people})", count=len(people), people=figures.people(sum(people)))
        for site_id, people in sorted(villages.items())
    }
