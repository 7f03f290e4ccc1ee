"""The graph in Neo4j: its model there, and how a snapshot is loaded, kept in step and compared."""
