"""Tables of plans that are kept."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.words import figures, say, term

_PUBLISHED = "●"


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
            figures.share(one.population_covered),
            f"{one.opening_cost_yuan:,.0f}",
        )
    console.print(table)


def season_words(one: DaySummary) -> str:
    """Return the season of a day's roads, and that of its date where it is another."""
    own = term(one.season)
    if one.season == one.season_of_date:
        return own
    return say("{season}, the date is in {other}", season=own, other=term(one.season_of_date))


def print_days(console: Console, kept: Sequence[DaySummary]) -> None:
    """Show day plans: date, network, routes, cost, which one is published."""
    table = table_of(
        *("", say("Date"), say("Id"), say("Routes"), say("Stops"), say("Parcels"), say("km"), say("Yuan")),
        *(say("Stops left out"), say("Season")),
    )
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            one.date.isoformat(),
            one.id,
            str(one.routes),
            str(one.stops),
            f"{one.parcels:,}",
            f"{one.distance_m / 1000:.1f}",
            f"{one.cost_yuan:,.0f}",
            str(one.unassigned),
            season_words(one),
        )
    console.print(table)
