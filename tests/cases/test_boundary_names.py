"""The area's boundary among those of other counties, however its name is written and whatever its feature also holds."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.boundary_file import boundary_in

OURS = "望奎县"
SPELLINGS = ("望奎县", "望奎", "望奎縣", "绥化市望奎县", "黑龙江省绥化市望奎县", "望奎县（县城）")
OTHERS = ("青冈县", "明水县", "黑龙江省绥化市兰西县", "绥棱县", "庆安县")


def feature(name: str, geometry: Mapping[str, Any] | shapely.Geometry) -> dict[str, Any]:
    drawn = geometry if isinstance(geometry, dict) else json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": {"name": name}, "geometry": drawn}


def written(path: Path, *features: dict[str, Any]) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def test_of_many_counties_ours_is_found_by_its_name(tmp_path: Path) -> None:
    """200 files: ours stands anywhere among others, in one or two parts, alone or in a collection with its seat."""
    for seed in range(200):
        chance = random.Random(seed)
        west = chance.uniform(120, 130)
        ours = shapely.box(west, 46, west + 0.5, 46.4)
        geometry = json.loads(shapely.to_geojson(ours))
        if chance.random() < 0.3:
            point = {"type": "Point", "coordinates": [west, 46.1]}
            geometry = {"type": "GeometryCollection", "geometries": [point, geometry]}
        names = chance.sample(OTHERS, chance.randint(1, len(OTHERS)))
        features = [feature(name, shapely.box(west + i + 1, 46, west + i + 1.5, 46.4)) for i, name in enumerate(names)]
        features.insert(chance.randint(0, len(features)), feature(chance.choice(SPELLINGS), geometry))
        path = written(tmp_path / f"{seed}.geojson", *features)
        found = boundary_in(path, Datum.WGS84, name=OURS)
        assert shapely.equals_exact(shapely.normalize(found), shapely.normalize(ours), 1e-9), path.read_text("utf-8")


def test_another_county_of_a_longer_name_is_not_ours(tmp_path: Path) -> None:
    path = written(
        tmp_path / "b.geojson",
        feature("新望奎县", shapely.box(126, 46, 126.5, 46.4)),
        feature("青冈县", shapely.box(127, 46, 127.5, 46.4)),
    )
    with pytest.raises(BadDataError, match="holds 2 divisions"):
        boundary_in(path, Datum.WGS84, name=OURS)
