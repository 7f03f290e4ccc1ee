"""One module a register format, registered as entry points of the group `graphleads.readers`."""
