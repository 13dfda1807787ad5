"""The independent checker: naive definitions, which share no code with the engines."""
