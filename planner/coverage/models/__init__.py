"""Siting as integer programmes for HiGHS: every objective with every rule, exact at county size."""
