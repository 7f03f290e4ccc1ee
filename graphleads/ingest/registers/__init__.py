"""A package a register: its reader, an entry point of the group `graphleads.readers`, and what it alone needs."""
