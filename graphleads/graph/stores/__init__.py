"""The graph as entities: one module per engine that keeps it."""
