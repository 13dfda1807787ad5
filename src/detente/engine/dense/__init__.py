"""The arrays of the explicit engine in compiled loops."""
