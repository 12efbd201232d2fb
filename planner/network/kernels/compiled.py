"""One way to compile, with the type of the Python function kept for the type checker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., object])
Integers = npt.NDArray[np.signedinteger[Any]]  # ranks and arcs in 32 bits, offsets into long arrays in 64


def compiled(function: F) -> F:
    """Return the function compiled for the types it is called with, kept on disk, free of the interpreter lock."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
