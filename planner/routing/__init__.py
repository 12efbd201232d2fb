"""Consolidated delivery and collection rounds: the problem, its engines and the check that replays every plan."""
