"""The independent checker: it verifies the claims of an engine by naive definitions, and shares no code with any."""
