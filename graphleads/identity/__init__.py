"""Identity: which ids are one company or probably one person, and which company a customer is."""
