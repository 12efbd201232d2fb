"""Commands that fill in an area's table of villages: ``planner places`` and ``planner people``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    AreaArgument,
    CacheOption,
    DatumName,
    JsonOption,
    NoCacheOption,
    configured,
    keep_in,
    print_json,
    progress_bar,
)
from planner.cli.terminal import console
from planner.errors import Message, UsageError
from planner.words import render, say, term
from planner.writing import guarded, whole_file

if TYPE_CHECKING:
    from planner.geodata.gazetteer.proposals import Proposals
    from planner.pipeline.fill_people import FilledPeople


def places(
    area: AreaArgument,
    files: Annotated[
        list[Path],
        typer.Argument(help="Lists of named points: OpenStreetMap, GeoNames (CN.zip), CSV, XLSX, GeoJSON, GeoPackage."),
    ],
    datum: Annotated[
        DatumName | None, typer.Option(help="Datum the tables of points are in; the area's if left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fill in where villages lie from lists of named points: the same name in the same township, and nothing in doubt."""
    from planner.config import Datum
    from planner.geodata.gazetteer.proposals import propose_positions

    config = configured(area, None, None)
    found = propose_positions(config, files, datum=Datum(datum) if datum else None)
    write_proposals(found)
    if as_json:
        print_json(_figures(found))
    else:
        print_places(found)


def places_of_roads(folder: Path, roads: Path) -> None:
    """Fill in what the places of a road file say of an area's villages; what they cannot be filled in for is said."""
    from planner.config import load_config
    from planner.errors import BadDataError
    from planner.geodata.gazetteer.proposals import propose_positions
    from planner.words import error_text

    try:
        found = propose_positions(load_config(folder), [roads])
    except BadDataError as error:  # the roads are there; the table may be of another form, or not there yet
        console.print(error_text(error), highlight=False, soft_wrap=True)
        return
    write_proposals(found)
    print_places(found)


def people(
    area: AreaArgument,
    raster: Annotated[
        Path | None, typer.Argument(help="GeoTIFF of people (WorldPop, GHS-POP); left out, --total is shared alike.")
    ] = None,
    total: Annotated[
        float | None,
        typer.Option(min=1, max=1e8, help="People of all villages, to compare the raster with or to share."),
    ] = None,
    cap_km: Annotated[
        float, typer.Option(min=0.1, max=100, help="Farther from a village by road nobody is its own.")
    ] = 5,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Fill in the people of villages that have no figure: from a raster along the roads, or from the county's total."""
    from planner.pipeline.fill_people import people_of_raster, people_of_total

    config, kept = configured(area, None, None), keep_in(cache, no_cache)
    if raster is None and total is None:
        raise UsageError(Message("give a raster of people, or --total"))
    if raster is None:
        found = people_of_total(config, total or 0)
    else:
        with progress_bar() as progress:
            found = people_of_raster(config, raster, total=total, cap_m=cap_km * 1000, cache=kept, progress=progress)
    _print_people(found)


def _print_people(found: FilledPeople) -> None:
    from planner.words import figures

    everybody = found.inside + found.beyond
    lines = [
        say(
            "People of {written} of {total} villages filled in; all have {people} together",
            written=found.written,
            total=found.total_villages,
            people=figures.number(found.people),
        )
    ]
    if everybody:
        how = say("along the roads") if found.by_road else say("in a straight line")
        lines.append(
            say(
                "The raster has {everybody} people in the area: {inside} of them within {km} km of a village {how}, "
                "{beyond} beyond",
                everybody=figures.number(round(everybody)),
                inside=figures.share(found.inside / everybody),
                km=f"{found.cap_m / 1000:g}",
                how=how,
                beyond=figures.share(found.beyond / everybody),
            )
        )
        if found.given is not None:
            lines.append(
                say(
                    "That is {share} of the {given} given",
                    share=figures.share(everybody / found.given),
                    given=figures.number(round(found.given)),
                )
            )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
    for finding in found.findings:
        console.print(f"{term(finding.severity)} {render(finding.line)}", highlight=False, soft_wrap=True)
    console.print(f"→ {found.villages}", highlight=False, soft_wrap=True)


def print_places(found: Proposals) -> None:
    """Show what was found, how much of it, and what is in doubt."""
    from planner.geodata.gazetteer.proposals import counted_sources
    from planner.geodata.gazetteer.same_village import MatchVerdict
    from planner.words import figures

    for one in found.lists:
        counted = say(
            "{file}: {count} points in the area, {elsewhere} elsewhere",
            file=one.file,
            count=len(one.points),
            elsewhere=one.elsewhere,
        )
        console.print(counted, highlight=False, soft_wrap=True)
    total = len(found.matches) + found.had_position
    positions = found.had_position + found.count(MatchVerdict.FOUND)
    counted = say(
        "Of {total} villages {count} have a position ({share}), {new} of them new; {ambiguous} are ambiguous, "
        "{sound} only sound alike, {none} have no point",
        total=total,
        count=positions,
        share=figures.share(positions / total if total else 0.0),
        new=found.written,
        ambiguous=found.count(MatchVerdict.AMBIGUOUS),
        sound=found.count(MatchVerdict.SOUNDS_ALIKE),
        none=found.count(MatchVerdict.NO_POINT),
    )
    console.print(counted, highlight=False, soft_wrap=True)
    for source, count in counted_sources(found.matches).items():
        name = term(source) if source in ("osm", "geonames") else source
        console.print(f"  {name}: {count}", highlight=False, soft_wrap=True)
    for finding in found.findings:
        console.print(f"{term(finding.severity)} {render(finding.line)}", highlight=False, soft_wrap=True)
    console.print(f"→ {found.villages}, {found.listed}", highlight=False, soft_wrap=True)


def write_proposals(found: Proposals) -> None:
    """Write what was found for each village without a position, a row for each point, as CSV for Excel and WPS."""
    headings = [
        *(say("Code"), say("Village"), say("Township"), say("Result"), say("Township known")),
        *(say("Point"), say("Point's number"), say("Longitude"), say("Latitude"), say("Source of the position")),
    ]
    with whole_file(found.listed) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for match in found.matches:
            village = match.village
            township = found.townships.get(village.township_id, village.township_id)
            by = term(match.evidence) if match.evidence else ""
            head = (village.id, village.name, township, term(match.verdict), by)
            tails: list[tuple[str, ...]] = [
                (point.names[0], point.id, f"{point.lon:.6f}", f"{point.lat:.6f}", point.origin or term(point.source))
                for point in match.points
            ]
            writer.writerows([guarded(cell) for cell in (*head, *tail)] for tail in tails or [()])


def _figures(found: Proposals) -> dict[str, object]:
    from planner.geodata.gazetteer.same_village import MatchVerdict

    return {
        "villages": str(found.villages),
        "listed": str(found.listed),
        "had_position": found.had_position,
        "written": found.written,
        **{verdict.value: found.count(verdict) for verdict in MatchVerdict},
        "matches": [
            {
                "id": match.village.id,
                "name": match.village.name,
                "verdict": match.verdict.value,
                "evidence": match.evidence and match.evidence.value,
                "points": match.points,
            }
            for match in found.matches
        ],
    }
