"""One way to compile, with the type of the Python function kept for the type checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Return the function compiled for the types it is called with, kept on disk, free of the interpreter lock."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
