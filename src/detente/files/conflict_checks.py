"""What can be wrong with a conflict, or worth a look, although each part of it is sound.

Faults are what makes the model say something it cannot mean; warnings are for a person to look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from detente.conflict.model import ConflictModel, Path
from detente.conflict.preferences import Payoffs, Prioritising, Ranking, StateReference
from detente.conflict.states import StateList, feasible_members
from detente.conflict.support import Support
from detente.errors import Fault, TooLargeError, UnknownNameError, nearest


def faults(conflict: ConflictModel) -> Iterator[Fault]:
    """Yield what is wrong: dangling references, infeasible states, incomplete rankings."""
    yield from _reference_faults(conflict)
    feasible = next(feasible_members(conflict), None) is not None
    if not feasible:
        yield Fault("the rules leave no feasible state", at=("rules",))
        return
    yield from _infeasible(conflict)
    yield from _ambiguous_names(conflict)
    yield from _ranking_faults(conflict)


def warnings(conflict: ConflictModel) -> Iterator[Fault]:
    """Yield what is worth a look: options and statements that nothing uses, parties without preferences."""
    yield from _unused_options(conflict)
    yield from _indifferent(conflict)
    yield from _unused_statements(conflict)
    yield from _near_speakers(conflict)
    yield from _judgements(conflict)


def supports(conflict: ConflictModel) -> Iterator[tuple[Path, Support]]:
    """Yield the grounds of every element, with the element's place in the file."""
    for maker in conflict.decision_makers:
        at: Path = ("decision_makers", maker.id)
        yield at, maker.support
        for option in maker.options:
            yield (*at, "options", option.id), option.support
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            for place, statement in enumerate(preferences.statements):
                yield (*at, "preferences", place), statement.support
        elif hasattr(preferences, "weights"):
            for place, weight in enumerate(preferences.weights):
                yield (*at, "weights", place), weight.support
        elif hasattr(preferences, "support"):
            yield (*at, preferences.key), preferences.support
    for place, rule in enumerate(conflict.rules):
        yield ("rules", place), rule.support
    for mark in conflict.one_way:
        yield ("one_way", mark.option), mark.support
    for place, merge in enumerate(conflict.merge):
        yield ("merge", place), merge.support
    if conflict.status_quo:
        yield ("status_quo",), conflict.status_quo.support
    for state in conflict.states:
        yield ("states", state.name), state.support


def _reference_faults(conflict: ConflictModel) -> Iterator[Fault]:
    statements = [statement.id for statement in conflict.statements]
    sources = [source.id for source in conflict.sources]
    for what, ids, key in (("statement", statements, "statements"), ("source", sources, "sources")):
        for id, count in Counter(ids).items():
            if count > 1:
                last = len(ids) - 1 - ids[::-1].index(id)
                yield Fault(f"{what} '{id}' is there twice", at=(key, last, "id"), word=id)
    for at, support in supports(conflict):
        for key in ("evidence", "against"):
            yield from _unknown("statement", getattr(support, key), statements, (*at, key))
    options = list(conflict.owner)
    for place, statement in enumerate(conflict.statements):
        at = ("statements", place)
        yield from _unknown("source", [statement.source] if statement.source else [], sources, (*at, "source"))
        yield from _unknown("option", statement.about, options, (*at, "about"))
        for key in ("contested_by", "withdrawn_by"):
            yield from _unknown("statement", getattr(statement, key), statements, (*at, key))
        nested = [statement.nested_in] if statement.nested_in else []
        yield from _unknown("statement", nested, statements, (*at, "nested_in"))


def _unknown(what: str, names: Iterable[str], known: list[str], at: Path) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield Fault(f"unknown {what} '{name}'", at=at, word=name, suggestion=nearest(name, known))


def _infeasible(conflict: ConflictModel) -> Iterator[Fault]:
    for state in conflict.states:
        broken = conflict.breaks(state.taken)
        if broken:
            yield Fault(f"the state '{state.name}' is infeasible: it breaks '{broken}'", at=("states", state.name))
    if conflict.status_quo:
        broken = conflict.breaks(conflict.status_quo.taken)
        if broken:
            yield Fault(f"the status quo is infeasible: it breaks '{broken}'", at=("status_quo",))


def _ambiguous_names(conflict: ConflictModel) -> Iterator[Fault]:
    size = len(conflict.options)
    for state in conflict.states:
        pattern = set(state.name) <= set("YN-") and len(state.name) == size
        if state.name.isdecimal() or pattern:
            yield Fault(
                f"'{state.name}' would be read as a state's {'pattern' if pattern else 'number'}: use another name",
                at=("states", state.name),
                word=state.name,
            )
        quo = conflict.status_quo
        if state.name in ("status quo", "status_quo") and quo and state.taken != quo.taken:
            yield Fault(f"'{state.name}' names another state than status_quo", at=("states", state.name))


