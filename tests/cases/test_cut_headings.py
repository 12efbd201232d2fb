"""A shapefile cuts headings at ten bytes: five characters in GBK, three in UTF-8; those that are still clear are read."""

import pytest

from planner.geodata.columns import field_of

CUT = {
    "行政区划代码": ("id", "gbk"),
    "所属乡镇名称": ("township", "both"),
    "所在乡镇名称": ("township", "both"),
    "常住人口数": ("population", "both"),
    "户籍人口数": ("population", "both"),
    "行政村名称": ("name", "both"),
}


@pytest.mark.parametrize(("heading", "field", "encodings"), [(k, *v) for k, v in CUT.items()])
def test_cut_headings_are_read(heading: str, field: str, encodings: str) -> None:
    for encoding in ("gbk", "utf-8") if encodings == "both" else ("gbk",):
        cut = heading.encode(encoding)[:10].decode(encoding, errors="ignore")
        assert field_of(cut) == field, cut
