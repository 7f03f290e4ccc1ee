"""What is measured inside a process of its own; each task returns what becomes its JSON."""
