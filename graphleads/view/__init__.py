"""The answers as JSON objects and as rows of tables: one serialiser for the command line and for HTTP."""
