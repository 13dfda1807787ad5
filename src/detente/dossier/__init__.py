"""Sources, statements, and what each supports: who said what, when, of whom."""

from detente.dossier.statements import KINDS, Source, Statement

__all__ = ["KINDS", "Source", "Statement"]
