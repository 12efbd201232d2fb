"""What compiled code is made from: the files that hold kernels, and all that these import.

A kernel takes callees and constants of other modules in when it is compiled. Its own file does not tell whether it is
still up to date; all of these files together do.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

import numba

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))", re.M)
_NAME = re.compile(rb"[\w.]+")
_ROOM = "planner.kernels"


def kernel_sources(package: Path) -> list[Path]:
    """Return the files of the package whose contents compiled kernels depend on, sorted by path.

    These are the files that import from `planner.kernels`, that room itself, and every module of the package that they
    import, directly or through others.
    """
    modules = {_module_of(path, package): path for path in package.rglob("*.py")}
    imports = {name: _imported(path.read_bytes(), set(modules)) for name, path in modules.items()}
    waiting = [name for name in modules if name.startswith(_ROOM) or any(n.startswith(_ROOM) for n in imports[name])]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imports[name]
    return sorted(modules[name] for name in found)


def sources_hash(package: Path) -> str:
    """Return the hash that names the folder of compiled kernels: their sources, and the versions of numba and Python."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.implementation.cache_tag} {sys.version}".encode())
    for path in kernel_sources(package):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:20]


def _module_of(path: Path, package: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(source: bytes, modules: set[str]) -> set[str]:
    """Return the modules that a source text imports; a name may itself be a module."""
    found: set[str] = set()
    for origin, names, plain in _IMPORT.findall(source):
        if origin:
            start = origin.decode()
            found |= {start, *(f"{start}.{name.decode()}" for name in _NAME.findall(names))}
        else:
            found |= {name.decode() for name in _NAME.findall(plain)}
    return found & modules
