"""A month from the command line to the files, the first page and the server."""

import json
from pathlib import Path

import openpyxl
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store
from tests.api.conftest import NOON


def test_a_month_is_reported_listed_and_served(planner, line_folder: Path, line: PlannedArea, inside: Path) -> None:
    store = f"sqlite:///{inside}/planner.db"
    kept = ("--store", store)
    code, _, err = planner("bulletin", line_folder, "--period", "2026-11", *kept)
    assert (code, "there is no network plan of line yet" in err) == (2, True)
    with open_store(store) as plans:
        plans.save_network(line.network, created_at=NOON)
        plans.save_day(line.day, line.problem, created_at=NOON)

    assert planner("bulletin", line_folder, *kept)[0] == 2
    assert planner("bulletin", line_folder, "--period", "2026-13", *kept)[0] == 2
    code, out, _ = planner("bulletin", line_folder, "--period", "2026-11", "--template", "table.xlsx", *kept)
    assert (code, "--figures table.xlsx" in out) == (0, True)
    book = openpyxl.load_workbook("table.xlsx")
    sheet = book.active
    assert sheet is not None
    row = next(row for row in sheet.iter_rows(min_row=2) if row[2].value == "B1.1")
    row[6].value, row[7].value = 12, "=HYPERLINK(1)"
    book.save("table.xlsx")
    filled = Path("table.xlsx").read_bytes()
    code, _, err = planner("bulletin", line_folder, "--period", "2026-11", "--template", "table.xlsx", *kept)
    assert (code, "--template: table.xlsx is there already, and may be filled in: name another file" in err) == (
        2,
        True,
    )
    assert Path("table.xlsx").read_bytes() == filled

    code, out, _ = planner(
        "bulletin", line_folder, "--period", "2026-11", "--figures", "table.xlsx", "--until", "2026-11-30", *kept
    )
    assert code == 0
    (folder,) = Path("out/line/bulletins/2026-11").iterdir()
    assert {path.name for path in folder.iterdir()} == {"bulletin.json", "bulletin.docx", "bulletin.xlsx"}
    document = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))
    shops = next(one for one in document["figures"] if (one["code"], one["place_id"]) == ("B1.1", ""))
    assert (shops["value"], shops["reporter"]) == (12, "=HYPERLINK(1)")
    page = Path("out/line/index.html").read_text(encoding="utf-8")
    assert f'href="bulletins/2026-11/{folder.name}/bulletin.docx"' in page
    assert "November 2026" in page

    code, out, _ = planner("bulletins", line_folder, *kept, "--json")
    (listed,) = json.loads(out)
    assert (code, listed["period"], listed["id"].endswith(folder.name)) == (0, "2026-11", True)
    with TestClient(create_app(Settings(store_url=store))) as client:
        (served,) = client.get("/areas/line/bulletins").json()["bulletins"]
        assert served["id"] == listed["id"]
        assert client.get(f"/bulletins/{listed['id']}").json() == served
        for part in ("bulletin.json", "bulletin.docx", "bulletin.xlsx"):
            answer = client.get(served["links"][part], params={"lang": "en"})
            assert answer.status_code == 200
            assert answer.content == (folder / part).read_bytes(), part
        assert client.get("/bulletins/line-bulletin-202611-000000000000").status_code == 404
        assert f"/bulletins/{listed['id']}/bulletin.docx" in client.get("/areas/line/index.html").text
