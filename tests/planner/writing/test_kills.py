"""Killed wherever it may be, a writer leaves whole files and folders of one plan, and the next one tidies up."""

import datetime
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.kernels.cache import KernelFiles
from planner.network import kept
from planner.plans import NetworkPlan
from planner.plans.store import open_store
from planner.writing import area_lock, recover, result_folder, write_file
from tests.planner.writing.kills import killed_at_each_call, killed_by_size, needs_fork, unfinished

pytestmark = needs_fork
NAMES = ("plan.json", "coverage.html", "routes/van.csv")
FIRST, SECOND = "a" * 12, "b" * 12
NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


def write_plan(area: Path, target: str, text: str) -> None:
    with area_lock(area):
        with result_folder(area / target) as folder:
            for name in NAMES:
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(f"{name} {text}".encode() * 100)
        write_file(area / "index.html", f"index {text}" * 100)


def text_of(folder: Path) -> str:
    """Return the text that all files of a folder are of; they are all there and whole."""
    found = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert sorted(found) == sorted(NAMES)
    first = found[NAMES[0]].removeprefix(f"{NAMES[0]} ").split(NAMES[0])[0]
    assert found == {name: f"{name} {first}" * 100 for name in NAMES}
    return first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "target", "fewest"),
    [
        ((), f"network/{FIRST}", 15),
        ((f"network/{FIRST}",), f"network/{SECOND}", 15),
        ((f"network/{FIRST}",), f"network/{FIRST}", 25),  # the same plan in another language
        ((f"network/{FIRST}", f"days/2026-11-10/{FIRST}"), f"days/2026-11-10/{FIRST}", 25),
    ],
)
def test_a_killed_writer_leaves_all_of_the_old_or_all_of_the_new(
    tmp_path: Path, before: tuple[str, ...], target: str, fewest: int
) -> None:
    area = tmp_path / "area"

    def set_up() -> None:
        shutil.rmtree(area, ignore_errors=True)
        for name in before:
            write_plan(area, name, "old")

    def check(point: str) -> None:
        results = [path for level in ("network/*", "days/*/*") for path in area.glob(level) if path.name[0] != "."]
        texts = {path.relative_to(area).as_posix(): text_of(path) for path in results}
        for name in before:
            if name != target:
                assert texts[name] == "old", point
            elif name not in texts:  # the moment between two renames
                assert text_of(area / name.replace(FIRST, f".replaced-{FIRST}")) == "old", point
        if (area / "index.html").exists():
            assert (area / "index.html").read_text() in ("index old" * 100, "index new" * 100), point
        if area.exists():
            with area_lock(area):
                assert all(text_of(area / name) in ("old", "new") for name in before), point
            assert unfinished(area) == [], point
        write_plan(area, target, "newest")
        assert text_of(area / target) == "newest", point
        assert unfinished(area) == [], point

    assert killed_at_each_call(lambda: write_plan(area, target, "new"), check, set_up) >= fewest


@pytest.mark.slow
def test_a_killed_recovery_is_finished_by_the_next(tmp_path: Path) -> None:
    """What stepped aside comes back whole, or goes: half removed it is never put back."""
    network = tmp_path / "network"

    def set_up() -> None:
        shutil.rmtree(network, ignore_errors=True)
        for target, text in (("old", "old"), ("new", "new")):
            write_plan(tmp_path / "elsewhere", target, text)
        for target, text in ((FIRST, "new"), (f".replaced-{FIRST}", "old"), (f".replaced-{SECOND}", "old")):
            shutil.copytree(tmp_path / "elsewhere" / text, network / target)
        shutil.copytree(network / FIRST, network / ".writing-0-x")

    def check(point: str) -> None:
        with area_lock(tmp_path):
            pass
        assert (text_of(network / FIRST), text_of(network / SECOND)) == ("new", "old"), point
        assert unfinished(tmp_path) == [], point

    assert killed_at_each_call(lambda: recover(tmp_path), check, set_up) >= 10


def test_a_killed_writer_of_one_file_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "curve.html"

    def check(point: str) -> None:
        assert path.read_text() in ("old" * 1000, "new" * 1000), point
        for left in tmp_path.glob(".writing-*"):
            os.utime(left, (0, 0))  # long ago
        write_file(path, "newest")
        assert [left.name for left in tmp_path.iterdir()] == ["curve.html"], point

    points = killed_at_each_call(lambda: write_file(path, "new" * 1000), check, lambda: path.write_text("old" * 1000))
    assert points >= 6


def test_a_killed_writer_of_the_cache_leaves_what_is_whole_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "line.roads.npz"
    old, new = {"x": np.arange(9)}, {"x": np.arange(99)}

    def check(point: str) -> None:
        found = [kept.load(path, about) is not None for about in ("old", "new")]
        assert sum(found) == 1, point
        for left in tmp_path.glob("*.part"):
            os.utime(left, (0, 0))
        kept.save(path, new, "new")
        assert kept.load(path, "new") is not None, point
        assert [name.name for name in tmp_path.iterdir()] == [path.name], point

    points = killed_at_each_call(lambda: kept.save(path, new, "new"), check, lambda: kept.save(path, old, "old"))
    assert points >= 8


def test_a_killed_writer_of_a_kernel_leaves_what_is_whole_or_nothing() -> None:
    files = KernelFiles("somewhere.killed")
    path = files._path("key")
    assert path is not None

    def check(point: str) -> None:
        assert files.load("key") in ((1, "old" * 100), (2, "new" * 100)), point
        files.save("key", (3,))
        assert files.load("key") == (3,), point

    points = killed_at_each_call(
        lambda: files.save("key", (2, "new" * 100)), check, lambda: files.save("key", (1, "old" * 100))
    )
    for left in path.parent.glob(".*.part"):
        left.unlink()
    path.unlink()
    assert points >= 3


@pytest.mark.slow
def test_a_store_killed_while_it_grows_holds_whole_plans(tmp_path: Path, network: NetworkPlan) -> None:
    """The system ends the writer at a size of its files: in the tables, in the log, and while the log is taken in."""
    url = f"sqlite:///{tmp_path}/planner.db"
    second = replace(network, config={**network.config, "seed": 99})

    def save(plan: NetworkPlan) -> Callable[[], None]:
        def work() -> None:
            with open_store(url) as store:
                store.save_network(plan, created_at=NOON)

        return work

    killed = 0
    for largest in [*range(0, 200_000, 9_000), 10**9]:
        for path in tmp_path.iterdir():
            path.unlink()
        save(network)()
        killed += killed_by_size(save(second), largest) != 0
        with open_store(url) as store:
            assert store.count() <= 2, largest
            assert store.get(network.id) == network, largest
            assert store.save_network(second, created_at=NOON).id == second.id, largest
            assert store.get(second.id) == second, largest
        with sqlite3.connect(tmp_path / "planner.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], largest
        database.close()
    assert killed >= 5
