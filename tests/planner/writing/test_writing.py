"""Results take their place whole; a full disk and a second writer are said, and leave what was there."""

import errno
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from planner.errors import EXIT_USAGE, BadDataError
from planner.network import kept
from planner.outputs.geofiles import write_network
from planner.plans import NetworkPlan
from planner.plans.store import open_store
from planner.words import error_text, speaking
from planner.writing import CannotWriteError, area_lock, cannot_write, made_apart, result_folder, whole_file, write_file
from tests.planner.writing.kills import DONE, in_a_child, needs_fork, unfinished
from tests.planner.writing.test_kills import NOON

MEGABYTE = 10**6


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def write_plan(target: Path, **contents: bytes) -> None:
    with result_folder(target) as folder:
        for name, content in contents.items():
            (folder / f"{name}.html").write_bytes(content)


def test_a_folder_takes_its_place_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "network" / "0123456789ab"
    for files in (("plan.json", "old.html"), ("plan.json",)):
        with result_folder(target) as folder:
            assert folder.parent == target.parent
            assert not (target / "new").exists()
            for name in files:
                (folder / name).write_text(str(files))
    assert [path.name for path in target.iterdir()] == ["plan.json"]  # nothing of the earlier one is left
    assert (target / "plan.json").read_text() == "('plan.json',)"
    assert unfinished(tmp_path) == []


