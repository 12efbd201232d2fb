"""Where results go: the store, a folder a plan under ``out/<area>/``, and the page of the area that links them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner.progress import Progress

if TYPE_CHECKING:
    from planner.pipeline.day import PlannedDay
    from planner.plans import DayPlan, NetworkPlan
    from planner.plans.store import PlanStore


def folder_of(plan: NetworkPlan | DayPlan, out: Path) -> Path:
    """Return the folder of a plan: ``network/<hash>`` or ``days/<date>/<hash>`` in that of its area."""
    return out / plan.area.id / relative_folder(plan.id, getattr(plan, "date", None))


def relative_folder(plan_id: str, date: datetime.date | None) -> Path:
    """Return the folder of a plan as seen from its area's."""
    digest = plan_id.rpartition("-")[2]
    return Path("network", digest) if date is None else Path("days", date.isoformat(), digest)


def keep_network(plan: NetworkPlan, store: PlanStore, out: Path, progress: Progress) -> Path:
    """Store a network plan and write its files; return its folder."""
    from planner.outputs.write import write_plan

    store.save_network(plan, created_at=datetime.datetime.now(datetime.UTC))
    folder = folder_of(plan, out)
    write_plan(plan, folder, progress=progress)
    return folder


def keep_day(planned: PlannedDay, store: PlanStore, out: Path, progress: Progress) -> Path:
    """Store a day plan and write its files; return its folder."""
    from planner.outputs.write import write_plan

    store.save_day(planned.plan, planned.problem, created_at=datetime.datetime.now(datetime.UTC))
    folder = folder_of(planned.plan, out)
    write_plan(planned.plan, folder, progress=progress)
    return folder


def write_area_page(area_id: str, store: PlanStore, out: Path) -> Path:
    """Write the area's first page, that of its published (else newest) network, with links to all whose files are here."""
    from planner.outputs.network_page import Listed, network_page

    current = store.current_network(area_id)
    assert current is not None
    folder = out / area_id
    networks = [
        Listed(f"{relative_folder(one.id, None).as_posix()}/index.html", one.id, "", f"{one.created_at:%Y-%m-%d}")
        for one in store.networks(area_id, limit=10_000)
        if (folder / relative_folder(one.id, None)).is_dir()
    ]
    days = [
        Listed(
            f"{relative_folder(one.id, one.date).as_posix()}/index.html",
            one.id,
            one.date.isoformat(),
            f"{one.routes} 线路 routes, {one.stops} 站 stops, {one.parcels} 件 parcels",
        )
        for one in store.days(area_id, limit=10_000)
        if (folder / relative_folder(one.id, one.date)).is_dir()
    ]
    text = network_page(
        store.network(current.id),
        folder=f"{relative_folder(current.id, None).as_posix()}/",
        networks=networks,
        days=days,
    )
    path = folder / "index.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
