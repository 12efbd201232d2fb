"""The command line: `app` puts the commands together, one module a family of them; tables for people."""
