"""What the search of points and routes is tuned by, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from planner.kernels.by_reference import ByReference


@dataclass(frozen=True, kw_only=True, eq=False)
class PointParameters(ByReference):
    """The figures of a search; kernels read them where they stand, so that another value compiles nothing.

    Ruin: about ``removed_on_average`` sites go, at most ``removed_share`` of those open, in strings of at most
    ``longest_string`` along routes around one site (Christiaens & Vanden Berghe 2020); a string is split with
    ``split_share``. In the share ``scattered_share`` of the steps sites go at random, in ``whole_route_share`` a whole
    route, and in ``depot_share`` a route moves to another depot.

    Recreate: a position is overlooked with ``blink_share``; optional sites are chosen among the ``near`` nearest of those
    removed and ``strangers`` drawn at random, what they cost being multiplied by a factor between 1 and 1 + ``noise``.

    Annealing: the temperature falls from ``hot`` to ``cold`` in mean costs of a leg, from ``warm`` where routes are begun
    from. After ``steps_a_look`` steps a penalty is multiplied by ``penalty_step`` where fewer than ``hold_share`` of the
    plans kept what it stands for, else divided by it.
    """

    removed_on_average: float = 10.0
    removed_share: float = 0.25
    longest_string: float = 10.0
    split_share: float = 0.5
    split_growth: float = 0.2
    scattered_share: float = 0.1
    whole_route_share: float = 0.02
    depot_share: float = 0.05
    blink_share: float = 0.01
    near: int = 12
    strangers: int = 5
    noise: float = 0.3
    hot: float = 1.0
    cold: float = 0.01
    warm: float = 0.2
    steps_a_look: int = 100
    penalty_step: float = 1.2
    hold_share: float = 0.4
    steps_a_call: int = 1000
