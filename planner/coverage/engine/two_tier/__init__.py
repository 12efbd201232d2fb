"""Both tiers sited together: a Lagrangian bound and annealing."""
