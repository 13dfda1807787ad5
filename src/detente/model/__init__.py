"""What a dispute is: decision makers, options, conditions, rules, preferences and states.

Knows nothing of arrays, files or screens.
"""
