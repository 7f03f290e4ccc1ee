"""Who works on which company: claims, exclusions, the events behind both, and the runs that were shown."""
