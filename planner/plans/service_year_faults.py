"""What of a service plan's year and phases is of nobody, or does not make a whole."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator

from planner.config import CostItem, FundingSource
from planner.coverage.appraise import SubsidyTable
from planner.errors import Message, list_offenders
from planner.plans.code_faults import unknown_codes
from planner.plans.service_phases import PhaseItem, ServicePhase
from planner.plans.service_plan import ServicePlan
from planner.plans.service_seasons import SeasonWeek, ServiceYear

_DAY = datetime.timedelta(days=1)


def year_faults(plan: ServicePlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    year = plan.seasons
    if year is None:
        return
    if year.year != plan.year:
        yield Message("seasons: the year is {found}, the plan's is {year}", found=year.year, year=plan.year)
    yield from _calendar_faults(year)
    sites, villages = plan.area.site_by_id, plan.area.village_by_id
    named = {
        "seasons.missed": [one.site_id for season in year.seasons for one in season.missed],
        "seasons.unreached": [id_ for season in year.seasons for id_ in season.unreached],
        "seasons.villages": [card.site_id for card in year.villages if card.site_id],
        "seasons.stand_in": [
            season.hub_cut_off.stand_in.site_id
            for season in year.seasons
            if season.hub_cut_off is not None and season.hub_cut_off.stand_in is not None
        ],
    }
    for key, ids in named.items():
        if strangers := sorted({id_ for id_ in ids if id_ not in sites}):
            yield Message("{key}: no such sites: {offenders}", key=key, offenders=list_offenders(strangers))
    cards = Counter(card.village_id for card in year.villages)
    cut_off = [id_ for season in year.seasons for id_ in season.cut_off]
    if strangers := sorted({*cards, *cut_off} - villages.keys()):
        yield Message("{key}: no such villages: {offenders}", key="seasons", offenders=list_offenders(strangers))
    for id_ in sorted(villages):
        if cards[id_] != 1:
            yield Message("seasons: {id} has {count} cards", id=id_, count=cards[id_])
    yield from unknown_codes(
        vehicle=plan.roads.vehicle,
        in_seasons=[
            *(season.season for season in year.seasons),
            *(way.season for card in year.villages for way in card.ways),
            *(season for card in year.villages for gap in card.gaps for season in gap.seasons),
        ],
        reasons=[
            *(reason for season in year.seasons for reason in (*season.cut_off.values(), *season.unreached.values())),
            *(gap.reason for card in year.villages for gap in card.gaps),
        ],
    )


def phase_faults(plan: ServicePlan) -> Iterator[Message]:
    """Return what of the phases is not the sum of its parts, or not as the network has it, a line each."""
    if plan.phases and [phase.stage for phase in plan.phases] != [*range(len(plan.network.stages))]:
        yield Message("phases: they are not those of the network")
        return
    for phase in plan.phases:
        key = f"phases.{phase.stage}"
        due = sum(one.fen for one in phase.money)
        if phase.total_fen != due:
            yield Message(
                "{key}: total_fen is {found}, its parts come to {due}", key=key, found=phase.total_fen, due=due
            )
        bought = sum(one.fen for one in phase.vehicles)
        running = sum(one.running_fen for one in phase.years)
        for cost, fen in ((PhaseItem.VEHICLES, bought), (PhaseItem.RUNNING, running)):
            if phase.fen(item=cost) != fen:
                yield Message(
                    "{key}: {item} is paid {found} fen, and costs {due}",
                    key=key,
                    item=cost.value,
                    found=phase.fen(item=cost),
                    due=fen,
                )
        if plan.network.subsidies is not None:
            yield from _site_faults(key, phase, plan.network.subsidies)


def _site_faults(key: str, phase: ServicePhase, subsidies: SubsidyTable) -> Iterator[Message]:
    """Yield what of a phase's sites is not paid as the network has it."""
    for item in CostItem:
        for source in FundingSource:
            paid = phase.fen(item=PhaseItem(item.value), source=source)
            due = subsidies.fen(phase=subsidies.phases[phase.stage], item=item, source=source)
            if paid != due:
                yield Message(
                    "{key}: {source} pays {found} fen for {item}, in the network {due}",
                    key=key,
                    source=source.value,
                    item=item.value,
                    found=paid,
                    due=due,
                )


def _calendar_faults(year: ServiceYear) -> Iterator[Message]:
    """Yield days of the year that are in no season or in several, and weekdays that are wrongly counted."""
    of_day: Counter[datetime.date] = Counter()
    for season in year.seasons:
        of_day.update(_days(season))
        yield from _counted(season)
    day, beyond = datetime.date(year.year, 1, 1), datetime.date(year.year + 1, 1, 1)
    wrong = sorted(str(one) for one in of_day if one.year != year.year)
    while day < beyond:
        if of_day[day] != 1:
            wrong.append(str(day))
        day += _DAY
    if wrong:
        yield Message("seasons: days that are not in one season: {offenders}", offenders=list_offenders(wrong))


def _counted(season: SeasonWeek) -> Iterator[Message]:
    counts = Counter(day.weekday() for day in _days(season))
    seen = Counter(day.weekday for day in season.weekdays)
    for one in season.weekdays:
        if counts[one.weekday] != one.days or seen[one.weekday] > 1:
            yield Message(
                "seasons.{season}: the weekday {day} is counted {found} times, it comes {due} times",
                season=season.season,
                day=one.weekday,
                found=one.days,
                due=counts[one.weekday],
            )


def _days(season: SeasonWeek) -> Iterator[datetime.date]:
    for spell in season.spells:
        yield from (spell.first + _DAY * number for number in range(min(spell.days, 400)))
