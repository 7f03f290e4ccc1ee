"""How fast a country's register is read, linked, built, opened and asked, and how fast others do the same."""
