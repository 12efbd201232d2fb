"""What a network comes to, as a bureau asks: people served, money, the main gap, what is to be decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from planner.coverage import Remedy
from planner.model import SiteStatus, Tier
from planner.outputs.conflicts import place_names
from planner.outputs.known_shares import share_known
from planner.outputs.left_out import row_faults_text
from planner.outputs.names import spoken_name
from planner.outputs.stage_money import stage_money
from planner.plans import NetworkPlan
from planner.units import HALF_CENT_YUAN
from planner.words import figures, listed, say, sentence, term

_MOST_SAID = 6
"""Villages that a season cuts off, each in a line of its own among what is to be decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleServed:
    """How many are served in a stage, of how many."""

    villages: int
    villages_total: int
    people: int
    people_total: int
    poor: int
    poor_total: int
    people_known: bool = True

    @property
    def share(self) -> float:
        """The share of people."""
        return self.people / self.people_total if self.people_total else 0.0

    @property
    def share_text(self) -> str:
        """The share of people as it is read, - where nobody lives."""
        return share_known(self.share, self.people_total, known=self.people_known)


class Decision(NamedTuple):
    """What is to be decided, and the places it is about, empty if none are named."""

    text: str
    places: str


def served(plan: NetworkPlan, stage: int) -> PeopleServed:
    """Return who hands over at a point within the standard in a stage."""
    covered = {one.village_id for one in plan.stages[stage].hand_over if one.covered}
    villages = plan.area.villages
    inside = [village for village in villages if village.id in covered]
    left_out = plan.area.rows_left_out
    return PeopleServed(
        villages=len(inside),
        villages_total=plan.area.villages_total,
        people=sum(village.population for village in inside),
        people_total=plan.area.population_total,
        poor=sum(village.registered_poor for village in inside),
        poor_total=sum(village.registered_poor for village in villages) + left_out.poor_villages,
        people_known=not left_out.without_people,
    )


def main_gap(plan: NetworkPlan) -> list[str]:
    """Return in sentences who is not served, and what the cheapest remedy costs and brings; none without an answer."""
    points = plan.stations.service_points
    if not points.found:
        return []
    area = plan.area
    left = [area.village_by_id[one.demand_id] for one in points.uncovered]
    if not left and not area.rows_left_out.villages:
        return [say("Every village is served.")]
    people = figures.people(sum(village.population for village in left))
    gap = say("Not served: {villages} ({people}).", villages=figures.villages(len(left)), people=people)
    if faulty := row_faults_text(area):
        people = figures.people(sum(village.population for village in left) + area.rows_left_out.population)
        gap = say(
            "Not served: {villages} ({people}, as far as known), among them {faulty}.",
            villages=figures.villages(len(left) + area.rows_left_out.villages),
            people=people,
            faulty=faulty,
        )
    best = _cheapest(plan)
    if best is None:
        return [gap]
    remedy, gained = best
    offer = say(
        "Another {cost} would serve {count} more people ({sites}).",
        cost=figures.money(remedy.cost_yuan or 0.0),
        sites=[spoken_name(area.site_by_id[id_]) for id_ in (*remedy.site_ids, *remedy.station_ids)],
        count=figures.number(gained),
    )
    lifts = [sentence(lift, place_names(area)) for lift in remedy.lifts]
    return [gap, offer, *([say("This would be {lifts}.", lifts=lifts)] if lifts else [])]


def _cheapest(plan: NetworkPlan) -> tuple[Remedy, int] | None:
    """Return the remedy of least cost, of these the one that serves most people, and how many those are."""
    people: dict[tuple[str, ...], int] = defaultdict(int)
    remedies: dict[tuple[str, ...], Remedy] = {}
    for remedy in plan.remedies:
        sites = (*remedy.site_ids, *remedy.station_ids)
        if remedy.cost_yuan is not None and sites:
            people[sites] += plan.area.village_by_id[remedy.demand_id].population
            remedies.setdefault(sites, remedy)
    if not remedies:
        return None
    best = min(remedies, key=lambda sites: (remedies[sites].cost_yuan or 0.0, -people[sites], sites))
    return remedies[best], people[best]


def decisions(plan: NetworkPlan, stage: int) -> list[Decision]:
    """Return what is to be decided in a stage: the sites, the money, who waits, who is cut off."""
    return [*_sites(plan, stage), *_money(plan, stage), *_waiting(plan, stage), *_cut_off(plan), *_far(plan)]


