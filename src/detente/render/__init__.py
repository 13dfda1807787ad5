"""Blocks as a terminal, a page, Markdown, LaTeX or PDF shows them."""
