"""Freezes the documents and the store of today's version: ``python -m tests.planner.plans.freeze``.

To be run until a version is released, and never again: from then on its files only show that it is still read. Those of
versions 1 and 2 were written by the programs of those versions.
"""

import dataclasses
import datetime
import enum
import shutil
import sqlite3
import tempfile
import types
import typing
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from planner.config import load_config
from planner.pipeline.service.plan import plan_service
from planner.pipeline.whole_plan import plan_area
from planner.plans import DayPlan, service_to_json, to_json
from planner.plans.store import open_store
from planner.plans.store_tables import STORE_VERSION
from planner.plans.upgrade import VERSION
from tests.conftest import write_line_of_three_villages

FROZEN = Path(__file__).parent / "frozen"
CREATED = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
TWO_PHASES = """
[[coverage.phases]]
name = "2026"
count = 1
provenance = "for the test"
[[coverage.phases]]
name = "2027-2028"
years = 2
count = 2
provenance = "for the test"
[coverage.subsidies]
provenance = "for the test"
[coverage.subsidies.service_points]
agent_yuan_year = 5400
rent_yuan_year = 1200
[coverage.subsidies.express_stations]
agent_yuan_year = 36000
rent_yuan_year = 12000
[coverage.subsidies.shares]
equipment = { government = 0.6, firms = 0.4 }
agent = { beneficiaries = 1.0 }
rent = { government = 0.5, society = 0.5 }
"""


def shape_of_documents() -> str:
    """Return each field of the classes of both documents, and each value of their enumerations, a line each."""
    return "\n".join(sorted(set(_shape(DayPlan, set())))) + "\n"  # a day has its network


def _shape(kind: object, seen: set[object]) -> Iterator[str]:
    for part in typing.get_args(kind):
        yield from _shape(part, seen)
    if not isinstance(kind, type) or isinstance(kind, types.GenericAlias) or kind in seen:
        return
    seen.add(kind)
    if issubclass(kind, enum.Enum):
        yield from (f"{kind.__name__} may be {member.value!r}" for member in kind)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            yield f"{kind.__name__}.{field.name}: {field.type}"
            yield from _shape(hints[field.name], seen)


def write_two_phases(folder: Path) -> Path:
    """Write the line of three villages with two phases and the money of both; return the folder."""
    write_line_of_three_villages(folder)
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace('objective = "LSCP"\nstandard_s = 900', 'objective = "MCLP"\nstandard_s = 600')
    config.write_text(text.replace("[demand]", f"{TWO_PHASES}[demand]", 1), encoding="utf-8")
    return folder


def main() -> None:
    """Write documents, their shape and a store of today's version."""
    with tempfile.TemporaryDirectory() as name:
        planned = plan_area(load_config(write_two_phases(Path(name))))
        for kind, plan in (("network", planned.network), ("day", planned.day)):
            (FROZEN / f"{kind}-{VERSION}.json").write_text(to_json(plan), encoding="utf-8", newline="\n")
        (FROZEN / f"shape-{VERSION}.txt").write_text(shape_of_documents(), encoding="utf-8", newline="\n")
        kept = Path(name) / "planner.db"
        with open_store(f"sqlite:///{kept}") as store:
            store.save_network(planned.network, created_at=CREATED)
            store.save_day(planned.day, planned.problem, created_at=CREATED)
            store.publish(planned.network.id, published_at=CREATED)
        shrink(kept)
        (FROZEN / f"store-{STORE_VERSION}.db").write_bytes(kept.read_bytes())


def freeze_services() -> None:
    """Write a service plan on the frozen network, and a store of today's version that has both and is one of before too."""
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name) / "planner.db"
        shutil.copyfile(FROZEN / "store-4.db", kept)
        with open_store(f"sqlite:///{kept}") as store:
            (network,) = store.networks()
            week = plan_service(store.network(network.id), load_config(write_two_phases(Path(name))))
            store.services.save(week.plan, week.problems, created_at=CREATED)
        document = FROZEN / "services" / "service-1.json"
        document.write_text(service_to_json(week.plan), encoding="utf-8", newline="\n")
        shrink(kept)
        (FROZEN / f"store-{STORE_VERSION}.db").write_bytes(kept.read_bytes())


def shrink(path: Path) -> None:
    """Make a database one file of small pages."""
    with closing(sqlite3.connect(path)) as database:
        for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"):
            database.execute(statement)


if __name__ == "__main__":
    main()
