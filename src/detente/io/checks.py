"""Checks of a whole conflict: faults and warnings that concern several parts, each of which is valid by itself.

A fault makes the model say something that it cannot mean; a warning is for a person to examine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from detente.errors import Fault, InputError, TooLargeError, UnknownNameError, nearest, unknown_name
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.day import (
    UNUSED,
    act_counts,
    model_of_day,
    no_preferences_known,
    statement_uses,
    unaccepted_elements,
    without_preferences,
)
from detente.model.evidence import Path, Testimony
from detente.model.names import visible_key
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, StateReference, decimal
from detente.model.statements import Statement
from detente.model.states import StateList, feasible_members

#: How the warning of a statement that is no element's evidence begins; its identifier follows.
UNUSED_STATEMENT = "the model does not use the statement"
#: What follows the name of an element in a warning that only proposals support it.
ONLY_PROPOSED = "has only proposed evidence, which no person has accepted"


def faults(conflict: Conflict) -> Iterator[Fault]:
    """Yield faults: dangling references, infeasible states, incomplete rankings."""
    yield from reference_faults(conflict)
    yield from link_faults(conflict)
    # A rule with evidence or dates applies on some days only; what it excludes is reported for those days.
    lasting = conflict.replaced(rules=[rule for rule in conflict.rules if not rule.support.may_drop])
    if next(feasible_members(lasting), None) is None:
        yield Fault(
            "the rules leave no feasible state; check them for conditions that exclude each other", at=("rules",)
        )
        return
    found = list(state_faults(conflict, lasting))
    yield from found
    # A ranking may name a state that is infeasible by mistake: that is reported once.
    named = any(fault.at[:1] == ("states",) and "is infeasible" in fault.message for fault in found)
    if not named and next(feasible_members(conflict), None) is not None:
        yield from ranking_faults(conflict)


def warnings(conflict: Conflict) -> Iterator[Fault]:
    """Yield warnings, such as unused elements, parties without preferences and evidence that is not in force."""
    if not conflict.title.strip():
        yield Fault("the title is empty, and tables and reports show it", at=("title",))
    yield from name_warnings(conflict)
    yield from preference_warnings(conflict)
    yield from statement_warnings(conflict)
    testimony = conflict.testimony()
    yield from date_warnings(conflict, testimony)
    yield from history_warnings(conflict, testimony)
    yield from evidence_warnings(conflict, testimony)


def judgements(conflict: Conflict) -> Iterator[Fault]:
    """Yield the elements without evidence, if the conflict has statements: these are the analyst's assumptions."""
    if not conflict.all_statements:
        return

    def is_belief(at: Path) -> bool:
        # The parts of a belief are listed one by one below it.
        return at[0] == "views" and len(at) == 4

    grounded = {at for at, support in conflict.supports() if is_belief(at) and support.evidence}
    for at, support in conflict.supports():
        # Names of states and decision makers do not affect the answers.
        decides = at[0] != "states" and not (at[0] == "decision_makers" and len(at) == 2) and not is_belief(at)
        if support.is_judgement and decides and at[:4] not in grounded:
            yield Fault(f"{_what(at)} is an assumption: it has no evidence", at=at)


def reference_faults(conflict: Conflict) -> Iterator[Fault]:
    """Yield duplicate statements and sources, and references to unknown ones."""
    # Counters keep the order written, in which the nearest name is looked for.
    statements = Counter(statement.id for statement in conflict.all_statements)
    sources = Counter(source.id for source in conflict.all_sources)

    def unknown(what: str, names: Iterable[str | None], known: Collection[str], at: Path) -> Iterator[Fault]:
        for name in names:
            if name and name not in known:
                yield Fault(unknown_name(what, name, known), at=at, word=name, suggestion=nearest(name, known))

    def dangling(statement: Statement, at: Path) -> Iterator[Fault]:
        if not (statement.contested_by or statement.withdrawn_by or statement.nested_in or statement.copy_of) and (
            not statement.source or statement.source in sources
        ):
            return
        yield from unknown("source", [statement.source], sources, (*at, "source"))
        for key in ("contested_by", "withdrawn_by"):
            yield from unknown("statement", getattr(statement, key), statements, (*at, key))
        for key in ("nested_in", "copy_of"):
            yield from unknown("statement", [getattr(statement, key)], statements, (*at, key))

    own_statements, own_sources = [one.id for one in conflict.statements], [one.id for one in conflict.sources]
    for what, ids, own in (("statement", statements, own_statements), ("source", sources, own_sources)):
        for id, count in ids.items():
            if count > 1:
                at: Path = (f"{what}s", len(own) - 1 - own[::-1].index(id), "id") if id in own else ("dossier",)
                yield Fault(f"{what} '{id}' appears twice", at=at, word=id)
    for at, support in conflict.supports():
        for key in ("evidence", "against"):
            yield from unknown("statement", getattr(support, key), statements, (*at, key))
    for place, statement in enumerate(conflict.statements):
        yield from dangling(statement, ("statements", place))
        yield from unknown("option", statement.about, list(conflict.owner), ("statements", place, "about"))
    for place, dossier in enumerate(conflict.dossiers):
        # A shared dossier may mention options of another conflict.
        for statement in dossier.statements:
            yield from dangling(statement, ("dossier", place))


