"""How fast a snapshot gets into Neo4j and is kept in step there, and how fast both answer the same questions."""
