"""Measurements, each beside something run on the same machine in the same minutes."""
