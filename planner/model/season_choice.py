"""The season of a day, and who chose it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonChoice:
    """The season that a day is planned in, what chose it, and the season that the calendar has on that day."""

    season: str
    by: Literal["configuration", "date"]
    of_date: str

    @property
    def contradicts(self) -> bool:
        """Whether the configuration says another season than the calendar."""
        return self.season != self.of_date
