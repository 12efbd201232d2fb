"""One TOML file says everything a plan needs: which files, which speeds, which standard, which fleet.

Every key carries its unit in its name. Costs, standards, demand and fleet have no default here: they stand in the file, and
a ``provenance`` beside them says where they come from. Four figures have a default, an assumption each: `ACCESS_CAP_M`,
`KG_PER_M3_PRODUCE`, `DETOUR_FACTOR` and `JOINED_WITHIN_M`. Paths are relative to the TOML file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from planner.config.area import STRAIGHT_LINES, AreaConfig
from planner.config.bulletin_section import BulletinConfig
from planner.config.coverage import CoverageConfig
from planner.config.demand_section import DemandConfig
from planner.config.maps_section import MapsConfig
from planner.config.routing import RoutingConfig
from planner.config.sections import Section
from planner.config.service_section import ServiceConfig
from planner.config.travel_section import StraightLinesConfig, TravelConfig
from planner.config.viability import ViabilityConfig
from planner.errors import Message

REFERENCE_SEASON = "summer"
"""What roads are as their classes have them: where neither a date nor the configuration says another."""


class PlanConfig(Section):
    """A whole plan, as one ``area.toml``; ``folder`` is where its relative paths start.

    ``language`` is that of its results unless somebody asks for another; None leaves it to the machine.
    """

    version: Literal[1] = Field(1, alias="schema")
    language: Literal["zh", "en"] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    area: AreaConfig
    travel: TravelConfig = TravelConfig()
    coverage: CoverageConfig
    demand: DemandConfig
    routing: RoutingConfig
    maps: MapsConfig | None = None
    bulletin: BulletinConfig = BulletinConfig()
    viability: ViabilityConfig | None = None
    service: ServiceConfig | None = None
    folder: Annotated[Path, Field(exclude=True)] = Path()

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _roads_and_travel_go_together(self) -> Self:
        if self.area.roads != STRAIGHT_LINES:
            if self.travel.straight_lines is not None:
                raise ValueError(
                    Message(
                        'travel.straight_lines is for an area without a road file: write area.roads = "straight_lines"'
                    )
                )
            return self
        idle = [key for key in ("closures", "turn_costs") if getattr(self.travel, key)]
        if idle:
            keys = [f"travel.{key}" for key in idle]
            raise ValueError(
                Message("{keys}: needs a road file, and area.roads says straight_lines: remove it", keys=keys)
            )
        return self

    @model_validator(mode="after")
    def _prices_are_of_vehicles(self) -> Self:
        if self.service is not None:
            stations = self.service.stations
            known = [one.id for one in (*self.routing.vehicles, *(stations.vehicles if stations else ()))]
            if strangers := [one.id for one in self.service.prices if one.id not in known]:
                raise ValueError(
                    Message("service.prices: there are no vehicles {ids}; there is {known}", ids=strangers, known=known)
                )
        return self

    @property
    def road_file(self) -> Path | None:
        """Where the roads are, None where travel is on straight lines."""
        return None if self.area.roads == STRAIGHT_LINES else self.resolve(Path(self.area.roads))

    @property
    def straight_lines(self) -> StraightLinesConfig | None:
        """How straight lines stand for roads, None where there are roads."""
        return None if self.area.roads != STRAIGHT_LINES else self.travel.straight_lines or StraightLinesConfig()

    def under(self, *, vehicle: str | None = None, season: str | None = None) -> PlanConfig:
        """Return the configuration with another vehicle, or another season for siting and every date."""
        wanted = {key: value for key, value in (("vehicle", vehicle), ("season", season)) if value is not None}
        update: dict[str, Section] = {"travel": self.travel.model_copy(update=wanted)}
        if season is not None:
            update["coverage"] = self.coverage.model_copy(update={"season": season})
        return self.model_copy(update=update)

    @property
    def siting_season(self) -> str:
        """The season that sites are chosen for: that of ``[coverage]``, else of ``[travel]``, else summer."""
        return self.coverage.season or self.travel.season or REFERENCE_SEASON

    def parts(self, keys: Sequence[str]) -> dict[str, Any]:
        """Return some parts of the configuration as JSON types, as documents keep them."""
        content = self.model_dump(mode="json", by_alias=True)
        return {key: content[key] for key in keys if content.get(key) is not None}

    def resolve(self, path: Path) -> Path:
        """Return the path as seen from the configuration's folder."""
        return path if path.is_absolute() else self.folder / path
