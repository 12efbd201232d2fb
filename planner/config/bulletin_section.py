"""The section ``[bulletin]``: what a bulletin needs to know of the county that no plan says."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.config.sections import FilePath, Prose, Section, Yuan
from planner.config.viability import FEWEST_DAYS
from planner.model import Text


class BulletinConfig(Section):
    """Who issues the bulletin, and what its indicators rest on beside plans.

    ``indicators`` is a table of the bureau's own wording and targets. ``visits_a_week`` is how often a village is to be
    visited. ``county_centre_m2`` is the floor of the county's centre of trade, and ``shop_cost_yuan`` and
    ``trade_centre_cost_yuan`` what a shop in a village and a centre in a township cost, for the way to the next grade. What
    is worked out from fewer than ``fewest_days`` days of the month says so wherever it stands.
    """

    issuer: Text = Text("")
    indicators: FilePath | None = None
    visits_a_week: Annotated[float, Field(ge=0, le=70)] | None = None
    county_centre_m2: Annotated[float, Field(ge=0, le=1e7)] | None = None
    shop_cost_yuan: Yuan | None = None
    trade_centre_cost_yuan: Yuan | None = None
    fewest_days: Annotated[int, Field(ge=1, le=31)] = FEWEST_DAYS
    provenance: Prose | None = None
