"""Commands that fill in an area's table of villages: ``planner places``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import AreaArgument, DatumName, JsonOption, configured, console, print_json
from planner.words import render, say, term
from planner.writing import guarded, whole_file

if TYPE_CHECKING:
    from planner.geodata.gazetteer.proposals import Proposals


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
