"""Reading documents: from a text to statements with speakers, kinds, dates and quotes."""
