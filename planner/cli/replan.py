"""The command that plans a running day again: ``planner replan``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    JsonOption,
    NoCacheOption,
    PageOption,
    StoreOption,
    configured,
    keep_in,
    print_json,
    progress_bar,
)
from planner.cli.terminal import console
from planner.errors import EXIT_INFEASIBLE, Message, UsageError
from planner.words import say
from planner.writing import write_file

if TYPE_CHECKING:
    from planner.pipeline.replan import Replanned
    from planner.plans.courier_report import TickedStop


def replan(
    area: AreaArgument,
    plan: Annotated[str, typer.Argument(help="The running plan: a day.json, or the id of a plan in the store.")],
    events: Annotated[
        Path | None,
        typer.Argument(help="What has happened, TOML or JSON: see docs/replanning.md. Reports may stand for it."),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option("--report", help="A courier's report, saved from its page or scanned; may be repeated."),
    ] = None,
    out: PageOption = None,
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan what is left of a running day again, with a bound on what changes for those who had been told."""
    from planner.cli.plan_files import kept_plans, load_day
    from planner.outputs.replan import replan_page
    from planner.pipeline.day_events import read_events
    from planner.pipeline.next_plan import next_plan
    from planner.pipeline.replan import replan_day, reply_of, run_of
    from planner.pipeline.reported_day import reported_day

    kept = keep_in(cache, no_cache)
    happened = None if events is None else read_events(events)
    running = load_day(plan, store)
    ticks: Mapping[str, TickedStop] = {}
    if report:
        with kept_plans(store) as plans:
            published = [one.plan_id for one in plans.revisions(running.area.id, running.date.isoformat())]
        told = reported_day(running, report, happened, published=published)
        happened, ticks = told.events, told.ticks
    if happened is None:
        raise UsageError(Message("nothing is said to have happened: give a file of events, or reports with --report"))
    today = configured(area, None, None)
    with progress_bar() as progress:
        run = run_of(running, today, cache=kept, progress=progress)
        names = [*([] if events is None else [events]), *(report or [])]
        made = replan_day(running, run, happened, area=today, name=", ".join(map(str, names)))
        follows = next_plan(made, ticks)
    with kept_plans(store) as plans:
        summary = plans.save_replanned(follows, made.replan, created_at=datetime.datetime.now(datetime.UTC))
    if out is not None:
        write_file(out, replan_page(running, made.replan, made.now_s, made.walking_s, made.differences))
    if as_json:
        print_json({**reply_of(made), "new_plan_id": summary.id})
    else:
        _print(made)
        said = say("The new plan is {plan}: hand it out with planner publish {plan}", plan=summary.id)
        console.print(said, soft_wrap=True)
        if out is not None:
            console.print(f"→ {out}", soft_wrap=True)
    if made.partial:
        raise typer.Exit(EXIT_INFEASIBLE)


def _print(made: Replanned) -> None:
    from planner.cli.plan_tables import print_unassigned
    from planner.cli.table_layout import table_of
    from planner.outputs.fleet_names import FleetNames
    from planner.outputs.replan import (
        against_going_on,
        back_text,
        change_rows,
        difference_rows,
        route_way,
        site_of,
        stop_rows,
        too_late_text,
    )
    from planner.words import figures, listed

    again, fleet = made.replan, FleetNames.of(made.plan)
    console.print(
        say(
            "{clock}: changes {count}, allowed {most}; {forced} would come even if every vehicle went on as planned",
            clock=figures.clock(made.now_s),
            count=len(again.changes),
            most=again.most_changes,
            forced=again.forced_count,
        ),
        soft_wrap=True,
    )
    console.print(against_going_on(again), soft_wrap=True)
    for line in difference_rows(made.plan, made.differences):
        console.print(line, soft_wrap=True, markup=False)
    if late := too_late_text(made.plan, again):
        console.print(late, soft_wrap=True, markup=False)
    table = table_of(say("Stop"), say("Change"), say("Announced"), say("Now"), say("If unchanged"), "")
    for row in change_rows(made.plan, again):
        table.add_row(f"{row.name} {row.stop_id}", row.kind, row.before, row.after, row.going_on, row.why)
    if again.changes:
        console.print(table)
    for route in again.plan.routes:
        stops = listed([f"{row.name} {row.arrival}" for row in stop_rows(made.plan, again, route)])
        said = say("{what}: {text}", what=fleet.called(route.vehicle_type_id), text=stops)
        console.print(f"  {said} → {back_text(again, route)} · {route_way(route, made.walking_s)}")
    for left in again.plan.unassigned:
        place = site_of(made.plan, again, left.stop_id)
        print_unassigned(console, left, place, made.plan.area, again.plan.dimensions, fleet)
