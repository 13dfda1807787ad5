"""The independent checker: it verifies an engine's claims by naive definitions and shares no code with any engine."""
