"""The tables that everything meets in: their schemas, and the deliveries that carry them."""
