"""The code lists that the product ships, made from lists that others keep: `python -m codelists`."""
