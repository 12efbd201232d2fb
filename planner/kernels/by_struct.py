"""One name for kernels that differ by the struct they work on, so that kernels which call it are written once.

`declare` makes the name. For each kind of struct, `implements` says what it means where the first argument is such a struct:
compiling the caller picks by the struct's class, and the call costs what a direct one does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.extending import overload

from planner.kernels.by_reference import ByReference, StructType
from planner.kernels.compile import LEAN, Function
from planner.kernels.loaded import MEANINGS


def declare(name: str) -> Any:
    """Return a name that kernels call; called from Python, it does what it means for the first argument's class.

    Raises
    ------
    KeyError
        If it has no meaning for that class.
    """

    def declared(struct: ByReference, *others: object) -> object:
        return MEANINGS[declared][type(struct)](struct, *others)

    declared.__qualname__ = name
    return declared


def implements(declared: Callable[..., object], struct: type[ByReference]) -> Callable[[Function], Function]:
    """Return a decorator: in kernels, the function is what the declared one means for this class, not for its subclasses.

    It allocates no arrays, has the parameters of the declared function, and can be called from Python as it stands.

    Raises
    ------
    ValueError
        If the declared function has a meaning for this class already.
    """
    meanings = MEANINGS.setdefault(declared, {})
    if struct in meanings:
        raise ValueError(f"{declared.__qualname__} has a kernel for {struct.__qualname__} already")

    def register(function: Function) -> Function:
        def choose(*arguments: Any) -> Function | None:
            first = arguments[0]
            return function if isinstance(first, StructType) and first.is_of(struct) else None

        meanings[struct] = function
        overload(declared, strict=False, jit_options=LEAN)(choose)
        return function

    return register
