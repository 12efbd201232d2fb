"""The folder that couriers are given and the store say the same of a date, whoever publishes at once or is killed."""

import datetime
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from planner.cli.publishing import MARK, publish_day, settle_packs
from planner.cli.results import folder_of
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import PlanStore, open_store
from planner.writing import CannotWriteError, area_lock
from tests.planner.writing.kills import fork, killed_at_each_call, needs_fork, unfinished

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


class Folder:
    """A store with two plans of one date, and the folder that their packs go to."""

    def __init__(self, place: Path, line: PlannedArea) -> None:
        self.out, self.url = place / "out", f"sqlite:///{place}/planner.db"
        self.pack = self.out / "line" / "published" / line.day.date.isoformat()
        other = replace(line.day, config={**line.day.config, "seed": 9})
        self.ids = line.day.id, other.id
        with open_store(self.url) as store:
            store.save_network(line.network, created_at=NOON)
            for day in (line.day, other):
                folder_of(day, self.out).mkdir(parents=True)  # its files are there
                store.save_day(day, line.problem, created_at=NOON)

    def publish(self, plan_id: str) -> tuple[str, int]:
        with open_store(self.url) as store:
            made = publish_day(store.day_summary(plan_id), store, self.out)
            return made.summary.id, made.revision.number

    def in_the_store(self) -> tuple[str, int] | None:
        with open_store(self.url) as store:
            (days,) = {one.slot for one in store.days("line")}
            versions = store.versions("line", days)
            return (versions[-1].plan_id, versions[-1].number) if versions else None

    def in_the_pack(self) -> tuple[str, int] | None:
        """What the pack's mark says, once all that it holds is of that plan."""
        if not self.pack.is_dir():
            return None
        found = json.loads((self.pack / MARK).read_text(encoding="utf-8"))
        pages = "".join(path.read_text(encoding="utf-8") for path in self.pack.glob("*.html"))
        assert f'"plan": "{found["plan"]}"' in pages, "the pages are of another plan"
        return found["plan"], found["version"]

    def settle(self) -> None:
        with open_store(self.url) as store:
            settle_packs("line", store, self.out)


@pytest.fixture
def folder(tmp_path: Path, line: PlannedArea) -> Folder:
    return Folder(tmp_path, line)


@pytest.fixture
def small_pack() -> Iterator[None]:
    """A pack of one page, which takes no time: what is tried is where it lies."""

    def write(plan: object, place: Path, *_: object) -> None:
        (place / "index.html").write_text(f'"plan": "{plan.id}"', encoding="utf-8")

    with mock.patch("planner.outputs.courier.write_pack", write):
        yield


def test_a_pack_says_which_plan_and_version_it_is_of(folder: Folder) -> None:
    first, second = folder.ids
    for plan_id, number in ((first, 1), (first, 1), (second, 2), (first, 3)):
        assert folder.publish(plan_id) == (plan_id, number)
        assert folder.in_the_pack() == folder.in_the_store() == (plan_id, number)
    assert unfinished(folder.out) == []


@needs_fork
@pytest.mark.usefixtures("small_pack")
def test_two_who_publish_one_date_at_once_leave_one_answer(folder: Folder) -> None:
    told = [os.pipe() for _ in folder.ids]
    for _ in range(8):
        go, ready = os.pipe()
        children = []
        for plan_id, (_, write) in zip(folder.ids, told, strict=True):
            child = fork()
            if child == 0:
                code = 1
                try:
                    os.read(go, 1)  # both wait here
                    os.write(write, f"{folder.publish(plan_id)[1]:04d}".encode())
                    code = 0
                finally:
                    os._exit(code)
            children.append(child)
        os.write(ready, b"xx")
        assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
        numbers = [int(os.read(read, 4)) for read, _ in told]
        last = folder.in_the_store()
        assert last == folder.in_the_pack()
        assert unfinished(folder.out) == []
        # each was told a version that the store has under its plan
        with open_store(folder.url) as store:
            kept = {one.number: one.plan_id for one in store.versions("line", folder.pack.name)}
        assert [kept[number] for number in numbers] == list(folder.ids)
        os.close(go)
        os.close(ready)
    for ends in told:
        for end in ends:
            os.close(end)


