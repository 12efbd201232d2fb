"""How QGIS draws the layers of a GeoPackage: rules with their symbols, as QML for QGIS and as SLD for others.

The table ``layer_styles`` is QGIS's own (a layer opens in the style that is its default there); names of fields stand in
QML and, by the schema extension of the GeoPackage standard, in ``gpkg_data_columns``, which GDAL reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from planner.coverage import CoverageSolution
from planner.model import Tier
from planner.outputs.field_names import field_names, layer_names
from planner.outputs.maps import style
from planner.words import say, term

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of a field: ``=``, ``<`` or ``>=``."""

    field: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is drawn alike: features that pass all tests; sizes in millimetres, a ``shape`` for points only."""

    label: str
    tests: tuple[Comparison, ...] = ()
    shape: str = ""
    fill: str = "#ffffff"
    edge: str = "#ffffff"
    size: float = 2.4
    width: float = 0.3


def network_rules(points: CoverageSolution) -> dict[str, list[Rule]]:
    """Return the rules of a network's layers, of which each feature meets one: minutes light to dark, tiers by shape."""
    steps = len(style.MINUTES_COLOURS)
    edges = [points.standard_s * number / steps / 60 for number in range(steps + 1)]
    villages = [Rule(label=term("uncovered"), tests=(Comparison("covered", "=", False),), shape="triangle", **_LEFT)]
    for number, colour in enumerate(style.MINUTES_COLOURS):
        low = (Comparison("minutes_to_site", ">=", edges[number]),) if number else ()
        high = (Comparison("minutes_to_site", "<", edges[number + 1]),) if number < steps - 1 else ()
        label = say("{low} to {high} min", low=f"{edges[number]:.3g}", high=f"{edges[number + 1]:.3g}")
        tests = (Comparison("covered", "=", True), *low, *high)
        villages.append(Rule(label=label, tests=tests, shape="circle", fill=colour, edge="#000000", width=0.1))
    return {
        "villages": villages,
        "stations": [rule for tier in Tier for rule in _tier_rules(tier)],
        "station_reach": [Rule(label=say("Reach of the express stations"), fill="#d9e8f5", edge=style.BLUE)],
        "boundary": [_boundary()],
    }


def day_rules(vehicles: Sequence[str]) -> dict[str, list[Rule]]:
    """Return the rules of a day's layers: a colour a vehicle, in the order of the routes map."""
    colours = style.ROUTE_COLOURS
    tests = [(name, (Comparison("vehicle", "=", name),), colours[n % len(colours)]) for n, name in enumerate(vehicles)]
    return {
        "route_legs": [Rule(label=name, tests=test, edge=colour, width=0.8) for name, test, colour in tests],
        "route_stops": [
            Rule(label=name, tests=test, shape="circle", fill=colour, size=3.2) for name, test, colour in tests
        ],
        "boundary": [_boundary()],
    }


_LEFT: dict[str, Any] = {"fill": style.VERMILLION, "edge": "#000000", "size": 3.2}
_SHAPES = {Tier.COUNTY_HUB: "star", Tier.EXPRESS_STATION: "square", Tier.SERVICE_POINT: "diamond"}
_FILLS = {Tier.COUNTY_HUB: "#000000", Tier.EXPRESS_STATION: style.PURPLE, Tier.SERVICE_POINT: style.GREEN}
_SIZES = {Tier.COUNTY_HUB: 6.0, Tier.EXPRESS_STATION: 4.2, Tier.SERVICE_POINT: 3.0}


def _boundary() -> Rule:
    return Rule(label=term("boundary"), fill="", edge="#333333", width=0.6)


def _tier_rules(tier: Tier) -> list[Rule]:
    of_tier = Comparison("tier", "=", tier.value)
    shape, size = _SHAPES[tier], _SIZES[tier]
    closed = say("{tier}, not opened", tier=term(tier))
    return [
        Rule(
            label=term(tier), tests=(of_tier, Comparison("open", "=", True)), shape=shape, fill=_FILLS[tier], size=size
        ),
        Rule(
            label=closed, tests=(of_tier, Comparison("open", "=", False)), shape=shape, edge=style.GREY, size=size * 0.6
        ),
    ]


