"""``detente perceive``: which outcomes are equilibria when each party acts on its own view?"""

from __future__ import annotations

from detente.cli.arguments import AsOf, ConceptList, ConflictPath, OutputFormat, Undated, current, write_result
from detente.render.terminal import Format, progress


def perceive(
    file: ConflictPath,
    concept: ConceptList = None,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Analyse the dispute as each party perceives it (hypergame).

    The 'views' in the file say what a party does not see, and what it believes the other parties prefer.

    Example: detente perceive example:unforeseen-relocation --concept seq
    """
    conflict = current(file, as_of, undated)
    with progress() as report:
        answer = conflict.perceive(concept or None, progress=report)
    write_result(answer, format)
