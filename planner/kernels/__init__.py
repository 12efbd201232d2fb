"""Compiled kernels: the decorators that compile them and the folder that keeps the result between processes.

Import this room only where kernels run or are written: numba takes half a second to import.
"""

from planner.kernels.compile import inlined, kernel, lean_kernel

__all__ = ["inlined", "kernel", "lean_kernel"]
