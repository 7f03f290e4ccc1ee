"""Files in, staged tables out: deliveries, readers, mappings and customer lists."""
