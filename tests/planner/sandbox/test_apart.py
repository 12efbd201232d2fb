"""A foreign file is read where nothing else can be reached: here the file is a program that tries, run by the child."""

from __future__ import annotations

import socket
import sys
import textwrap
from pathlib import Path

import pytest

from planner.errors import BadDataError, UsageError
from planner.sandbox import cap, made_apart, protections, run_apart

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and Landlock are Linux'")


def outcome(folder: Path, program: str) -> str:
    """Return what a program, read as a foreign file, got: its ``got``, or the error that it met."""
    lines = ["import os, socket, subprocess", "from planner.errors import BadDataError", "try:"]
    lines += textwrap.indent(textwrap.dedent(program), "    ").splitlines()
    lines += ["except Exception as error:", "    got = type(error).__name__", "raise BadDataError(f'got {got}')"]
    (folder / "hostile.py").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadDataError) as caught:
        run_apart("runpy:run_path", folder / "hostile.py")
    return str(caught.value)


def test_a_plain_answer_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "村.JSON"
    file.write_text('{"a": [1, 2.5, null, "县"]}', encoding="utf-8")
    assert run_apart("os.path:basename", file) == "input.json"
    assert run_apart("os.path:getsize", file) == file.stat().st_size


def test_files_of_a_folder_share_a_child_and_those_of_another_have_their_own(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    first, second, other = (outcome(folder, "got = os.getpid()") for folder in (here, here, there))
    assert first == second != other


@linux_only
def test_the_system_holds_the_child_to_all(tmp_path: Path) -> None:
    assert protections() == {"network", "files", "memory", "processor"}


@linux_only
@pytest.mark.parametrize(
    ("program", "met"),
    [
        ("got = socket.socket()", "PermissionError"),
        ("got = socket.socketpair()", "PermissionError"),
        ("got = subprocess.run(['/bin/true'])", "PermissionError"),
        ("got = os.fork()", "PermissionError"),
        ("got = os.execv('/bin/true', ['true'])", "PermissionError"),
        ("got = open('/etc/passwd').read()", "PermissionError"),
        ("got = os.listdir('/')", "PermissionError"),
        ("got = os.listdir(os.path.expanduser('~'))", "PermissionError"),
        ("got = open('/proc/self/environ').read()", "PermissionError"),
        ("got = open('/tmp/planner-written', 'w')", "PermissionError"),
        ("got = open('written', 'w')", "PermissionError"),
        ("got = os.chmod('.', 0o777)", "PermissionError"),
        ("got = os.kill(os.getppid(), 9)", "PermissionError"),
        ("got = os.environ.get('PLANNER_TRIAL_SECRET')", "None"),
        ("import threading; t = threading.Thread(target=int); t.start(); t.join(); got = 'a thread'", "a thread"),
    ],
)
def test_what_a_file_cannot_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, met: str) -> None:
    monkeypatch.setenv("PLANNER_TRIAL_SECRET", "secret")
    assert outcome(tmp_path, program) == f"got {met}"


@linux_only
def test_a_file_cannot_reach_a_listener(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        assert outcome(tmp_path, f"got = socket.create_connection(('127.0.0.1', {port}))") == "got PermissionError"
        with pytest.raises(TimeoutError):
            server.accept()
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()  # one that may call is heard


@linux_only
@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("while True: pass", "seconds"),
        ("import time; time.sleep(60)", "seconds"),
        ("got = bytearray(600 * 2**20)", "memory_mb"),
        ("os.write(2, b'memory allocation of 9 bytes failed'); os.abort()", "memory_mb"),  # as Rust ends
        ("os.write(2, b'x' * 2**20); os.abort()", None),
        ("os.abort()", None),
        ("os._exit(3)", None),
    ],
)
def test_too_much_is_one_error_that_says_how_to_allow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, name: str | None
) -> None:
    monkeypatch.setenv("PLANNER_MAX_SECONDS", "1")
    monkeypatch.setenv("PLANNER_MAX_MEMORY_MB", "500")
    (tmp_path / "hostile.py").write_text(f"import os\n{program}\n", encoding="utf-8")
    with pytest.raises(BadDataError, match=r"^hostile\.py: ") as caught:
        run_apart("runpy:run_path", tmp_path / "hostile.py")
    assert f"PLANNER_MAX_{name.upper()}" in str(caught.value) if name else "its reader stopped" in str(caught.value)
    assert run_apart("os.path:basename", tmp_path / "hostile.py") == "input.py"  # the next file is read all the same


def test_an_answer_may_not_be_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_MAX_ANSWER_MB", "1")
    (tmp_path / "a.txt").write_bytes(b"a")
    with pytest.raises(BadDataError, match="PLANNER_MAX_ANSWER_MB"):
        run_apart("posixpath:join" if sys.platform != "win32" else "ntpath:join", tmp_path / "a.txt", "b" * 2**21)


def test_an_answer_that_is_no_plain_value_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    with pytest.raises(BadDataError, match="answer is damaged"):
        run_apart("collections:UserString", tmp_path / "a.txt")


def test_caps_are_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("many", "-1", "0", "1e3", "9" * 40):
        monkeypatch.setenv("PLANNER_MAX_CELLS", given)
        with pytest.raises(UsageError, match="PLANNER_MAX_CELLS"):
            cap("cells")
    monkeypatch.setenv("PLANNER_MAX_CELLS", "12")
    assert cap("cells") == 12


MAKER = """
import os, sys
def make(copy, made, what):
    here = os.path.dirname(made)
    try:
        exec(what, {"made": made, "here": here, "os": os, "copy": copy})
    except OSError as error:
        return type(error).__name__
    return "done"
"""


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> tuple[str, bytes]:
    """Return what a maker said of a program, and what it made."""
    (folder / "site-packages").mkdir(exist_ok=True)
    (folder / "site-packages" / "trial_maker.py").write_text(MAKER, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder / "site-packages"))
    (folder / "a.txt").write_text("a", encoding="utf-8")
    with made_apart("trial_maker:make", folder / "a.txt", "made.txt", what, ending=".txt") as (said, path):
        return said, path.read_bytes()


@linux_only
@pytest.mark.parametrize(
    ("program", "met"),
    [
        ("open(here + '/aside', 'w').write('b'); os.remove(here + '/aside')", "done"),
        ("open(here + '/../written', 'w')", "PermissionError"),
        ("open(copy, 'w')", "PermissionError"),
        ("open('/tmp/planner-written', 'w')", "PermissionError"),
        ("os.symlink('/etc/passwd', here + '/link')", "PermissionError"),
        ("os.link(copy, here + '/link')", "OSError"),
        ("os.mkfifo(here + '/pipe')", "PermissionError"),
        ("os.rename(made, here + '/../moved')", "PermissionError"),
        ("import socket; socket.socket()", "PermissionError"),
        ("open('/etc/passwd')", "PermissionError"),
        ("open(made, 'wb').write(bytes(3 * 2**20))", "OSError"),
    ],
)
def test_who_makes_a_file_writes_to_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, met: str
) -> None:
    monkeypatch.setenv("PLANNER_MAX_WRITTEN_MB", "2")
    said, content = made(tmp_path, monkeypatch, f"open(made, 'w').write('right')\n{program}")
    assert said == met
    assert content == b"right" or len(content) == 2 * 2**20


def test_what_was_not_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadDataError, match="answer is damaged"):
        made(tmp_path, monkeypatch, "os.mkdir(made)")
