"""Commands about plans that are kept: ``planner networks``, ``days``, ``publish`` and ``export``."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.language import speak_as
from planner.cli.options import DEFAULT_STORE, JsonOption, OutOption, StoreOption, print_json, progress_bar
from planner.cli.terminal import console
from planner.words import say

if TYPE_CHECKING:
    from planner.cli.publishing import Published
    from planner.plans import DayPlan, NetworkPlan, ServicePlan
    from planner.plans.store import PlanStore

from planner.errors import Message, UsageError, list_offenders

AreaId = Annotated[str, typer.Argument(help="Id of an area, as its area.toml has it; or its folder.")]


def networks(area: AreaId, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """List the network plans of an area, the newest first."""
    from planner.cli.plan_files import kept_area_id, kept_plans
    from planner.cli.stored_tables import print_networks

    with kept_plans(store) as plans:
        kept = plans.networks(kept_area_id(area, plans), limit=10_000)
    if as_json:
        print_json(kept)
    else:
        print_networks(console, kept)


def days(area: AreaId, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """List the day plans of an area, the latest date first."""
    from planner.cli.plan_files import kept_area_id, kept_plans
    from planner.cli.stored_tables import print_days

    with kept_plans(store) as plans:
        kept = plans.days(kept_area_id(area, plans), limit=10_000)
    if as_json:
        print_json(kept)
    else:
        print_days(console, kept)


def publish(
    plan: Annotated[str, typer.Argument(help="Id of a plan in the store.")],
    store: StoreOption = DEFAULT_STORE,
    out: OutOption = Path("out"),
    now: Annotated[
        datetime.datetime | None,
        typer.Option("--now", formats=["%Y-%m-%dT%H:%M"], help="The time it is; without it, by the machine's clock."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make this the plan that people follow: the network of its area, the week of its year, or the day of its date.

    Of a day the couriers' pack is written to out/<area>/published/<date>/, with what changed since it was last published.
    """
    from planner.cli.plan_files import kept_plans
    from planner.cli.publishing import publish_day
    from planner.cli.results import write_area_page
    from planner.plans import DayPlan

    with kept_plans(store) as plans:
        chosen = plans.get(plan) if plans.services.find(plan) is None else plans.services.get(plan)
        speak_as(chosen.config.get("language"))
        page_is_there = (out / chosen.area.id).is_dir()
        if not isinstance(chosen, DayPlan):
            pack, summary = None, plans.publish(plan, published_at=datetime.datetime.now(datetime.UTC))
        else:
            pack = publish_day(plans.day_summary(plan), plans, out)
            summary = pack.summary
            _warn_of_vehicles_out(pack, plans, now or datetime.datetime.now())
        if page_is_there:
            write_area_page(summary.area_id, plans, out)
    if as_json:
        print_json(summary)
        return
    console.print(say("{plan}: published", plan=summary.id), soft_wrap=True)
    if pack is not None:
        version = say("version {number}", number=pack.revision.number)
        from planner.outputs.courier import changes_counted
        from planner.words import listed

        changes = changes_counted(pack.revision.changes, pack.revision.loadings) or say("no stop changes")
        told = say("{version}; {changes}", version=version, changes=changes)
        console.print(version if pack.revision.number == 1 else told, soft_wrap=True)
        if pack.idle:
            console.print(say("{vehicles}: not out today", vehicles=listed(pack.idle)), soft_wrap=True)
        if pack.unserved:
            console.print(pack.unserved, soft_wrap=True)
        console.print(f"→ {pack.folder / 'index.html'}", soft_wrap=True)


def _warn_of_vehicles_out(pack: Published, plans: PlanStore, now: datetime.datetime) -> None:
    """Say which vehicles are out with the version before, where this one was not made of it: goods may be with others."""
    from planner.cli.terminal import trouble
    from planner.outputs.fleet_names import FleetNames
    from planner.plans.already_out import already_out
    from planner.words import listed

    if not pack.revision.former_ids:
        return
    before, plan = plans.day(pack.revision.former_ids[0]), plans.day(pack.summary.id)
    out = already_out(before, plan, now)
    if out:
        fleet = FleetNames.of(before)
        said = say(
            "{vehicles}: out already with the version before, whose goods are on board: this plan may give them to others. "
            "Better: planner replan AREA {plan}, and publish what it makes",
            vehicles=listed([fleet.called(id_) for id_ in out]),
            plan=before.id,
        )
        trouble.print(said, style="bold yellow", markup=False, soft_wrap=True)


def export(
    plan: Annotated[
        str, typer.Argument(help="Id of a plan in the store, or its document (network.json, day.json, service.json).")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Write maps, workbook, GeoPackage and courier files of a plan again.

    A plan.json of version 0.1 or earlier, or its id, holds a network and a day: both are written, into network/ and days/.
    """
    from planner.cli.plan_files import load_plans, load_service
    from planner.cli.results import home_of, relative_folder
    from planner.outputs.write import write_plan, written_names
    from planner.writing import result_folder

    if (week := load_service(plan, store)) is not None:
        _export_week(week, out, as_json=as_json)
        return
    found = load_plans(plan, store)
    network, day = found.network, found.day
    chosen: list[NetworkPlan | DayPlan] = [network] if day is None else [network, day] if found.both else [day]
    written: dict[Path, tuple[Path, ...]] = {}
    with progress_bar() as progress:
        for one in chosen:
            folder = out / relative_folder(one.id, getattr(one, "date", None)) if found.both else out
            _refuse_foreign(folder, written_names())
            with result_folder(folder) as beside:
                paths = write_plan(
                    one, beside, home=home_of(one), network_beside=found.both, area_page=False, progress=progress
                )
            written[folder] = tuple(folder / path.relative_to(beside) for path in paths)
    _print_written(written, as_json=as_json)


def _export_week(plan: ServicePlan, out: Path, *, as_json: bool) -> None:
    """Write the files of a service plan again."""
    from planner.cli.results import home_of
    from planner.outputs.service import service_names, write_service
    from planner.writing import result_folder

    _refuse_foreign(out, service_names())
    with progress_bar() as progress, result_folder(out) as beside:
        paths = write_service(
            plan, beside, home=home_of(plan), network_beside=False, area_page=False, progress=progress
        )
        written = {out: tuple(out / path.relative_to(beside) for path in paths)}
    _print_written(written, as_json=as_json)


def _print_written(written: Mapping[Path, Sequence[Path]], *, as_json: bool) -> None:
    if as_json:
        print_json([str(path) for paths in written.values() for path in paths])
        return
    for folder, paths in written.items():
        console.print(str(folder / "index.html"), soft_wrap=True)
        console.print(say("{folder}: {count} files", folder=folder, count=len(paths)), soft_wrap=True)


def _refuse_foreign(folder: Path, own: Collection[str]) -> None:
    """Refuse a folder that holds more than an export's ``own`` files: an export takes the place of the whole folder.

    Raises
    ------
    UsageError
        If it holds other files.
    """
    if not folder.is_dir():
        return
    names = sorted({path.name for path in folder.iterdir()}.difference(own))
    if names:
        raise UsageError(
            Message(
                "{folder} holds other files ({names}), and an export takes a folder for itself: name another --out",
                folder=folder,
                names=list_offenders(names),
            )
        )
