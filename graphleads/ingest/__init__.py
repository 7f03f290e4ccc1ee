"""Register files in, staged tables out: deliveries, mappings, and a reader for each register."""
