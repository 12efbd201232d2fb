"""Covering over years with budgets and targets: annealing, a Lagrangian bound, a restricted programme."""
