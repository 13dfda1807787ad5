"""What can be wrong with a conflict, or worth a look, although each part of it is sound.

Faults are what makes the model say something it cannot mean; warnings are for a person to look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from detente.errors import Fault, InputError, TooLargeError, UnknownNameError, nearest
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.day import model_of_day, no_preferences_known, without_preferences
from detente.model.evidence import Path, Testimony, link_fault
from detente.model.names import visible_key
from detente.model.preferences import Payoffs, Prioritising, Ranking, StateReference, decimal
from detente.model.states import StateList, feasible_members


def faults(conflict: Conflict) -> Iterator[Fault]:
    """Yield what is wrong: dangling references, infeasible states, incomplete rankings."""
    yield from _reference_faults(conflict)
    # A rule with evidence or dates is in the model on some days only; what it excludes is said of those days.
    lasting = conflict.replaced(rules=[rule for rule in conflict.rules if not rule.support.may_drop])
    if next(feasible_members(lasting), None) is None:
        yield Fault("the rules leave no feasible state", at=("rules",))
        return
    infeasible = list(_infeasible(lasting))
    yield from infeasible
    yield from _ambiguous_names(conflict)
    # A ranking may name a state that is infeasible by mistake: that is one fault.
    named = any(fault.at[:1] == ("states",) for fault in infeasible)
    if not named and next(feasible_members(conflict), None) is not None:
        yield from _ranking_faults(conflict)


def warnings(conflict: Conflict) -> Iterator[Fault]:
    """Yield what is worth a look: what nothing uses, parties without preferences, words that do not bear their load."""
    yield from _untitled(conflict)
    yield from _same_names(conflict)
    yield from _unused_options(conflict)
    yield from _without_preferences(conflict)
    yield from _unsure(conflict)
    yield from _strong_behind_mild(conflict)
    yield from _unused_statements(conflict)
    yield from _unknown_speakers(conflict)
    testimony = conflict.testimony()
    yield from _on_the_day(conflict, testimony)
    yield from _dates(conflict, testimony)
    yield from _withdrawals(conflict, testimony)
    yield from _changes_of_position(conflict, testimony)
    yield from _withdrawn_grounds(conflict, testimony)
    yield from _proposed_grounds(conflict, testimony)


def _untitled(conflict: Conflict) -> Iterator[Fault]:
    if not conflict.title.strip():
        yield Fault("the title is empty: tables and reports have nothing to call the dispute by", at=("title",))


def _same_names(conflict: Conflict) -> Iterator[Fault]:
    """Find parties, options, speakers and states that a reader cannot tell apart by name."""
    makers = conflict.decision_makers
    named: list[tuple[str, str, str, str, Path]] = [
        ("decision maker", one.id, one.own_name, one.label, ("decision_makers", one.id)) for one in makers
    ]
    named += [
        ("option", one.id, one.own_name, one.label, ("decision_makers", maker.id, "options", one.id))
        for maker in makers
        for one in maker.options
    ]
    own = [*conflict.speakers, *(maker.id for maker in makers)]
    named += [
        ("speaker", id, name, conflict.all_speakers[id], ("speakers", id) if id in own else ("dossier",))
        for id, name in conflict.speaker_names.items()
        if id not in own[len(conflict.speakers) :]
    ]
    first: dict[tuple[str, str], str] = {}
    for what, id, name, label, at in named:
        other = first.setdefault((what, visible_key(name)), id)
        if other != id:
            yield Fault(f"the {what}s '{other}' and '{id}' have the same name: answers call '{id}' '{label}'", at=at)
    states: dict[str, str] = {}
    for state in conflict.states:
        other = states.setdefault(visible_key(state.name), state.name)
        if other != state.name:
            message = f"the names of the states '{other}' and '{state.name}' differ only in capitals or spaces"
            yield Fault(message, at=("states", state.name))


def judgements(conflict: Conflict) -> Iterator[Fault]:
    """Yield the elements that rest on no statement, where the conflict has statements at all: legal, and marked."""
    if not conflict.all_statements:
        return
    grounded = {at for at, support in conflict.supports() if _is_belief(at) and support.evidence}
    for at, support in conflict.supports():
        if support.is_judgement and _decides(at) and at[:4] not in grounded:
            yield Fault(f"{_what(at)} rests on no statement: analyst's judgement", at=at)


def _reference_faults(conflict: Conflict) -> Iterator[Fault]:
    statements = [statement.id for statement in conflict.all_statements]
    sources = [source.id for source in conflict.all_sources]
    yield from _twice("statement", statements, [one.id for one in conflict.statements], "statements")
    yield from _twice("source", sources, [one.id for one in conflict.sources], "sources")
    for at, support in conflict.supports():
        for key in ("evidence", "against"):
            yield from _unknown("statement", getattr(support, key), statements, (*at, key))
    for place, statement in enumerate(conflict.statements):
        yield from _dangling(statement, statements, sources, ("statements", place))
        yield from _unknown("option", statement.about, list(conflict.owner), ("statements", place, "about"))
    yield from _link_faults(conflict)
    for place, dossier in enumerate(conflict.dossiers):
        # What a shared dossier says of options may be meant for another conflict.
        for statement in dossier.statements:
            yield from _dangling(statement, statements, sources, ("dossier", place))


def _link_faults(conflict: Conflict) -> Iterator[Fault]:
    """Find circles of reports, withdrawals and copies, and copies with another speaker."""
    place_of = {one.id: place for place, one in enumerate(conflict.statements)}

    def at(id: str) -> Path:
        return ("statements", place_of[id]) if id in place_of else ("dossier",)

    wrong = link_fault(conflict.all_statements)
    if wrong is not None and wrong.word is not None:
        yield replace(wrong, at=at(wrong.word))
    by_id = {one.id: one for one in conflict.all_statements}
    for one in by_id.values():
        original = by_id.get(one.copy_of or "")
        if original is not None and original.speaker != one.speaker:
            message = f"'{one.id}' is a copy of '{original.id}', and they have different speakers"
            yield Fault(message, at=(*at(one.id), "copy_of"), word=original.id)


def _twice(what: str, ids: list[str], own: list[str], key: str) -> Iterator[Fault]:
    for id, count in Counter(ids).items():
        if count > 1:
            at: Path = (key, len(own) - 1 - own[::-1].index(id), "id") if id in own else ("dossier",)
            yield Fault(f"{what} '{id}' is there twice", at=at, word=id)


def _dangling(statement: Any, statements: list[str], sources: list[str], at: Path) -> Iterator[Fault]:
    yield from _unknown("source", [statement.source] if statement.source else [], sources, (*at, "source"))
    for key in ("contested_by", "withdrawn_by"):
        yield from _unknown("statement", getattr(statement, key), statements, (*at, key))
    for key in ("nested_in", "copy_of"):
        named = [getattr(statement, key)] if getattr(statement, key) else []
        yield from _unknown("statement", named, statements, (*at, key))


def _unknown(what: str, names: Iterable[str], known: list[str], at: Path) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield Fault(f"unknown {what} '{name}'", at=at, word=name, suggestion=nearest(name, known))


def _infeasible(conflict: Conflict) -> Iterator[Fault]:
    for state in conflict.states:
        broken = conflict.breaks(state.taken)
        if broken:
            yield Fault(f"the state '{state.name}' is infeasible: it breaks '{broken}'", at=("states", state.name))
    if conflict.status_quo:
        broken = conflict.breaks(conflict.status_quo.taken)
        if broken:
            yield Fault(f"the status quo is infeasible: it breaks '{broken}'", at=("status_quo",))


def _ambiguous_names(conflict: Conflict) -> Iterator[Fault]:
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


def _ranking_faults(conflict: Conflict) -> Iterator[Fault]:
    ranked = [maker for maker in conflict.decision_makers if isinstance(maker.preferences, Ranking | Payoffs)]
    believed = [
        (("views", view.decision_maker, "believes", other, preferences.key), preferences, set(view.does_not_see))
        for view in conflict.views
        for other, preferences in view.believes
        if isinstance(preferences, Ranking | Payoffs)
    ]
    if not ranked and not believed:
        return
    try:
        states = StateList(conflict)
    except TooLargeError as error:
        places: list[Path] = [("decision_makers", one.id, one.preferences.key) for one in ranked]
        places += [place for place, _, _ in believed]
        yield Fault(f"{error}, so none can be ranked", at=places[0])
        return
    for maker in ranked:
        at: Path = ("decision_makers", maker.id, maker.preferences.key)
        yield from _incomplete(states, list(_ranked(maker.preferences)), at)
    for place, preferences, unseen in believed:
        yield from _incomplete(states, list(_ranked(preferences)), place, unseen)


def _ranked(preferences: object) -> Iterator[tuple[Path, StateReference]]:
    if isinstance(preferences, Ranking):
        for number, stretches in enumerate(preferences.chains()):
            # In the file a great gap takes a place of its own.
            at: Path = ("known", number) if preferences.unknown else ()
            for gaps, stretch in enumerate(stretches):
                for place in stretch:
                    for reference in preferences.groups[place]:
                        yield (*at, place - stretches[0][0] + gaps), reference
    elif isinstance(preferences, Payoffs):
        for place, (reference, _) in enumerate(preferences.payoffs):
            yield (place,), reference


def _incomplete(
    states: StateList, ranked: list[tuple[Path, StateReference]], at: Path, unseen: Collection[str] = ()
) -> Iterator[Fault]:
    """Find states that are ranked twice or not at all; a state with an option that is not seen need not be."""
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
    missing = [state for state in states if state.number not in seen and not set(state.taken) & set(unseen)]
    if missing:
        some = ", ".join(str(state) for state in islice(missing, 5))
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        yield Fault(f"{len(missing)} of {len(states)} states are not ranked: {some}{more}", at=at)


def _unused_options(conflict: Conflict) -> Iterator[Fault]:
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


def _without_preferences(conflict: Conflict) -> Iterator[Fault]:
    for maker in without_preferences(conflict):
        yield Fault(no_preferences_known(conflict, [maker]), at=("decision_makers", maker.id))


def _unsure(conflict: Conflict) -> Iterator[Fault]:
    """Find what the plain concepts take as it is written although nobody is sure of it."""
    for maker in conflict.decision_makers:
        at: Path = ("decision_makers", maker.id, maker.preferences.key)
        if isinstance(maker.preferences, Prioritising):
            for place, statement in enumerate(maker.preferences.statements):
                where, what = (*at, place), f"preference {place + 1} of '{maker.id}'"
                if statement.unknown:
                    yield Fault(
                        f"which way {what} goes is unknown: the plain concepts take it as it is written, and "
                        "nash_a, gmr_b and their like as unknown",
                        at=where,
                    )
                elif statement.confidence != 1:
                    yield Fault(
                        f"{what} is held with confidence {decimal(statement.confidence)}: the plain concepts take it "
                        "as held, and the fuzzy and probabilistic ones as said",
                        at=where,
                    )
        elif isinstance(maker.preferences, Ranking) and maker.preferences.unknown:
            yield Fault(
                f"the chains in the ranking of '{maker.id}' are not compared: the plain concepts take them as one "
                "ranking, in the order written, and nash_a, gmr_b and their like as unknown",
                at=at,
            )


def _strong_behind_mild(conflict: Conflict) -> Iterator[Fault]:
    for maker in conflict.decision_makers:
        if not isinstance(maker.preferences, Prioritising):
            continue
        strengths = [statement.strength for statement in maker.preferences.statements]
        for place, strength in enumerate(strengths):
            if strength == "strong" and "mild" in strengths[:place]:
                mild = strengths.index("mild") + 1
                yield Fault(
                    f"preference {place + 1} of '{maker.id}' is strong, and {mild}, which weighs more, is mild: the "
                    "less important difference is the greater one",
                    at=("decision_makers", maker.id, "preferences", place),
                )


#: How the warning of a statement that nothing rests on begins; its identifier follows.
UNUSED_STATEMENT = "nothing rests on the statement"


def _unused_statements(conflict: Conflict) -> Iterator[Fault]:
    used = {id for _, support in conflict.supports() for id in (*support.evidence, *support.against)}
    for statement in conflict.all_statements:
        used.update((*statement.contested_by, *statement.withdrawn_by))
        if statement.nested_in and statement.id in used:
            used.add(statement.nested_in)
    for place, statement in enumerate(conflict.statements):
        if statement.id not in used:
            yield Fault(f"{UNUSED_STATEMENT} '{statement.id}'", at=("statements", place))


def _unknown_speakers(conflict: Conflict) -> Iterator[Fault]:
    known = conflict.all_speakers
    for place, statement in enumerate(conflict.statements):
        for key in ("speaker", "reported_by"):
            name = getattr(statement, key)
            if name and name not in known:
                yield Fault(
                    f"nobody knows the speaker '{name}': name it under 'speakers', or use a decision maker",
                    at=("statements", place, key),
                    word=name,
                    suggestion=nearest(name, known),
                )
        if not statement.speaker:
            yield Fault(f"the statement '{statement.id}' has no speaker", at=("statements", place))


def _on_the_day(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Find what the model of the file's own day cannot have: a status quo, a named state, any state at all."""
    try:
        basis = model_of_day(conflict, testimony).basis
    except InputError as error:
        yield from error.faults
        return
    for at, rule in basis.infeasible:
        what = "the status quo" if at == ("status_quo",) else f"the state '{at[1]}'"
        yield Fault(f"{what} is infeasible in the model of the day: it breaks '{rule}'", at=at)


