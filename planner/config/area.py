"""The section ``[area]``: which files hold the study area, in which datum, and where they come from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planner.config.sections import FilePath, Name, Persons, Section
from planner.errors import Message
from planner.model import Text

ROADS_NAME = "roads.osm.pbf"
"""What planner fetch calls the roads of an area."""
STRAIGHT_LINES = "straight_lines"
"""What stands for the roads of an area that has no file of them."""
JOINED_WITHIN_M = 1.0
"""Assumed: ends of drawn roads nearer than this are meant to meet."""
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
    another line are joined to it.
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
