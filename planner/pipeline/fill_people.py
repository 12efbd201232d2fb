"""People for the villages of an area that have none: from a raster, or a county's total shared alike."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.config import PlanConfig
from planner.errors import Message, UsageError, list_offenders
from planner.geodata import Finding
from planner.geodata.assemble import AreaReading, boundary_of, read_area_with_findings
from planner.geodata.findings import Severity, about_file
from planner.geodata.gazetteer.filled_table import fill_cells
from planner.geodata.people_raster import read_people
from planner.geodata.reading import Reading
from planner.geodata.register import townships_of
from planner.geodata.tables import read_table
from planner.model import PopulationSource, said
from planner.network import RoadNetwork
from planner.pipeline.area_run import AreaRun
from planner.pipeline.raster_people import CAP_M, share_people
from planner.progress import Progress, silent

_FAR_APART = 0.1  # a raster and a census that differ by more are of other years, or one of them is of another area


@dataclass(frozen=True, kw_only=True)
class FilledPeople:
    """What was written into ``villages``: people for ``written`` of ``total_villages``; the others had a figure already.

    Of a raster, ``inside`` people were given to villages and ``beyond`` live farther than ``cap_m`` from each; ``given`` is
    the figure to compare with.
    """

    villages: Path
    written: int
    total_villages: int
    people: int
    given: float | None
    inside: float = 0.0
    beyond: float = 0.0
    cap_m: float = CAP_M
    by_road: bool = False
    findings: tuple[Finding, ...] = ()


def people_of_raster(
    config: PlanConfig,
    raster: Path,
    *,
    total: float | None = None,
    cap_m: float = CAP_M,
    cache: Path | None = None,
    progress: Progress = silent,
) -> FilledPeople:
    """Fill in the people of villages without a figure from a raster: each cell's go to the village nearest by road.

    Where there is no road file, straight lines decide.

    Raises
    ------
    BadDataError
        If the raster, the table or the roads cannot be used.
    """
    reading = read_area_with_findings(_any_people(config))
    area = reading.area
    cells = read_people(raster, boundary_of(config))
    run = AreaRun.for_siting(config, given_area=area, cache=cache, progress=progress, steps=2)
    roads = run.roads if config.road_file is not None and config.road_file.is_file() else None
    edges = roads.edges if isinstance(roads, RoadNetwork) else None
    shares = share_people(cells.in_parts(), area.villages, edges, cap_m=cap_m)
    figures = {village.id: round(people) for village, people in zip(area.villages, shares.people, strict=True)}
    file = cells.file.lstrip("=+-@ \t")
    filled = {id_: (people, file) for id_, people in figures.items()}
    if reading.nowhere:  # nobody can say who of the raster lives there
        usual = round(statistics.median(figures.values()))
        filled |= {village.id: (usual, PopulationSource.ESTIMATE.value) for village in reading.nowhere}
    written, everybody = _fill(config, reading, filled)
    empty = [village.name for village in area.villages if not figures[village.id]]
    return FilledPeople(
        villages=config.resolve(config.area.villages),
        written=written,
        total_villages=len(area.villages) + len(reading.nowhere),
        people=everybody,
        given=total,
        inside=shares.inside,
        beyond=shares.beyond,
        cap_m=cap_m,
        by_road=shares.by_road,
        findings=(*_doubts(cells.file, cells.total, total, cells.ignored), *_nobody_at(empty, cells.file)),
    )


def people_of_total(config: PlanConfig, total: float) -> FilledPeople:
    """Fill in the people of villages without a figure: what the others leave of a county's total, shared alike.

    Raises
    ------
    UsageError
        If the villages with a figure have more people than that.
    BadDataError
        If the table cannot be used.
    """
    reading = read_area_with_findings(_any_people(config))
    villages = [*reading.area.villages, *reading.nowhere]
    known = _known(config)
    left, without = total - sum(known.values()), len(villages) - len(known)
    if left < 0:
        raise UsageError(
            Message(
                "--total {total}: the villages with a figure have {known} people already",
                total=round(total),
                known=sum(known.values()),
            )
        )
    each = (int(left / max(without, 1)), PopulationSource.ESTIMATE.value)
    written, everybody = _fill(config, reading, dict.fromkeys((one.id for one in villages), each), total=round(total))
    return FilledPeople(
        villages=config.resolve(config.area.villages),
        written=written,
        total_villages=len(villages),
        people=everybody,
        given=total,
    )


def _any_people(config: PlanConfig) -> PlanConfig:
    """Return the configuration with people for whoever has none, so that the villages can be read before they have any."""
    filled = {"persons_per_village": 1.0, "persons_per_household": config.area.persons_per_household or 1.0}
    return config.model_copy(update={"area": config.area.model_copy(update=filled)})


def _known(config: PlanConfig) -> dict[int, int]:
    """Return by row the people of villages with a figure: people, or households by the persons of one."""
    table = read_table(config.resolve(config.area.villages))
    size = config.area.persons_per_household or 1.0
    known: dict[int, int] = {}
    for reader in Reading().readers(table, ["name"]):
        if reader.has("population"):
            known[reader.row.number] = reader.count("population") or 0
        elif reader.has("households"):
            known[reader.row.number] = round((reader.count("households") or 0) * size)
    return known


def _fill(
    config: PlanConfig, reading: AreaReading, figures: Mapping[str, tuple[int, str]], *, total: int | None = None
) -> tuple[int, int]:
    """Write figures and their sources into the rows that have none; return how many, and how many people all have then.

    Of a ``total`` the first rows get one more, so that all have it together.
    """
    path = config.resolve(config.area.villages)
    table, known = read_table(path), _known(config)
    villages = [*reading.area.villages, *reading.nowhere]
    by_name = {(village.name, village.township_id): village.id for village in villages}
    townships = {one.name: one.code for one in townships_of(config.area.division_code)}
    townships |= {township.name: township.id for township in reading.area.townships}
    cells: dict[int, dict[str, str]] = {}
    for reader in Reading().readers(table, ["name"]):
        code, name, township = reader.code("id"), reader.text("name"), reader.code("township")
        id_ = code if code in figures else by_name.get((name, townships.get(township, township)), "")
        if reader.row.number not in known and id_ in figures:
            people, source = figures[id_]
            cells[reader.row.number] = {"population": str(people), "population_source": source}
    everybody = sum(known.values()) + sum(int(one["population"]) for one in cells.values())
    more = min(len(cells), max(0, total - everybody)) if total is not None else 0
    for one in list(cells.values())[:more]:
        one["population"] = str(int(one["population"]) + 1)
    if cells:
        fill_cells(path, table, cells)
    return len(cells), everybody + more


def _nobody_at(names: Sequence[str], file: str) -> Iterable[Finding]:
    """Yield which villages nobody of the raster lives nearest to."""
    if names:
        message = said(
            "has nobody at some villages, {count} in all: {names}", count=len(names), names=list_offenders(names)
        )
        remedy = said("correct their positions, or fill in their people by hand")
        yield about_file(Severity.WARNING, "nobody_of_raster", file, message, remedy)


def _doubts(file: str, counted: float, total: float | None, ignored: int) -> Iterable[Finding]:
    if total and abs(counted / total - 1) > _FAR_APART:
        message = said(
            "counts {counted} people in the area, {percent} % of the {total} given",
            counted=round(counted),
            percent=round(100 * counted / total),
            total=round(total),
        )
        remedy = said("take a raster of the figure's year, or correct the figure")
        yield about_file(Severity.WARNING, "people_differ", file, message, remedy)
    if ignored:
        message = said("has {count} cells with a figure that is none: they count as empty", count=ignored)
        yield about_file(
            Severity.NOTE, "cells_ignored", file, message, said("declare the value of empty cells (nodata)")
        )
