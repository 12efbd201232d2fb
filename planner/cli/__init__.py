"""The command line: one module a family of commands, and the tables they print.

Nothing is imported here, and a command imports what it needs when it runs: help comes at once.
"""
