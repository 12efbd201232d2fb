"""Commands about bulletins: ``planner bulletin`` and ``bulletins``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    JsonOption,
    OutOption,
    StoreOption,
    UntilOption,
    configured,
    print_json,
)
from planner.cli.stored import AreaId
from planner.cli.terminal import console
from planner.errors import Message, UsageError
from planner.words import say

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.plans import NetworkPlan
    from planner.plans.bulletin import Month


def bulletin(
    area: AreaArgument,
    period: Annotated[str, typer.Option("--period", metavar="MONTH", help="Month to report, as 2026-11.")] = "",
    figures: Annotated[
        Path | None, typer.Option("--figures", help="The bureau's table of figures; what it lacks is not filled in.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="Write the table to fill in to this .xlsx or .csv file, and nothing else."),
    ] = None,
    network: Annotated[
        str,
        typer.Option(
            "--network",
            help="Network plan to report: its id or network.json; the one in force at the month's end if left out.",
        ),
    ] = "",
    until: UntilOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Report a month: indicators from plans and from the bureau's table, as workbook and Word document; keep it."""
    from planner.cli.bulletin_tables import print_bulletin
    from planner.cli.plan_files import kept_plans, network_for
    from planner.cli.results import keep_bulletin, write_area_page
    from planner.pipeline.bulletin.month import bulletin_of_month, network_of_month
    from planner.plans.bulletin import Month

    config = configured(area, None, None)
    if not period:
        raise UsageError(Message("--period is missing: the month to report, for example --period 2026-11"))
    month = Month.of(period)
    with kept_plans(store) as plans:
        given = network_for(config.area.id, network, plans) if network else None
        base = network_of_month(config, plans, month, given)
        if template is not None:
            _write_template(template, config, base, month)
            return
        come = until.date() if until else datetime.date.today()
        made = bulletin_of_month(config, plans, month, network=base, until=come, figures=figures)
        folder = keep_bulletin(made, base, plans, out)
        write_area_page(config.area.id, plans, out)
    if as_json:
        print_json(made)
    else:
        print_bulletin(console, made, folder)


def bulletins(area: AreaId, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """List the bulletins of an area, the latest month first."""
    from planner.cli.bulletin_tables import print_bulletins
    from planner.cli.plan_files import kept_area_id, kept_plans

    with kept_plans(store) as plans:
        kept = plans.bulletins.of_area(kept_area_id(area, plans))
    if as_json:
        print_json(kept)
    else:
        print_bulletins(console, kept)


def _write_template(path: Path, config: PlanConfig, network: NetworkPlan, month: Month) -> None:
    from planner.outputs.bulletin.figures_template import write_figures_template
    from planner.pipeline.bulletin.definitions import headings
    from planner.pipeline.bulletin.own_wording import indicators_of
    from planner.words import language
    from planner.writing import refuse_filled_in

    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(Message("{path}: the table is written as .xlsx or .csv", path=path))
    refuse_filled_in(path, option="--template")
    write_figures_template(path, headings(language()), network.area, indicators_of(config), month)
    console.print(
        say("fill in {path}, then: {command}", path=path, command=_command(config, month, path)), soft_wrap=True
    )


def _command(config: PlanConfig, month: Month, path: Path) -> str:
    return f"planner bulletin {config.area.id} --period {month} --figures {path}"
