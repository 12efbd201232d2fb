"""One child process: its folder of copies, what is asked of it, and how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, Message, of_file, system_fault
from planner.sandbox.caps import PREFIX, TOO_LARGE, cap, over_cap
from planner.sandbox.frames import TooLargeError, read_frame, write_frame
from planner.sandbox.web_page import web_page_fault

_MB = 2**20
_BEGINNING = 2**16
_START_S = 120  # a machine under load, with a cold disk
_PASSED_ON = ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "TZ")
_NO_MEMORY = (b"memory allocation of ", b"bad_alloc")  # the last words of Rust and of C++


class ChildProcess:
    """One process and its folder of copies; one that ``makes`` files has a folder in it that it may write to."""

    def __init__(self, area: Path, *, makes: bool = False) -> None:
        self.area = area
        self.folder = Path(tempfile.mkdtemp(prefix="planner-read-"))
        self.makes = self.folder / "made"
        self.number = 0
        self.idle_since = 0.0
        script = Path(__file__).with_name("child.py")
        kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(PREFIX)}
        if makes:
            self.makes.mkdir()
            kept |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.makes))  # of libraries that set things aside
        said = self._place_for_words()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(script), json.dumps(sys.path), str(self.folder), str(int(makes))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            cwd=self.folder,
        )
        if said >= 0:
            os.close(said)
        try:
            with self._timer(_START_S):
                self.sure: list[str] = read_frame(self._out, _MB)
        except BaseException:
            self.end()
            raise

    def _place_for_words(self) -> int:
        """Return where the child's libraries may say why they give up: a pipe that holds no one up when it is full."""
        self._words, said = -1, subprocess.DEVNULL
        if sys.platform != "win32":
            self._words, said = os.pipe()
            os.set_blocking(self._words, False)
            os.set_blocking(said, False)
        return said

    def _said(self) -> bytes:
        """Return what was said since this was asked last, at most a pipe full."""
        with contextlib.suppress(OSError):
            return os.read(self._words, _MB)
        return b""

    @property
    def _out(self) -> Any:
        return self.process.stdout

    @contextlib.contextmanager
    def _timer(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process when the time is over; the event says so."""
        over = threading.Event()

        def stop() -> None:
            over.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()

    def copy(self, path: Path, neighbours: Sequence[str], name: str) -> Path:
        """Return a copy of the file in an empty folder, with those of its neighbours that are plain files."""
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        size = 0
        try:
            size += _copy_file(path, place / name)
            for beside in sorted(path.parent.iterdir()) if neighbours else ():
                ending = beside.name[len(path.stem) :].lower()
                plain = stat.S_ISREG(beside.lstat().st_mode)
                if beside.stem == path.stem and ending in neighbours and plain:
                    size += _copy_file(beside, place / (name.partition(".")[0] + ending))
        except OSError as error:
            raise BadDataError(
                of_file(path.name, Message("cannot be opened: {why}", why=system_fault(error)))
            ) from error
        if size > cap("file_mb") * _MB:
            raise over_cap(path.name, "file_mb")
        if fault := web_page_fault(_beginning(place / name)):
            raise BadDataError(of_file(path.name, fault))
        place.chmod(0o500)
        return place / name

    def ask(self, function: str, arguments: Sequence[object], path: Path) -> dict[str, Any]:
        """Return the child's answer; one that crashes, is killed or says too much answers so, too."""
        request = {
            "function": function,
            "arguments": arguments,
            "memory_mb": cap("memory_mb"),
            "seconds": cap("seconds"),
        }
        self._said()  # of the file before
        with self._timer(cap("seconds")) as over:
            try:
                write_frame(self.process.stdin, request)  # type: ignore[arg-type] # a pipe, as asked for
                answer = read_frame(self._out, cap("answer_mb") * _MB)
                return answer if isinstance(answer, dict) else {}
            except TooLargeError:
                return {"over": "answer_mb"}
            except ValueError:
                return {"fault": Message("its reader's answer is damaged")}
            except (EOFError, OSError):
                ended = self.process.wait()
        if over.is_set() or ended == -24:  # the signal for too much processor time
            return {"over": "seconds"}
        said = self._said()
        if ended == -9 or any(words in said for words in _NO_MEMORY):
            return {"over": "memory_mb"}
        if TOO_LARGE.encode() in said:
            return {"over": "written_mb"}
        return {"fault": Message("its reader stopped ({number})", number=ended)}

    def end(self) -> None:
        """End the process and delete its copies."""
        self.process.kill()
        if self._words >= 0:
            os.close(self._words)
            self._words = -1
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()
        for place in self.folder.glob("*"):
            with contextlib.suppress(OSError):
                place.chmod(0o700)
        shutil.rmtree(self.folder, ignore_errors=True)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BEGINNING)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file at once: a named pipe would wait for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _copy_file(source: Path, target: Path) -> int:
    with open(source, "rb", opener=_without_waiting) as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise IsADirectoryError(21, "not a file")
        if about.st_size > cap("file_mb") * _MB:
            raise over_cap(source.name, "file_mb")
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy, _MB)
    target.chmod(0o400)
    return about.st_size
