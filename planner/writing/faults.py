"""What people are told about a place that cannot be written: which file, how much room there is, and what to do."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from planner.errors import EXIT_USAGE, Message, PlannerError, system_fault

_SQLITE_READONLY, _SQLITE_IOERR, _SQLITE_FULL, _SQLITE_CANTOPEN = 8, 10, 13, 14
_HARDLY_ANY_BYTES = 2**20
"""Where less is free, a database's unnamed fault of writing is a full disk: its log grows in steps of 32 kB."""


class CannotWriteError(PlannerError, OSError):
    """A place that is full, read-only, not allowed, or being written by another; what was there before is whole."""

    exit_code = EXIT_USAGE


def cannot_write(path: Path, error: OSError) -> CannotWriteError | None:
    """Return what to raise where a file could not be written, None if the fault is not one of its place."""
    code = error.errno
    if code in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return CannotWriteError(_no_room(path, quota=code != errno.ENOSPC))
    if code == errno.EFBIG:
        return CannotWriteError(
            Message("{file}: cannot be written: larger than a file may be there; choose another place", file=path)
        )
    if code == errno.EROFS:
        return CannotWriteError(
            Message("{file}: cannot be written: the disk is read-only; choose another place", file=path)
        )
    if code in (errno.EACCES, errno.EPERM):
        return CannotWriteError(
            Message(
                "{file}: cannot be written: the system does not allow it; close programs that have it open, or choose "
                "another place",
                file=path,
            )
        )
    if code in (errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY):
        return CannotWriteError(
            Message(
                "{file}: cannot be written: a folder stands where a file should, or a file where a folder should; move it "
                "away, or choose another place",
                file=path,
            )
        )
    if code == errno.ELOOP:
        return CannotWriteError(
            Message(
                "{file}: cannot be written: links lead round in a circle; remove them, or choose another place",
                file=path,
            )
        )
    return None


def otherwise_refused(path: Path, error: OSError) -> CannotWriteError:
    """Return what to raise where a file could not be written for a reason that is not one of its place."""
    return CannotWriteError(
        Message("{file}: cannot be written: {why}; choose another place", file=path, why=system_fault(error))
    )


def no_place_for(path: Path) -> CannotWriteError:
    """Return what to raise where a library could not write a file and does not tell why in a way to act on."""
    free = _free_bytes(path)
    if free is not None and free < _HARDLY_ANY_BYTES:
        return CannotWriteError(_no_room(path, quota=False))
    return CannotWriteError(
        Message(
            "{file}: cannot be written ({free_mb} MB free); nothing there was changed. Make room, or choose another place",
            file=path,
            free_mb="?" if free is None else f"{free / 1e6:.1f}",
        )
    )


def database_refusal(path: Path, error: BaseException | None) -> CannotWriteError | None:
    """Return what to raise where SQLite could not write its file, None if the fault is another one."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    free = _free_bytes(path)
    full_unnamed = code & 0xFF == _SQLITE_IOERR and free is not None and free < _HARDLY_ANY_BYTES
    if code & 0xFF == _SQLITE_FULL or full_unnamed:
        return cannot_write(path, OSError(errno.ENOSPC, ""))
    if code & 0xFF == _SQLITE_READONLY:
        return cannot_write(path, OSError(errno.EACCES, ""))
    if code & 0xFF == _SQLITE_CANTOPEN:
        return CannotWriteError(
            Message(
                "{file}: the database cannot be opened: the place must be one where you may read and write files; "
                "choose another",
                file=path,
            )
        )
    return None


def _no_room(path: Path, *, quota: bool) -> Message:
    free = _free_bytes(path)
    if quota:
        return Message(
            "{file}: cannot be written: your share of the disk is used up; nothing there was changed. Make room, or choose "
            "another place",
            file=path,
        )
    if free is None:
        return Message(
            "{file}: cannot be written: the disk is full; nothing there was changed. Make room, or choose another place",
            file=path,
        )
    return Message(
        "{file}: cannot be written: the disk is full ({free_mb} MB free); nothing there was changed. Make room, or choose "
        "another place",
        file=path,
        free_mb=f"{free / 1e6:.1f}",
    )


def _free_bytes(path: Path) -> int | None:
    """Return what is free where a file is or would be, None where the system does not say."""
    for place in (path, *path.absolute().parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
