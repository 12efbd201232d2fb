"""Engines that answer a routing problem, one module each."""
