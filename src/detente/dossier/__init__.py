"""Sources, statements, and what each supports: who said what, when, of whom."""

from detente.dossier.statements import FORMS, KINDS, Dossier, Skipped, Source, Statement

__all__ = ["FORMS", "KINDS", "Dossier", "Skipped", "Source", "Statement"]
