"""What couriers are given of a published day: the folder of its date follows the store, whoever publishes when.

The files are made apart and lie ready beside before the store is told; under the one lock of the area's folder the store is
told, and the folder takes its place. A mark in the folder says which plan and version it is of, so that what a killed
program left between the two is settled by the next run: what the store has published takes its place, all else goes.
"""

from __future__ import annotations

import datetime
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.cli.results import folder_of, home_of, write_day
from planner.errors import Message
from planner.plans.summaries import PublishedMeanwhileError
from planner.words import speaking
from planner.writing import (
    CannotWriteError,
    area_lock,
    drop_ready,
    made_apart,
    ready_folder,
    ready_targets,
    take_ready_place,
    write_file,
)

if TYPE_CHECKING:
    from planner.outputs.courier import Revised
    from planner.plans.store import PlanStore
    from planner.plans.summaries import DaySummary

MARK = "published.json"
"""The file of a pack that says which plan and version of its date it is of."""
_SCHEMA = "rural-service-planner/published/1"
_TRIES = 20
"""How often another may publish the same date while files are made: each time, they are made again for what it left."""


class Published(NamedTuple):
    """A pack that was published: where it is, which version of its date with which changes, and what it does not serve.

    ``idle`` is what vehicles are called that ran in an earlier version and do not in this one.
    """

    summary: DaySummary
    folder: Path
    revision: Revised
    idle: tuple[str, ...]
    unserved: str


class _Made(NamedTuple):
    """Which plan and version of its date a folder holds."""

    plan_id: str
    version: int


def publish_day(day: DaySummary, store: PlanStore, out: Path) -> Published:
    """Publish a day in the store and write what its couriers get to ``published/<date>`` in its area's folder.

    The version before gives way as a whole; that of another date stays as it was. Nothing is published where the files
    cannot be written. Where the area has results, the day's own files are written, too, if they are not there: a plan made
    in the course of the day has none.

    Raises
    ------
    CannotWriteError
        If the files cannot be written, or, told as such, if the store has it published and they cannot take their place.
    """
    plan = store.day(day.id)
    if (out / day.area_id).is_dir() and not folder_of(plan, out).is_dir():
        write_day(plan, out)
    settle_packs(day.area_id, store, out)
    for _ in range(_TRIES - 1):
        with suppress(PublishedMeanwhileError):
            return _published(day, store, out)
    return _published(day, store, out)


def _published(day: DaySummary, store: PlanStore, out: Path) -> Published:
    """Publish a day as the version after those that are there; PublishedMeanwhileError if they become more meanwhile."""
    from planner.outputs.courier import CourierDay, revised, write_pack
    from planner.outputs.page_links import PageLinks
    from planner.outputs.unserved import unserved_text

    last = len(store.revisions(day.area_id, day.slot))
    plan = store.day(day.id)
    former_ids = [one.plan_id for one in store.versions(day.area_id, day.slot)]
    if former_ids[-1:] == [day.id]:
        former_ids.pop()
    revision = revised(former_ids, plan, store.day)
    folder = out / day.area_id / "published" / day.slot
    home = home_of(plan)
    told: list[DaySummary] = []

    def tell_the_store() -> None:
        store.publish(day.id, published_at=datetime.datetime.now(datetime.UTC), after=last)
        told.append(store.day_summary(day.id))

    try:
        with made_apart(folder, out / day.area_id, decide=tell_the_store) as beside, speaking(home):
            write_pack(plan, beside, PageLinks(home=home), revision)
            _write_mark(beside, _Made(day.id, revision.number))
    except Exception as error:
        with suppress(Exception):  # what was at fault is told; the next run settles what is left
            settle_packs(day.area_id, store, out)
        if told and _made_in(folder) != (day.id, revision.number):
            raise CannotWriteError(
                Message(
                    "{folder}: the store has {plan} published as version {number}, but its files are not in their place "
                    "yet: close what has files there open, make room, and publish it again ({fault})",
                    folder=folder,
                    plan=day.id,
                    number=revision.number,
                    fault=error,
                )
            ) from error
        if not told:
            raise
    called = CourierDay.of(plan).called
    idle = tuple(called.get(id_, id_) for id_ in revision.idle)
    return Published(summary=told[0], folder=folder, revision=revision, idle=idle, unserved=unserved_text(plan))


def settle_packs(area_id: str, store: PlanStore, out: Path) -> None:
    """Let the packs of an area in ``out`` be those that the store has published, where a program was killed between the two.

    A folder whose mark names another version than the store's last is written again; one without a mark is of an earlier
    program, and stays.
    """
    area = out / area_id
    if not (area / "published").is_dir():
        return
    for folder in ready_targets(area / "published"):
        with area_lock(area):
            made = _made_in(ready_folder(folder))
            if made is not None and made == _last_of(area_id, folder.name, store):
                take_ready_place(folder)
            else:
                drop_ready(folder)
    for one in store.days(area_id, limit=10_000):
        folder = area / "published" / one.slot
        made = _made_in(folder) if one.published else None
        if made is not None and made != _last_of(area_id, one.slot, store):
            _write_again(one, store, folder)


def _write_again(day: DaySummary, store: PlanStore, folder: Path) -> None:
    """Write the pack of a day that is published in the store, for a folder that holds another."""
    from planner.outputs.courier import revised, write_pack
    from planner.outputs.page_links import PageLinks

    *former, last = [one.plan_id for one in store.versions(day.area_id, day.slot)]
    plan = store.day(last)
    home, revision = home_of(plan), revised(former, plan, store.day)
    made = _Made(last, revision.number)

    def still_the_last() -> None:
        if _last_of(day.area_id, day.slot, store) != made:
            raise PublishedMeanwhileError(
                Message("{id}: another plan was published for {slot} meanwhile", id=last, slot=day.slot)
            )

    with (
        suppress(PublishedMeanwhileError),  # who published it writes it
        made_apart(folder, folder.parent.parent, decide=still_the_last) as beside,
        speaking(home),
    ):
        write_pack(plan, beside, PageLinks(home=home), revision)
        _write_mark(beside, made)


def _last_of(area_id: str, slot: str, store: PlanStore) -> _Made | None:
    """Return what the store has published for a date, None if nothing."""
    versions = store.versions(area_id, slot)
    return _Made(versions[-1].plan_id, versions[-1].number) if versions else None


def _write_mark(folder: Path, made: _Made) -> None:
    text = json.dumps({"schema": _SCHEMA, "plan": made.plan_id, "version": made.version}, indent=1)
    write_file(folder / MARK, f"{text}\n")


def _made_in(folder: Path) -> _Made | None:
    """Return what a folder says it holds, None if it says nothing that this program understands."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return _Made(str(found["plan"]), int(found["version"])) if found["schema"] == _SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
