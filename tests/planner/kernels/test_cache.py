"""Compiled kernels are never stale, and a cache that cannot be used only costs time."""

import ast
import atexit
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import planner
from planner.kernels.cache import KEPT_STATES, VARIABLE, KernelFiles, kernels_folder
from planner.kernels.sources import kernel_sources, sources_hash

PACKAGE = Path(planner.__file__).parent
CALLEE = """from planner.kernels import lean_kernel
from planner.fares import START
@lean_kernel
def fare(km):
    return START + 2.0 * km
"""
CALLER = """from planner.kernels import lean_kernel
from planner.callee import fare
@lean_kernel
def cost(km):
    return fare(km)
"""
STARTER = """
import ast, os, sys, tempfile, traceback
import numba
numba.njit(lambda number: number + 1.0)(1.0)  # what compiling imports, too
assert not any(name.startswith("planner") for name in sys.modules)
for line in sys.stdin:
    folder, environment, without_bytecode, program = ast.literal_eval(line)
    with tempfile.TemporaryFile() as said:
        process = os.fork()
        if not process:
            code = 1
            try:
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                os.chdir(folder)
                os.environ.clear()
                os.environ.update(environment)
                sys.dont_write_bytecode = without_bytecode
                sys.path[0] = folder
                exec(program, {})
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        code = os.waitpid(process, 0)[1]
        said.seek(0)
        print((code, said.read().decode()), flush=True)
"""
ASK = "from planner.caller import cost; print(cost(1.0))"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of three files beside those that kernels need: a caller, a callee, and a constant of a third file."""
    folder = tmp_path / "planner"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for path in kernel_sources(PACKAGE):
        if path.relative_to(PACKAGE).parts[0] in ("kernels", "errors.py", "units.py", "cache_folder.py", "model"):
            target = folder / path.relative_to(PACKAGE)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    (folder / "fares.py").write_text("START = 100.0\n")
    (folder / "callee.py").write_text(CALLEE)
    (folder / "caller.py").write_text(CALLER)
    return folder


def environment(package: Path, kept: Path | None, *, bytecode: bool = False) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if key not in (VARIABLE, "PLANNER_CACHE")},
        "PYTHONPATH": str(package.parent),
        "PYTHONDONTWRITEBYTECODE": "" if bytecode else "1",  # Python itself goes by second and size
        "PLANNER_CACHE": str(kept or ""),
    }


def answer(package: Path, kept: Path | None, *, bytecode: bool = False) -> float:
    return float(printed(package, kept, ASK, bytecode=bytecode))


def printed(package: Path, kept: Path | None, program: str, *, bytecode: bool = False) -> str:
    """What a process prints that has imported nothing of the package before.

    Where the system forks, it is forked from one that has loaded numba and no module of ours: that is most of a start.
    """
    surroundings = environment(package, kept, bytecode=bytecode)
    if not hasattr(os, "fork"):
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=package.parent, env=surroundings, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout
    server = _starter()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(repr((str(package.parent), surroundings, not bytecode, program)) + "\n")
    server.stdin.flush()
    code, said = ast.literal_eval(server.stdout.readline())
    assert code == 0, said
    return str(said)


@cache
def _starter() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STARTER]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PACKAGE.root)
    atexit.register(server.communicate)  # it ends with its input
    return server


def kernels(kept: Path) -> list[Path]:
    return sorted(kept.rglob("*.kernel"))


@pytest.mark.slow
def test_a_changed_callee_and_a_changed_constant_are_seen(package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert answer(package, kept) == 102
    first = kernels(kept)
    assert [path.name.partition("-")[0] for path in first] == ["cost", "fare"]
    assert answer(package, kept) == 102
    assert kernels(kept) == first  # nothing was compiled again
    (package / "callee.py").write_text(CALLEE.replace("2.0", "3.0"))
    assert answer(package, kept) == 103
    (package / "fares.py").write_text("START = 200.0\n")
    assert answer(package, kept) == 203


@pytest.mark.slow
def test_a_source_put_back_is_seen_whatever_its_time_of_change(package: Path, tmp_path: Path) -> None:
    kept, callee = tmp_path / "kept", package / "callee.py"
    times = (callee.stat().st_atime, callee.stat().st_mtime)
    assert answer(package, kept) == 102
    callee.write_text(CALLEE.replace("2.0", "3.0"))
    os.utime(callee, times)
    shutil.rmtree(package / "__pycache__", ignore_errors=True)  # Python itself goes by the time
    assert answer(package, kept) == 103


EDITED_AFTER_IMPORT = """
import pathlib, planner.caller
path = pathlib.Path("planner/callee.py")
path.write_text(path.read_text().replace("2.0", "3.0"))
print(planner.caller.cost(1.0))
"""
EDITED_BEFORE_A_LATER_IMPORT = """
import pathlib
from planner.fares import START
from planner.kernels.cache import kernels_folder
kernels_folder()
path = pathlib.Path("planner/callee.py")
text = path.read_text()
path.write_text(text.replace("2.0", "3.0"))
from planner.caller import cost
print(cost(1.0))
path.write_text(text)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "first", "then"), [(EDITED_AFTER_IMPORT, 102, 103), (EDITED_BEFORE_A_LATER_IMPORT, 103, 102)]
)
def test_code_is_kept_as_what_was_loaded(package: Path, tmp_path: Path, program: str, first: int, then: int) -> None:
    kept = tmp_path / "kept"
    assert float(printed(package, kept, program)) == first
    shutil.rmtree(package / "__pycache__", ignore_errors=True)
    assert answer(package, kept) == then


