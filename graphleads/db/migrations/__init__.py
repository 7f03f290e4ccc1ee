"""Alembic's migrations of the database, one file a revision: written by hand, never edited once released."""
