"""The explicit engine: every feasible state has an index in arrays."""
