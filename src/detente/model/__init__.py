"""The model of a dispute: conflict, conditions, preferences, states, statements, evidence and dates.

This layer knows no arrays, files or screens.
"""