def _ranking_faults(conflict: ConflictModel) -> Iterator[Fault]:
    ranked = [maker for maker in conflict.decision_makers if isinstance(maker.preferences, Ranking | Payoffs)]
    if not ranked:
        return
    try:
        states = StateList(conflict)
    except TooLargeError as error:
        first = ranked[0]
        yield Fault(f"{error}, so none can be ranked", at=("decision_makers", first.id, first.preferences.key))
        return
    for maker in ranked:
        at: Path = ("decision_makers", maker.id, maker.preferences.key)
        yield from _incomplete(states, list(_ranked(maker.preferences)), at)


def _ranked(preferences: object) -> Iterator[tuple[Path, StateReference]]:
    if isinstance(preferences, Ranking):
        for place, group in enumerate(preferences.groups):
            for reference in group:
                yield (place,), reference
    elif isinstance(preferences, Payoffs):
        for place, (reference, _) in enumerate(preferences.payoffs):
            yield (place,), reference


def _incomplete(states: StateList, ranked: list[tuple[Path, StateReference]], at: Path) -> Iterator[Fault]:
    seen: set[int] = set()
    for path, reference in ranked:
        try:
            number = states.number_of(reference)
        except UnknownNameError as error:
            yield Fault(str(error), at=(*at, *path), word=str(reference))
            continue
        if number in seen:
            yield Fault(f"state {states.numbered(number)} is ranked twice", at=(*at, *path), word=str(reference))
        seen.add(number)
    missing = [states.numbered(number) for number in range(1, len(states) + 1) if number not in seen]
    if missing:
        some = ", ".join(str(state) for state in islice(missing, 5))
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        yield Fault(f"{len(missing)} of {len(states)} states are not ranked: {some}{more}", at=at)


def _unused_options(conflict: ConflictModel) -> Iterator[Fault]:
    if not all(isinstance(maker.preferences, Prioritising) for maker in conflict.decision_makers):
        return
    used = {
        name
        for maker in conflict.decision_makers
        for condition in maker.preferences.conditions()
        for name in condition.options()
    }
    for option in conflict.options:
        if option.id not in used:
            at = ("decision_makers", conflict.owner[option.id], "options", option.id)
            yield Fault(f"nobody's preferences mention the option '{option.id}'", at=at)


def _indifferent(conflict: ConflictModel) -> Iterator[Fault]:
    for maker in conflict.decision_makers:
        if isinstance(maker.preferences, Prioritising) and not maker.preferences.statements:
            yield Fault(
                f"'{maker.id}' has no preferences: every state is as good as any other to it",
                at=("decision_makers", maker.id),
            )


def _unused_statements(conflict: ConflictModel) -> Iterator[Fault]:
    used = {id for _, support in supports(conflict) for id in (*support.evidence, *support.against)}
    for statement in conflict.statements:
        used.update((*statement.contested_by, *statement.withdrawn_by))
        if statement.nested_in and statement.id in used:
            used.add(statement.nested_in)
    for place, statement in enumerate(conflict.statements):
        if statement.id not in used:
            yield Fault(f"nothing rests on the statement '{statement.id}'", at=("statements", place))


def _near_speakers(conflict: ConflictModel) -> Iterator[Fault]:
    known = [maker.id for maker in conflict.decision_makers]
    for place, statement in enumerate(conflict.statements):
        speaker = statement.speaker
        near = nearest(speaker, known) if speaker and speaker not in known else None
        if near:
            yield Fault(
                f"the speaker '{speaker}' is no decision maker",
                at=("statements", place, "speaker"),
                word=speaker,
                suggestion=near,
            )


def _judgements(conflict: ConflictModel) -> Iterator[Fault]:
    """Count the preference statements without evidence, where the file has statements at all."""
    if not conflict.statements:
        return
    for maker in conflict.decision_makers:
        if not isinstance(maker.preferences, Prioritising):
            continue
        bare = [place for place, item in enumerate(maker.preferences.statements) if item.support.is_judgement]
        if bare:
            one = "1 preference statement rests" if len(bare) == 1 else f"{len(bare)} preference statements rest"
            yield Fault(
                f"{one} on no reported statement: analyst's judgement",
                at=("decision_makers", maker.id, "preferences", bare[0]),
            )
