"""Reading and writing conflict files, dossiers, .gmcr files, tables and graphs."""
