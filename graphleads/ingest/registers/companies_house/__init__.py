"""What Companies House writes: companies, officers, and who controls them."""