@pytest.mark.slow
def test_bytecode_that_python_wrongly_holds_for_new_leaves_nothing_behind(package: Path, tmp_path: Path) -> None:
    kept, callee = tmp_path / "kept", package / "callee.py"
    assert answer(package, kept, bytecode=True) == 102
    about = callee.stat()
    callee.write_text(CALLEE.replace("2.0", "3.0"))
    os.utime(callee, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert answer(package, kept, bytecode=True) == 102  # as Python without any kernel would say
    shutil.rmtree(package / "__pycache__")
    assert answer(package, kept, bytecode=True) == 103


@pytest.mark.slow
def test_kept_files_that_change_places_are_not_used(package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert answer(package, kept) == 102
    cost, fare = kernels(kept)
    contents = cost.read_bytes(), fare.read_bytes()
    cost.write_bytes(contents[1])
    fare.write_bytes(contents[0])
    assert answer(package, kept) == 102
    assert cost.read_bytes() != contents[1]  # written anew


def test_whatever_is_in_a_file_is_used_only_if_it_was_saved_there() -> None:
    files = KernelFiles("somewhere.run")
    files.save("key", (1, 2))
    path = files._path("key")
    assert path is not None
    whole = path.read_bytes()
    for content in (pickle.dumps("x"), b"", b"\x80\x7f", pickle.dumps((3, 4))):
        path.write_bytes(hashlib.sha256(content).digest() + content)  # the checksum of another name
        assert files.load("key") is None
    for content in (pickle.dumps("x"), b"\x80\x7f", b"\x80\x04\x8c\x01\xff."):
        path.write_bytes(hashlib.sha256(path.name.encode() + b"\n" + content).digest() + content)
        assert files.load("key") is None
    path.write_bytes(whole)
    assert files.load("key") == (1, 2)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folder for the user by other means")
def test_nothing_is_taken_from_a_folder_that_others_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    folder = kernels_folder.__wrapped__()
    assert folder is not None
    folder.chmod(0o777)
    assert kernels_folder.__wrapped__() is None
    folder.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    assert kernels_folder.__wrapped__() is None


def test_what_is_not_ours_in_the_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = [tmp_path / f"{number:020x}" for number in range(KEPT_STATES + 2)]
    for path in (*states, *(tmp_path / name for name in ("docs", "photos", "mail", "work", "src"))):
        path.mkdir()
        (path / "a.kernel").write_text("")
    (states[0] / "letter.txt").write_text("")
    for age, path in enumerate(states):
        os.utime(path, (age, age))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    mine = kernels_folder.__wrapped__()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        "docs",
        "photos",
        "mail",
        "work",
        "src",
        mine.name,
        *(path.name for path in (states[0], *states[2:])),
    }
    assert [path.name for path in states[0].iterdir()] == ["letter.txt"]


@pytest.mark.slow
def test_damaged_and_missing_files_only_cost_time(package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert answer(package, kept) == 102
    path = kernels(kept)[0]
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1], whole[:-1] + b"\0", b"\0" * len(whole)):
        path.write_bytes(damaged)
        assert answer(package, kept) == 102
        content = path.read_bytes()
        assert hashlib.sha256(path.name.encode() + b"\n" + content[32:]).digest() == content[:32]  # written anew
    blocked = tmp_path / "a file"
    blocked.write_text("")
    assert answer(package, blocked / "inside") == 102
    assert answer(package, None) == 102


@pytest.mark.slow
def test_two_processes_that_compile_at_once_do_no_harm(package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    # each of four processes compiles the same kernel for whole numbers and for fractions, in its own order
    orders = [(1, 1.0), (1.0, 1), (1, 1.0), (1.0, 1)]
    asked = [
        subprocess.Popen(
            [sys.executable, "-c", f"from planner.caller import cost; print(cost({a}), cost({b}))"],
            cwd=package.parent,
            env=environment(package, kept),
            stdout=subprocess.PIPE,
            text=True,
        )
        for a, b in orders
    ]
    assert [process.communicate()[0].split() for process in asked] == [["102.0", "102.0"]] * 4
    assert len(kernels(kept)) == 4
    assert not list(kept.rglob("*.part"))
    assert answer(package, kept) == 102


@pytest.mark.slow
def test_old_folders_are_removed(package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for number in range(KEPT_STATES + 2):
        (package / "fares.py").write_text(f"START = {number}.0\n")
        assert answer(package, kept) == number + 2
    assert len(list((kept / "kernels").iterdir())) == KEPT_STATES + 1


def test_every_file_that_kernels_depend_on_is_among_the_sources() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in kernel_sources(PACKAGE)}
    # all that a kernel can take in is in its module's globals: functions and constants of modules of this package
    decorated = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(line in ("@kernel", "@lean_kernel", "@inlined") for line in path.read_text(encoding="utf-8").split("\n"))
    }
    assert len(decorated) > 30
    assert decorated <= names
    assert "units.py" in names  # imported by kernels, holds none


def test_the_folder_is_named_by_the_sources(tmp_path: Path) -> None:
    folder = kernels_folder()
    assert folder is not None
    assert folder.name == sources_hash(PACKAGE)
    assert not list(PACKAGE.rglob("*.nb[ic]"))  # numba's own files beside the sources


def test_what_was_saved_is_loaded_by_its_key() -> None:
    files = KernelFiles("somewhere.walk")
    files.save(("double", "x86"), (1, 2))
    assert files.load(("double", "x86")) == (1, 2)
    assert files.load(("single", "x86")) is None


def test_kernels_of_others_are_not_kept() -> None:
    from planner.kernels import kernel

    @kernel
    def twice(number):
        return 2 * number

    assert twice(4) == 8
    assert type(twice._cache).__name__ == "NullCache"
