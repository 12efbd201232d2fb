"""How kernels are compiled. All of them release the interpreter lock, so that searches run side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from planner.kernels.cache import KernelCache

Function = TypeVar("Function", bound=Callable[..., object])

LEAN: Any = {"nogil": True, "_nrt": False}
"""How functions are compiled that allocate no arrays: without numba's reference counting."""


def kernel(function: Function) -> Function:
    """Return the function compiled for the types it is called with, and kept for the next process."""
    return _kept(function, njit(nogil=True)(function))


def lean_kernel(function: Function) -> Function:
    """Return a function that allocates no arrays compiled, and kept for the next process.

    Without numba's reference counting and without a second entry for callers in C it compiles and runs faster. A kernel
    is compiled by itself and again within each of those that call it, and within those that call them.
    """
    return _kept(function, njit(**LEAN, no_cfunc_wrapper=True)(function))  # type: ignore[call-overload]


def inlined(function: Function) -> Function:
    """Return the function as a part of the kernels that call it, compiled there and not by itself as well.

    For short functions that call long ones: a chain of kernels, each calling the next, is compiled as often as it is long.
    And for innermost ones that return several values: handing these over through memory took a tenth of the time.
    """
    compiled: Function = njit(**LEAN, inline="always")(function)
    return compiled


def _kept(function: Function, dispatcher: Any) -> Function:
    if function.__module__.startswith("planner."):  # whose sources name the folder; a kernel of others could be stale
        dispatcher._cache = KernelCache(function)
    return cast(Function, dispatcher)
