"""The symbolic engine: states are not listed, sets of them are decision diagrams. Needs the extra ``symbolic``."""
