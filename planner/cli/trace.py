"""``planner trace``: where a lot of produce came from, and the way it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import DEFAULT_STORE, JsonOption, StoreOption, print_json
from planner.cli.terminal import console
from planner.errors import Message, PlanNotFoundError

if TYPE_CHECKING:
    from planner.plans import DayPlan
    from planner.plans.lots import Lot
    from planner.plans.store import PlanStore


def trace(
    lot: Annotated[str, typer.Argument(help="Lot as its label names it: village code, date and number.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Tell where a lot of produce came from and the way it took, by the plan that was followed that day."""
    from planner.cli.plan_files import kept_plans
    from planner.cli.trace_tables import lot_figures, print_lot

    with kept_plans(store) as plans:
        plan, found = traced(plans, lot)
    if as_json:
        print_json(lot_figures(plan, found))
    else:
        print_lot(console, plan, found)


def traced(plans: PlanStore, name: str) -> tuple[DayPlan, Lot]:
    """Return a lot with the day plan that tells its way: the published one of its date, else the newest that has it.

    Raises
    ------
    UsageError
        If it is no name of a lot.
    PlanNotFoundError
        If no kept day has it.
    """
    from planner.plans.lots import lots_of, parts_of_lot

    _, date, _ = parts_of_lot(name)
    days = sorted(plans.days(date=date, limit=10_000), key=lambda day: not day.published)
    for summary in days:
        plan = plans.day(summary.id)
        found = next((lot for lot in lots_of(plan) if lot.id == name.strip()), None)
        if found is not None:
            return plan, found
    raise PlanNotFoundError(
        Message(
            "{lot}: no plan of {date} has it ({count} plans of that day are kept): look whether the label is read right",
            lot=repr(name[:80]),
            date=date.isoformat(),
            count=len(days),
        )
    )
