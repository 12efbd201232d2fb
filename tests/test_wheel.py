"""The wheel: all that a run needs is in it, and it plans outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling, of the dev extra, is not installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.glob("*.whl")
    return made


def test_everything_of_both_packages_and_the_data_is_in_it_and_nothing_else(wheel: Path) -> None:
    wanted = {
        f"planner/_data/{path.relative_to(ROOT / room)}" if room == "data" else str(path.relative_to(ROOT))
        for room in ("planner", "api", "data")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    # what a run fails without, said once by name
    assert {"planner/network/profiles.toml", "planner/_data/areas/baiquan/area.toml"} <= {*map(str, wanted)}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.replace("\\", "/") for name in wanted} == held


def test_it_is_for_every_system_and_asks_for_what_the_project_asks_for(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        about = message_from_bytes(archive.read(name))
        entry = archive.read(name.replace("METADATA", "entry_points.txt"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [line for line in about.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert sorted(map(_plain, asked)) == sorted(map(_plain, project["dependencies"]))
    assert b"planner = planner.cli.app:main" in entry


def _plain(requirement: str) -> str:
    return requirement.replace(" ", "").lower()


@pytest.mark.slow
def test_it_plans_the_demonstration_in_an_empty_folder(wheel: Path, demo_out: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "安装 处", tmp_path / "空 文件夹"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    command = [sys.executable, "-c", "import planner.cli.app; print(planner.__file__); planner.cli.app.main()", "demo"]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert str(installed) in done.stdout.decode().splitlines()[0]
    for area in ("harbin", "baiquan", "neubrandenburg"):
        documents = [path for name in ("network.json", "day.json") for path in (demo_out / area).rglob(name)]
        assert len(documents) == 2
        for made in documents:
            assert (empty / "out" / made.relative_to(demo_out)).read_bytes() == made.read_bytes()
