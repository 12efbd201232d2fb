"""Nothing by which a person is reached comes from a table of orders to screen, pages or store."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store
from tests.api.conftest import NOON
from tests.planner.geodata.test_personal_data import SPELLINGS, WHO

Planner = Callable[..., tuple[int, str, str]]


def _leaks(text: str) -> list[str]:
    return [secret for secret in (WHO, *SPELLINGS) if len(secret) > 5 and secret in text]


def _files(folder: Path) -> str:
    """Return what all files hold, those in an archive or a workbook unpacked."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        found += [part.decode("utf-8", "replace") for part in parts]
    return "".join(found)


def _run(planner: Planner, line: PlannedArea, folder: Path, table: str, *more: str) -> tuple[int, str]:
    store = folder / "kept" / "planner.db"
    store.parent.mkdir(exist_ok=True)
    with open_store(f"sqlite:///{store}") as plans:
        plans.save_network(line.network, created_at=NOON)
    (folder / "orders.csv").write_text(table, encoding="utf-8")
    asked = ("day", str(folder / "line"), "--date", "2026-11-10", "--demand", str(folder / "orders.csv"))
    code, out, err = planner(*asked, "--store", f"sqlite:///{store}", "--out", str(folder / "kept"), *more)
    return code, out + err


@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_a_refused_product_is_named_by_row_and_field_and_kept_nowhere(
    planner: Planner,
    line_folder: Path,
    line: PlannedArea,
    inside: Path,
    json_too: tuple[str, ...],
) -> None:
    village = line.network.area.villages[0].id
    rows = "".join(f'{village},6,"{WHO} {text}"\n' for text in SPELLINGS)
    code, told = _run(planner, line, inside, f"编码,上行件数,产品\n{rows}", *json_too)
    assert code == 3
    if json_too:
        faults = json.loads(told[: told.rindex("}") + 1])["error"]["faults"]
        assert [(one["row"], one["field"], one["value"]) for one in faults] == [
            (row, "产品", "…") for row in range(2, len(SPELLINGS) + 2)
        ]
    else:
        assert f"orders.csv rows 2-{len(SPELLINGS) + 1} 产品 '…': holds what may be a person's data" in told
    assert _leaks(told + _files(inside / "kept")) == []
    assert sqlite3.connect(inside / "kept" / "planner.db").execute("select count(*) from planner_days").fetchone() == (
        0,
    )
    assert _leaks(_files(inside).replace((inside / "orders.csv").read_text(encoding="utf-8"), "")) == []


def test_headings_and_remarks_reach_no_page_and_no_store(
    planner: Planner, line_folder: Path, line: PlannedArea, inside: Path
) -> None:
    village = line.network.area.villages[0].id
    heads = ",".join(f'"{WHO} {text}"' for text in SPELLINGS)
    code, told = _run(planner, line, inside, f"编码,上行件数,备注,{heads}\n{village},6,{WHO}13800138000\n")
    assert code == 0, told
    kept = _files(inside / "kept")
    assert village in kept
    assert [secret for secret in (WHO, "13800138000", "138-0013", "wang@") if secret in told + kept] == []