def _sites(plan: NetworkPlan, stage: int) -> list[Decision]:
    new = [site for site in plan.area.sites if site.status is SiteStatus.CANDIDATE and _opens_in(plan, site.id, stage)]
    found = []
    for tier, count in ((Tier.SERVICE_POINT, figures.service_points), (Tier.EXPRESS_STATION, figures.express_stations)):
        names = [spoken_name(site) for site in new if site.tier is tier]
        if names:
            found.append(Decision(say("Confirm the {sites} to open", sites=count(len(names))), listed(names)))
    return found


def _opens_in(plan: NetworkPlan, site_id: str, stage: int) -> bool:
    if plan.phase_of_site:
        return plan.phase_of_site.get(site_id) == stage
    return site_id in plan.stages[stage].opened


def _money(plan: NetworkPlan, stage: int) -> list[Decision]:
    money, found = stage_money(plan, stage), []
    for points, account in ((True, money.points), (False, money.stations)):
        over = -(account.left_yuan or 0.0)
        if over > HALF_CENT_YUAN:
            amount = figures.money(over)
            text = (
                say("The budget for service points is exceeded by {amount}", amount=amount)
                if points
                else say("The budget for express stations is exceeded by {amount}", amount=amount)
            )
            found.append(Decision(text, ""))
    if money.budget_yuan is None or not money.beside_yuan > 0:
        return found
    amount = figures.money(money.beside_yuan)
    if money.running_yuan is not None:
        text = say("Find another {amount} for express stations: the budget does not pay for them", amount=amount)
    elif money.stations.budget_yuan is not None:
        text = say("Find another {amount} for staff and rent: the budgets pay for opening only", amount=amount)
    else:
        text = say(
            "Find another {amount}: the budget pays for opening service points only, not for express stations, staff "
            "and rent",
            amount=amount,
        )
    return [*found, Decision(text, "")]


def _waiting(plan: NetworkPlan, stage: int) -> list[Decision]:
    covered = {one.village_id for one in plan.stages[stage].hand_over if one.covered}
    waiting = [v for v in plan.area.villages if v.registered_poor and v.id not in covered]
    found = []
    if plan.phases is not None and plan.phases.phases and not plan.phases.phases[stage].target_met:
        target = plan.phases.phases[stage].target_share
        if target is not None:
            found.append(Decision(say("The target of {share} of people is missed", share=figures.share(target)), ""))
    faulty = plan.area.rows_left_out.poor_villages
    if waiting or faulty:
        text = say("Registered poor villages still without service in this phase: {count}", count=len(waiting) + faulty)
        rest = (
            [say("{villages} left out, their rows are at fault", villages=figures.villages(faulty))] if faulty else []
        )
        found.append(Decision(text, listed([*(spoken_name(village) for village in waiting), *rest])))
    return found


def _cut_off(plan: NetworkPlan) -> list[Decision]:
    seasons: dict[str, list[str]] = defaultdict(list)
    for season in plan.seasons:
        for village_id in season.cut_off:
            seasons[village_id].append(term(season.season))
    never = [id_ for id_, names in seasons.items() if 1 < len(plan.seasons) == len(names)]
    lines = []
    if never:
        text = say("Villages that no road reaches in any season: {count}; decide how they are served", count=len(never))
        lines.append(Decision(text, listed([spoken_name(plan.area.village_by_id[id_]) for id_ in never])))
    seasonal = [(id_, names) for id_, names in seasons.items() if id_ not in never]
    lines += [
        Decision(
            say(
                "{village} is cut off ({seasons}): decide how it is served then",
                village=spoken_name(plan.area.village_by_id[id_]),
                seasons=names,
            ),
            "",
        )
        for id_, names in seasonal[:_MOST_SAID]
    ]
    rest = [spoken_name(plan.area.village_by_id[id_]) for id_, _ in seasonal[_MOST_SAID:]]
    if rest:
        lines.append(Decision(say("More villages that a season cuts off: {count}", count=len(rest)), listed(rest)))
    return lines


def _far(plan: NetworkPlan) -> list[Decision]:
    stations = plan.stations.express_stations
    names = [spoken_name(plan.area.site_by_id[one.demand_id]) for one in stations.uncovered]
    if not names or not stations.found:
        return []
    text = say(
        "Accept, or open another station: {points} more than {limit} from their express station",
        points=figures.service_points(len(names)),
        limit=figures.limit(stations.standard_s),
    )
    return [Decision(text, listed(names))]
