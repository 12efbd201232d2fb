"""One writer of an area at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from planner.errors import Message
from planner.progress import Progress, silent
from planner.writing.faults import CannotWriteError, cannot_write
from planner.writing.folders import recover

LOCK_NAME = ".lock"
WAIT_S = 30.0


@contextmanager
def area_lock(folder: Path, *, wait_s: float = WAIT_S, progress: Progress = silent) -> Iterator[None]:
    """Keep other writers out of an area's folder, made if need be; what a killed one left there is cleared away first.

    The system itself gives a lock free whose holder was killed; its file stays.

    Raises
    ------
    CannotWriteError
        If another writer is not done within ``wait_s``, or the folder cannot be written.
    """
    lock = FileLock(folder / LOCK_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            progress(Message("{folder}: another run is writing there; waiting for it", folder=folder), 0, 0)
            lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise CannotWriteError(
            Message(
                "{folder}: another run has been writing there for {seconds} seconds: wait until it is done, or choose "
                "another place",
                folder=folder,
                seconds=round(wait_s),
            )
        ) from error
    except OSError as error:
        refused = cannot_write(folder, error)
        if refused is not None:
            raise refused from error
        raise
    try:
        recover(folder)
        yield
    finally:
        lock.release()
