"""Single files that are whole under their name, whenever the writer is killed."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.writing.faults import cannot_write, otherwise_refused

UNFINISHED = ".writing-"
"""What the names of unfinished files and folders begin with."""

_ABANDONED_S = 3600.0
"""Age at which an unfinished file outside a locked folder is taken for a dead writer's: writing one takes seconds."""

_NOT_FOR_FOLDERS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)
"""What network file systems answer to a folder that is to be flushed."""


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file, text in UTF-8 with its line ends as they are; its folder is made if need be.

    Raises
    ------
    CannotWriteError
        If the place is full, read-only or not allowed; a file that was there is as it was.
    """
    with whole_file(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a name beside, with the same ending, for a file that then takes the place of ``path``.

    What is no file (a pipe, a terminal) is written as it is. After a failure the file that was there is as it was.

    Raises
    ------
    CannotWriteError
        If the place is full, read-only or not allowed.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        yield path
        return
    final = _final(path)
    beside = unfinished_name(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(final)
        yield beside
        flush_file(beside)
        if final.exists():
            shutil.copymode(final, beside)
        beside.replace(final)
        flush_folder(final.parent)
    except OSError as error:
        at_fault = None if error.filename is None else Path(os.fsdecode(error.filename))
        refused = cannot_write(path, error) if at_fault in (None, beside, final, final.parent) else None
        if refused is None and at_fault in (beside, final, final.parent):
            refused = otherwise_refused(path, error)
        if refused is not None:
            raise refused from error
        raise
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _final(path: Path) -> Path:
    """Return the file itself, of which the path may be a link that stays one; CannotWriteError if it is none."""
    try:
        final = path.resolve()
        if final.is_dir():
            raise IsADirectoryError(errno.EISDIR, "", str(path))
        if final.is_symlink():  # resolved, and still a link: it leads to itself
            raise OSError(errno.ELOOP, "", str(path))
    except RuntimeError as error:  # Python up to 3.12
        raise cannot_write(path, OSError(errno.ELOOP, "")) or error from error
    except OSError as error:
        raise cannot_write(path, error) or error from error
    return final


def unfinished_name(final: Path) -> Path:
    """Return a name beside that nobody else has."""
    return final.with_name(f"{UNFINISHED}{secrets.token_hex(4)}-{final.name}")


def flush_file(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system has that."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(handle)


def _remove_abandoned(final: Path) -> None:
    for left in final.parent.glob(f"{UNFINISHED}*-{glob.escape(final.name)}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                left.unlink()
