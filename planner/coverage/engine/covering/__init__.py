"""Set covering: row-weighting local search, and integer programmes of regions for the bound."""
