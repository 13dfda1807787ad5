"""A tagger that was trained: a small transformer, run by NumPy."""
