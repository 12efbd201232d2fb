"""What a day plan takes from the plan of the week."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedWeek:
    """The service plan that a day follows; ``next_visits`` has the date for each point that is visited on another day."""

    service_id: str
    next_visits: Mapping[str, datetime.date]
