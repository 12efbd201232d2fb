"""Sites with capacities and minimum loads: a Lagrangian bound with knapsacks, annealing, cuts."""
