"""Boundaries that no area has: each is refused with its file's name, and none is taken for what it is not."""

import json
from pathlib import Path

import pytest

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.geofiles import polygons_of

RING = [[126, 47], [126.2, 47], [126.2, 47.2], [126, 47.2], [126, 47]]


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]], "spans 360 degrees"),
        ([[179, 51], [-179, 51], [-179, 52], [179, 52], [179, 51]], "spans 358 degrees"),
        ([[126, 47], [126.2, 47.2], [126.2, 47], [126, 47.2], [126, 47]], "crosses itself"),
        ([corner[::-1] for corner in RING], "not degrees"),
        ([[1e300, 1], [2, 2], [3, 1e300], [1e300, 1]], "not degrees"),
        ([[True, False]] * 4, "cannot be read"),
    ],
)
def test_a_boundary_that_no_area_has_is_refused(tmp_path: Path, ring: list[list[float]], said: str) -> None:
    path = tmp_path / "b.geojson"
    for coordinates, good in (([RING], True), ([ring], False)):
        geometry = {"type": "Polygon", "coordinates": coordinates}
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        if good:
            assert polygons_of(path, Datum.WGS84) is not None
        else:
            with pytest.raises(BadDataError, match=said) as caught:
                polygons_of(path, Datum.WGS84)
            assert str(caught.value).startswith("b.geojson: ")
