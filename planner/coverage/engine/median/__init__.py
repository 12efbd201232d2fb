"""p-median and maximal covering: a Lagrangian bound, swaps, and an exact finish."""
