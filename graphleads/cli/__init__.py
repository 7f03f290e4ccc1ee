"""The command line: `graphleads`."""

from graphleads.cli.app import main

__all__ = ["main"]
