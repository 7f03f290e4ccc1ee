"""What files look like: where they are read from, their encodings, and the tables that are in them."""