def _dates(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Find dates that contradict each other, or the day of the model."""
    day = conflict.last_day
    for place, source in enumerate(conflict.sources):
        if day and source.date and (parse_date(source.date).earliest or date.min) > day:
            message = f"the source '{source.id}' of {source.date} is later than the model, which is as of"
            yield Fault(f"{message} {conflict.as_of}", at=("sources", place, "date"))
    published = {source.id: source.date for source in conflict.all_sources if source.date}
    for place, one in enumerate(conflict.statements):
        at: Path = ("statements", place)
        said = parse_date(one.date_said) if one.date_said else None
        first = (said and said.earliest) or date.min
        if day and first > day:
            message = f"the statement '{one.id}' of {one.date_said} is later than the model, which is as of"
            yield Fault(f"{message} {conflict.as_of}", at=(*at, "date_said"))
        printed = published.get(one.source or "")
        if printed and first > (parse_date(printed).latest or date.max):
            message = f"'{one.id}' was said on {one.date_said}, after its source '{one.source}' of {printed}"
            yield Fault(message, at=(*at, "date_said"))
        teller = testimony.by_id.get(one.nested_in or "")
        told = testimony.latest(teller.id) if teller else None
        if teller and told and first.toordinal() > told:
            message = f"'{one.id}' is dated {one.date_said}, after '{teller.id}', which reports it"
            yield Fault(message, at=(*at, "date_said"))


def _withdrawals(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Find withdrawals that have no effect."""
    for place, one in enumerate(conflict.statements):
        for id in one.withdrawn_by:
            other = testimony.by_id.get(id)
            at: Path = ("statements", place, "withdrawn_by")
            if other is None:
                continue
            if other.speaker != one.speaker:
                message = f"'{id}' cannot withdraw '{one.id}': it has another speaker. It has no effect"
                yield Fault(message, at=at, word=id)
            elif testimony.too_early(testimony.original[id], testimony.original[one.id]):
                message = f"'{id}' was said before '{one.id}', which it withdraws. It has no effect"
                yield Fault(message, at=at, word=id)


def _changes_of_position(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    place_of = {one.id: place for place, one in enumerate(conflict.statements)}
    for first, second in testimony.rivals:
        one, other = testimony.by_id[first], testimony.by_id[second]
        places = [place_of[id] for id in (first, second) if id in place_of]
        if one.speaker and one.speaker == other.speaker and places:
            message = f"'{first}' and '{second}' contest each other and have one speaker: a change of position?"
            yield Fault(f"{message} Then write 'withdrawn_by'", at=("statements", max(places)))


def _proposed_grounds(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Find elements that rest only on statements that a program proposed and nobody has accepted."""
    known = testimony.by_id
    for at, support in conflict.supports():
        evidence = [known[id] for id in support.evidence if id in known]
        if evidence and all(one.proposed for one in evidence):
            ids = ", ".join(one.id for one in evidence)
            yield Fault(f"{_what(at)} rests only on proposed statements that nobody has accepted: {ids}", at=at)


def _withdrawn_grounds(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Find elements whose every ground has been taken back, or is told within something that has."""
    standing = testimony.in_force()
    for at, support in conflict.supports():
        if support.evidence and not any(id in standing for id in support.evidence):
            gone = ", ".join(support.evidence)
            yield Fault(f"{_what(at)} rests only on statements that are not in force: {gone}", at=at)


def _decides(at: Path) -> bool:
    """Tell whether an element decides any answer: the names of states and decision makers do not.

    All that is believed of somebody stands piece by piece below it.
    """
    return at[0] != "states" and not (at[0] == "decision_makers" and len(at) == 2) and not _is_belief(at)


def _is_belief(at: Path) -> bool:
    """Tell whether an element is all that somebody believes of another."""
    return at[0] == "views" and len(at) == 4


def _what(at: Path) -> str:
    """Name the element at a place."""
    if at[0] == "decision_makers":
        maker = f"of '{at[1]}'"
        if len(at) == 2:
            return f"the decision maker '{at[1]}'"
        if at[2] == "options":
            return f"the option '{at[3]}'"
        number = f" {int(at[3]) + 1}" if len(at) > 3 else ""
        words = {"preferences": "preference", "weights": "weight"}
        return f"{words.get(str(at[2]), str(at[2]))}{number} {maker}"
    if at[0] in ("rules", "merge"):
        return f"{'rule' if at[0] == 'rules' else 'merge'} {int(at[1]) + 1}"
    if at[0] == "one_way":
        return f"the one-way mark of '{at[1]}'"
    if at[0] == "views":
        what = f" of what '{at[3]}' prefers" if len(at) > 2 else ""
        return f"the view of '{at[1]}'{what}"
    return "the status quo" if at[0] == "status_quo" else f"the state '{at[1]}'"
