"""The command line: one module for each command. It reads files and the clock, and decides nothing."""

from callstate.cli.parser import main

__all__ = ["main"]
