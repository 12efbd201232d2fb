"""Kernels that each judge has of its own, under one name: the type of the world tells, on compiling, which is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from numba.extending import overload

from planner.routing.engines.sisr.arrays import Search, World

_LEAN: Any = {"nogil": True, "_nrt": False}
"""As `planner.kernels.lean_kernel` compiles."""
Function = TypeVar("Function", bound=Callable[..., object])


def propose(world: World, search: Search, most_routes: int) -> int:
    """Change the routes; return how many stops that leaves absent, the first of ``pending``.

    Routes may be opened until so many are used, `ANY_NUMBER` without a limit.
    """
    raise NotImplementedError


def decline(world: World, search: Search) -> None:
    """Put the routes back as they were before the proposal."""
    raise NotImplementedError


def keep_best(world: World, search: Search) -> None:
    """Note the current routes as the best."""
    raise NotImplementedError


def of_judge(name: Callable[..., object], world: type[World]) -> Callable[[Function], Function]:
    """Return a decorator: the function is what the name means in kernels whose first argument is such a world."""
    wanted = {field.name for field in fields(world)}

    def register(function: Function) -> Function:
        def choose(*types: Any) -> Function | None:
            return function if set(dict(types[0].members)) == wanted else None

        overload(name, strict=False, jit_options=_LEAN)(choose)
        return function

    return register
