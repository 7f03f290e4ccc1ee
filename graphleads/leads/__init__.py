"""Who works on which company: claims, exclusions, and the events behind both."""