@pytest.mark.parametrize("error", [BadDataError("a bad plan"), KeyboardInterrupt(), OSError(5, "a broken disk")])
def test_after_a_failure_the_old_folder_is_as_it_was(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "plan"
    with result_folder(target) as folder:
        (folder / "plan.json").write_text("old")

    def fail() -> None:
        with result_folder(target) as folder:
            (folder / "plan.json").write_text("new")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert (target / "plan.json").read_text() == "old"
    assert names(tmp_path) == ["plan"]


def test_a_folder_that_cannot_take_its_place_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a page that is open in a browser holds its folder."""
    target = tmp_path / "plan"
    real = Path.rename

    def held(path: Path, to: Path) -> Path:
        if path.name.startswith(".writing-"):
            raise PermissionError(13, "held", str(path))
        return real(path, to)

    with result_folder(target) as folder:
        (folder / "plan.json").write_text("old")
    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(CannotWriteError, match=r"plan: cannot be written: .* close programs"), result_folder(target):
        pass
    assert (target / "plan.json").read_text() == "old"
    assert names(tmp_path) == ["plan"]


def test_a_file_that_cannot_be_read_is_not_said_to_be_unwritable(tmp_path: Path) -> None:
    with pytest.raises(PermissionError) as raised, result_folder(tmp_path / "plan"):
        raise PermissionError(13, "no", "/elsewhere/villages.csv")
    assert not isinstance(raised.value, CannotWriteError)


def test_one_file_keeps_its_mode_and_its_link_and_text_its_line_ends(tmp_path: Path) -> None:
    path, link = tmp_path / "page.html", tmp_path / "link.html"
    write_file(path, "old")
    path.chmod(0o640)
    link.symlink_to(path.name)
    write_file(link, "一\n二\r\n")
    assert path.read_bytes() == "一\n二\r\n".encode()
    assert link.is_symlink()
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o640
    with whole_file(tmp_path / "roads.osm.pbf") as beside:
        assert beside.name.endswith(".osm.pbf")
        beside.write_bytes(b"x")
    assert sorted(names(tmp_path)) == ["link.html", "page.html", "roads.osm.pbf"]


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="the system has no such file")
def test_what_is_no_file_is_written_to_and_not_replaced() -> None:
    program = (
        "from pathlib import Path; from planner.writing import write_file; write_file(Path('/dev/stdout'), 'said')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "said"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (28, r"the disk is full \(\d+\.\d MB free\)"),
        (27, "larger than"),
        (30, "read-only"),
        (13, "not allow"),
        (1, "not allow"),
        (errno.EISDIR, "a folder stands where a file should"),
        (errno.ELOOP, "links lead round in a circle"),
    ],
)
def test_each_refusal_names_the_file_and_what_to_do(tmp_path: Path, number: int, said: str) -> None:
    refused = cannot_write(tmp_path / "new" / "index.html", OSError(number, ""))
    assert refused is not None
    assert refused.exit_code == EXIT_USAGE
    assert str(refused).startswith(str(tmp_path / "new" / "index.html: cannot be written"))
    assert "choose another place" in str(refused)
    assert re.search(said, str(refused))


def test_another_fault_is_not_one_of_the_place(tmp_path: Path) -> None:
    assert cannot_write(tmp_path, FileNotFoundError(2, "")) is None


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("folder", "a folder stands where a file should"),
        ("loop", "links lead round in a circle"),
        ("nowhere", "cannot be written"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_stands_in_a_file_s_place_is_named_by_the_file(tmp_path: Path, there: str, said: str) -> None:
    path = tmp_path / "index.html"
    if there == "folder":
        path.mkdir()
    else:
        path.symlink_to(path.name if there == "loop" else f"{tmp_path}/a.txt/none.html")
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(CannotWriteError, match=rf"^{path}: .*{said}") as caught:
        write_file(path, "text")
    with speaking("zh"):
        assert re.search(rf"^{path}：无法写入", error_text(caught.value))
    assert unfinished(tmp_path) == []


def test_a_link_that_leads_to_a_file_to_be_made_is_followed(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to("new.html")
    write_file(tmp_path / "index.html", "text")
    assert (tmp_path / "new.html").read_text() == "text"


def test_a_store_that_cannot_be_opened_is_named_in_the_reader_s_language(tmp_path: Path) -> None:
    (tmp_path / "planner.db").mkdir()
    with (
        pytest.raises(CannotWriteError, match=r"planner\.db: the database cannot be opened") as caught,
        open_store(f"sqlite:///{tmp_path / 'planner.db'}"),
    ):
        pass
    assert caught.value.exit_code == EXIT_USAGE
    with speaking("zh"):
        assert "数据库无法打开" in error_text(caught.value)


# --- two writers -----------------------------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from planner.writing import area_lock, result_folder, write_file
area, text = Path(sys.argv[1]), sys.argv[2]
for turn in range(20):
    with area_lock(area):
        with result_folder(area / "network" / "0123456789ab") as folder:
            for number in range(5):
                (folder / str(number)).write_text(f"{text} {turn}")
        write_file(area / "index.html", f"{text} {turn}")
"""
HOLDER = """
import sys, time
from pathlib import Path
from planner.writing import area_lock
with area_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_two_writers_of_one_folder_do_not_mix(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), text]) for text in ("one", "two")]
    looks = 0
    while any(writer.poll() is None for writer in writers):
        with area_lock(tmp_path):
            texts = {path.read_text() for path in tmp_path.glob("network/*/*")}
            assert len(texts) <= 1
            looks += bool(texts)
        time.sleep(0.01)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert looks >= 1
    assert len(list(tmp_path.glob("network/0123456789ab/*"))) == 5
    assert unfinished(tmp_path) == []


def test_a_second_writer_is_told_which_folder_and_a_killed_one_leaves_it_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        steps: list[str] = []
        with (
            pytest.raises(CannotWriteError, match=f"{tmp_path}: another run .* choose another place") as raised,
            area_lock(tmp_path, wait_s=0.1, progress=lambda step, _done, _total: steps.append(step)),
        ):
            pass
        assert raised.value.exit_code == EXIT_USAGE
        assert steps == [f"{tmp_path}: another run is writing there; waiting for it"]
        holder.kill()
    with area_lock(tmp_path, wait_s=5):
        pass


def test_what_takes_long_to_make_keeps_nobody_out_of_the_area(tmp_path: Path) -> None:
    """While a bulletin is drawn a day is published: both are there, whole, and open to whom the area's folder is."""
    area, slow, quick = tmp_path, tmp_path / "bulletins" / "2026-11" / "a", tmp_path / "published" / "2026-11-30"
    with made_apart(slow, area) as bulletin:
        (bulletin / "bulletin.xlsx").write_text("begun")
        with area_lock(area, wait_s=0), result_folder(quick) as pack:
            (pack / "index.html").write_text("pack")
        assert not slow.exists()
        (bulletin / "map").mkdir()
        (bulletin / "map" / "map.png").write_text("drawn")
    assert sorted(path.name for path in slow.rglob("*")) == ["bulletin.xlsx", "map", "map.png"]
    assert (quick / "index.html").read_text() == "pack"
    assert stat.S_IMODE(slow.stat().st_mode) == stat.S_IMODE(quick.stat().st_mode)
    assert unfinished(tmp_path) == []
    # what fails while it is made is told by its final name, and leaves the old one
    with pytest.raises(CannotWriteError, match=re.escape(str(slow / "bulletin.xlsx"))), made_apart(slow, area) as again:
        raise OSError(errno.ENOSPC, "full", str(again / "bulletin.xlsx"))
    assert (slow / "bulletin.xlsx").read_text() == "begun"


# --- full disks ------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 5 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("only root can mount a small disk, on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_names_the_file_and_leaves_the_old_folder_whole(small_disk: Path) -> None:
    area, target = small_disk / "area", small_disk / "area" / "network" / "0123456789ab"
    with area_lock(area):
        write_plan(target, plan=b"o" * MEGABYTE)
    for _ in range(2):  # the second finds as much room as the first
        with (
            pytest.raises(CannotWriteError, match=r"0123456789ab/routes\.html: .* \(0\.0 MB free\)"),
            area_lock(area),
        ):
            write_plan(target, plan=b"n" * MEGABYTE, routes=b"n" * 5 * MEGABYTE)
    assert names(target) == ["plan.html"]
    assert (target / "plan.html").read_bytes() == b"o" * MEGABYTE
    assert unfinished(area) == []
    with pytest.raises(CannotWriteError, match=r"plan\.html: .* the disk is full"):
        write_file(target / "plan.html", b"n" * 6 * MEGABYTE)
    assert (target / "plan.html").read_bytes() == b"o" * MEGABYTE


def test_a_cache_on_a_full_disk_keeps_nothing_and_fails_nothing(small_disk: Path) -> None:
    old, larger = {"x": np.zeros(100_000)}, {"x": np.zeros(10**6)}
    kept.save(small_disk / "a.npz", old, "old")
    kept.save(small_disk / "a.npz", larger, "larger")
    kept.save(small_disk / "b.npz", larger, "larger")
    assert [path.name for path in small_disk.iterdir()] == ["a.npz"]
    assert kept.load(small_disk / "a.npz", "old") is not None


@pytest.mark.slow
@pytest.mark.parametrize("left", [0, 20_000, 60_000])
def test_a_store_on_a_full_disk_names_its_file_and_keeps_what_it_had(
    small_disk: Path, network: NetworkPlan, left: int
) -> None:
    path = small_disk / "planner.db"
    with open_store(f"sqlite:///{path}"):
        pass
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize - left))
    with (
        pytest.raises(CannotWriteError, match=r"planner\.db: cannot be written: the disk is full"),
        open_store(f"sqlite:///{path}") as store,
    ):
        store.save_network(network, created_at=NOON)
    filler.unlink()
    with open_store(f"sqlite:///{path}") as store:
        assert store.count() == 0
        store.save_network(network, created_at=NOON)
        assert store.get(network.id) == network


