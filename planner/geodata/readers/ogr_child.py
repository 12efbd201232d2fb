"""What the child runs on vector files: GDAL, with one driver and after the file was looked at without it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from planner.errors import BadDataError, Message, of_file, parse_fault
from planner.geodata.readers.archives import check_entries
from planner.geodata.readers.attribute_text import RAW, decoded
from planner.geodata.readers.encodings import encoding_of
from planner.sandbox import cap, over_cap

_MB = 2**20
_KNOWN_CRS = re.compile(r"(urn:(x-)?ogc:def:crs:)?(EPSG:[0-9.]*:?[0-9]{1,6}|(OGC:[0-9.]*:?)?CRS84)", re.IGNORECASE)
_WKT = re.compile(
    rb"(\xef\xbb\xbf)?\s*(PROJCS|GEOGCS|GEOCCS|COMPD_CS|PROJCRS|GEOGCRS|GEODCRS|COMPOUNDCRS|BOUNDCRS)\s*\[",
    re.IGNORECASE,
)
_JSON_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SHAPEFILE = b"\x00\x00\x27\x0a"
_SQLITE = b"SQLite format 3\x00"
_ZIP = b"PK\x03\x04"
_PLAIN_NAME = re.compile(r"[\w./ ()-]+", re.ASCII)
_PARTS_OF_SHAPEFILES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GEOJSON_TYPES = ("Feature", "FeatureCollection", "GeometryCollection")
_SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def read_layers(copy: str, name: str) -> dict[str, dict[str, Any]]:
    """Return the layers of a vector file: of each its WKB in lon/lat (None without geometry), columns and declared system.

    ``name`` is what the file is called where it came from.

    Raises
    ------
    BadDataError
        If the file is not what its ending says, has in it what is not read here, or goes beyond a cap.
    """
    path = Path(copy)
    kind = path.suffix
    if kind in (".geojson", ".json"):
        return _read(name, "GeoJSON", plain_geojson(path, name))
    if kind == ".gpkg":
        _check_geopackage(path, name)
        return _read(name, "GPKG", copy, IMMUTABLE="YES")
    if kind == ".shp":
        _check_shapefile(path.read_bytes()[:4], _bytes_of(path.with_suffix(".prj")), name)
        return _read(name, "ESRI Shapefile", copy, declared=_ascii(_bytes_of(path.with_suffix(".cpg"), 100)))
    if kind == ".zip":
        layers: dict[str, dict[str, Any]] = {}
        shapefiles = _zipped_shapefiles(path, name)
        stems = Counter(PurePosixPath(_legible(inner)).stem for inner, _ in shapefiles)
        for inner, declared in shapefiles:
            plain = _PLAIN_NAME.fullmatch(inner)
            source = f"/vsizip/{{{copy}}}/{inner}" if plain else _renamed_shapefile(path, inner)
            (layer,) = _read(name, "ESRI Shapefile", source, declared=declared).values()
            called = _legible(inner)
            stem = PurePosixPath(called).stem
            layers[stem if stems[stem] == 1 else called[:-4]] = layer
        return layers
    raise BadDataError(of_file(name, Message("is not a vector file that is read here")))


def plain_geojson(path: Path, name: str) -> bytes:
    """Return GeoJSON written anew, without any system of coordinates but a known one.

    Raises
    ------
    BadDataError
        If it is not GeoJSON, names another system than EPSG's or CRS84, or is too large or nested too deeply.
    """
    if path.stat().st_size > cap("json_mb") * _MB:
        raise over_cap(name, "json_mb")
    text = _as_utf8(path.read_bytes())
    if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise BadDataError(of_file(name, Message("is XML, not GeoJSON: save it as GeoJSON")))
    refuse_large_json(text, name)
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise over_cap(name, "depth") from error
    except ValueError as error:
        what = Message("cannot be read as a vector file: {error}", error=parse_fault(error))
        raise BadDataError(of_file(name, what)) from error
    if not isinstance(content, dict) or content.get("type") not in (*_GEOJSON_TYPES, *_SHAPES):
        raise BadDataError(of_file(name, Message("is JSON, but no GeoJSON: save it as GeoJSON")))
    for holder in _crs_holders(content):
        _check_crs(holder["crs"], name)
    return json.dumps(content).encode()


def _as_utf8(text: bytes) -> bytes:
    encoding = json.detect_encoding(text)
    return text if encoding.startswith("utf-8") else text.decode(encoding, errors="replace").encode()


def refuse_large_json(text: bytes, name: str) -> None:
    """Refuse GeoJSON with too many features or corners, or nested too deeply: its signs are counted, nothing is laid out.

    Raises
    ------
    BadDataError
        If it goes beyond a cap.
    """
    if text.count(b'"Feature"') > cap("features"):
        raise over_cap(name, "features")
    signs = _JSON_TEXT.sub(b"", text).translate(None, delete=_NO_BRACKETS)
    depth = 0
    for start in range(0, len(signs), _MB):
        steps = np.frombuffer(signs, dtype=np.uint8, count=min(_MB, len(signs) - start), offset=start)
        levels = depth + np.cumsum(np.where((steps == ord("[")) | (steps == ord("{")), 1, -1))
        if levels.max() > cap("depth"):
            raise over_cap(name, "depth")
        depth = int(levels[-1])
    if signs.count(b"[]") > cap("vertices"):
        raise over_cap(name, "vertices")


def _refuse_constant(text: str) -> float:
    raise ValueError(Message("{figure} is not a finite number", figure=text))


def _crs_holders(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    open_: list[Any] = [content]
    while open_:
        value = open_.pop()
        if isinstance(value, dict):
            if "crs" in value:
                yield value
            open_ += [value.get("geometry")]
            for key in ("features", "geometries"):
                if isinstance(value.get(key), list):
                    open_ += value[key]


def _check_crs(crs: object, name: str) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    said = properties.get("name") if isinstance(properties, Mapping) else None
    if isinstance(crs, Mapping) and crs.get("type") == "name" and isinstance(said, str) and _KNOWN_CRS.fullmatch(said):
        return
    what = Message('"crs" is not the name of a known system: save it in EPSG:4326, without "crs"')
    raise BadDataError(of_file(name, what))


def _check_geopackage(path: Path, name: str) -> None:
    if not _bytes_of(path, 16).startswith(_SQLITE):
        raise BadDataError(of_file(name, Message("is not a GeoPackage, though its extension says so")))
    try:
        store = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        store.execute("PRAGMA trusted_schema=OFF")
        views = store.execute(
            "SELECT c.table_name FROM gpkg_contents c JOIN sqlite_master m ON lower(m.name) = lower(c.table_name)"
            " WHERE m.type = 'view' OR m.sql LIKE 'create virtual%' ORDER BY 1"
        ).fetchall()
        store.close()
    except sqlite3.Error as error:
        raise BadDataError(of_file(name, Message("is not a GeoPackage, though its extension says so"))) from error
    if views:
        what = Message(
            "the layers {names} are views, which are programs: save them as tables", names=[str(v[0]) for v in views]
        )
        raise BadDataError(of_file(name, what))


def _check_shapefile(first: bytes, prj: bytes, name: str) -> None:
    if first != _SHAPEFILE:
        raise BadDataError(of_file(name, Message("is not a shapefile, though its extension says so")))
    if prj.strip() and not _WKT.match(prj):
        raise BadDataError(of_file(name, Message("its .prj file holds no coordinate system: correct or delete it")))


def _zipped_shapefiles(path: Path, name: str) -> list[tuple[str, str]]:
    """Return the shapefiles in an archive, each with the encoding that its .cpg declares, after all of it was looked at."""
    if _bytes_of(path, 4) != _ZIP:
        raise BadDataError(of_file(name, Message("is not a zip archive, though its extension says so")))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_entries(entries, path.stat().st_size, name)
            found = []
            named = {e.filename.lower(): e for e in entries}
            for inner in sorted(e.filename for e in entries if _is_shapefile(e.filename)):
                prj, cpg = (
                    archive.read(named[beside]) if (beside := inner[:-4].lower() + ending) in named else b""
                    for ending in (".prj", ".cpg")
                )
                with archive.open(inner) as file:
                    _check_shapefile(file.read(4), prj, name)
                found.append((inner, _ascii(cpg)))
    except BadDataError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadDataError(of_file(name, Message("is a damaged zip archive: {why}", why=error))) from error
    if not found:
        raise BadDataError(of_file(name, Message("holds no shapefile: a zip archive holds .shp, .shx, .dbf and .prj")))
    return found


def _is_shapefile(inner: str) -> bool:
    own = Path(inner).name.startswith("._")  # what macOS adds to each file of an archive
    return inner.lower().endswith(".shp") and not own and not inner.startswith("__MACOSX/")


def _renamed_shapefile(path: Path, inner: str) -> bytes:
    """Return an archive with one shapefile of another, under a name that GDAL and Python take for the same.

    Names of archives that were packed with Chinese names say nothing of their encoding, and each reads them its own way.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(packed, "w") as plain:
        named = {entry.filename.lower(): entry for entry in archive.infolist()}
        for ending in _PARTS_OF_SHAPEFILES:
            if (beside := inner[:-4].lower() + ending) in named:
                plain.writestr(f"input{ending}", archive.read(named[beside]))
    return packed.getvalue()


