"""A register that never was: any size, seeded, with a CRM export and the known answers beside it."""
