"""Compiled kernels on disk: one folder for one state of their sources, one file for one kernel and signature.

Numba's own cache looks at the file of a kernel alone: after a callee in another file has changed, callers go on with the
old one and give wrong answers. Here the folder's name is the hash of all kernel sources, and a file's that of the code it
was made from as it was loaded, so that nothing stale is found. Files are written beside and renamed, and carry a checksum of
name and content; whatever cannot be read or written only costs the time to compile. A kept kernel is code: none is taken
from a folder that others may write.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import stat
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

import planner
from planner.cache_folder import cache_place
from planner.kernels.loaded import loaded_code
from planner.kernels.sources import sources_hash

VARIABLE = "PLANNER_KERNELS"
"""Environment variable that names the folder of all compiled kernels, where it is not to be in the cache folder."""

KEPT_STATES = 3
"""Folders of other states of the sources that stay: two checkouts, or a new and an old release, may be used in turn."""

_STATE = re.compile("[0-9a-f]{20}")
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


@cache
def kernels_folder() -> Path | None:
    """Return the folder for the sources as they are, None if nothing is kept; old ones beside it are removed."""
    named = os.environ.get(VARIABLE)
    place = cache_place()
    folder = Path(named) if named else place and place / "kernels"
    if folder is None:
        return None
    mine = folder / sources_hash(Path(planner.__file__).parent)
    with contextlib.suppress(OSError):
        mine.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.utime(mine)
    with contextlib.suppress(OSError):
        _remove_old(folder, mine)
    return mine if _is_trusted(mine) else None


def _is_trusted(folder: Path) -> bool:
    """Say whether only this user, or the system's own, can have written into a folder."""
    try:
        about = folder.lstat()
        with tempfile.TemporaryFile() as file:
            me = os.fstat(file.fileno()).st_uid
    except OSError:
        return False
    writable = os.name == "posix" and about.st_mode & _OTHERS_MAY_WRITE
    return stat.S_ISDIR(about.st_mode) and about.st_uid in (0, me) and not writable


def _remove_old(folder: Path, mine: Path) -> None:
    """Remove the kernels of older states; whatever else is in the folder, or in theirs, stays."""
    states = (path for path in folder.iterdir() if _STATE.fullmatch(path.name) and path != mine)
    others = sorted(
        (path for path in states if stat.S_ISDIR(path.lstat().st_mode)), key=lambda path: path.stat().st_mtime
    )
    for path in others[:-KEPT_STATES]:
        with contextlib.suppress(OSError):
            for file in path.iterdir():
                if file.suffix in (".kernel", ".part"):
                    file.unlink()
            path.rmdir()


class KernelFiles:
    """The files of one kernel, one for each signature and processor."""

    def __init__(self, name: str, function: Callable[..., object] | None = None) -> None:
        self._name = name
        self._function = function

    def load(self, key: object) -> Any:
        """Return what was saved under the key, None if there is nothing or it is damaged."""
        path = self._path(key)
        if path is None:
            return None
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                return None
            content = path.read_bytes()
            if content[:32] != _checksum(path, content[32:]):
                return None
            kept = pickle.loads(content[32:])
        except Exception:  # whatever reading a damaged object raises
            return None
        return kept if isinstance(kept, tuple) else None

    def save(self, key: object, data: object) -> None:
        """Write the file under a name of its own, then give it the final name."""
        path = self._path(key)
        if path is None:
            return
        content = dumps(data)  # type: ignore[no-untyped-call]
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_checksum(path, content) + content)
                Path(beside).replace(path)
            except OSError:
                Path(beside).unlink(missing_ok=True)

    def flush(self) -> None:
        """Do nothing: a folder belongs to one state of the sources and is removed as a whole."""

    def _path(self, key: object) -> Path | None:
        folder = kernels_folder()
        if folder is None:
            return None
        made_from = loaded_code(self._function, key[0] if isinstance(key, tuple) else ()) if self._function else ""
        mark = hashlib.sha256(f"{self._name} {key!r} {made_from}".encode()).hexdigest()[:20]
        return folder / f"{self._name.rpartition('.')[2]}-{mark}.kernel"


def _checksum(path: Path, content: bytes) -> bytes:
    """Return 32 bytes that hold for this content under this name only."""
    return hashlib.sha256(path.name.encode() + b"\n" + content).digest()


class _NoLocator:
    """What numba asks of the place of a cache, and `KernelFiles` decides."""

    def __init__(self, file: str) -> None:
        self._py_file = file

    @classmethod
    def from_function(cls, function: object, file: str) -> _NoLocator:
        """Return a locator for any function."""
        return cls(file)

    def get_cache_path(self) -> str:
        """Return nothing: files know their path."""
        return ""

    def get_source_stamp(self) -> str:
        """Return nothing: the folder's name tells the state of the sources."""
        return ""

    def get_disambiguator(self) -> str:
        """Return nothing: files are named by module and signature."""
        return ""

    def ensure_cache_path(self) -> None:
        """Do nothing: the folder is made where something is written."""


class _Results(CompileResultCacheImpl):
    _locator_classes = [_NoLocator]  # type: ignore[list-item]  # noqa: RUF012


class KernelCache(FunctionCache):
    """Numba's cache of one kernel, kept by `KernelFiles`."""

    _impl_class = _Results

    def __init__(self, function: Any) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._cache_file: Any = KernelFiles(f"{function.__module__}.{function.__qualname__}", function)
