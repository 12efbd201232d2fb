"""A fact about a plan as data: a code and its parameters; `planner.words.sentence` says it when somebody reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is so, as a code of the catalogues and the figures it names.

    The end of a name says what a parameter holds, and so how it is said: ``_id`` and ``_ids`` are places (by their names),
    ``_s`` a duration, ``_clock_s`` a time of day, ``_m`` a distance, ``_yuan`` money (``price_yuan`` to its hundredth),
    ``_share`` a part of the whole, ``amount`` a figure, ``_code`` and ``_codes`` words of the catalogues; all else is said
    as it is. What has its limit beside it, as ``driving_s`` has in ``driving_limit_s``, looks longer only where it is. A
    fact among the parameters is said inside.
    """

    code: str
    params: dict[str, str | int | float | Fact | tuple[str | int | float | Fact, ...]] = field(default_factory=dict)
