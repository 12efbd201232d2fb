"""Foreign files are read here, by a function of ours in a child process that can do nothing else.

The child sees a copy of the file in an empty folder. Where the system lets it (Linux: seccomp and Landlock), it can open no
connection, start no program and read no other file of the machine; it has caps on memory, time and the size of its answer. A
child that crashes or goes beyond a cap is one `BadDataError`. This room knows no format of files: who reads one gives the
function's name, and the function returns plain values and arrays.

`run_apart` runs a function on a file, `made_apart` one that makes a file of it, `protections` tells what holds on this
system, `caps` knows every cap and how to raise it.
"""

from planner.sandbox.apart import made_apart, protections, run_apart
from planner.sandbox.caps import CAPS, cap, cap_fault, over_cap, variable
from planner.sandbox.web_page import web_page_fault

__all__ = [
    "CAPS",
    "cap",
    "cap_fault",
    "made_apart",
    "over_cap",
    "protections",
    "run_apart",
    "variable",
    "web_page_fault",
]
