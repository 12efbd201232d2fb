"""What the search for a week is tuned by, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from planner.kernels.by_reference import ByReference


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekParameters(ByReference):
    """The figures of a search; kernels read them where they stand, so that another value compiles nothing.

    Ruin (Christiaens & Vanden Berghe 2020): about ``removed_on_average`` visits are removed in strings of at most
    ``longest_string``, around the ``neighbours`` nearest places of one drawn at random. In the share ``pattern_share`` of
    the proposals the places of the strings are removed on all their days and choose their pattern anew; otherwise strings
    are removed on one day and their places keep their pattern. Strings are split with ``split_share``, and a stop more of
    their middle is kept with ``split_growth``. Recreate: a position is overlooked with the probability ``blink_share``.

    2-opt*: the share ``exchange_share`` of the proposals exchange the ends of two routes of a day, at one of the
    ``exchange_near`` nearest places. Where vehicles are not alike or are told apart, the share ``hand_over_share`` of the
    proposals exchanges the vehicles of two routes.

    What is beyond capacity or duty is penalised, by more where fewer than ``hold_share`` of the weeks accepted hold, by less
    where more do, by the factor ``penalty_step`` each ``steps_a_look``. Annealing: from ``hot`` to ``cold``, in mean costs
    of a leg, or from ``warm`` where a week is given to begin from.
    """

    removed_on_average: float = 10.0
    longest_string: float = 10.0
    pattern_share: float = 0.5
    split_share: float = 0.5
    split_growth: float = 0.2
    neighbours: int = 100
    blink_share: float = 0.01
    exchange_share: float = 0.1
    exchange_near: int = 15
    hand_over_share: float = 0.05
    hold_share: float = 0.4
    penalty_step: float = 1.1
    steps_a_look: int = 200
    steps_a_call: int = 2000
    hot: float = 1.0
    cold: float = 0.03
    warm: float = 0.2
