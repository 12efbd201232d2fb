"""Tables of plans that are kept."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.outputs.known_shares import covered_text
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.words import say, term

_PUBLISHED = "●"
_OTHER_SEASON = "*"


def print_networks(console: Console, kept: Sequence[NetworkSummary]) -> None:
    """Show network plans: what they open, whom they cover, which one is published."""
    headings = ("", say("Id"), say("Made"), say("Service points"), say("Express stations"), say("People covered"))
    table = table_of(*headings, say("Yuan"))
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            one.id,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            str(one.service_points),
            str(one.express_stations),
            covered_text(one),
            f"{one.opening_cost_yuan:,.0f}",
        )
    console.print(table)


def print_days(console: Console, kept: Sequence[DaySummary]) -> None:
    """Show day plans: date, network, routes, cost, which one is published."""
    table = table_of(
        *(
            "",
            say("Date and when made"),
            say("Id"),
            say("Routes"),
            say("Stops"),
            say("Parcels"),
            say("km"),
            say("Yuan"),
        ),
        say("Stops left out"),
    )
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            # in one column: in 80 the id is to stay whole
            f"{one.date}{'' if one.season == one.season_of_date else _OTHER_SEASON} {one.created_at:%m-%d %H:%M}",
            one.id,
            str(one.routes),
            str(one.stops),
            f"{one.parcels:,}",
            f"{one.distance_m / 1000:,.1f}",
            f"{one.cost_yuan:,.0f}",
            str(one.unassigned),
        )
    console.print(table)
    for one in kept:
        if one.season != one.season_of_date:
            words = {
                "mark": _OTHER_SEASON,
                "date": one.date,
                "season": term(one.season),
                "other": term(one.season_of_date),
            }
            console.print(say("{mark} {date} is in {other}, planned on the roads of {season}", **words), soft_wrap=True)
