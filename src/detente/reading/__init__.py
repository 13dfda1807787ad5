"""Documents to statements."""
