"""A draft of a whole conflict by a language model, and the check of its quotes."""