def link_faults(conflict: Conflict) -> Iterator[Fault]:
    """Yield circles of reports, withdrawals and copies, and copies with different speakers."""
    places: dict[str, Path] = {one.id: ("statements", place) for place, one in enumerate(conflict.statements)}
    try:
        _ = conflict.all_testimony
    except InputError as error:
        wrong = error.faults[0]
        yield replace(wrong, at=places.get(wrong.word or "", ("dossier",)))
    by_id = {one.id: one for one in conflict.all_statements}
    for one in by_id.values():
        original = by_id.get(one.copy_of) if one.copy_of else None
        if original is not None and original.speaker != one.speaker:
            message = f"'{one.id}' is a copy of '{original.id}', but they have different speakers"
            yield Fault(message, at=(*places.get(one.id, ("dossier",)), "copy_of"), word=original.id)


def state_faults(conflict: Conflict, lasting: Conflict) -> Iterator[Fault]:
    """Yield named states that the ``lasting`` rules forbid, and names that would be read as something else."""
    for state in conflict.states:
        broken = lasting.breaks(state.taken)
        if broken:
            yield Fault(f"the state '{state.name}' is infeasible: it breaks '{broken}'", at=("states", state.name))
    quo = conflict.status_quo
    if quo and (broken := lasting.breaks(quo.taken)):
        yield Fault(f"the status quo is infeasible: it breaks '{broken}'", at=("status_quo",))
    for state in conflict.states:
        at = ("states", state.name)
        pattern = set(state.name) <= set("YN-") and len(state.name) == len(conflict.options)
        if state.name.isdecimal() or pattern:
            read_as = "pattern" if pattern else "number"
            message = f"'{state.name}' would be read as a state's {read_as}; use another name"
            yield Fault(message, at=at, word=state.name)
        if state.name in ("status quo", "status_quo") and quo and state.taken != quo.taken:
            yield Fault(f"'{state.name}' names a different state from status_quo", at=at)


def ranking_faults(conflict: Conflict) -> Iterator[Fault]:
    """Yield states in rankings and payoffs that are unknown, ranked twice or missing."""
    ranked: list[tuple[Path, Preferences, Collection[str]]] = [
        (("decision_makers", one.id, one.preferences.key), one.preferences, ()) for one in conflict.decision_makers
    ]
    ranked += [
        (("views", view.decision_maker, "believes", other, preferences.key), preferences, view.does_not_see)
        for view in conflict.views
        for other, preferences in view.believes
    ]
    ranked = [one for one in ranked if isinstance(one[1], Ranking | Payoffs)]
    if not ranked:
        return
    try:
        states = StateList(conflict)
    except TooLargeError as error:
        yield Fault(f"{error}, so none can be ranked", at=ranked[0][0])
        return
    for at, preferences, unseen in ranked:
        seen: set[int] = set()
        for path, reference in _ranked(preferences):
            try:
                number = states.number_of(reference)
            except UnknownNameError as error:
                yield Fault(str(error), at=(*at, *path), word=str(reference))
                continue
            if number in seen:
                yield Fault(f"state {states.numbered(number)} is ranked twice", at=(*at, *path), word=str(reference))
            seen.add(number)
        # A state with an option that the party does not see need not be ranked.
        missing = [state for state in states if state.number not in seen and not set(state.taken) & set(unseen)]
        if missing:
            some = ", ".join(str(state) for state in islice(missing, 5))
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            yield Fault(f"{len(missing)} of {len(states)} states are not ranked: {some}{more}", at=at)


def _ranked(preferences: Preferences) -> Iterator[tuple[Path, StateReference]]:
    """Yield the states of a ranking or of payoffs, each with its place in the file below them."""
    if isinstance(preferences, Payoffs):
        for place, (reference, _) in enumerate(preferences.payoffs):
            yield (place,), reference
    elif isinstance(preferences, Ranking):
        for number, stretches in enumerate(preferences.chains()):
            # In the file a great gap is an entry of its own.
            at: Path = ("known", number) if preferences.unknown else ()
            for gaps, stretch in enumerate(stretches):
                for place in stretch:
                    for reference in preferences.groups[place]:
                        yield (*at, place - stretches[0][0] + gaps), reference


