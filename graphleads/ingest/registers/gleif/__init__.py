"""What GLEIF publishes: legal entities, their relationships, and why a parent is not reported."""
