"""Tables of any origin, read by a mapping that says what their columns are."""
