"""The inner loops, compiled by numba: import them only where they run, since numba takes a while to import.

Compiled code is kept on disk (`cache=True`), so that only the first run on a machine pays for compiling. Kernels let go of
the interpreter lock and get arrays bundled as named tuples.
"""
