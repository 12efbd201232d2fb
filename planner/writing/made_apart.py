"""Results that take minutes to make: they are made apart, and the area is locked only while they take their place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from planner.errors import PlannerError
from planner.progress import Progress, silent
from planner.writing.faults import cannot_write
from planner.writing.folders import result_folder
from planner.writing.lock import area_lock


@contextmanager
def made_apart(
    target: Path, area: Path, *, decide: Callable[[], None] | None = None, progress: Progress = silent
) -> Iterator[Path]:
    """Yield an empty folder to make files in, which then becomes ``target`` as a whole, under the lock of its ``area``.

    Drawing maps and documents takes minutes on a busy machine: whoever writes other results of the area meanwhile need not
    wait for it. A failure leaves ``target`` as it was; ``decide`` is that of `result_folder`.

    Raises
    ------
    CannotWriteError
        If a place is full, read-only or not allowed, or another writer keeps the area for too long.
    """
    with TemporaryDirectory(prefix="planner-", ignore_cleanup_errors=True) as place:
        made = Path(place, target.name)  # a folder for one's own eyes only would make the target one, too
        made.mkdir()
        try:
            yield made
        except OSError as error:
            refused = None if isinstance(error, PlannerError) else _refused(error, made, target)
            if refused is not None:
                raise refused from error
            raise
        with area_lock(area, progress=progress), result_folder(target, decide=decide) as beside:
            shutil.copytree(made, beside, dirs_exist_ok=True, copy_function=shutil.copyfile)


def _refused(error: OSError, made: Path, target: Path) -> PlannerError | None:
    """Return what to raise for a file that could not be made, with its final name; None for files elsewhere."""
    at_fault = Path(os.fsdecode(error.filename)) if error.filename else made
    return cannot_write(target / at_fault.relative_to(made), error) if at_fault.is_relative_to(made) else None
