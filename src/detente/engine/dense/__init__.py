"""The explicit engine for large conflicts: every combination of options is a cell, and the loops are compiled.

It needs the extra ``fast``.
"""
