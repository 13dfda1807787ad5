"""Making the models that the package carries; nothing here is needed to use it."""
