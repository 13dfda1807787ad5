"""What a dispute is: conflict, conditions, preferences, states, statements, evidence and dates.

Knows nothing of arrays, files or screens.
"""
