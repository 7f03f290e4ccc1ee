"""Statements of the Beneficial Ownership Data Standard, 0.2 to 0.4, as rows of staged tables."""
