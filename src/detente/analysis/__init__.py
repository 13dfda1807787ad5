"""The questions that can be asked of a dispute: each is a file or a folder, and its result is frozen data."""
