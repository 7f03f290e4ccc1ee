"""Code lists: countries and identifier schemes."""