def style_layers(path: Path, rules: Mapping[str, Sequence[Rule]], titles: Mapping[str, str] | None = None) -> None:
    """Add styles and names of fields to the layers of a GeoPackage, those of its layers that there are.

    ``titles`` name layers that `planner.outputs.field_names.layer_names` does not know.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA secure_delete = ON")
        kinds = dict(database.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
        layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents ORDER BY rowid")]
        columns = {name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')] for name in layers}
        changed = database.execute("SELECT max(last_change) FROM gpkg_contents").fetchone()[0]
        for statement in (*_STYLE_TABLE, *_SCHEMA_TABLES):
            database.execute(statement)
        database.execute(_REGISTERED, ("layer_styles", "attributes", "layer_styles", changed))
        named, shows = field_names(), {**layer_names(), **(titles or {})}
        for layer in layers:
            aliases = {column: named[column] for column in columns[layer] if column in named}
            database.executemany(_NAMED, [(layer, column, alias, alias) for column, alias in aliases.items()])
            if layer in rules and layer in kinds:
                title = shows[layer]
                texts = qml(rules[layer], kinds[layer], aliases), sld(layer, title, rules[layer])
                database.execute(_STYLED, (layer, "geom", title, *texts, title, changed))


def qml(rules: Sequence[Rule], kind: str, aliases: Mapping[str, str]) -> str:
    """Return a style of QGIS: a rule-based renderer, and the aliases of fields."""
    symbols = "".join(_qml_symbol(rule, number, kind) for number, rule in enumerate(rules))
    listed = "".join(
        f'<rule key="r{number}" symbol="{number}" label={quoteattr(rule.label)}'
        + (f" filter={quoteattr(_expression(rule))}" if rule.tests else "")
        + "/>"
        for number, rule in enumerate(rules)
    )
    names = "".join(
        f'<alias index="{number}" field={quoteattr(field)} name={quoteattr(alias)}/>'
        for number, (field, alias) in enumerate(aliases.items())
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28.0" styleCategories="Symbology|Fields">'
        f'<renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0"><rules key="root">{listed}</rules>'
        f"<symbols>{symbols}</symbols></renderer-v2><aliases>{names}</aliases></qgis>"
    )


def _expression(rule: Rule) -> str:
    return " AND ".join(f'"{test.field}" {test.operator} {_literal(test.value)}' for test in rule.tests)


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _qml_symbol(rule: Rule, number: int, kind: str) -> str:
    if rule.shape:
        of, layer = "marker", "SimpleMarker"
        look = {"name": rule.shape, "color": _rgb(rule.fill), "outline_color": _rgb(rule.edge)}
        look |= {
            "size": str(rule.size),
            "size_unit": "MM",
            "outline_width": str(rule.width),
            "outline_width_unit": "MM",
        }
    elif "LINE" in kind:
        of, layer = "line", "SimpleLine"
        look = {"line_color": _rgb(rule.edge), "line_width": str(rule.width), "line_width_unit": "MM"}
    else:
        of, layer = "fill", "SimpleFill"
        look = {"style": "solid" if rule.fill else "no", "color": _rgb(rule.fill or "#ffffff")}
        look |= {"outline_color": _rgb(rule.edge), "outline_width": str(rule.width), "outline_width_unit": "MM"}
    options = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in look.items())
    return (
        f'<symbol type="{of}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option></layer></symbol>'
    )


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def sld(layer: str, title: str, rules: Sequence[Rule]) -> str:
    """Return the same as a Styled Layer Descriptor of version 1.0.0."""
    drawn = "".join(
        f"<Rule><Title>{escape(rule.label)}</Title>{_filter(rule)}{_sld_symbol(layer, rule)}</Rule>" for rule in rules
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><StyledLayerDescriptor version="1.0.0" '
        'xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">'
        f"<NamedLayer><Name>{escape(layer)}</Name><UserStyle><Title>{escape(title)}</Title>"
        f"<FeatureTypeStyle>{drawn}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
    )


_OPERATORS = {"=": "PropertyIsEqualTo", "<": "PropertyIsLessThan", ">=": "PropertyIsGreaterThanOrEqualTo"}
_WELL_KNOWN = {"diamond": "square"}
"""Marks that the standard does not know, by one that it knows."""


def _filter(rule: Rule) -> str:
    parts = []
    for test in rule.tests:
        operator = f"ogc:{_OPERATORS[test.operator]}"
        value = test.value if isinstance(test.value, str) else _literal(test.value)
        compared = f"<ogc:PropertyName>{test.field}</ogc:PropertyName><ogc:Literal>{escape(value)}</ogc:Literal>"
        parts.append(f"<{operator}>{compared}</{operator}>")
    if not parts:
        return ""
    return f"<ogc:Filter>{parts[0] if len(parts) == 1 else '<ogc:And>' + ''.join(parts) + '</ogc:And>'}</ogc:Filter>"


def _sld_symbol(layer: str, rule: Rule) -> str:
    pixels = 1 / 0.28  # of 0.28 mm, as the standard has them
    fill = f'<Fill><CssParameter name="fill">{rule.fill}</CssParameter></Fill>' if rule.fill else ""
    stroke = (
        f'<Stroke><CssParameter name="stroke">{rule.edge}</CssParameter>'
        f'<CssParameter name="stroke-width">{rule.width * pixels:.2f}</CssParameter></Stroke>'
    )
    if not rule.shape:
        kind, fill = ("Line", "") if layer.startswith("route_legs") else ("Polygon", fill)
        return f"<{kind}Symbolizer>{fill}{stroke}</{kind}Symbolizer>"
    turned = "<Rotation>45</Rotation>" if rule.shape in _WELL_KNOWN else ""
    mark = f"<Mark><WellKnownName>{_WELL_KNOWN.get(rule.shape, rule.shape)}</WellKnownName>{fill}{stroke}</Mark>"
    size = f"<Size>{rule.size * pixels:.2f}</Size>"
    return f"<PointSymbolizer><Graphic>{mark}{size}{turned}</Graphic></PointSymbolizer>"


_STYLE_TABLE = (
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), "
    "f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, "
    "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)",
)
_STYLED = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
    "styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', '', ?)"
)
_REGISTERED = "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, ?, ?, ?)"
_SCHEMA = "'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'"
_SCHEMA_TABLES = (
    "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, "
    "description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
    "CONSTRAINT gdc_tn UNIQUE (table_name, name))",
    "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, "
    "min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
    "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))",
    f"INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, {_SCHEMA})",
    f"INSERT INTO gpkg_extensions VALUES ('gpkg_data_column_constraints', NULL, {_SCHEMA})",
)
_NAMED = "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)"
