"""Commands that ask siting more than one plan: ``planner curve`` and ``planner compare``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    JsonOption,
    NoCacheOption,
    PageOption,
    RejectsOption,
    SeasonOption,
    StoreOption,
    VehicleOption,
    configured,
    keep_in,
    numbers_of,
    print_json,
    progress_bar,
    rejects_in,
)
from planner.cli.terminal import console
from planner.errors import EXIT_INFEASIBLE, Message, UsageError
from planner.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.model import StudyArea
    from planner.outputs.compared_plans import MadeAt
    from planner.plans import ServicePlan
    from planner.plans.documents import ReadPlans


def curve(
    area: AreaArgument,
    counts: Annotated[str, typer.Option(help="Numbers of service points in all: 40,60,80 or 40:120:10.")] = "",
    budgets: Annotated[str, typer.Option(help="Yuan for new service points: 600000,1200000 or first:last:step.")] = "",
    knee: Annotated[
        float | None,
        typer.Option(min=0, help="Mark where one more point, or 10,000 yuan, adds fewer people than this."),
    ] = None,
    out: PageOption = None,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """What more service points, or more money, would reach, each point with its gap."""
    from planner.cli import plan_tables, siting_tables
    from planner.coverage.appraise import Limit
    from planner.outputs.notice import caveats
    from planner.pipeline.area_curve import area_curve
    from planner.pipeline.area_run import AreaRun
    from planner.plans.upgrade import NETWORK_PARTS

    if bool(counts) == bool(budgets):
        raise UsageError(Message("give --counts or --budgets, one of them: for example --counts 40:120:10"))
    limit = Limit.COUNT if counts else Limit.BUDGET
    limits = numbers_of(counts or budgets, "--counts" if counts else "--budgets")
    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    with progress_bar() as progress:
        run = AreaRun(config=config, rejects=rejects_in(accept_bad), cache=kept, progress=progress)
        found = area_curve(run, limits, limit=limit, knee_people=knee)
    if out is not None:
        from planner.outputs.curve import curve_page

        write_file(out, curve_page(run.area, found, config.parts(NETWORK_PARTS)))
    if as_json:
        print_json(asdict(found) | caveats(run.area, config.parts(NETWORK_PARTS)))
    else:
        siting_tables.print_curve(console, run.area, found)
        plan_tables.print_notice(console, run.area, config.parts(NETWORK_PARTS))
        if out is not None:
            console.print(f"→ {out}", soft_wrap=True)
    if all(point.value is None for point in found.points):
        raise typer.Exit(EXIT_INFEASIBLE)


def compare(
    before: Annotated[
        str, typer.Argument(help="A network.json, day.json or service.json, or the id of a plan in the store.")
    ],
    after: Annotated[
        str, typer.Argument(help="The plan to compare it with, of the same kind: network, day or service plan.")
    ],
    out: PageOption = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """What changes from one network of an area to another, with a page to swipe, from one day or service plan to another."""
    from planner.cli import comparison_tables, plan_tables
    from planner.cli.plan_files import load_plans, load_service
    from planner.cli.results import write_in_both
    from planner.outputs.compared_plans import compared_lines
    from planner.outputs.comparison import compare_plans
    from planner.outputs.day_comparison import compare_days
    from planner.outputs.maps import comparison_map
    from planner.outputs.notice import compared_caveats, notice_of

    weeks = [load_service(which, store) for which in (before, after)]
    if any(weeks):
        _compare_weeks(weeks, (before, after), out, as_json=as_json)
        return
    first, second = (load_plans(which, store) for which in (before, after))
    if (first.day is None) != (second.day is None):
        raise UsageError(
            Message(
                "{first} and {second}: one is a network, the other a day: give two of a kind",
                first=before,
                second=after,
            )
        )
    if out is not None and first.day is not None:
        raise UsageError(Message("--out writes a page of two networks or service plans: give these, or leave it out"))
    if first.day is None or second.day is None:
        found = compare_plans(first.network, second.network)
        made = _made_at(store, first.network.area.id)
        if out is not None:
            write_in_both(
                out,
                lambda links, page: comparison_map(first.network, second.network, links, page=page, made=made),
            )
        if as_json:
            print_json(asdict(found) | compared_caveats(_basis(first), _basis(second)))
        else:
            comparison_tables.print_comparison(console, first.network, second.network, found)
            for line in compared_lines(first.network, second.network, made):
                console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    else:
        days = compare_days(first.day, second.day)
        if as_json:
            print_json(asdict(days) | compared_caveats(_basis(first), _basis(second)))
        else:
            comparison_tables.print_day_comparison(console, first.day, second.day, days)
    if not as_json:
        if out is not None:
            console.print(f"→ {out}", soft_wrap=True)
        based = {notice_of(*of): of for of in (_basis(first), _basis(second))}
        for area, config in based.values():  # one after the other where they are not the same
            plan_tables.print_notice(console, area, config)


def _compare_weeks(
    weeks: Sequence[ServicePlan | None], named: tuple[str, str], out: Path | None, *, as_json: bool
) -> None:
    from planner.cli.compared_services import compare_services

    before, after = weeks
    if before is None or after is None:
        raise UsageError(
            Message(
                "{first} and {second}: only one is a service plan: give two of a kind", first=named[0], second=named[1]
            )
        )
    compare_services(before, after, out, as_json=as_json)


def _made_at(store: str, area_id: str) -> MadeAt:
    """Return when the networks of an area were made, as far as the store has them; documents do not say."""
    from planner.cli.plan_files import kept_plans

    with kept_plans(store) as plans:
        return {one.id: one.created_at for one in plans.networks(area_id, limit=10_000)}


def _basis(plans: ReadPlans) -> tuple[StudyArea, dict[str, Any]]:
    """Return what the figures of a network or a day rest on: the area, and parts of the configuration."""
    return plans.network.area, plans.network.config | (plans.day.config if plans.day else {})
