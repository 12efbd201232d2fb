"""Sheets of a network's workbook that list places: sites, villages, and what each season makes of the ways."""

from __future__ import annotations

from planner.model import Tier
from planner.outputs.names import register_name, shown_name
from planner.outputs.origins import people_source, position_source
from planner.outputs.plan_rows import StationRow, VillageRow, station_rows, village_rows
from planner.outputs.workbook_cells import Sheet, Yuan, stage_name, yes_no
from planner.plans import NetworkPlan
from planner.units import shown_minutes
from planner.words import say, term


def sites_sheet(plan: NetworkPlan) -> Sheet:
    """Return every site, open ones first, tier by tier."""
    headings = [
        *(say("Code"), say("Name"), say("Tier"), say("Status now"), say("Is open"), say("Opens in")),
        *(say("Serves (villages or points)"), say("Villages handing over here"), say("Opening cost (yuan)")),
        *(say("Longitude"), say("Latitude"), say("Source of the position")),
    ]
    tiers = list(Tier)
    rows = sorted(station_rows(plan), key=lambda row: (not row.open, tiers.index(Tier(row.tier)), row.id))
    return Sheet(say("Sites"), headings, [_site(plan, row) for row in rows])


def _site(plan: NetworkPlan, row: StationRow) -> list[object]:
    return [
        *(
            row.id,
            register_name(plan.area, plan.area.site_by_id[row.id]),
            row.tier_name,
            term(row.status),
            yes_no(row.open),
        ),
        *(stage_name(row.phase) if row.phase else "", row.serves, row.villages_handing_over),
        *(
            Yuan(row.opening_cost_yuan) if row.new else "",
            round(row.lon, 6),
            round(row.lat, 6),
            term(row.coordinate_source),
        ),
    ]


def villages_sheet(plan: NetworkPlan) -> Sheet:
    """Return every village: people, where it hands over and how long that takes, or why no point serves it."""
    headings = [
        *(say("Code"), say("Village"), say("Township"), say("People"), say("Source of the people"), say("Households")),
        *(say("Registered poor village"), say("Registered poor households"), say("Product"), say("Served")),
        *(
            say("Hands over at"),
            say("Minutes"),
            say("Driving (min)"),
            say("Walking (min)"),
            say("Walk to the road (m)"),
        ),
        *(say("Why it is not served"), say("Source of the position")),
    ]
    return Sheet(say("Village list"), headings, [_village(plan, row) for row in village_rows(plan)])


def _village(plan: NetworkPlan, row: VillageRow) -> list[object]:
    area = plan.area
    return [
        *(row.id, shown_name(area.village_by_id[row.id]), shown_name(area.township_by_id[row.township_id])),
        *(row.population, people_source(area.village_by_id[row.id]), row.households),
        *(yes_no(row.registered_poor), row.poor_households, row.product, yes_no(row.covered)),
        register_name(area, area.site_by_id[row.site_id]) if row.site_id else "",
        *(row.minutes_to_site, row.minutes_driving, row.minutes_walking, row.access_m),
        *(row.reason_text, position_source(area.village_by_id[row.id])),
    ]


def seasons_sheet(plan: NetworkPlan) -> Sheet:
    """Return what each season makes of the ways to the open service points."""
    headings = [
        *(say("Season"), say("Mean by people (min)"), say("Longest (min)"), say("Villages beyond the standard")),
        *(say("Villages cut off"), say("Which, and why")),
    ]
    rows: list[list[object]] = []
    standard_s = plan.stations.service_points.standard_s
    for season in plan.seasons:
        why = [
            say("{what}: {text}", what=shown_name(plan.area.village_by_id[id_]), text=term(reason))
            for id_, reason in season.cut_off.items()
        ]
        minutes = [None if s is None else shown_minutes(s, standard_s) for s in (season.mean_s, season.longest_s)]
        rows.append([term(season.season), *minutes, len(season.beyond), len(season.cut_off), say("; ").join(why)])
    return Sheet(say("Seasons"), headings, rows)