def _legible(inner: str) -> str:
    """Return the name of a file in an archive that was packed with Chinese names in another encoding."""
    try:
        raw = inner.encode("cp437")
    except UnicodeError:
        return inner
    encoding, damaged = encoding_of(raw)
    return raw.decode(encoding).replace("\\", "/") if damaged is None and not raw.isascii() else inner


def _ascii(content: bytes) -> str:
    return content.decode("ascii", errors="ignore")


def _read(
    name: str, driver: str, source: str | bytes, *, declared: str | None = None, **options: str
) -> dict[str, dict[str, Any]]:
    """Return the layers of one source; of a shapefile ``declared`` is what its .cpg says, None for what is always UTF-8."""
    _allow_only(driver)
    layers: dict[str, dict[str, Any]] = {}
    try:
        for number, (layer, kind) in enumerate(pyogrio.list_layers(source)):
            called = "input" if str(layer).startswith("pyogrio_") else str(layer)  # the name of the text in memory
            layers[called] = _layer(name, source, number, kind, options, declared)
    except BadDataError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # GDAL, GEOS and PROJ each have errors of their own
        raise BadDataError(of_file(name, Message("cannot be read as a vector file: {error}", error=error))) from error
    return layers


def _layer(
    name: str, source: str | bytes, layer: int, kind: object, options: Mapping[str, str], declared: str | None
) -> dict[str, Any]:
    if kind is None:
        return {"geometry": None, "columns": {}, "crs": None}
    about, _, wkb, values = pyogrio.raw.read(
        source,
        layer=layer,
        encoding=None if declared is None else RAW,
        datetime_as_string=True,
        max_features=cap("features") + 1,
        **options,
    )
    if len(wkb) > cap("features"):
        raise over_cap(name, "features")
    shapes = shapely.from_wkb(wkb)
    if shapely.get_num_coordinates(shapes).sum() > cap("vertices"):
        raise over_cap(name, "vertices")
    crs = about["crs"]
    if crs is not None and crs != "EPSG:4326":
        import pyproj

        change = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
    columns = {
        str(field): value.tolist() if value.dtype.kind not in "biuf" else value
        for field, value in zip(about["fields"], values, strict=True)
    }
    doubt = ""
    if declared is not None:
        columns, doubt = decoded(columns, declared)
    return {"geometry": shapely.to_wkb(shapes).tolist(), "columns": columns, "crs": crs, "doubt": doubt}


def _allow_only(driver: str) -> None:
    """Take all drivers but one away from GDAL, which would otherwise choose by what a file says it is."""
    pyogrio.set_gdal_config_options({"OGR_SKIP": ""})
    pyogrio._ogr._register_drivers()
    others = set(pyogrio.list_drivers()) - {driver}
    pyogrio.set_gdal_config_options({"OGR_SKIP": ",".join(sorted(others))})
    pyogrio._ogr._register_drivers()
    if set(pyogrio.list_drivers()) != {driver}:
        raise BadDataError(Message("GDAL cannot be kept to the driver {driver} here", driver=driver))


def _bytes_of(path: Path, count: int = 2**20) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(count)
