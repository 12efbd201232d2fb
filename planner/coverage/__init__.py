"""Siting of service points and express stations: set covering, maximal covering, p-median."""
