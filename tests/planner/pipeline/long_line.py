"""A line of villages along one road, each with a service point of its own, so that a day has many stops."""

from pathlib import Path

from tests.conftest import BOUNDARY, CONFIG, write_line_of_three_villages

VILLAGES = 8
"""Along the equator from 10.0 to 10.21 degrees of longitude, 0.03 apart: 3339.6 m, at 50 km/h 240.45 s."""


def write_long_line(folder: Path) -> Path:
    """Write the area: village v0 in the west is the hub, too; vehicles take 60 parcels, a village gets 10 to 17."""
    write_line_of_three_villages(folder)
    lons = [10.0 + 0.03 * n for n in range(VILLAGES)]
    nodes = "".join(f"<node id='{n + 1}' version='1' lon='{lon:.2f}' lat='0.0'/>\n" for n, lon in enumerate(lons))
    along = "".join(f"<nd ref='{n + 1}'/>" for n in range(VILLAGES))
    (folder / "roads.osm").write_text(
        f"<osm version='0.6'>\n{nodes}<way id='1' version='1'>{along}"
        "<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way></osm>\n",
        encoding="utf-8",
    )
    rows = [f"v{n},村{n},Cun{n},t1,{lon:.2f},0.0,{100 + 10 * n},30,否,0," for n, lon in enumerate(lons)]
    heading = "编码,村名,name_latin,乡镇,经度,纬度,人口,户数,贫困村,贫困户,一村一品"
    (folder / "villages.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    (folder / "sites.csv").write_text("tier,place,name,status\ncounty_hub,v0,共配中心,existing\n", encoding="utf-8")
    (folder / "boundary.geojson").write_text(BOUNDARY, encoding="utf-8")
    config = CONFIG.replace("standard_s = 900", "standard_s = 100").replace(
        "capacity_kg = 1500", "capacity_kg = 1500\ncapacity_parcels = 60"
    )
    (folder / "area.toml").write_text(config.replace("count = 2", "count = 3"), encoding="utf-8")
    return folder
