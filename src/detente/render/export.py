"""A conflict in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from detente.analysis.equilibria import StateGraph
from detente.analysis.timeline.positions import stance_of
from detente.engine import must_have_few, solver
from detente.errors import CannotCarryError, Fault, InputError, UnknownNameError
from detente.io import exchange
from detente.io.yaml.write import dump_dossier
from detente.lazy import dataclass
from detente.limits import MAX_EXPORT_RANKED, MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.states import StateList
from detente.present.basis import dropped_in_words


@dataclass(frozen=True)
class Exported:
    """The text of a file, and what of the conflict it does not carry."""

    text: str
    warnings: tuple[str, ...] = ()


#: The formats, with the ending of their files and what they hold.
FORMATS: dict[str, tuple[str, str]] = {
    "gmcr": (".gmcr", "a GMCR+ file"),
    "states-csv": (".states.csv", "a table of the states"),
    "ranks-csv": (".ranks.csv", "a table of every decision maker's ranking"),
    "stability-csv": (".stability.csv", "the stability table"),
    "graphml": (".graphml", "the state graph as GraphML"),
    "dot": (".dot", "the state graph for Graphviz"),
    "nfg": (".nfg", "the normal form for Gambit"),
    "yaml": (".conflict.yaml", "a conflict file"),
    "web-annotation": (".jsonld", "the statements as Web Annotations"),
    "statements-csv": (".statements.csv", "the statements with the columns of Discourse Network Analyzer"),
    "statements-jsonl": (".statements.jsonl", "the same, a JSON object in every line"),
}
#: The formats that hold the conflict as written, whatever the day.
AS_WRITTEN = ("yaml", "web-annotation", "statements-csv", "statements-jsonl")
#: The endings of files of statements.
STATEMENT_ENDINGS = (".jsonld", ".csv", ".jsonl")


def import_text(path: str | Path) -> Exported:
    """Read a GMCR+ file and return it as the text of a conflict file; a file of statements as that of a dossier.

    Raises
    ------
    InputError
        When the file is neither.
    """
    from detente.io.conflict_file import dump_conflict
    from detente.io.gmcr import read_gmcr

    if Path(path).name.endswith(STATEMENT_ENDINGS):
        return Exported(dump_dossier(exchange.read_statements(path)))
    if Path(path).name.endswith((".yaml", ".yml")):
        raise InputError([Fault("this is already a conflict file. 'detente import' reads .gmcr files", str(path))])
    found = read_gmcr(path)
    return Exported(dump_conflict(found.conflict), found.warnings)


def import_acts(events: str | Path, mapping: str | Path, into: str | Path) -> Exported:
    """Read dated acts from a table and return the text of a conflict file with them in its history.

    `detente.io.exchange.read_acts` describes the two tables. Acts that the file has already are not added again.

    Raises
    ------
    InputError
        With the faults of the tables, or of the conflict with its new acts.
    """
    from detente.io.conflict_file import ConflictFile

    opened = ConflictFile.open(into)
    acts, unknown = exchange.read_acts(events, mapping, opened.conflict)
    new = [act for act in acts if act not in opened.conflict.history]
    history = sorted((*opened.conflict.history, *new), key=lambda act: act.day())
    some = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
    warnings = (f"the mapping does not name these events, which are left out: {some}",) if unknown else ()
    return Exported(opened.text_with(opened.conflict.replaced(history=history)), warnings)


def export_text(conflict: Conflict, format: str, engine: str = "auto") -> Exported:
    """Return a conflict in another program's format.

    Raises
    ------
    UnknownNameError
        For a format that there is not.
    CannotCarryError
        When the format cannot hold the conflict.
    TooLargeError
        When there are too many states to write.
    """
    if format not in FORMATS:
        raise UnknownNameError("format", format, FORMATS)
    if format in AS_WRITTEN:
        return _WRITERS[format](conflict, engine)
    # Other programs know nothing of days: they get the model of the day, and are told what is not in it.
    model = model_of_day(conflict)
    done = _WRITERS[format](model, engine)
    return Exported(done.text, (*dropped_in_words(model), *done.warnings))


def _yaml(conflict: Conflict, engine: str) -> Exported:
    from detente.io.conflict_file import dump_conflict

    return Exported(dump_conflict(conflict))


def _annotations(conflict: Conflict, engine: str) -> Exported:
    return Exported(exchange.annotations_text(conflict))


def _statements_csv(conflict: Conflict, engine: str) -> Exported:
    return Exported(exchange.statements_csv(conflict, partial(stance_of, conflict)))


def _statements_jsonl(conflict: Conflict, engine: str) -> Exported:
    return Exported(exchange.statements_jsonl(conflict, partial(stance_of, conflict)))


def _gmcr(conflict: Conflict, engine: str) -> Exported:
    from detente.io.gmcr import gmcr_text

    must_have_few(conflict, MAX_EXPORT_RANKED, "for ranks in a .gmcr file", engine)
    compiled = solver(conflict, engine)
    numbers: Sequence[int] = range(1, compiled.count + 1)
    warnings: tuple[str, ...] = ()
    if conflict.merge:
        # Written apart, the members of a merged state tie; they are numbered as if nothing were merged.
        apart = StateList(conflict.replaced(merge=()))
        numbers = [compiled.number_of(state.pattern) for state in apart]
        warnings = ("merged states are written as separate, tied states",)
    rankings = {}
    for place, maker in enumerate(conflict.decision_makers):
        ranks = compiled.ranks(place)
        groups: dict[int, list[int]] = {}
        for number, merged in enumerate(numbers, start=1):
            groups.setdefault(ranks[merged - 1], []).append(number)
        rankings[maker.id] = [groups[rank] for rank in sorted(groups)]
    done = gmcr_text(conflict, rankings, ranked=bool(conflict.merge))
    return Exported(done.text, (*warnings, *done.warnings))


def _states(conflict: Conflict, engine: str) -> Exported:
    from detente.text import csv_text

    graph = conflict.graph(engine)
    options = [option.id for option in conflict.options]
    rows = (
        {
            "number": state.number,
            "state": state.pattern,
            "name": state.name or "",
            **dict(zip(options, state.pattern, strict=True)),
        }
        for state in graph.states
    )
    return Exported(csv_text(["number", "state", "name", *options], rows))


def _ranks(conflict: Conflict, engine: str) -> Exported:
    from detente.text import csv_text

    graph = conflict.graph(engine)
    rows = (
        {"number": state.number, "state": state.pattern, **{id: rank[state - 1] for id, rank in graph.ranks.items()}}
        for state in graph.states
    )
    return Exported(csv_text(["number", "state", *graph.ranks], rows))


def _stability(conflict: Conflict, engine: str) -> Exported:
    from detente.text import csv_text

    must_have_few(conflict, MAX_LISTED, "for a table", engine)
    rows = conflict.analyze(engine=engine).rows()
    return Exported(csv_text(list(rows[0]), rows))


def _graphml(conflict: Conflict, engine: str) -> Exported:
    from detente.io.graphs import graphml_text

    graph = conflict.graph(engine)
    return Exported(graphml_text(conflict.title, _nodes(conflict, graph, engine), _edges(graph)))


def _dot(conflict: Conflict, engine: str) -> Exported:
    from detente.io.graphs import dot_text

    graph = conflict.graph(engine)
    return Exported(dot_text(conflict.title, _nodes(conflict, graph, engine), _edges(graph), graph.players))


def _nodes(conflict: Conflict, graph: StateGraph, engine: str) -> Iterator[dict[str, Any]]:
    analysis = conflict.analyze(engine=engine)
    equilibria = {concept.id: set(analysis.equilibria(concept.id)) for concept in analysis.concepts}
    for state in graph.states:
        under = [concept for concept, states in equilibria.items() if state in states]
        yield {
            "number": state.number,
            "state": state.pattern,
            "name": state.name or "",
            "equilibrium": ",".join(under),
            **{f"rank:{id}": rank[state - 1] for id, rank in graph.ranks.items()},
        }


def _edges(graph: StateGraph) -> Iterator[tuple[int, int, dict[str, Any]]]:
    for arc in graph.arcs:
        yield arc.start, arc.end, {"player": graph.players[arc.player], "improvement": arc.improvement}


def _nfg(conflict: Conflict, engine: str) -> Exported:
    from detente.io.gambit import nfg_text

    _must_be_a_game(conflict)
    graph = conflict.graph(engine)
    chosen = [_choices(conflict, state.pattern) for state in graph.states]
    strategies = [
        sorted({own[place] for own in chosen}, key=lambda taken: _strategy(conflict, taken))
        for place in range(len(conflict.players))
    ]
    states = dict(zip(chosen, graph.states, strict=True))
    payoffs = {}
    for profile in product(*(range(len(own)) for own in strategies)):
        own = tuple(names[place] for names, place in zip(strategies, profile, strict=True))
        if own not in states:
            choices = " and ".join(_strategy(conflict, taken) for taken in own)
            raise CannotCarryError(f"a normal form cannot have the choices {choices}, which exclude each other")
        ranks = [graph.ranks[group[0]] for group in conflict.players]
        payoffs[profile] = [max(rank) + 1 - rank[states[own] - 1] for rank in ranks]
    labels = [conflict.decision_maker(group[0]).label for group in conflict.players]
    warnings = ["payoffs are ranks, so only their order matters"]
    if any("\\" in name for name in (conflict.title, *labels)):
        warnings.append("a backslash in a name is written as '/', because Gambit cannot read every backslash")
    named = [[_strategy(conflict, taken) for taken in own] for own in strategies]
    return Exported(nfg_text(conflict.title, labels, named, payoffs), tuple(warnings))


def _must_be_a_game(conflict: Conflict) -> None:
    if conflict.merge:
        raise CannotCarryError("a normal form cannot have merged states, which are not choices of a player")
    if conflict.one_way:
        raise CannotCarryError(f"a normal form cannot have one-way options, such as '{conflict.one_way[0].option}'")
    if any(len(group) > 1 for group in conflict.players):
        raise CannotCarryError("a normal form cannot have a standing coalition, which has no payoff of its own")


def _choices(conflict: Conflict, pattern: str) -> tuple[tuple[str, ...], ...]:
    """Split a state into what each player does: the options that it takes."""
    letters = dict(zip((option.id for option in conflict.options), pattern, strict=True))
    return tuple(
        tuple(option.id for id in group for option in conflict.decision_maker(id).options if letters[option.id] == "Y")
        for group in conflict.players
    )


def _strategy(conflict: Conflict, taken: Sequence[str]) -> str:
    """Name the choice to take some options and no others; no other choice has this name."""
    # An option can be called 'none'. None can have parentheses or '+' in its identifier.
    return "+".join(taken) or ("(none)" if "none" in conflict.owner else "none")


_WRITERS: dict[str, Callable[[Conflict, str], Exported]] = {
    "gmcr": _gmcr,
    "states-csv": _states,
    "ranks-csv": _ranks,
    "stability-csv": _stability,
    "graphml": _graphml,
    "dot": _dot,
    "nfg": _nfg,
    "yaml": _yaml,
    "web-annotation": _annotations,
    "statements-csv": _statements_csv,
    "statements-jsonl": _statements_jsonl,
}
