"""Sheets of a network's workbook that list places: townships, sites, villages, and what seasons make of the ways."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from planner.model import Tier
from planner.outputs.names import register_name, shown_name
from planner.outputs.origins import people_source, position_source
from planner.outputs.plan_rows import StationRow, VillageRow, station_rows, village_rows
from planner.outputs.workbook.cells import (
    Bars,
    Degrees,
    Formula,
    Share,
    Sheet,
    Yuan,
    amount,
    stage_name,
    summed,
    yes_no,
)
from planner.plans import NetworkPlan
from planner.plans.area_shares import share_if_known
from planner.units import shown_minutes
from planner.words import say, term

_VILLAGES, _PEOPLE, _POOR = 2, 5, 8
"""Columns of the sheet of townships with a total; beside it stand what of it is served, and the share."""


def townships_sheet(plan: NetworkPlan) -> Sheet:
    """Return villages, people and registered poor villages of each township, served when all is built, and a chart."""
    headings = [
        *(say("Code"), say("Township"), say("Villages"), say("Villages served"), say("Share of villages served")),
        *(say("People"), say("People served"), say("Share of people served")),
        *(
            say("Registered poor villages"),
            say("Registered poor villages served"),
            say("Share of poor villages served"),
        ),
    ]
    area, left_out = plan.area, plan.area.rows_left_out
    rows: list[list[object]] = []
    for township in area.townships:
        villages = [village for village in area.villages if village.township_id == township.id]
        row: list[object] = [township.id, shown_name(township)]
        for amounts in (
            [1 for _ in villages],
            [village.population for village in villages],
            [int(village.registered_poor) for village in villages],
        ):
            served = sum(
                one for one, village in zip(amounts, villages, strict=True) if plan.hand_over[village.id].covered
            )
            row += [sum(amounts), served, ""]
        rows.append(row)
    chart = Bars(say("Share served, by township"), 0, len(rows) - 1, 1, (4, 7), say("Share served"))
    if left_out.villages:
        faulty = say("in no row above: left out, their rows are at fault")
        rows.append(["", faulty, left_out.villages, 0, "", left_out.population, 0, "", left_out.poor_villages, 0, ""])
    rows.append(summed(rows, [2, 3, 5, 6, 8, 9]))
    for number, row in enumerate(rows):
        for column in (_VILLAGES, _PEOPLE, _POOR):
            # whoever was left out may be of any township: none of them is known to be served whole
            in_all, unknown = number == len(rows) - 1, column == _PEOPLE and left_out.without_people
            row[column + 2] = _share(row, column, known=not (unknown if in_all else left_out.villages))
    return Sheet(say("Townships"), headings, rows, 1, [chart])


def _share(row: list[object], column: int, *, known: bool) -> object:
    whole, part = amount(row[column]), amount(row[column + 1])
    share = share_if_known(part / whole if whole else 0.0, whole, known=known)
    part_name, whole_name = xl_col_to_name(column + 1), xl_col_to_name(column)
    return "-" if share is None else Formula(f"{part_name}[.]/{whole_name}[.]", Share(share))


def sites_sheet(plan: NetworkPlan) -> Sheet:
    """Return every site, open ones first, tier by tier."""
    headings = [
        *(say("Code"), say("Name"), say("Tier"), say("Status now"), say("Is open"), say("Opens in")),
        *(say("Serves (villages or points)"), say("Villages handing over here"), say("Opening cost (yuan)")),
        *(say("Longitude"), say("Latitude"), say("Source of the position")),
    ]
    tiers = list(Tier)
    rows = sorted(station_rows(plan), key=lambda row: (not row.open, tiers.index(Tier(row.tier)), row.id))
    sites = [_site(plan, row) for row in rows]
    return Sheet(say("Sites"), headings, [*sites, summed(sites, [7, 8])], 1)


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
            Degrees(row.lon),
            Degrees(row.lat),
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
