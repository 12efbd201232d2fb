"""``planner actuals``: what was entered against what was estimated, and points that cannot live of what they handle."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    FirstDayOption,
    JsonOption,
    LastDayOption,
    NoCacheOption,
    OutOption,
    StoreOption,
    UntilOption,
    configured,
    keep_in,
    print_json,
    progress_bar,
)
from planner.cli.terminal import console

if TYPE_CHECKING:
    from planner.plans import PeriodActuals


def actuals(
    area: AreaArgument,
    first: FirstDayOption = None,
    last: LastDayOption = None,
    until: UntilOption = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            help="The bureau's or carriers' own counts: a table of point or village, day or month, parcels down and up.",
        ),
    ] = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Parcels that were ordered against the estimate, point by point, and points that cannot live of what they handle."""
    from planner.cli.plan_files import kept_plans, network_for
    from planner.cli.results import write_actuals, write_area_page
    from planner.geodata.orders.past_figures import read_past_figures
    from planner.pipeline.actuals import open_places, period_actuals, period_of
    from planner.pipeline.area_run import AreaRun

    config, kept = configured(area, None, None), keep_in(cache, no_cache)
    with progress_bar() as progress, kept_plans(store) as plans:
        days, come = (day and day.date() for day in (first, last)), until.date() if until else datetime.date.today()
        network = network_for(config.area.id, "", plans)
        places = open_places(network, come)
        reported = () if figures is None else read_past_figures(figures, network.area, places, come)
        period = period_of(plans, config.area.id, *days, until=come, reported=reported)
        run = AreaRun.for_siting(config, given_area=network.area, cache=kept, progress=progress)
        found = period_actuals(
            run, network, plans, period, reported=reported, figures_file="" if figures is None else figures.name
        )
        page = write_actuals(found, network, out)
        write_area_page(config.area.id, plans, out)
    if as_json:
        print_json(_figures(found, page))
    else:
        _print(found, page)


def _figures(found: PeriodActuals, page: Path) -> dict[str, object]:
    return {
        "area": found.area.id,
        "network_id": found.network_id,
        "from": found.first,
        "to": found.last,
        "until": found.until,
        "days": found.days,
        "days_ahead": found.ahead,
        "error": found.error,
        "figures_file": found.figures_file,
        "viability": found.viability.model_dump(mode="json"),
        "places": found.places,
        "without_place": found.without_place,
        "file": str(page),
    }


def _print(found: PeriodActuals, page: Path) -> None:
    from planner.cli.table_layout import table_of
    from planner.outputs.actuals import below_row, not_judged_text, period_text, viability_text
    from planner.outputs.names import spoken_name, stop_names
    from planner.words import figures, say

    names = stop_names(found.area, spoken_name)
    console.print(period_text(found), highlight=False, soft_wrap=True)
    entered = sum(place.entered_down or 0.0 for place in found.places)
    estimated = sum(place.estimated_down for place in found.places)
    console.print(
        say(
            "Parcels down a day: {entered} entered, {estimated} estimated; place by place and day off by {error} "
            "({days} days)",
            entered=figures.number(round(entered)),
            estimated=figures.number(round(estimated)),
            error="-" if found.error is None else figures.share(found.error),
            days=figures.number(len(found.days)),
        ),
        highlight=False,
        soft_wrap=True,
    )
    console.print(viability_text(found), highlight=False, soft_wrap=True)
    if text := not_judged_text(found):
        console.print(text, highlight=False, soft_wrap=True)
    if found.below:
        table = table_of(say("Point below viability"), say("Parcels a day"), say("Why"), say("What would mend it"))
        for place in found.below:
            row = below_row(found, place, names)
            table.add_row(row["name"], row["parcels"], row["why"], say("; ").join(row["remedies"]))
        console.print(table)
    console.print(f"→ {page}", soft_wrap=True)
