"""Mappings: how any table becomes staged tables, column by column."""
