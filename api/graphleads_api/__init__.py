"""The HTTP face of graphleads."""
