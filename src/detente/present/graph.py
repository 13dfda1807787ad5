"""The map of a dispute: which outcomes and moves are worth drawing, where each stands, and the words on them.

With a status quo the outcomes stand in layers by how many moves they are away from it; without one they stand where one
decision maker's options and those of the others put them. A map of hundreds of outcomes would be an unreadable ball, so
of a large one only the equilibria, the named outcomes, the status quo and the ways between them are drawn, and the
caption says so. The report draws `picture`; the page asks for `box_lines`, `told` and `plan` of what it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from detente.analysis.equilibria import MAX_PICTURED, Analysis, StateGraph, analyze
from detente.analysis.evolution import Evolution
from detente.analysis.layout import (
    TALLEST,
    Box,
    Drawing,
    Plan,
    Point,
    curves,
    fitted,
    in_fields,
    in_layers,
    in_ranks,
    steps_from,
    wrapped,
)
from detente.engine.interface import Arc
from detente.model.conflict import Conflict
from detente.model.states import State
from detente.model.wording import capital, counted, state_label
from detente.present.blocks import Block, Figure, Paragraph
from detente.present.outcomes import options_in_words, outcome_in_words
from detente.present.phrases import player_label

#: The maximum numbers of states and moves of a graph that is drawn whole.
MAX_STATES_WHOLE, MAX_MOVES_WHOLE = 18, 64
#: The maximum numbers of equilibria and of named states that are drawn of a larger one.
MAX_EQUILIBRIA, MAX_NAMED = 30, 15
#: The maximum number of lines; with more, the improvements between the states shown are left out.
MAX_LINES = 60


def view(graph: StateGraph) -> list[Block]:
    """Show a state graph as a picture, where working it out does not take long."""
    if len(graph.states) > MAX_PICTURED:
        return [Paragraph(f"{len(graph.states):,} states and {len(graph.arcs):,} moves are too many to draw.")]
    return [picture(graph)]


def picture(graph: StateGraph, analysis: Analysis | None = None, evolution: Evolution | None = None) -> Figure:
    """Draw a state graph.

    Parameters
    ----------
    graph
        The states and moves.
    analysis
        By what the equilibria are marked; worked out for the default concepts when None.
    evolution
        The ways from the status quo to show in a graph that is too large to draw whole.
    """
    analysis = analysis or analyze(graph.conflict)
    held = _held(analysis)
    here = _status_quo(graph, analysis)
    whole = len(graph.states) <= MAX_STATES_WHOLE and len(graph.arcs) <= MAX_MOVES_WHOLE
    arcs: list[Arc]
    if whole:
        states, arcs, which = list(graph.states), list(graph.arcs), ""
    else:
        states, arcs, which = _worth_drawing(graph, held, here, evolution)
    if here is not None:
        made = in_layers(states, arcs, steps_from(here.number, graph.arcs), _away)
    else:
        made = _in_fields(
            graph.conflict, states, graph.conflict.players[0], [one.id for one in graph.conflict.decision_makers]
        )
    boxes = tuple(_box(graph, analysis, state, made.places[state.number], held, here) for state in states)
    lines = tuple(curves(made.places, arcs, made.layered))
    width, height = made.size
    movers = tuple(wrapped(capital(player_label(graph.conflict, player)), 1, 44)[:1][0] for player in graph.players)
    drawing = Drawing(max(width, 640.0), height, boxes, lines, movers, made.bands)
    alternative = _alternative(graph, states, held, here)
    return Figure(drawing, alternative, _caption(graph, len(states), which, here))


def plan(
    conflict: Conflict,
    states: Sequence[State],
    arcs: Sequence[Arc],
    arrange: str,
    *,
    steps: Mapping[int, int],
    across: str = "",
    down: str = "",
    by: str = "",
    ranks: Sequence[int] = (),
) -> Plan:
    """Place the outcomes of a page.

    Parameters
    ----------
    conflict, states, arcs
        What is drawn.
    arrange
        One of `detente.analysis.layout.LAYOUTS`.
    steps
        For layers: how many moves each state is away.
    across, down
        For options: the decision makers whose options make the columns and the rows.
    by, ranks
        For preference: the decision maker, and the ranks of every state of the dispute.
    """
    if arrange == "options":
        return _in_fields(conflict, states, [across], [down])
    if arrange == "preference":
        worst, who = max(ranks), conflict.decision_maker(by).label

        def label(first: int, last: int) -> str:
            which = f"rank {first}" if first == last else f"ranks {first}–{last}"
            best = f"best for {who}: " if first == 1 else f"worst for {who}: " if last == worst else ""
            return capital(f"{best}{which}")

        return in_ranks(states, arcs, ranks, label)
    return in_layers(states, arcs, steps, _away, TALLEST)


def _in_fields(conflict: Conflict, states: Sequence[State], across: Collection[str], down: Collection[str]) -> Plan:
    def label(state: State, makers: Collection[str]) -> str:
        return outcome_in_words(conflict, state, members=makers)

    return in_fields(conflict, states, across, down, label)


def _away(step: int | None) -> str:
    if step is None:
        return "not reachable"
    return f"{counted(step, 'move')} away" if step else "the status quo"


def _held(analysis: Analysis) -> dict[int, list[str]]:
    """Return for each equilibrium the titles of the concepts under which it is one."""
    held: dict[int, list[str]] = {}
    for concept in analysis.concepts:
        for number in analysis.equilibrium_set(concept.id).numbers():
            held.setdefault(number, []).append(concept.title)
    return held


def _status_quo(graph: StateGraph, analysis: Analysis) -> State | None:
    if graph.conflict.status_quo is None:
        return None
    return graph.states[analysis.solver.number_of("status quo") - 1]


def _worth_drawing(
    graph: StateGraph, held: Mapping[int, Sequence[str]], here: State | None, evolution: Evolution | None
) -> tuple[list[State], list[Arc], str]:
    """Choose the equilibria, the named states, the status quo and what lies on the ways to the equilibria."""
    firmest = sorted(held, key=lambda number: (-len(held[number]), number))[:MAX_EQUILIBRIA]
    named = [state.number for state in graph.states if state.name][:MAX_NAMED]
    ways = [move for one in (evolution.targets if evolution else ()) for move in one.detour or ()]
    kept = {*firmest, *named, *([here.number] if here is not None else [])}
    on_ways = {(move.player, move.start.number, move.end.number) for move in ways}
    kept |= {number for _, start, end in on_ways for number in (start, end)}
    between = [arc for arc in graph.arcs if arc.start in kept and arc.end in kept]
    lines = [arc for arc in between if (graph.players[arc.player], arc.start, arc.end) in on_ways]
    better = [arc for arc in between if arc.improvement and arc not in lines]
    words = "the improvements between the states shown"
    if len(lines) + len(better) > MAX_LINES:
        # Why the named states are not stable matters more than how the equilibria are connected.
        better = [arc for arc in better if arc.start in named and arc.start not in held]
        words = "the improvements away from named states that are not equilibria"
    if len(lines) + len(better) > MAX_LINES:
        better = []
    which = " and ".join((["the moves on the paths to the equilibria"] if lines else []) + ([words] if better else []))
    return [graph.states[number - 1] for number in sorted(kept)], [*lines, *better], which or "no moves"


def _box(
    graph: StateGraph,
    analysis: Analysis,
    state: State,
    place: Point,
    held: Mapping[int, Sequence[str]],
    here: State | None,
) -> Box:
    under = held.get(state.number, ())
    lines = list(box_lines(graph.conflict, state, here, 3 if under else 4))
    if under:
        lines.append(_under(under, [concept.title for concept in analysis.concepts]))
    is_here = here is not None and state == here
    title = f"{state_label(state)}{'; the status quo' if is_here else ''}"
    if under:
        title += f"; an equilibrium under {', '.join(under)}"
    return Box(state.number, *place, tuple(lines), title, bool(under), is_here)


def box_lines(conflict: Conflict, state: State, here: State | None, most: int = 4) -> tuple[str, ...]:
    """Return the lines in the box of an outcome: its number, and its name or what is not as in the status quo."""
    if state.name:
        return wrapped(f"{state.number} · {state.name}", most)
    if not state.pattern:
        return (str(state.number),)
    words = _compared(conflict, state, here) if state != here else "status quo"
    first, *others = (words or "no option taken").split("; ")
    return fitted([f"{state.number} · {first}", *others], most)


def _compared(conflict: Conflict, state: State, here: State | None) -> str:
    """Say what is not as in the status quo; without one, what is taken."""
    if here is not None:
        return outcome_in_words(conflict, state, here)
    letters = zip(conflict.options, state.pattern, strict=True)
    return options_in_words(conflict, {option.id: letter for option, letter in letters if letter != "N"})


def told(conflict: Conflict, state: State, here: State | None) -> str:
    """Say an outcome in words: its number, its name, and what the parties do that is not as in the status quo."""
    is_here = here is not None and state.number == here.number
    lead = f"State {state.number}{f', {state.name}' if state.name else ''}{', the status quo' if is_here else ''}"
    if not state.pattern:
        return f"{lead}."
    words = outcome_in_words(conflict, state) if is_here else _compared(conflict, state, here)
    beside = "as in the status quo, but " if here is not None and not is_here and words else ""
    return f"{lead}: {beside}{words or 'no option taken'}."


def _under(under: Sequence[str], every: Sequence[str]) -> str:
    """Say briefly under which concepts a state is an equilibrium."""
    if len(under) == len(every):
        return "stable: all" if len(every) > 1 else f"stable: {every[0]}"
    missing = [title for title in every if title not in under]
    if len(missing) == 1 and len(every) > 2:
        return f"stable: all but {missing[0]}"
    return f"stable: {' '.join(under)}" if len(under) <= 3 else f"stable: {len(under)} of {len(every)}"


def _alternative(
    graph: StateGraph, states: Sequence[State], held: Mapping[int, Sequence[str]], here: State | None
) -> str:
    found = [state_label(state) for state in states if state.number in held]
    parts = [f"State graph of {graph.conflict.title}: {len(states)} of {len(graph.states):,} states"]
    parts.append(f"equilibria: {', '.join(found)}" if found else "no equilibria")
    if here is not None:
        parts.append(f"status quo: {state_label(here)}")
    return "; ".join(parts) + "."


def _caption(graph: StateGraph, drawn: int, which: str, here: State | None) -> str:
    """Say what is drawn; ``which`` names the moves where not all are."""
    quo = ", the status quo" if here is not None else ""
    if which:
        what = (
            f"Of {len(graph.states):,} states and {len(graph.arcs):,} moves, the picture shows the equilibria, the "
            f"named states{quo} and the states on the paths between them, with {which}."
        )
    else:
        what = f"All {drawn} states and every move between them."
    if here is not None:
        return f"{what} Each column is one move farther from the status quo."
    return (
        f"{what} Across: moves of {player_label(graph.conflict, graph.players[0])}; down: moves of the other parties."
    )
