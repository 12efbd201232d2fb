"""One command for each engine, side by side with its peers: ``python -m benchmarks.network | routing | coverage``."""
