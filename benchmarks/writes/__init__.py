"""What a write costs a team that has much."""
