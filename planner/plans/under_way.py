"""How far a day was when its plan was made anew from one that was running: what lies behind, and what came up meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SettledAs(StrEnum):
    """What became of a stop that nobody goes to any more: served, tried in vain, called off, its goods lost."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledStop:
    """A stop that is settled, and by which vehicle; of one that is called off, the one that has its goods on board, if any.

    ``reported`` says that somebody told so; else it is as the plan before had it, and the next report may say otherwise.
    ``reason`` is a code of `planner.plans.courier_report.NotDone`, or empty.
    """

    stop_id: str
    vehicle_id: str
    settled: SettledAs
    at_s: float
    reported: bool
    reason: str = ""
    arrived_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedStop:
    """A stop that came up during the day: where, what is brought and fetched, by parcels, kg and m³, and its hours.

    One with ``taken_from`` is where that vehicle stands, which drives no more: its goods for the stop ``brought_to`` are
    taken over there, what it has collected if that is empty, in ``transfer_s``. One that the day had has other amounts now.
    """

    id: str
    site_id: str
    delivery: tuple[float, ...]
    pickup: tuple[float, ...]
    opens_s: float | None = None
    closes_s: float | None = None
    taken_from: str = ""
    brought_to: str = ""
    transfer_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """The state in which a day was planned again at ``now_s``.

    ``former_ids`` are the plans that were running before, the last first. ``added`` has the stops that came up since the
    first of them, ``lost`` the vehicles that drive no more.
    """

    former_ids: tuple[str, ...]
    now_s: float
    settled: tuple[SettledStop, ...]
    added: tuple[AddedStop, ...] = ()
    lost: tuple[str, ...] = ()
