"""Compiled search and bounds for siting at province size: Lagrangian dual, swaps, branch and bound, set covering."""
