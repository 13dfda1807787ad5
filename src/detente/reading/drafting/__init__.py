"""A first draft of a conflict, from documents."""
