"""How this engine's kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Return the function compiled, kept on disk for the next process.

    Without numba's reference counting: kernels allocate nothing, and counting the dozens of arrays that they hand to each
    other takes seven eighths of the time. A callee in another module that changes is not noticed by the files on disk:
    whoever edits a kernel removes ``__pycache__``. Without the interpreter lock, so that searches run side by side.
    """
    compiled: Function = njit(cache=True, nogil=True, _nrt=False)(function)  # type: ignore[call-overload]
    return compiled