def name_warnings(conflict: Conflict) -> Iterator[Fault]:
    """Yield parties, options, speakers and states that a reader cannot distinguish by name."""
    makers = conflict.decision_makers
    own = {maker.id for maker in makers}
    named: list[tuple[str, str, str, str, Path]] = [
        ("decision maker", one.id, one.own_name, one.label, ("decision_makers", one.id)) for one in makers
    ]
    named += [
        ("option", one.id, one.own_name, one.label, ("decision_makers", maker.id, "options", one.id))
        for maker in makers
        for one in maker.options
    ]
    named += [
        ("speaker", id, name, conflict.all_speakers[id], ("speakers", id) if id in conflict.speakers else ("dossier",))
        for id, name in conflict.speaker_names.items()
        if id not in own
    ]
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for what, id, name, label, at in named:
        other, called = first.setdefault((what, visible_key(name)), (id, label))
        if other != id:
            message = (
                f"the {what}s '{other}' and '{id}' have the same name; sentences call them '{called}' and '{label}'"
            )
            yield Fault(message, at=at)
    states: dict[str, str] = {}
    for state in conflict.states:
        other = states.setdefault(visible_key(state.name), state.name)
        if other != state.name:
            message = f"the names of the states '{other}' and '{state.name}' differ only in capitals or spaces"
            yield Fault(message, at=("states", state.name))


def preference_warnings(conflict: Conflict) -> Iterator[Fault]:
    """Yield options that no party prefers, parties without preferences, and marks that most concepts ignore."""
    makers = conflict.decision_makers
    if all(isinstance(maker.preferences, Prioritising) for maker in makers):
        conditions = [condition for maker in makers for condition in maker.preferences.conditions()]
        used = {name for condition in conditions for name in condition.options()}
        for option in conflict.options:
            if option.id not in used:
                at: Path = ("decision_makers", conflict.owner[option.id], "options", option.id)
                yield Fault(f"no party's preferences mention the option '{option.id}'", at=at)
    for maker in without_preferences(conflict):
        yield Fault(no_preferences_known(conflict, [maker]), at=("decision_makers", maker.id))
    for maker in makers:
        at = ("decision_makers", maker.id, maker.preferences.key)
        if isinstance(maker.preferences, Ranking) and maker.preferences.unknown:
            yield Fault(
                f"the ranking of '{maker.id}' has chains that are not compared with each other: plain concepts read "
                "them as one ranking in the order written; concepts for unknown preferences, such as nash_a, do not",
                at=at,
            )
        statements = maker.preferences.statements if isinstance(maker.preferences, Prioritising) else ()
        for place, statement in enumerate(statements):
            what = f"preference {place + 1} of '{maker.id}'"
            if statement.unknown:
                yield Fault(
                    f"the direction of {what} is unknown: plain concepts read it as written; concepts for unknown "
                    "preferences, such as nash_a, do not",
                    at=(*at, place),
                )
            elif statement.confidence != 1:
                yield Fault(
                    f"{what} has confidence {decimal(statement.confidence)}: plain concepts take it as certain; fuzzy "
                    "and probabilistic concepts use the confidence",
                    at=(*at, place),
                )
        strengths = [statement.strength for statement in statements]
        for place, strength in enumerate(strengths):
            if strength == "strong" and "mild" in strengths[:place]:
                yield Fault(
                    f"preference {place + 1} of '{maker.id}' is strong, but preference {strengths.index('mild') + 1}, "
                    "which is more important, is mild",
                    at=(*at, place),
                )


def statement_warnings(conflict: Conflict) -> Iterator[Fault]:
    """Yield unused statements, and statements without a speaker or with an unknown one."""
    uses = statement_uses(conflict)
    known = conflict.all_speakers
    for place, statement in enumerate(conflict.statements):
        if uses.get(statement.id) == UNUSED:
            yield Fault(f"{UNUSED_STATEMENT} '{statement.id}'", at=("statements", place))
        for key in ("speaker", "reported_by"):
            name = getattr(statement, key)
            if name and name not in known:
                yield Fault(
                    f"the speaker '{name}' is not defined: add it to 'speakers', or name a decision maker",
                    at=("statements", place, key),
                    word=name,
                    suggestion=nearest(name, known),
                )
        if not statement.speaker:
            yield Fault(f"the statement '{statement.id}' has no speaker", at=("statements", place))


