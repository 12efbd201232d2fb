"""Codes in a plan of travel that nothing stands behind: vehicles, seasons and reasons that are not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.errors import Message
from planner.model import Unreachable
from planner.network.profiles import seasons, vehicles

_REASONS = {*Unreachable, "unreachable"}


def unknown_codes(*, vehicle: str, in_seasons: Iterable[str], reasons: Iterable[str]) -> Iterator[Message]:
    """Return a line for each vehicle, season or reason for being cut off that there is not."""
    if vehicle not in vehicles():
        yield Message("there is no vehicle {vehicle!r}: {known}", vehicle=vehicle, known=vehicles())
    for season in sorted({*in_seasons} - {*seasons()}):
        yield Message("there is no season {season!r}: {known}", season=season, known=seasons())
    for reason in sorted({*reasons} - _REASONS):
        yield Message("no village is cut off by {reason!r}: {known}", reason=reason, known=sorted(_REASONS))
