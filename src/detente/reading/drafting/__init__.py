"""Drafting a whole conflict with a language model, and checking its quotes."""