def date_warnings(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Yield states that are infeasible on the file's own day, and dates that contradict each other or that day."""
    try:
        infeasible = model_of_day(conflict, testimony).basis.infeasible
    except InputError as error:
        yield from error.faults
    else:
        for place, rule in infeasible:
            what = "the status quo" if place == ("status_quo",) else f"the state '{place[1]}'"
            yield Fault(f"{what} is infeasible in the model of the day: it breaks '{rule}'", at=place)
    day = conflict.last_day
    for number, source in enumerate(conflict.sources):
        if day and source.date and (parse_date(source.date).earliest or date.min) > day:
            message = f"the source '{source.id}' is dated {source.date}, after the day of the model,"
            yield Fault(f"{message} {conflict.as_of}", at=("sources", number, "date"))
    published = {source.id: source.date for source in conflict.all_sources if source.date}
    for number, one in enumerate(conflict.statements):
        at: Path = ("statements", number, "date_said")
        first = (one.date_said and parse_date(one.date_said).earliest) or date.min
        if day and first > day:
            message = f"the statement '{one.id}' is dated {one.date_said}, after the day of the model,"
            yield Fault(f"{message} {conflict.as_of}", at=at)
        since = published.get(one.source or "")
        if since and first > (parse_date(since).latest or date.max):
            message = f"'{one.id}' was said on {one.date_said}, after its source '{one.source}' of {since}"
            yield Fault(message, at=at)
        teller = testimony.by_id.get(one.nested_in or "")
        told = testimony.latest(teller.id) if teller else None
        if teller and told and first.toordinal() > told:
            yield Fault(f"'{one.id}' is dated {one.date_said}, after '{teller.id}', which reports it", at=at)


def history_warnings(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Yield what the status quo contradicts: the last act before it that took or dropped an option."""
    quo, account, of = conflict.status_quo, testimony.account(), conflict.last_day
    last: dict[str, tuple[int, str]] = {}
    for number, act in enumerate(conflict.history, start=1):
        if act_counts(act, account) and (of is None or act.day() <= of):
            last |= dict.fromkeys(act.takes, (number, "takes"))
            last |= dict.fromkeys(act.drops, (number, "drops"))
    for option, (number, does) in last.items():
        if quo and (option in quo.taken) != (does == "takes"):
            said = "not taken" if does == "takes" else "taken"
            message = f"the status quo has '{option}' {said}, but act {number}, the last one on it, {does} it"
            yield Fault(message, at=("status_quo",), word=option)


def evidence_warnings(conflict: Conflict, testimony: Testimony) -> Iterator[Fault]:
    """Yield withdrawals without effect, parties that contradict themselves, and elements without evidence in force."""
    known = testimony.by_id
    for place, one in enumerate(conflict.statements):
        for id in one.withdrawn_by:
            at: Path = ("statements", place, "withdrawn_by")
            if id in known and known[id].speaker != one.speaker:
                message = f"'{id}' cannot withdraw '{one.id}', which has another speaker: the withdrawal has no effect"
                yield Fault(message, at=at, word=id)
            elif id in known and testimony.too_early(testimony.original[id], testimony.original[one.id]):
                message = f"'{id}' was said before '{one.id}', which it withdraws: the withdrawal has no effect"
                yield Fault(message, at=at, word=id)
    place_of = {one.id: place for place, one in enumerate(conflict.statements)}
    for pair in testimony.rivals:
        speakers = {known[id].speaker for id in pair}
        places = [place_of[id] for id in pair if id in place_of]
        if len(speakers) == 1 and None not in speakers and places:
            message = f"'{pair[0]}' and '{pair[1]}' contest each other and have the same speaker"
            yield Fault(
                f"{message}; if the speaker changed its position, use 'withdrawn_by'", at=("statements", max(places))
            )
    in_force = testimony.in_force()
    for where, support in conflict.supports():
        if support.evidence and not any(id in in_force for id in support.evidence):
            gone = ", ".join(support.evidence)
            yield Fault(f"{_what(where)} has only evidence that is not in force: {gone}", at=where)
    for where, support in unaccepted_elements(conflict, in_force):
        ids = ", ".join(support.evidence)
        yield Fault(f"{_what(where)} {ONLY_PROPOSED}: {ids}", at=where)


def _what(at: Path) -> str:
    """Return the name of the element at a place."""
    match at:
        case ("decision_makers", id):
            return f"the decision maker '{id}'"
        case ("decision_makers", _, "options", option):
            return f"the option '{option}'"
        case ("decision_makers", id, form, *rest):
            word = {"preferences": "preference", "weights": "weight"}.get(str(form), str(form))
            return f"{word}{''.join(f' {int(place) + 1}' for place in rest[:1])} of '{id}'"
        case ("rules" | "merge" as key, place):
            return f"{str(key).removesuffix('s')} {int(place) + 1}"
        case ("one_way", option):
            return f"the one-way mark of '{option}'"
        case ("views", id, *rest):
            return f"the view of '{id}'" + (f" of what '{rest[1]}' prefers" if rest else "")
        case ("status_quo", *_):
            return "the status quo"
        case ("history", place):
            return f"act {int(place) + 1}"
    return f"the state '{at[1]}'"
