import pytest
import shapely

from planner.errors import BadDataError
from planner.model import CoordinateSource, PopulationSource, StudyArea, Township, Village


def village(id_: str, township_id: str = "t") -> Village:
    return Village(
        id=id_,
        name=id_,
        name_latin=id_,
        lon=126.0,
        lat=47.0,
        coordinate_source=CoordinateSource.SURVEYED,
        township_id=township_id,
        population=10,
        population_source=PopulationSource.REPORTED,
        households=4,
    )


def area(*villages: Village) -> StudyArea:
    seat = Township(id="t", name="t", name_latin="t", lon=126.0, lat=47.0, coordinate_source=CoordinateSource.SURVEYED)
    return StudyArea(
        id="a",
        name="a",
        name_latin="a",
        division_code="",
        townships=(seat,),
        villages=villages,
        sites=(),
        boundary=shapely.box(125, 46, 127, 48),
        metric_crs="EPSG:32651",
        sources=(),
    )


def test_places_are_sorted_by_id():
    assert [v.id for v in area(village("b"), village("a")).villages] == ["a", "b"]


def test_all_faults_are_listed_at_once():
    with pytest.raises(BadDataError) as caught:
        area(village("a"), village("a"), village("b", "nowhere"))
    assert "village id 'a' is used 2 times" in str(caught.value)
    assert "village b b: township 'nowhere' is not in the area" in str(caught.value)


def test_an_area_without_villages_is_refused():
    with pytest.raises(BadDataError, match="there is no village"):
        area()
