"""The symbolic engine: sets of states are decision diagrams, never lists."""
