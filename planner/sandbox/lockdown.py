"""What a child gives up before it touches a file: connections, programs, other files, memory and time without end."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from planner.sandbox.caps import cap

_NO_NEW_PRIVILEGES = 38
_SECCOMP, _FILTER = 22, 2
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_MAKE = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | _TRUNCATE  # write, remove and make files and folders; no links
_RIGHTS_OF_FIRST = (1 << 13) - 1  # Landlock's first version; later ones know more, below
_LATER_RIGHTS = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_CREATE_RULESET, _ADD_RULE, _RESTRICT = 444, 445, 446
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AS_PATH = getattr(os, "O_PATH", 0) | getattr(os, "O_CLOEXEC", 0)
_THREAD = 0x10000  # flag of clone: a thread, not a process
_X32 = 0x40000000

_EVERYWHERE = (424, 425, 426, 427, 434, 438, 452, 463, 466)  # pidfds, io_uring, later forms of chmod and setxattr
_MACHINES: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        56,
        435,
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307),  # sockets
            *(57, 58, 59, 322),  # processes and programs
            *(62, 101, 129, 310, 311),  # other processes
            *(
                90,
                91,
                92,
                93,
                94,
                132,
                188,
                189,
                190,
                197,
                198,
                199,
                235,
                260,
                261,
                268,
                280,
            ),  # who owns a file, and how
            *(155, 161, 165, 166, 175, 246, 248, 249, 250, 272, 298, 303, 304, 308, 313, 321, 323),  # the system itself
        ),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        435,
        (
            *(198, 199, 200, 201, 202, 203, 206, 211, 242, 269),
            *(221, 281),
            *(117, 129, 138, 270, 271),
            *(5, 6, 7, 14, 15, 16, 52, 53, 54, 55, 88),
            *(39, 40, 41, 51, 97, 104, 105, 217, 218, 219, 241, 264, 265, 268, 273, 280, 282),
        ),
    ),
}
"""Of each processor: the system's name of it, the numbers of clone and clone3, and the numbers of the calls refused."""


if sys.platform != "win32":
    import resource

    def _lower(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (value, hard))

    def _bound_resources(largest_file: int) -> str:
        bounds = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, largest_file), (resource.RLIMIT_NOFILE, 64))
        for what, value in bounds:
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (value, value))
        return "processor"


class Lockdown:
    """What holds for this process from now on: ``sure`` has its codes.

    ``network``: no connection and no other program. ``files``: nothing can be read but ``folder`` and the libraries, and
    nothing written, but to ``made``, where one is given, and no file larger than the cap. ``memory`` and ``processor``: the
    system ends who takes too much.
    """

    def __init__(self, folder: Path, made: Path | None = None) -> None:
        sure: list[str] = []
        self._sizes: BinaryIO | None = None
        if sys.platform != "win32":
            sure.append(_bound_resources(cap("written_mb") * 2**20 if made else 0))
        if sys.platform == "linux":
            self._sizes = Path("/proc/self/statm").open("rb", buffering=0)  # noqa: SIM115 - no file can be opened later
            libc = ctypes.CDLL(None, use_errno=True)
            libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            sure += ["memory", *_keep_to_files(libc, [folder, *_libraries()], made), *_refuse_calls(libc)]
        self.sure = sorted(sure)

    def bound(self, more_bytes: int, more_seconds: int) -> None:
        """Let the process take this much more memory and processor time, where the system can hold it to that."""
        if sys.platform != "win32":
            spent = resource.getrusage(resource.RUSAGE_SELF)
            _lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + more_seconds + 1)
            if self._sizes is not None:
                self._sizes.seek(0)
                taken = int(self._sizes.read().split()[0]) * resource.getpagesize()
                _lower(resource.RLIMIT_AS, taken + more_bytes)


def _libraries() -> list[Path]:
    """Return the folders that imports need, and nothing beside them: not the folders that scripts or the tree lie in."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = [Path(sysconfig.get_path(name)) for name in names]
    found += [
        Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages", "lib-dynload")
    ]
    found += [Path(sys.base_prefix) / "lib", Path(__file__).parents[1]]
    found += [
        Path(system) for system in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")
    ]
    found += [Path(os.environ[name]) for name in ("GDAL_DATA", "PROJ_DATA", "PROJ_LIB") if os.environ.get(name)]
    return found


def _keep_to_files(libc: ctypes.CDLL, readable: Iterable[Path], made: Path | None) -> list[str]:
    """Let Landlock allow reading below these paths, writing below ``made``, and no other touch of the file system."""
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return []
    rights = _RIGHTS_OF_FIRST | sum(bit for since, bit in _LATER_RIGHTS.items() if version >= since)
    net = 3 if version >= 4 else 0  # listening and connecting
    scoped = 3 if version >= 6 else 0  # abstract sockets and signals
    attributes = struct.pack("<QQQ", rights, net, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return []
    try:
        allowed = [(path, _READ_FILE | (_READ_DIR if path.is_dir() else 0)) for path in readable]
        allowed += [(made, (_READ_FILE | _READ_DIR | _MAKE) & rights)] if made else []
        for path, right in allowed:
            with suppress(OSError):
                opened = os.open(path, _AS_PATH)
                rule = struct.pack("<Qi", right, opened)
                libc.syscall(_ADD_RULE, rules, 1, rule, 0)
                os.close(opened)
        return ["files"] if libc.syscall(_RESTRICT, rules, 0) == 0 else []
    finally:
        os.close(rules)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _refuse_calls(libc: ctypes.CDLL) -> list[str]:
    """Let seccomp refuse the calls that open connections, start programs or touch other processes."""
    known = _MACHINES.get(platform.machine())
    if known is None or sys.byteorder != "little" or sys.maxsize < 2**32:
        return []
    machine, clone, clone3, refused = known

    def step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
        return struct.pack("<HBBI", code, if_so, if_not, value)

    def unless(test: int, value: int, answer: int) -> list[bytes]:
        return [step(test, value, 0, 1), step(_RETURN, answer)]

    steps = [step(_LOAD, 4), step(_EQUAL, machine, 1, 0), step(_RETURN, _KILL), step(_LOAD, 0)]
    steps += unless(_AT_LEAST, _X32, _ERRNO | _EPERM)
    for number in (*refused, *_EVERYWHERE):
        steps += unless(_EQUAL, number, _ERRNO | _EPERM)
    steps += unless(_EQUAL, clone3, _ERRNO | _ENOSYS)  # libraries then use clone, whose flags a filter can see
    steps += [step(_EQUAL, clone, 0, 3), step(_LOAD, 16), step(_ANY_BIT, _THREAD, 1, 0), step(_RETURN, _ERRNO | _EPERM)]
    steps.append(step(_RETURN, _ALLOW))
    program = _Program(len(steps), b"".join(steps))
    return ["network"] if libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0 else []
