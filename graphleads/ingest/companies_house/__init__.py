"""What Companies House writes: control of companies, officers, numbers, nationalities."""
