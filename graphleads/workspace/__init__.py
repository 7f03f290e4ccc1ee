"""The composition root: the main job step by step, over the files and the database of one home."""
