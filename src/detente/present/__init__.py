"""The only place that words results: one view for each question, made of blocks."""
