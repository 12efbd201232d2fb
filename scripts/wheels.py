"""Show a wheel of every package that the planner needs, for each system and Python it runs on: ``python scripts/wheels.py``.

Run it in the environment that ``make setup`` makes. What is needed is followed from the planner's dependencies through the
packages installed there, with the conditions of each system; versions are those of ``constraints.txt``. For each system and
Python, pip resolves all of it once, without installing anything or downloading more than metadata, and takes only wheels, so
that nothing has to be compiled. The exit code is 1 if a wheel or a pinned version is missing, or a package is not installed
here, whose own needs then cannot be followed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, kw_only=True)
class System:
    """A kind of machine: the tags of wheels that run there, and what conditions of requirements ask for."""

    name: str
    tags: tuple[str, ...]
    conditions: dict[str, str]


def _linux(machine: str) -> System:
    glibc = (28, 27, 24, 17)  # Debian 10, RHEL 8 and later have 2.28
    tags = (*(f"manylinux_2_{minor}_{machine}" for minor in glibc), f"manylinux2014_{machine}")
    conditions = {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": machine,
    }
    return System(name=f"Linux {machine}", tags=tags, conditions=conditions)


SYSTEMS = (
    System(
        name="Windows amd64",
        tags=("win_amd64",),
        conditions={
            "sys_platform": "win32",
            "platform_system": "Windows",
            "os_name": "nt",
            "platform_machine": "AMD64",
        },
    ),
    System(
        name="macOS arm64",
        tags=("macosx_14_0_arm64",),
        conditions={
            "sys_platform": "darwin",
            "platform_system": "Darwin",
            "os_name": "posix",
            "platform_machine": "arm64",
        },
    ),
    _linux("x86_64"),
    _linux("aarch64"),
)


def pins() -> dict[str, str]:
    """Return the pinned version of each package by its canonical name."""
    lines = (line.strip() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines if line)}


def needed(system: System, python: str) -> tuple[set[str], set[str]]:
    """Return the packages that the planner needs there, and those of them that are not installed here."""
    environment = {**default_environment(), **system.conditions, "python_version": python}
    environment |= {"python_full_version": f"{python}.0", "implementation_name": "cpython"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: set[tuple[str, str]] = set()  # package and extra
    unknown: set[str] = set()
    waiting = [(line, "") for line in project["dependencies"]]
    while waiting:
        line, extra = waiting.pop()
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in {"", *requirement.extras} - {known for other, known in found if other == name}:
            found.add((name, wanted))
            try:
                waiting += [(own, wanted) for own in requires(name) or []]
            except PackageNotFoundError:
                unknown.add(name)
    return {name for name, _ in found}, unknown


def wheels(system: System, python: str, pinned: dict[str, str]) -> dict[str, str]:
    """Return the wheel of each package that has one there, by the package's name.

    Raises
    ------
    RuntimeError
        If pip stops for another reason than a package without a wheel.
    """
    asked = dict(pinned)
    while asked:
        done, files = _ask_pip(system, python, asked)
        if done.returncode == 0:
            return files
        refused = re.search(r"No matching distribution found for ([\w.-]+)", done.stderr)
        if refused is None or canonicalize_name(refused[1]) not in asked:
            raise RuntimeError(f"{system.name}, Python {python}: {done.stderr.strip()}")
        del asked[canonicalize_name(refused[1])]
    return {}


def _ask_pip(
    system: System, python: str, pinned: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
        command += [f"--platform={tag}" for tag in system.tags]
        command += [f"--target={folder}/nothing", f"--report={report}"]
        command += [f"{name}=={version}" for name, version in sorted(pinned.items())]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False)
        if done.returncode:
            return done, {}
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return done, dict(map(_name_and_file, installs))


def _name_and_file(install: dict[str, dict[str, str]]) -> tuple[str, str]:
    return canonicalize_name(install["metadata"]["name"]), install["download_info"]["url"].rsplit("/", 1)[-1]


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield package, system with Python, and its wheel's tags or what is missing, system by system."""
    pinned = pins()
    for system in SYSTEMS:
        for python in PYTHONS:
            where = f"{system.name} {python}"
            names, unknown = needed(system, python)
            asked = {name: pinned[name] for name in names if name in pinned}
            files = wheels(system, python, asked)
            for name in sorted(names):
                if name not in pinned:
                    yield name, where, "MISSING: not in constraints.txt"
                elif name not in files:
                    yield name, where, f"MISSING: no wheel of {pinned[name]}"
                elif name in unknown and not files[name].endswith("-none-any.whl"):
                    yield name, where, "MISSING: not installed here, what it needs is not known"
                else:
                    yield name, where, files[name].removesuffix(".whl").split("-", 2)[2]


def main() -> int:
    """Print the table, packages that are pure Python everywhere in one line each, and return the exit code."""
    table: dict[str, dict[str, str]] = {}
    for name, where, what in rows():
        table.setdefault(name, {})[where] = what
    missing = 0
    for name, row in sorted(table.items()):
        kinds = sorted(set(row.values()))
        if len(kinds) == 1 or all(kind.endswith("none-any") for kind in kinds):
            print(f"{name:<24} {len(row):>2} x {' '.join(kinds)}")
        else:
            print(name)
            for where, what in row.items():
                print(f"  {where:<22} {what}")
        missing += sum(what.startswith("MISSING") for what in row.values())
    print(f"{len(table)} packages, {len(SYSTEMS)} systems, Python {', '.join(PYTHONS)}: {missing} missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
