"""Folders whose files all belong together: all of the old ones are there, or all of the new.

A folder cannot take the place of another in one step on every system. The old one steps aside first, under a name from
which `recover` puts it back where a writer was killed before the new one had its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.errors import PlannerError
from planner.writing.faults import CannotWriteError, cannot_write
from planner.writing.files import UNFINISHED, flush_file, flush_folder, unfinished_name

_ASIDE = ".replaced-"
_READY = ".ready-"
_LEVELS = ("", "*/", "*/*/")
"""Where results lie below an area's folder: ``index.html``, ``network/<digits>``, ``days/<date>/<digits>``."""


@contextmanager
def result_folder(target: Path, *, decide: Callable[[], None] | None = None) -> Iterator[Path]:
    """Yield an empty folder beside to write into; it takes the place of ``target`` when all has been written and flushed.

    Write under the `area_lock` of the area's folder. After a failure ``target`` is as it was. ``decide`` is called last
    before the folder takes its place: where a store has to say so first. From then on, what is ready lies at
    `ready_folder`, also after a failure or a kill, and whoever knows the store settles whether it counts
    (`take_ready_place`, `drop_ready`); `recover` leaves it alone.

    Raises
    ------
    CannotWriteError
        If the place is full, read-only or not allowed; it names the file.
    """
    beside = unfinished_name(target)
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        yield beside
        _flush(beside)
        if decide is None:
            _take_place(beside, target)
        else:
            drop_ready(target)
            beside.rename(ready_folder(target))
            flush_folder(target.parent)
            decide()
            take_ready_place(target)
    except OSError as error:
        refused = None if isinstance(error, PlannerError) else _refused(error, beside, target)
        if refused is not None:
            raise refused from error
        raise
    finally:
        _remove(beside)


def ready_folder(target: Path) -> Path:
    """Return where a folder lies that is whole and waits for its place (`result_folder`)."""
    return target.with_name(f"{_READY}{target.name}")


def ready_targets(place: Path) -> list[Path]:
    """Return the targets in a folder for which something is ready, sorted."""
    return sorted(ready.with_name(ready.name.removeprefix(_READY)) for ready in place.glob(f"{_READY}*"))


def take_ready_place(target: Path) -> None:
    """Let what is ready take the place of ``target``; only under the `area_lock`."""
    _take_place(ready_folder(target), target)


def drop_ready(target: Path) -> None:
    """Remove what is ready and does not count; only under the `area_lock`."""
    ready = ready_folder(target)
    if ready.exists():
        rubbish = unfinished_name(target)  # half removed, it must not take a place
        ready.rename(rubbish)
        _remove(rubbish)


def recover(area: Path) -> None:
    """Put back what a killed writer had moved aside, and remove what it left unfinished; only under the `area_lock`."""
    for level in _LEVELS:
        for aside in area.glob(f"{level}{_ASIDE}*"):
            _settle(aside)
        for unfinished in area.glob(f"{level}{UNFINISHED}*"):
            _remove(unfinished)


def _settle(aside: Path) -> None:
    """Give a folder that stepped aside its place again, or remove it if that is taken."""
    target = aside.with_name(aside.name.removeprefix(_ASIDE))
    if not target.exists():
        aside.rename(target)
        flush_folder(target.parent)
        return
    rubbish = unfinished_name(target)  # half removed, it must not be put back
    aside.rename(rubbish)
    _remove(rubbish)


def _take_place(beside: Path, target: Path) -> None:
    aside = target.with_name(f"{_ASIDE}{target.name}")
    if aside.exists():
        _settle(aside)
    if not target.exists():
        beside.rename(target)
        flush_folder(target.parent)
        return
    target.rename(aside)
    try:
        beside.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    flush_folder(target.parent)
    with suppress(OSError):  # the new one has its place: a file that somebody reads may stay until the next writer
        _settle(aside)


def _flush(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            flush_file(Path(place) / name)
        flush_folder(Path(place))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _refused(error: OSError, beside: Path, target: Path) -> CannotWriteError | None:
    """Return what to raise, with the file's final name; None for files elsewhere, such as one that cannot be read."""
    at_fault = Path(os.fsdecode(error.filename)) if error.filename else _last_written(beside)
    if at_fault.is_relative_to(beside):
        return cannot_write(target / at_fault.relative_to(beside), error)
    return cannot_write(target, error) if at_fault in (target, *target.parents) else None


def _last_written(folder: Path) -> Path:
    """Return the file that was being written when the disk was full: the system names only files that it opens."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return max(files, key=lambda path: path.stat().st_mtime_ns, default=folder)
