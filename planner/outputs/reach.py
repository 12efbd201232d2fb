"""What is reached by road, as GeoJSON and as a table with geometry."""

from __future__ import annotations

import json
from collections.abc import Sequence

import geopandas
import shapely

from planner.model import StudyArea
from planner.outputs.about import about_area
from planner.plans import ReachStudy, RoadReach
from planner.words import render

_CRS = "EPSG:4326"


def ring_features(area: StudyArea, rings: Sequence[RoadReach]) -> list[dict[str, object]]:
    """Return one feature a ring, the widest first so that narrower ones are drawn over it."""
    shapes = geopandas.GeoSeries([ring.geometry for ring in rings], crs=_CRS).to_crs(area.metric_crs)
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(ring.geometry)),
            "properties": {
                "minutes": ring.minutes,
                "from": list(ring.origin_ids),
                "villages": len(ring.village_ids),
                "population": ring.population,
                "area_km2": round(float(shape.area) / 1e6, 2),
                "village_ids": list(ring.village_ids),
            },
        }
        for ring, shape in reversed(list(zip(rings, shapes, strict=True)))
    ]


def reach_geojson(study: ReachStudy) -> dict[str, object]:
    """Return the rings as a GeoJSON document that says what it rests on."""
    return {
        "type": "FeatureCollection",
        "about": _about(study),
        "features": ring_features(study.area, study.rings),
    }


def _about(study: ReachStudy) -> dict[str, object]:
    """Return what a file made from the study must say of itself."""
    area, roads = study.area, study.roads
    return {
        "area": area.name,
        "date": study.date.isoformat(),
        "vehicle": roads.vehicle,
        "season": roads.season,
        "closures": [render(closed.reason) for closed in roads.closures],
        "imputed_surface_share": roads.imputed_surface_share,
        "imputed_speed_share": roads.imputed_speed_share,
        **about_area(area, study.config),
    }


def reach_frame(area: StudyArea, rings: Sequence[RoadReach]) -> geopandas.GeoDataFrame:
    """Return the rings as a table with geometry; lists of ids are text."""
    features = ring_features(area, rings)
    for one in features:
        properties = one["properties"]
        assert isinstance(properties, dict)
        properties |= {key: " ".join(properties[key]) for key in ("from", "village_ids")}
    frame: geopandas.GeoDataFrame = geopandas.GeoDataFrame.from_features(features, crs=_CRS)
    return frame
