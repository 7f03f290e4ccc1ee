"""The graph: deliveries folded into versions of facts, built into immutable snapshots, read as entities or arrays."""
