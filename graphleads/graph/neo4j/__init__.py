"""The graph in Neo4j: the connection, its model there, how a snapshot is loaded and compared, and how it is asked."""
