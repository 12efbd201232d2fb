"""One TOML file says everything a plan needs: which files, which speeds, which standard, which fleet.

Every key carries its unit in its name. Costs, standards, demand and fleet have no default here: they stand in the file, and
a ``provenance`` beside them says where they come from. Four figures have a default, an assumption each: `ACCESS_CAP_M`,
`KG_PER_M3_PRODUCE`, `DETOUR_FACTOR` and `JOINED_WITHIN_M`. Paths are relative to the TOML file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator

from planner.config.content import content_faults, document_text, parse_toml
from planner.config.coverage import CoverageConfig
from planner.config.faults import section_faults
from planner.config.routing import RoutingConfig
from planner.config.season_days import SeasonDaysConfig
from planner.config.sections import (
    CubicMetres,
    Day,
    FilePath,
    Kilograms,
    Metres,
    Name,
    Persons,
    Prose,
    Provenance,
    Rate,
    Section,
    Speed,
)
from planner.errors import BadDataError, ConfigError, Message, UnknownAreaError, of_file, parse_fault
from planner.model import Text

CONFIG_NAME = "area.toml"
STRAIGHT_LINES = "straight_lines"
"""What stands for the roads of an area that has no file of them."""
REFERENCE_SEASON = "summer"
"""What roads are as their classes have them: where neither a date nor the configuration says another."""
ACCESS_CAP_M = 1000.0
"""Assumed: farther from a road than this a place counts as not reached."""
JOINED_WITHIN_M = 1.0
"""Assumed: ends of drawn roads nearer than this are meant to meet."""
DETOUR_FACTOR = 1.4
"""Assumed: how much longer the way by road is than the straight line, in the middle of what rural networks have."""
KG_PER_M3_PRODUCE = 400.0
"""Assumed: what a cubic metre of produce weighs, boxes included."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))})


def _usable_as_folder(id_: str) -> str:
    """Return the id, which names the folder of results."""
    if id_.lower() in _DEVICES:
        raise ValueError(
            Message(
                "{id} is the name of a device on Windows and no folder can have it: choose another id", id=repr(id_)
            )
        )
    return id_


class Datum(StrEnum):
    """The datum that coordinates in a file are given in; no Chinese file header says which (see geodata.datum)."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class SourceConfig(Section):
    """Origin and licence of one part of the data, as `planner.model.Source`."""

    what: Text
    origin: Text
    licence: Text
    attribution: Text = Text("")
    datum: Datum = Datum.WGS84
    date: Name = ""
    synthetic: bool = False
    assumed: bool = False


class RoadLinesConfig(Section):
    """A road file of lines (shapefile, GeoPackage, GeoJSON): its datum, and which of its columns says what.

    A column that is left out is guessed by its heading; ``planner check`` shows the guesses. ``classes`` and ``surfaces``
    say what the file's own words mean, as OpenStreetMap has it (``secondary``, ``gravel``). Ends within ``tolerance_m`` of
    each other are joined.
    """

    datum: Datum
    road_class: Name = ""
    grade: Name = ""
    code: Name = ""
    surface: Name = ""
    oneway: Name = ""
    maxspeed: Name = ""
    classes: Annotated[dict[str, Name], Field(default_factory=dict)]
    surfaces: Annotated[dict[str, Name], Field(default_factory=dict)]
    tolerance_m: Annotated[float, Field(ge=0, le=100)] = JOINED_WITHIN_M


class AreaConfig(Section):
    """The study area: names, the files that hold it and the datum those files declare.

    ``roads`` is a file, or ``straight_lines`` where there is none yet: see `StraightLinesConfig`.

    ``boundary`` is a file, or ``embedded`` for the county polygon of ``division_code``; a file may be in a datum of its own,
    ``boundary_datum`` (files of DataV are gcj02). ``metric_crs`` is chosen from the longitude (UTM) when it is left out.
    ``townships`` may be left out: villages then name their township and its seat is taken from the register or from the
    village points. With ``candidates`` = ``everywhere`` each village without a listed service point and each township
    without a listed express station is a candidate for one. ``persons_per_household`` makes people from households and
    households from people where only one is given; ``persons_per_village`` stands in where a village has neither, and
    needs the other. A village with either filled in carries ``population_source`` = estimate.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=60), AfterValidator(_usable_as_folder)]
    name: Name
    name_latin: Name = ""
    division_code: Annotated[str, Field(pattern=r"^(\d{6}|)$")] = ""
    datum: Datum
    villages: FilePath
    townships: FilePath | None = None
    sites: FilePath | None = None
    candidates: Literal["everywhere", "listed"] = "everywhere"
    boundary: FilePath | Literal["embedded"] = "embedded"
    boundary_datum: Datum = Datum.WGS84
    roads: FilePath | Literal["straight_lines"]
    road_lines: RoadLinesConfig | None = None
    metric_crs: Name = ""
    map_approval_number: Name = ""
    persons_per_household: Persons | None = None
    persons_per_village: Persons | None = None
    sources: tuple[SourceConfig, ...] = ()

    @model_validator(mode="after")
    def _keys_go_together(self) -> Self:
        if self.persons_per_village is not None and self.persons_per_household is None:
            raise ValueError(
                Message("persons_per_household is missing: persons_per_village alone does not tell the households")
            )
        if self.boundary == "embedded" and self.boundary_datum is not Datum.WGS84:
            raise ValueError(
                Message("boundary_datum is for a boundary of your own; the embedded one is wgs84: remove it")
            )
        return self


