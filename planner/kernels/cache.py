"""Compiled kernels on disk: one folder for one state of their sources, one file for one kernel and signature.

Numba's own cache looks at the file of a kernel alone: after a callee in another file has changed, callers go on with the
old one and give wrong answers. Here the folder's name is the hash of all kernel sources, so that nothing stale is found.
Files are written beside and renamed and carry a checksum; whatever cannot be read or written only costs the time to compile.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

import planner
from planner.kernels.sources import sources_hash
from planner.model.cache_folder import cache_place

VARIABLE = "PLANNER_KERNELS"
"""Environment variable that names the folder of all compiled kernels, where it is not to be in the cache folder."""

KEPT_STATES = 3
"""Folders of other states of the sources that stay: two checkouts, or a new and an old release, may be used in turn."""


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
        mine.mkdir(parents=True, exist_ok=True)
        os.utime(mine)
        _remove_old(folder, mine)
    return mine


def _remove_old(folder: Path, mine: Path) -> None:
    others = sorted((path for path in folder.iterdir() if path != mine), key=lambda path: path.stat().st_mtime)
    for path in others[:-KEPT_STATES]:
        shutil.rmtree(path, ignore_errors=True)


class KernelFiles:
    """The files of one kernel, one for each signature and processor."""

    def __init__(self, name: str) -> None:
        self._name = name

    def load(self, key: object) -> Any:
        """Return what was saved under the key, None if there is nothing or it is damaged."""
        path = self._path(key)
        if path is None:
            return None
        try:
            content = path.read_bytes()
            checksum, data = content[:32], content[32:]
            return pickle.loads(data) if hashlib.sha256(data).digest() == checksum else None
        except (OSError, pickle.UnpicklingError, AttributeError, ImportError, EOFError):
            return None

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
                    file.write(hashlib.sha256(content).digest() + content)
                Path(beside).replace(path)
            except OSError:
                Path(beside).unlink(missing_ok=True)

    def flush(self) -> None:
        """Do nothing: a folder belongs to one state of the sources and is removed as a whole."""

    def _path(self, key: object) -> Path | None:
        folder = kernels_folder()
        mark = hashlib.sha256(f"{self._name} {key!r}".encode()).hexdigest()[:20]
        return folder and folder / f"{self._name.rpartition('.')[2]}-{mark}.kernel"


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
        self._cache_file: Any = KernelFiles(f"{function.__module__}.{function.__qualname__}")
