"""Conflict files as YAML: parse, schema, validate, build, write, edit, merge."""
