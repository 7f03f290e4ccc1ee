"""Which unclaimed companies are near the won customers, and why."""
