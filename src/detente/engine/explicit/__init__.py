"""The explicit engine: every feasible state has a place in an array."""
