"""A Neo4j graph as a source: fetched into files of a delivery, and read from them by a mapping."""