@pytest.mark.slow
def test_a_geopackage_on_a_full_disk_is_whole_or_not_there(small_disk: Path, network: NetworkPlan) -> None:
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    path, filler = small_disk / "stations.gpkg", small_disk / "filler"
    write_network(network, path)
    whole = path.read_bytes()
    refused = 0
    for left in range(0, 3 * len(whole), len(whole) // 6):
        path.unlink(missing_ok=True)
        filler.write_bytes(b"x" * (free - left))
        with suppress(CannotWriteError):
            write_network(network, path)
        if path.exists():
            assert path.read_bytes() == whole
        else:
            refused += 1
        assert unfinished(small_disk) == []
        filler.unlink()
    assert refused >= 6
    path.unlink(missing_ok=True)
    filler.write_bytes(b"x" * (free - 10_000))
    with pytest.raises(CannotWriteError, match=rf"{path}: cannot be written.* \(0\.0 MB free\)") as caught:
        write_network(network, path)
    assert len(str(caught.value)) < 400
    assert not re.search(r"INSERT|CREATE|sqlite|\.writing-", str(caught.value))


def test_a_store_on_a_read_only_disk_is_refused_by_its_file(small_disk: Path) -> None:
    with open_store(f"sqlite:///{small_disk / 'planner.db'}"):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with (
        pytest.raises(CannotWriteError, match=r"planner\.db: (the database )?cannot be (opened|written)"),
        open_store(f"sqlite:///{small_disk / 'planner.db'}") as store,
    ):
        store.count()


@needs_fork
def test_a_file_larger_than_the_system_allows_is_named(tmp_path: Path) -> None:
    def work() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        with pytest.raises(CannotWriteError, match=r"plan/page\.html: cannot be written: larger"):
            write_plan(tmp_path / "plan", page=b"x" * 20_000)
        kept.save(tmp_path / "kept.npz", {"x": np.zeros(10_000)}, "new")

    write_plan(tmp_path / "plan", page=b"x" * 10)
    assert in_a_child(work) == DONE
    assert (tmp_path / "plan" / "page.html").read_bytes() == b"x" * 10
    assert names(tmp_path) == ["plan"]
