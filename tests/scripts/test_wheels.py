"""What every system needs is pinned; whether it has wheels only the script can say, which asks pip."""

import subprocess

import pytest

from scripts import wheels


@pytest.mark.parametrize("python", wheels.PYTHONS)
@pytest.mark.parametrize("system", wheels.SYSTEMS, ids=lambda system: system.name)
def test_what_a_system_needs_is_pinned(system: wheels.System, python: str) -> None:
    names, unknown = wheels.needed(system, python)
    assert {"numba", "llvmlite", "numpy", "rich", "typer", "click", "starlette"} <= names  # direct, and through others
    assert names <= wheels.pins().keys()
    assert ("colorama" in names) is (system.name == "Windows amd64")  # click asks for it there
    assert unknown <= {"colorama"}


def test_packages_without_a_wheel_are_left_out_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(system: wheels.System, python: str, pinned: dict[str, str]):
        lacking = sorted(pinned.keys() & {"osmium", "xstatic-leaflet"})
        if lacking:
            refusal = f"ERROR: No matching distribution found for {lacking[0].replace('xs', 'XS')}==1"
            return subprocess.CompletedProcess([], 1, "", refusal), {}
        return subprocess.CompletedProcess([], 0, "", ""), {name: f"{name}-1-py3-none-any.whl" for name in pinned}

    monkeypatch.setattr(wheels, "_ask_pip", ask)
    asked = {"numpy": "1", "osmium": "1", "xstatic-leaflet": "1"}
    assert wheels.wheels(wheels.SYSTEMS[0], "3.12", asked).keys() == {"numpy"}


def test_any_other_word_of_pip_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = subprocess.CompletedProcess([], 1, "", "ERROR: the disk is full")
    monkeypatch.setattr(wheels, "_ask_pip", lambda *_: (refusal, {}))
    with pytest.raises(RuntimeError, match=r"Windows amd64, Python 3\.11: ERROR: the disk is full"):
        wheels.wheels(wheels.SYSTEMS[0], "3.11", {"numpy": "1"})
