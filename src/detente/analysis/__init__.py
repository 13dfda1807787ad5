"""The questions that can be asked of a dispute. Each is a module or a package, and its result is immutable data."""