Corner = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class ClosureConfig(Section):
    """Roads that cannot be used from the day ``first`` to the day ``last``, both included, and why, for people.

    ``way_ids`` are numbers of OpenStreetMap ways. ``area`` closes every road it touches: a file of polygons, or the
    corners of one polygon as [lon, lat] pairs; both in ``datum``.
    """

    reason: Prose
    first: Day
    last: Day
    way_ids: tuple[Annotated[int, Field(gt=0, le=2**62)], ...] = ()
    area: FilePath | tuple[Corner, ...] | None = None
    datum: Datum = Datum.WGS84

    @model_validator(mode="after")
    def _closes_something(self) -> Self:
        if self.last < self.first:
            raise ValueError(Message("ends on {last}, before it begins on {first}", last=self.last, first=self.first))
        if not self.way_ids and self.area is None:
            raise ValueError(Message("closes nothing: give way_ids, or an area, or both"))
        if isinstance(self.area, tuple) and len(set(self.area)) < 3:
            raise ValueError(Message("area needs three corners or more, each as [lon, lat]"))
        return self


class StraightLinesConfig(Section):
    """Travel without a road file: straight lines ``detour_factor`` times as long, at ``speed_kph`` in summer.

    Without a speed the vehicle is as fast as on village roads. Whatever is made from it is marked as assumed.
    """

    detour_factor: Annotated[float, Field(ge=1, le=10)] = DETOUR_FACTOR
    speed_kph: Speed | None = None
    provenance: Provenance | None = None


class TravelConfig(Section):
    """Vehicle and season of the roads, turns, closures, and the walk from a point to its nearest road (reported apart).

    A ``season`` that is given holds on every date; else the date decides, by ``season_days`` if the area has a calendar
    of its own, else by that of ``planner/network/profiles.toml``: see `planner.network.season_of`. With ``turn_costs``
    turns at junctions take time; forbidden turns are heeded in any case. Without ``access_speed_kph`` the walk is as
    fast as the walking profile has it in the season.
    """

    vehicle: Name = "van"
    season: Name | None = None
    season_days: SeasonDaysConfig | None = None
    turn_costs: bool = False
    access_cap_m: Metres = ACCESS_CAP_M
    access_speed_kph: Speed | None = None
    closures: tuple[ClosureConfig, ...] = ()
    straight_lines: StraightLinesConfig | None = None


class DemandConfig(Section):
    """Parcels down by head, produce up by household, and what one parcel weighs and fills.

    ``pickup_kg_per_product_household_day`` applies to villages with a product; every village also sends
    ``pickup_parcels_per_person_day``.
    """

    delivery_parcels_per_person_day: Rate
    pickup_parcels_per_person_day: Rate
    kg_per_parcel: Kilograms
    m3_per_parcel: CubicMetres
    pickup_kg_per_product_household_day: Rate = 0.0
    kg_per_m3_produce: Annotated[float, Field(ge=1, le=25_000)] = KG_PER_M3_PRODUCE
    weekday_factors: Annotated[tuple[Rate, ...], Field(min_length=7, max_length=7)] = (1.0,) * 7
    provenance: Provenance


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


def data_folder() -> Path:
    """Return the folder of embedded boundaries, registers and areas (``data/`` of a clone, or of the installed package)."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"


def embedded_areas() -> tuple[str, ...]:
    """Return the names of the study areas that come with the package, sorted."""
    return tuple(sorted(path.parent.name for path in (data_folder() / "areas").glob(f"*/{CONFIG_NAME}")))


def load_config(where: str | Path) -> PlanConfig:
    """Return the configuration of an embedded area (by name), of a folder with an ``area.toml``, or of a TOML file.

    Raises
    ------
    UnknownAreaError
        If it is neither an embedded area's name nor a file or folder.
    ConfigError
        If the file is not TOML or is invalid; every offending key is listed.
    """
    path = Path(where)
    if not path.exists() and str(where) in embedded_areas():
        path = data_folder() / "areas" / str(where)
    if path.is_dir():
        path /= CONFIG_NAME
    if not path.is_file():
        what = Message(
            "no such file or folder with an {config}; the embedded areas are {names}",
            config=CONFIG_NAME,
            names=embedded_areas(),
        )
        raise UnknownAreaError(of_file(where, what))
    try:
        content = parse_toml(document_text(path))
    except BadDataError as error:
        raise ConfigError(error.summary) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(of_file(path, Message("not a TOML file in UTF-8: {why}", why=parse_fault(error)))) from error
    if "folder" in content:
        raise ConfigError(_invalid(str(path)), [Message("folder: not a key of this file: remove it")])
    return parse_config(content, folder=path.parent, name=str(path))


def parse_config(content: dict[str, Any], *, folder: Path, name: str) -> PlanConfig:
    """Return the configuration of parsed TOML or JSON; ``name`` is what errors call it.

    Raises
    ------
    ConfigError
        One problem a key, with the value found and what was expected.
    """
    faults = dict(content_faults(content))
    try:
        config = PlanConfig.model_validate({**content, "folder": folder})
    except ValidationError as error:
        faults = dict(section_faults(error)) | faults
        raise ConfigError(_invalid(name), list(faults.values())) from error
    if faults:
        raise ConfigError(_invalid(name), list(faults.values()))
    return config


def kept_faults(content: Any, required: Sequence[str]) -> Iterator[Message]:
    """Return what is wrong with the parts of a configuration that a document keeps; ``required`` are those it needs."""
    try:
        PlanConfig.model_validate(content)
    except ValidationError as error:
        for fault, (_, said) in zip(error.errors(), section_faults(error, "config"), strict=True):
            if fault["type"] != "missing" or len(fault["loc"]) > 1 or fault["loc"][0] in required:
                yield said


def _invalid(name: str) -> Message:
    return Message("{file}: the configuration is invalid", file=name)