@pytest.mark.usefixtures("small_pack")
def test_files_are_made_again_for_the_version_that_another_published_meanwhile(folder: Folder) -> None:
    first, second = folder.ids
    real, waiting = PlanStore.publish, [first]

    def overtaken(store: PlanStore, plan_id: str, **told: object) -> object:
        if waiting:  # the other is before us, whatever we made our files for
            with open_store(folder.url) as other:
                real(other, waiting.pop(), published_at=NOON)
        return real(store, plan_id, **told)

    with mock.patch.object(PlanStore, "publish", overtaken):
        assert folder.publish(second) == (second, 2)
    assert folder.in_the_pack() == folder.in_the_store() == (second, 2)


@needs_fork
@pytest.mark.slow
@pytest.mark.usefixtures("small_pack")
@pytest.mark.parametrize("before", [False, True])
def test_a_killed_publisher_leaves_what_the_next_run_settles(folder: Folder, tmp_path: Path, before: bool) -> None:
    first, second = folder.ids
    if before:
        folder.publish(first)
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in (*tmp_path.glob("planner.db*"), *tmp_path.glob("out")):
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, kept / path.name)
    old = folder.in_the_store()
    seen = set()

    def set_up() -> None:
        shutil.rmtree(folder.out, ignore_errors=True)
        for path in tmp_path.glob("planner.db*"):
            path.unlink()
        for path in kept.iterdir():
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, tmp_path / path.name)

    def check(point: str) -> None:
        with area_lock(folder.out / "line"):
            pass  # any run that writes there
        there, told = folder.in_the_pack(), folder.in_the_store()
        assert told in (old, (second, 2 if before else 1)), point
        seen.add((there == told, told == old))
        folder.settle()
        assert folder.in_the_pack() == folder.in_the_store() == told, point
        assert unfinished(folder.out) == [], point
        assert folder.publish(second) == (second, 2 if before else 1), point
        assert folder.in_the_pack() == folder.in_the_store(), point

    assert killed_at_each_call(lambda: folder.publish(second), check, set_up) >= 10
    # killed before the store was told, between the two, and after
    assert seen == {(True, True), (False, False), (True, False)}


@pytest.mark.usefixtures("small_pack")
@pytest.mark.parametrize("before", [False, True])
def test_nothing_is_published_where_the_files_have_no_room(folder: Folder, before: bool) -> None:
    first, second = folder.ids
    if before:
        folder.publish(first)
    old = folder.in_the_store()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(folder.pack.parent))

    with (
        mock.patch("planner.writing.made_apart.shutil.copytree", full),
        pytest.raises(CannotWriteError, match=r"the disk is full .*nothing there was changed"),
    ):
        folder.publish(second)
    assert folder.in_the_pack() == folder.in_the_store() == old
    assert unfinished(folder.out) == []


@pytest.mark.usefixtures("small_pack")
def test_a_store_that_cannot_be_told_leaves_the_pack_that_was(folder: Folder) -> None:
    first, second = folder.ids
    folder.publish(first)
    with mock.patch.object(PlanStore, "publish", side_effect=CannotWriteError("full")), pytest.raises(CannotWriteError):
        folder.publish(second)
    assert folder.in_the_pack() == folder.in_the_store() == (first, 1)
    assert unfinished(folder.out) == []


@pytest.mark.usefixtures("small_pack")
def test_files_that_cannot_take_their_place_are_told_of_and_do_so_next_time(folder: Folder) -> None:
    first, second = folder.ids
    folder.publish(first)
    real: Callable[[Path, Path], Path] = Path.rename

    def held(path: Path, target: Path) -> Path:
        if path == folder.pack:  # a program on Windows has a file of it open
            raise PermissionError(13, "in use", str(path))
        return real(path, target)

    with (
        mock.patch.object(Path, "rename", held),
        pytest.raises(CannotWriteError, match=f"has {second} published as version 2.*publish it again"),
    ):
        folder.publish(second)
    assert folder.in_the_store() == (second, 2)
    assert folder.in_the_pack() == (first, 1)
    folder.settle()
    assert folder.in_the_pack() == (second, 2)


@pytest.mark.usefixtures("small_pack")
def test_a_folder_that_another_folder_overtook_is_brought_up_to_the_store(folder: Folder) -> None:
    first, second = folder.ids
    folder.publish(first)
    with open_store(folder.url) as store:
        store.publish(second, published_at=NOON)  # with another --out, say
    folder.settle()
    assert folder.in_the_pack() == (second, 2)
    (folder.pack / MARK).unlink()  # of an earlier program: not known to be wrong, so it stays
    (folder.pack / "index.html").write_text("as it was", encoding="utf-8")
    folder.settle()
    assert (folder.pack / "index.html").read_text(encoding="utf-8") == "as it was"
