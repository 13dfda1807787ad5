"""The trained tagger: a small transformer, run by NumPy."""
