"""Examine files before planning: the data doctor's report, and which villages no road reaches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.config import (
    CONFIG_NAME,
    REFERENCE_SEASON,
    Datum,
    PlanConfig,
    StraightLinesConfig,
    TravelConfig,
    embedded_areas,
    load_config,
)
from planner.errors import BadDataError, ConfigError, Message, UsageError
from planner.geodata import Finding, Severity
from planner.geodata.doctor import check_area, check_files
from planner.geodata.examined import Report
from planner.geodata.findings import errors_in
from planner.geodata.gazetteer.proposals import open_cases
from planner.geodata.readers.osm_settlements import made_plain
from planner.geodata.rejects import RejectsFile
from planner.model import Fact, OddTag, Points, Unreachable, as_fact, said
from planner.network import RoadNetwork, StraightNetwork, TravelNetwork, read_network, season_of
from planner.network.odd_tags import is_taken_as_closed
from planner.network.tag_keys import is_never_read
from planner.pipeline.service_findings import service_findings
from planner.progress import Progress, silent

if TYPE_CHECKING:
    from planner.pipeline.area_run import AreaRun

_AS_WITHOUT = said("the road is taken as if it had no such tag")
_REASONS = {
    Unreachable.NO_ROAD: said("no road within reach"),
    Unreachable.FRAGMENT: said("its road is cut off from the network"),
    Unreachable.CLOSED: said("its only road or ferry is closed this season"),
    Unreachable.SHUT: said("its only road is temporarily closed"),
    Unreachable.PASSING: said("only roads that pass by (motorway, ferry, bridge, tunnel)"),
}
_REMEDIES = {
    Unreachable.CLOSED: said(
        "nothing, if the season does cut it off; else open the road in profiles.toml or add another"
    ),
    Unreachable.SHUT: said("nothing, if the closure in travel.closures is right"),
}


def examine_files(
    paths: Sequence[Path],
    *,
    datum: Datum | None,
    division_code: str = "",
    accept_bad: RejectsFile | None = None,
    progress: Progress = silent,
) -> Report:
    """Return everything that is wrong in the files; a road file among them is used to look for villages out of reach.

    Instead of files it may be one area: a folder with an ``area.toml``, a TOML file, an embedded area's name. The files it
    names are examined then, with its datum, county, vehicle and season.

    Raises
    ------
    UsageError
        If files come without a datum.
    ConfigError
        If an area comes with other files, or what is given contradicts the area's own.
    """
    config = _area_among(paths, datum, division_code)
    progress(Message("reading and comparing"), 0, 2)
    if config is not None:
        report = check_area(config, accept_bad=accept_bad)
    elif datum is not None:
        report = check_files(paths, datum=datum, division_code=division_code, accept_bad=accept_bad)
    elif missing := [path.resolve() for path in paths if not path.exists()]:
        raise BadDataError(Message("no such file"), [str(path) for path in missing])
    else:
        raise UsageError(Message("--datum is missing: no file says of itself which datum its coordinates are in"))
    if config is not None:
        report.findings += _about_vehicles(config)
        report.findings += open_cases(config.resolve(config.area.villages), report.villages)
    run = None if config is None else _run_of(config)
    for number, path in enumerate(report.road_files):
        progress(Message("roads of {file}", file=path.name), number + 1, len(report.road_files) + 1)
        report.findings += _about_roads(report, path, run)
    if run is not None and run.config.straight_lines is not None:
        report.findings.append(_about_lines(run, run.config.straight_lines))
    if run is not None and not errors_in(report.findings):
        report.findings += _refused(run)
    if run is not None and not errors_in(report.findings):
        report.findings += service_findings(run.area, run.config)
    progress(Message("done"), 1, 1)
    return report


def _about_lines(run: AreaRun, lines: StraightLinesConfig) -> Finding:
    roads = run.roads
    assert isinstance(roads, StraightNetwork)
    message = said(
        "no road file: travel is estimated as straight lines times {factor}, for a {vehicle} at {speed} km/h ({season})",
        factor=f"{lines.detour_factor:g}",
        vehicle=Fact(code=roads.vehicle),
        speed=f"{roads.speed_here_kph:g}",
        season=Fact(code=roads.season),
    )
    remedy = said("name a road file as area.roads: planner fetch gets one, or lines of the transport bureau")
    return _finding(CONFIG_NAME, "straight_lines", "", message, remedy, Severity.WARNING)


def _run_of(config: PlanConfig) -> AreaRun:
    from planner.pipeline.area_run import AreaRun  # brings solvers along, which files alone do not need

    return AreaRun.for_siting(config)


def _area_among(paths: Sequence[Path], datum: Datum | None, division_code: str) -> PlanConfig | None:
    areas = [path for path in paths if path.is_dir() or path.suffix == ".toml" or _embedded(path)]
    if not areas:
        return None
    if len(paths) > 1:
        raise ConfigError(
            Message("{area}: an area is examined by itself: give it alone, or name the files", area=areas[0])
        )
    config = load_config(areas[0])
    problems = []
    if datum not in (None, config.area.datum):
        problems.append(
            Message(
                "--datum {given}: {area} says {said}: leave --datum out, or correct area.datum",
                given=datum,
                area=areas[0],
                said=config.area.datum,
            )
        )
    if division_code not in ("", config.area.division_code):
        problems.append(
            Message(
                "--division {given}: {area} says {said!r}: leave --division out",
                given=division_code,
                area=areas[0],
                said=config.area.division_code,
            )
        )
    if problems:
        raise ConfigError(Message("what is declared contradicts the area's own configuration"), problems)
    return config


def _embedded(path: Path) -> bool:
    return not path.exists() and str(path) in embedded_areas()


def _about_vehicles(config: PlanConfig) -> list[Finding]:
    """Return which vehicles have no profile and are taken for what their name tells."""
    from planner.pipeline.fleet import told_profiles

    return [
        _finding(
            CONFIG_NAME,
            "profile_by_name",
            vehicle.id,
            said(
                "routing.vehicles.{i}: {name} has no profile and drives as a {profile}, as its name tells",
                i=i,
                name=vehicle.name,
                profile=Fact(code=profile),
            ),
            said('write profile = "{profile_id}" there, or the profile that is right', profile_id=profile),
            Severity.WARNING,
        )
        for i, vehicle, profile in told_profiles(config)
    ]


def _refused(run: AreaRun) -> list[Finding]:
    """Return what planning would refuse although each file can be read: an error for each offender."""
    from planner.pipeline.refusals import lines_of, refusals

    remedy = said("correct area.toml, or the file that it names")
    return [
        _finding(CONFIG_NAME, "refused", "", as_fact(line), remedy, Severity.ERROR)
        for error in refusals(run)
        for line in lines_of(error)
    ]


def _about_roads(report: Report, path: Path, run: AreaRun | None) -> list[Finding]:
    travel = TravelConfig() if run is None else run.config.travel
    try:
        roads = _of_file(path, travel) if run is None else _on_service_date(run)
    except BadDataError as error:
        remedy = said("correct area.toml") if isinstance(error, ConfigError) else said("write the extract again")
        return [_finding(path.name, "unreadable", "", as_fact(error.args[0]), remedy, Severity.ERROR)]
    unique = {village.id: village for village in report.villages}
    points = Points.of(list(unique.values()))
    reasons = roads.snap(points, access_cap_m=travel.access_cap_m).reasons
    about = _tagged(path.name, roads, points, travel)
    return [about, *_made_plain(path), *_not_understood(path.name, roads)] + [
        _finding(
            path.name,
            reason.value,
            f"{unique[id_].id} {unique[id_].name}",
            said("{reason}, beyond {cap} m", reason=_REASONS[reason], cap=f"{travel.access_cap_m:.0f}"),
            _REMEDIES.get(reason, said("correct the position, or add the missing road to the extract")),
            Severity.WARNING,
        )
        for id_, reason in reasons.items()
    ]


def _on_service_date(run: AreaRun) -> TravelNetwork:
    from planner.pipeline.area_roads import without_closed

    config, date = run.config, run.day
    there = run.roads.under(vehicle=config.travel.vehicle, season=season_of(config.travel, date).season)
    return without_closed(config, there, date)


def _of_file(path: Path, travel: TravelConfig) -> TravelNetwork:
    return read_network(path, vehicle=travel.vehicle, season=travel.season or REFERENCE_SEASON)


def _tagged(file: str, roads: TravelNetwork, points: Points, travel: TravelConfig) -> Finding:
    figures = roads.summary(points, access_cap_m=travel.access_cap_m)
    return _finding(
        file,
        "imputed",
        "",
        said(
            "{km} km for a {vehicle} ({season}); surface is not tagged on {surface} and maxspeed on {speed} of their length",
            km=f"{figures['road_km']:,.0f}",
            vehicle=Fact(code=roads.vehicle),
            season=Fact(code=roads.season),
            surface=f"{figures['imputed_surface_share']:.0%}",
            speed=f"{figures['imputed_speed_share']:.0%}",
        ),
        said("speeds there are assumed by road class; tag what you know in OpenStreetMap"),
        Severity.NOTE,
    )


def _made_plain(path: Path) -> list[Finding]:
    """Return what was made of a file that is no plain map: an edited one, a history, an unsorted one."""
    form = made_plain(path)
    if not (form.drawn or form.deleted or form.former or form.unsorted):
        return []
    what = said(
        "no plain map: {drawn} objects drawn but not uploaded are read, {deleted} deleted and {former} former versions are "
        "left out, ways before their nodes are sorted",
        drawn=form.drawn,
        deleted=form.deleted,
        former=form.former,
    )
    return [
        _finding(path.name, "no_plain_map", "", what, said("nothing, if the file says what is meant"), Severity.NOTE)
    ]


def _not_understood(file: str, roads: TravelNetwork) -> list[Finding]:
    """Return a finding for each of the tags that are not understood, those on most road first, ten at most."""
    return [
        Finding(
            severity=Severity.WARNING,
            code="not_understood",
            file=file,
            row=None,
            field=odd.key,
            value=odd.value,
            message=_odd_tag(odd),
            remedy=said("correct the tag in OpenStreetMap or in the file, if it says something else"),
        )
        for odd in (roads.edges.odd_tags if isinstance(roads, RoadNetwork) else ())
    ]


def _odd_tag(odd: OddTag) -> Fact:
    tag = {"tag": f"{odd.key}={odd.value}", "count": odd.count, "km": f"{odd.road_km:,.1f}"}
    if is_never_read(odd.key):
        return said("{tag} on {count} roads or places ({km} km) is not followed: {taken}", **tag, taken=_AS_WITHOUT)
    return said(
        "{tag} on {count} roads or places ({km} km) is not understood: {taken}",
        **tag,
        taken=_taken(odd.key, odd.value),
    )


def _taken(key: str, value: str) -> Fact:
    if key.endswith(":conditional"):
        return said("what holds without the condition is taken")
    if is_taken_as_closed(key, value):
        return said("it is taken as closed")
    return _AS_WITHOUT


def _finding(file: str, code: str, value: str, message: Fact, remedy: Fact, severity: Severity) -> Finding:
    return Finding(
        severity=severity, code=code, file=file, row=None, field="", value=value, message=message, remedy=remedy
    )
