"""How this engine's kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Return the function compiled, kept on disk for the next process.

    Without numba's reference counting, as kernels allocate nothing, and without a second entry for callers in C. A kernel is
    compiled by itself and again within each of those that call it, and within those that call them. A callee in another
    module that changes is not noticed by the files on disk: whoever edits a kernel removes ``__pycache__``. Without the
    interpreter lock, so that searches run side by side.
    """
    compiled: Function = njit(cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)(function)  # type: ignore[call-overload]
    return compiled


def part(function: Function) -> Function:
    """Return the function as a part of the one kernel that calls it, compiled there and not by itself as well.

    For short functions that call long ones: a chain of kernels, each calling the next, is compiled as often as it is long.
    And for innermost ones that return several values: handing these over through memory took a tenth of the time.
    """
    compiled: Function = njit(cache=True, nogil=True, _nrt=False, inline="always")(function)  # type: ignore[call-overload]
    return compiled
