"""The conflict file, .gmcr, tables and graphs: read and write."""
