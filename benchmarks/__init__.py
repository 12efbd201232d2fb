"""One command for each engine, side by side with its peers."""
