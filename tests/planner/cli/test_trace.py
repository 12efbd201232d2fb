"""``planner trace`` on kept days: the published one tells, and what nobody has is said."""

import datetime
import json
from dataclasses import replace

from planner.model import Produce
from planner.plans.store import open_store
from tests.planner.plans.test_lots import with_produce

NOW = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


def test_a_lot_is_traced_by_the_plan_that_is_followed(line, planner, tmp_path):
    url = f"sqlite:///{tmp_path}/planner.db"
    first = with_produce(line.day, Produce(village_id="middle", product="rice", kg=1.0))
    second = with_produce(line.day, Produce(village_id="middle", product="rice", kg=2.0))
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOW)
        for hour, day in enumerate((first, second)):
            store.save_day(day, line.problem, created_at=NOW + datetime.timedelta(hours=hour))
    lot = "middle-20261110-01"
    code, out, err = planner("trace", lot, "--store", url, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["kg"] == 2.0  # the newest
    with open_store(url) as store:
        store.publish(first.id, published_at=NOW)
    code, out, _ = planner("trace", lot, "--store", url, "--json")
    found = json.loads(out)
    (route,) = line.day.routes.routes
    assert (code, found["kg"], found["day_plan"]) == (0, 1.0, first.id)
    assert [leg["destination_id"] for leg in found["legs"]] == [route.depot_id]
    assert found["legs"][0]["arrives_s"] == route.end_s
    code, out, _ = planner("trace", lot, "--store", url)
    assert code == 0
    assert "rice" in out
    code, _, err = planner("trace", "middle-20261110-02", "--store", url)
    assert code != 0
    assert "2 plans of that day are kept" in err
    code, _, err = planner("trace", "nonsense", "--store", url)
    assert code == 2
    assert "no lot is called so" in err


def test_a_day_that_is_not_kept_is_said(line, planner, tmp_path):
    url = f"sqlite:///{tmp_path}/planner.db"
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOW)
        store.save_day(replace(line.day), line.problem, created_at=NOW)
    code, _, err = planner("trace", "middle-20261111-01", "--store", url)
    assert code != 0
    assert "0 plans of that day are kept" in err
