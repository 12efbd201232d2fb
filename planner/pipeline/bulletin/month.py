"""One month of an area, from its configuration and the store: the facts, and what they are held against."""

from __future__ import annotations

import datetime
from pathlib import Path

from planner.config import PlanConfig
from planner.errors import Message, PlanNotFoundError, UsageError
from planner.pipeline.bulletin.entered import read_figures, with_sums
from planner.pipeline.bulletin.make import Before, make_bulletin
from planner.pipeline.bulletin.month_facts import MonthFacts, days_of, network_in_force
from planner.pipeline.bulletin.own_wording import indicators_of
from planner.plans import Bulletin, NetworkPlan
from planner.plans.bulletin import Month
from planner.plans.store import PlanStore


def network_of_month(
    config: PlanConfig, store: PlanStore, month: Month, network: NetworkPlan | None = None
) -> NetworkPlan:
    """Return the network that a month is reported on: the one given, else the one in force on its last day.

    Raises
    ------
    PlanNotFoundError
        If the area has none.
    """
    if network is not None:
        return network
    found = network_in_force(store, config.area.id, month)
    if found is None:
        raise PlanNotFoundError(
            Message("there is no network plan of {area} yet: make one with planner site {area}", area=config.area.id)
        )
    return store.network(found)


def bulletin_of_month(
    config: PlanConfig,
    store: PlanStore,
    month: Month,
    *,
    network: NetworkPlan,
    until: datetime.date,
    figures: Path | None = None,
) -> Bulletin:
    """Return the bulletin of a month, from the plans of the store and the table that the bureau filled in, if any.

    Days after ``until`` have not come: their plans do not count.

    Raises
    ------
    BadDataError
        If the table, or that of the bureau's own wording, cannot be used: every row at fault has its line.
    UsageError
        If the network begins only after the month, or the month has not begun.
    """
    area_id = config.area.id
    if until < month.first:
        raise UsageError(
            Message("{month} has not begun by {until}: there is nothing to report of it", month=str(month), until=until)
        )
    planned = days_of(store, area_id, month)
    indicators = indicators_of(config)
    entered = {} if figures is None else read_figures(figures, network.area, indicators, month)
    facts = MonthFacts(
        month=month,
        network=network,
        stage=network.stages[network.stage_on(month.last)],
        days=tuple(store.day(one.id) for one in planned if one.date <= until),
        until=until,
        ahead_ids=tuple(one.id for one in planned if one.date > until),
        entered=with_sums(entered, indicators, network.area),
        config=config.bulletin,
    )
    before = Before(
        month=store.bulletins.newest(area_id, str(month.back(1))),
        year=store.bulletins.newest(area_id, str(month.back(12))),
    )
    return make_bulletin(facts, indicators, before=before, figures_file="" if figures is None else figures.name)
