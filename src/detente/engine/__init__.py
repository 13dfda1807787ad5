"""The answers, fast: engines behind one interface.

An engine sees a compiled conflict, never a file. `solver` picks one by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.concepts import Concept
from detente.engine.interface import Solver
from detente.errors import TooLargeError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress

ENGINES = ("explicit", "symbolic")

#: Up to so many options there are few enough states to list whatever the rules say.
EXPLICIT_OPTIONS = 18
#: Up to so many feasible states the explicit engine decides every concept, however many options there are.
EXPLICIT_STATES = 2**18
#: The same where it has to list moves one by one: as binary logarithms, where states are merged and for coalitions.
LISTED_MERGED, LISTED_TOGETHER = 16, 11


def solver(
    conflict: Conflict, engine: str = "auto", progress: Progress = no_progress, concepts: Sequence[Concept] = ()
) -> Solver:
    """Compile a conflict for an engine; ``auto`` picks the one that suits it.

    ``auto`` takes the explicit engine for up to 18 options; for more where the rules leave no more than 2^18 states;
    and for what only it decides (concepts that know how sure a preference is). It takes the symbolic one beyond, where
    the explicit one has no room, and for a concept asked for by name that the explicit one leaves out for so many
    states. Where states are merged the explicit one is taken up to 16 options or 2^16 combinations that the rules
    leave, with a standing coalition up to 11 or 2^11: it lists their moves one by one. From 2^12 combinations
    on, SIM is then decided on decision diagrams, where `detente.engine.mixed` can.

    Parameters
    ----------
    concepts
        What will be asked for, where that is known: it counts for ``auto`` only.

    Raises
    ------
    UnknownNameError
        For an engine that there is not.
    InputError
        When the conflict has no feasible state, or the extra that the engine needs is not installed.
    TooLargeError
        When the engine cannot hold the conflict, with the figure.
    """
    if engine not in ("auto", *ENGINES):
        raise UnknownNameError("engine", engine, ("auto", *ENGINES))
    if engine == "symbolic":
        from detente.engine.symbolic import symbolic_solver

        return symbolic_solver(conflict, progress)
    from detente.engine.explicit import explicit_solver
    from detente.engine.mixed import sim_by_diagrams
    from detente.engine.symbolic import available, has_room

    if engine == "explicit" or not (available() and has_room()):
        return explicit_solver(conflict, progress)
    if all(concept.family == "plain" for concept in concepts):
        return _suitable(conflict, progress, concepts)
    return explicit_solver(conflict, progress, sim_by_diagrams)


def must_have_few(conflict: Conflict, most: int, asked: str, engine: str = "auto") -> None:
    """Refuse a question of a conflict with more states than it can be asked of, before any of them is listed.

    Raises
    ------
    TooLargeError
        With the figure, and what can be done or asked instead.
    """
    if len(conflict.options) < most.bit_length():
        return
    count = solver(conflict, engine).count
    if count > most:
        raise TooLargeError(f"{count:,} states are more than the {most:,} {asked}: {INSTEAD}")


#: What can be done about a dispute that is too large for a question.
INSTEAD = (
    "say under 'rules' what cannot happen or under 'merge' which states are one, or ask of 'detente analyze --summary' "
    "how many equilibria there are and of 'detente explain' why a state is one"
)


def _suitable(conflict: Conflict, progress: Progress, concepts: Sequence[Concept]) -> Solver:
    """Compile what both engines could decide for the one that suits it."""
    from detente.engine.explicit import explicit_solver
    from detente.engine.mixed import sim_by_diagrams
    from detente.engine.symbolic import symbolic_solver

    most_options, most_members = _room(conflict)
    if len(conflict.options) <= most_options:
        try:
            compiled = explicit_solver(conflict, progress, sim_by_diagrams)
        except TooLargeError:
            return symbolic_solver(conflict, progress)
        if not any(compiled.refuses(concept) for concept in concepts):
            return compiled
        return symbolic_solver(conflict, progress)
    counted = symbolic_solver(conflict, progress)
    if counted.members > most_members:
        return counted
    try:
        return explicit_solver(conflict, progress, sim_by_diagrams)
    except TooLargeError:
        # Few states, and too many on the way to them.
        return counted


def _room(conflict: Conflict) -> tuple[int, int]:
    """Return up to how many options, and how many combinations that the rules leave, the explicit engine is taken."""
    listed = EXPLICIT_OPTIONS
    if conflict.merge:
        listed = min(listed, LISTED_MERGED)
    if any(len(members) > 1 for members in conflict.players):
        listed = min(listed, LISTED_TOGETHER)
    return listed, min(EXPLICIT_STATES, 1 << listed)


__all__ = ["ENGINES", "INSTEAD", "Solver", "must_have_few", "solver"]
