"""The choice of the engine that decides a concept: the one that the user names, or the one that suits the conflict.

- *Explicit*: every feasible state has an index in arrays. It decides every concept. It has two solvers: the general
  one, and the *dense* one for large conflicts without special features. The dense solver's compiled loops (the extra
  ``fast``) take longer to load than a small conflict takes to solve.
- *Symbolic*: sets of states are decision diagrams. The size of a diagram depends on how the
  conflict's conditions are connected, not on the number of states. It only knows which of two states is better, not by
  how much or how surely.

`solver` compiles a conflict for one of them. `listing` compiles it for questions that go through every state.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from detente.concepts import CONCEPTS, Concept
from detente.engine.interface import Choice, ListingSolver, Solver
from detente.engine.memory import SYMBOLIC_SPACE, address_space_left, memory_available
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.lazy import lazy
from detente.limits import MAX_MEMBERS
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising, Weights
from detente.model.questions import Progress, no_progress

if TYPE_CHECKING:
    from detente.engine import mixed
    from detente.engine import progress as long_work
    from detente.engine import space as state_space
    from detente.engine.dense import combinations, loops, suitability
    from detente.engine.dense import solver as dense
    from detente.engine.explicit import cube
    from detente.engine.explicit import solver as explicit
    from detente.engine.explicit.players import Player
    from detente.engine.space import Bools, StateSpace
    from detente.engine.symbolic import sets as symbolic_sets
    from detente.engine.symbolic import solver as symbolic
    from detente.engine.symbolic import space as symbolic_space
else:
    mixed = lazy("detente.engine.mixed")
    long_work = lazy("detente.engine.progress")
    state_space = lazy("detente.engine.space")
    dense = lazy("detente.engine.dense.solver")
    combinations = lazy("detente.engine.dense.combinations")
    loops = lazy("detente.engine.dense.loops")
    cube = lazy("detente.engine.explicit.cube")
    suitability = lazy("detente.engine.dense.suitability")
    explicit = lazy("detente.engine.explicit.solver")
    symbolic_sets = lazy("detente.engine.symbolic.sets")
    symbolic = lazy("detente.engine.symbolic.solver")
    symbolic_space = lazy("detente.engine.symbolic.space")

ENGINES = ("explicit", "symbolic")

#: Up to this number of options, or of feasible states as a binary logarithm, the explicit engine is used: it decides
#: so few states in a second.
EXPLICIT_OPTIONS = 17
#: The same if moves must be listed one by one: for merged states and for coalitions.
LISTED_MERGED, LISTED_TOGETHER = 16, 11

#: Number of combinations of options from which the compiled loops are worth loading.
DENSE_FROM = 2**19
#: Number of combinations, and of states for SIM, from which an answer waits for loops that are not compiled yet:
#: without them it would take longer than compiling.
DENSE_WAIT_FROM, SIM_WAIT_FROM = 2**21, 2**16
#: If the rules leave a smaller share of the combinations than this, the general solver needs less memory.
DENSE_SHARE = 1 / 32

#: Number of feasible combinations from which SIM is first tried on decision diagrams.
SIM_DIAGRAMS_FROM = 2**12
#: Maximum number of nodes of these diagrams per combination, in total and for the preferences alone. Ranks that need
#: more have no structure to exploit; giving up then costs little time compared with the explicit engine.
NODES_EACH, RANK_NODES_EACH = 16, 1

#: Number of states from which SIM is decided on a cube: by running minima, and by compiled loops, which must be loaded.
SIM_CUBE_FROM, SIM_COMPILED_FROM = 2**11, 2**15

#: Up to this number of options the general explicit solver decides everything, without further checks.
SMALL_OPTIONS = 10

#: The error if the symbolic engine is asked for on a machine without its library.
NO_DIAGRAMS = (
    "the symbolic engine needs OxiDD, which cannot be imported on this machine: reinstall the package oxidd, or use "
    "the explicit engine"
)

#: Advice for a dispute that is too large for a question.
INSTEAD = (
    "Exclude impossible states under 'rules', join states under 'merge', or use 'detente analyze --summary' to count "
    "the equilibria and 'detente explain' to explain one state"
)


def solver(
    conflict: Conflict, engine: str = "auto", progress: Progress = no_progress, concepts: Sequence[Concept] = ()
) -> Solver:
    """Compile a conflict for an engine; ``auto`` picks the one that suits it.

    ``auto`` takes the explicit engine

    - for up to 17 options, and for more options if the rules leave at most 2^17 states;
    - if states are merged, for up to 16 options or 2^16 combinations that the rules leave, and with a standing
      coalition for up to 11 options or 2^11 combinations, because it then lists the moves one by one;
    - for concepts that need to know how sure a preference is, because only it decides them.

    In all other cases it takes the symbolic engine, also for a concept that the user names and the explicit engine
    refuses for so many states. If the states fit into memory, none is merged and there is no standing coalition, it
    does so within a budget for each concept, and takes the explicit engine for what exceeds it (`MixedSolver`).
    From 2^12 combinations on, decision diagrams decide SIM for the explicit engine if
    `sim_by_diagrams` can; if not, `sim_on_cube` decides it faster than the comparison of all states where it can.

    Parameters
    ----------
    conflict
        The dispute.
    engine
        ``auto`` or one of `ENGINES`.
    progress
        Called with the share of the work done and a description of the current step.
    concepts
        The concepts that will be asked for, if known; only ``auto`` uses them.

    Raises
    ------
    UnknownNameError
        For an unknown engine.
    InputError
        If the conflict has no feasible state, or the library that the engine needs cannot be imported.
    TooLargeError
        If the engine cannot hold the conflict; the message gives the figure.
    """
    if engine not in ("auto", *ENGINES):
        raise UnknownNameError("engine", engine, ("auto", *ENGINES))
    if engine == "symbolic":
        if not symbolic_installed():
            raise InputError(NO_DIAGRAMS)
        return symbolic.SymbolicSolver(conflict, progress)
    if len(conflict.options) <= SMALL_OPTIONS:
        return explicit.ExplicitSolver(conflict, progress)
    left = address_space_left()
    if engine == "explicit" or (left is not None and left < SYMBOLIC_SPACE):
        return _explicit(conflict, progress, sim_on_cube)
    if all(concept.family == "plain" for concept in concepts):
        return _suitable(conflict, progress, concepts)
    return _explicit(conflict, progress, sim_elsewhere)


def listing(conflict: Conflict, most: int | None = None, asked: str = "") -> ListingSolver:
    """Compile a conflict for the explicit engine, for a question that goes through every state.

    Raises
    ------
    InputError
        If the conflict has no feasible state.
    TooLargeError
        If there are more than ``most`` states; ``asked`` says what the limit is for (see `must_have_few`).
    """
    if most is not None:
        must_have_few(conflict, most, asked)
    return explicit.ExplicitSolver(conflict)


def with_preferences(compiled: Solver, conflict: Conflict) -> Solver:
    """Compile a conflict that has been compiled with other preferences: states and listed moves are found once."""
    if type(compiled) is explicit.ExplicitSolver:
        return compiled.with_preferences(conflict)
    return solver(conflict)


def must_have_few(conflict: Conflict, most: int, asked: str, engine: str = "auto") -> None:
    """Refuse a question about a conflict with too many states, before any of them is listed.

    Raises
    ------
    TooLargeError
        With the figures, and what to do or ask instead. ``asked`` completes "the limit …", such as ``for tables``.
    """
    if len(conflict.options) < most.bit_length():
        return
    count = solver(conflict, engine).count
    if count > most:
        raise TooLargeError(f"the conflict has {count:,} states; the limit {asked} is {most:,}. {INSTEAD}")


@cache
def symbolic_installed() -> bool:
    """Tell whether OxiDD, the library of decision diagrams, can be imported on this machine.

    It is imported here, so that only conflicts that may need it wait for it.
    """
    try:
        import_module("oxidd.bcdd")
    except ImportError:
        return False
    return True


def is_dense(conflict: Conflict) -> bool:
    """Tell whether a conflict suits the compiled loops: large, without special features, and mostly feasible."""
    if 1 << len(conflict.options) < DENSE_FROM or find_spec("numba") is None:
        return False
    return suitability.is_suitable(conflict) and suitability.share_feasible(conflict) >= DENSE_SHARE


def loops_for(rank_bytes: int, *, wait: bool, progress: Progress = no_progress) -> bool:
    """Tell whether the loops can be used for ranks of so many bytes; what is not compiled yet is, in the background.

    With ``wait`` they can be used in any case, at the latest when they are compiled. If the address space is limited,
    they are compiled where they are used: another process would have the same limit, and the general solver needs more.
    """
    if address_space_left() is not None or loops.ready(rank_bytes):
        return True
    loops.begin()
    if wait:
        long_work.run_interruptibly(partial(loops.wait, rank_bytes), progress)
    return wait


def sim_elsewhere(space: StateSpace, players: Sequence[Player]) -> tuple[Choice, list[Bools]] | None:
    """Decide SIM for the explicit engine on decision diagrams or, if they are too large, on a cube of the states."""
    return sim_by_diagrams(space, players) or sim_on_cube(space, players)


def sim_on_cube(space: StateSpace, players: Sequence[Player]) -> tuple[Choice, list[Bools]] | None:
    """Decide SIM for the explicit engine on a cube of the states, without comparing all of them with each other.

    Returns
    -------
    tuple or None
        As `sim_by_diagrams`. None if there are few states, if states are merged or parties form coalitions, or if the
        compiled loops are not installed and there are more than two parties or one-way options.
    """
    if not cube.has_cube(space, players):
        return None
    by_minima = cube.has_running_minima(space, players)
    if space.members < (SIM_CUBE_FROM if by_minima else SIM_COMPILED_FROM):
        return None
    if not by_minima and find_spec("numba") is None:
        return None
    if cube.bytes_needed(len(players), 1 << len(space.columns)) > memory_available():
        return None
    made, cells = cube.cube_of(space, players)
    if not by_minima and not loops_for(made.ranks[0].itemsize, wait=space.members >= SIM_WAIT_FROM):
        return None
    decide = partial(cube.stable_by_minima, made) if by_minima else combinations.Combinations(made).stable
    return explicit.choice_of_listing(space.count), [decide(player)[cells] for player in range(len(players))]


def sim_by_diagrams(space: StateSpace, players: Sequence[Player]) -> tuple[Choice, list[Bools]] | None:
    """Decide SIM for the explicit engine on decision diagrams.

    The explicit engine compares every state with every other. Diagrams are much faster if preferences are built from a
    few conditions, and much slower if they have no structure; so their size is bounded.

    Returns
    -------
    tuple or None
        The engine that decides SIM, and for each player a mask of the states that are SIM stable. None if there are few
        states, if preferences list states, if the diagrams are too large, or without OxiDD.
    """
    conflict = space.conflict
    by_condition = all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
    if space.members < SIM_DIAGRAMS_FROM or not by_condition or not symbolic_installed():
        return None
    try:
        compiled = symbolic.SymbolicSolver(conflict, most_nodes=NODES_EACH * space.members)
        if compiled.diagrams.made > RANK_NODES_EACH * space.members:
            return None
        found = []
        for player in range(len(conflict.players)):
            found.append(compiled.stable(CONCEPTS["sim"], player).diagram)
            # Beyond the bound, whether the diagrams are finished depends on when nodes happen to be collected.
            if not compiled.diagrams.has_room:
                return None
    except TooLargeError:
        return None
    first = space.first_member
    masks = [symbolic_sets.true_of_members(compiled.diagrams, one, space.columns)[first] for one in found]
    why = f"from {SIM_DIAGRAMS_FROM:,} states on, decision diagrams decide SIM much faster"
    return Choice("symbolic", why), masks


def _explicit(
    conflict: Conflict, progress: Progress, sim: explicit.SimElsewhere | None = None
) -> explicit.ExplicitSolver | dense.DenseSolver:
    """Compile a conflict for the explicit solver that suits it: dense or general."""
    if is_dense(conflict):
        many = 1 << len(conflict.options) >= DENSE_WAIT_FROM
        if loops_for(max(suitability.bytes_of_ranks(conflict)), wait=many, progress=progress):
            return dense.DenseSolver(conflict, progress, sim)
    return explicit.ExplicitSolver(conflict, progress, sim)


def _suitable(conflict: Conflict, progress: Progress, concepts: Sequence[Concept]) -> Solver:
    """Compile a conflict for the engine that suits it, or for both, if both could decide the concepts.

    Without OxiDD it is the explicit engine.
    """
    listed = EXPLICIT_OPTIONS
    if conflict.merge:
        listed = min(listed, LISTED_MERGED)
    if any(len(members) > 1 for members in conflict.players):
        listed = min(listed, LISTED_TOGETHER)
    if len(conflict.options) > listed and symbolic_installed():
        return _large(conflict, progress, concepts, 1 << listed)
    try:
        compiled = _explicit(conflict, progress, sim_elsewhere)
    except TooLargeError:
        # There may be few feasible states but too many partial ones while enumerating them.
        if not symbolic_installed():
            raise
        return symbolic.SymbolicSolver(conflict, progress)
    if any(compiled.refuses(concept) for concept in concepts) and symbolic_installed():
        return symbolic.SymbolicSolver(conflict, progress)
    return compiled


def _large(conflict: Conflict, progress: Progress, concepts: Sequence[Concept], few: int) -> Solver:
    """Compile a conflict with many options; by arrays only if the rules leave ``few`` combinations."""
    members = symbolic_space.count_members(conflict)
    cells = members if members is None or not is_dense(conflict) else 1 << len(conflict.options)
    if members is not None and members <= few:
        try:
            # The compiled loops would take longer to load, and go through the excluded combinations, too.
            return explicit.ExplicitSolver(conflict, progress, sim_elsewhere)
        except TooLargeError:
            cells = None
    special = conflict.merge or any(len(one) > 1 for one in conflict.players)
    if cells is None or special or not _fits(conflict, cells):
        hopeless = not concepts and len(conflict.options) >= symbolic.MANY_OPTIONS
        patience = symbolic.SHORT_PATIENCE if hopeless else symbolic.PATIENCE
        return symbolic.SymbolicSolver(conflict, progress, patience=patience)
    expected = mixed.ArrayTime.of(cells, len(conflict.players), compiled_loops=is_dense(conflict))
    arrays = partial(_explicit, conflict, progress, sim_on_cube)
    return mixed.MixedSolver(conflict, progress, concepts, arrays, expected)


def _fits(conflict: Conflict, members: int) -> bool:
    """Tell whether the memory holds arrays of so many states."""
    if is_dense(conflict):
        return suitability.memory_needed(conflict) <= memory_available()
    return members <= MAX_MEMBERS and members * state_space.MEMBER_BYTES <= memory_available()
