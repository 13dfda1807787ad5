"""Removing parties, options, speakers, statements and sources, with their uses elsewhere in the file.

An element that is used elsewhere is not removed at once: the refusal names each place, and the same edit with
``everywhere`` removes it there too, as one change. A place that only lists the element stays, without it; a condition
that mentions it is removed, with its preference, rule or merge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.editing.edit import ConfirmationNeededError, Edit, FieldPath, bare, place_of, value_at, with_data
from detente.editing.statements import own_ids
from detente.editing.structure import coalitions_of
from detente.errors import Fault
from detente.io.yaml.fields import Element, Entries, Items, Keyed, Kind, Names
from detente.io.yaml.schema import CONFLICT
from detente.io.yaml.write import conflict_data
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.preferences import Preferences, Weights
from detente.model.statements import Skipped
from detente.model.wording import counted

Data = Mapping[str, Any]


@dataclass
class _Clearing:
    """Removes elements from the data of a file, wherever a field names them, and collects the places."""

    gone: Collection[str]
    what: frozenset[Names]
    places: list[FieldPath] = field(default_factory=list)

    def cleared(self, data: Any, kind: Kind = CONFLICT, at: FieldPath = ()) -> Any:
        """Return data without the removed elements; None if nothing remains."""
        kind = bare(kind)
        if isinstance(kind, Keyed | Entries):
            inner = kind.element if isinstance(kind, Keyed) else kind.kind
            made = {key: self.cleared(value, inner, (*at, key)) for key, value in data.items()}
            return {key: value for key, value in made.items() if value is not None}
        if isinstance(kind, Items) and isinstance(data, list):
            found = (self.cleared(one, kind.kind, (*at, place)) for place, one in enumerate(data))
            return [one for one in found if one is not None]
        return self._element(kind, data, at) if isinstance(kind, Element) else data

    def _element(self, element: Element, data: Data, at: FieldPath) -> Any:
        made: dict[str, Any] = {}
        used = False
        for key, value in data.items():
            kind = bare(element.by_key[key].kind)
            if kind.names in self.what:
                named = list(value) if isinstance(value, list | dict) else [value]
                # An option may stand with the stance on it.
                ids = [one.get("option") if isinstance(one, dict) else one for one in named]
                left = [
                    one for one, id in zip(named, ids, strict=True) if not (isinstance(id, str) and id in self.gone)
                ]
                if len(left) < len(named):
                    # A view's list of unseen options belongs to the option itself, so it is not reported.
                    used = used or key != "does_not_see"
                    if isinstance(value, dict):
                        value = {id: value[id] for id in left}
                    else:
                        value = left if isinstance(value, list) else None
            elif kind.names is Names.CONDITION and self._is_mentioned(value):
                self.places.append(at)
                return None
            else:
                before, value = value, self.cleared(value, kind, (*at, key))
                value = None if before and not value and element.by_key[key].default is None else value
            made |= {} if value is None else {key: value}
        if used:
            self.places.append(at)
        # An act that takes and drops nothing is removed.
        is_nothing = used and element.name == "Act" and not (made.get("takes") or made.get("drops"))
        return None if is_nothing else made

    def _is_mentioned(self, value: Any) -> bool:
        conditions = value if isinstance(value, list) else [value]
        is_of_options = Names.OPTION in self.what
        return is_of_options and any(not set(self.gone).isdisjoint(parse(one).options()) for one in conditions)


def remove_used(conflict: Conflict, edit: Edit) -> Conflict:
    """Remove a decision maker, an option, a speaker, a statement or a source.

    Raises
    ------
    ConfirmationNeededError
        If it is used elsewhere, unless the edit says ``everywhere``.
    """
    place, data = place_of(edit), conflict_data(conflict)
    what, found = str(place[-2]), value_at(data, place)
    id = found["id"] if what in ("statements", "sources") else str(place[-1])
    whole = what == "sources" and edit.get("statements") is True
    label, cleared, places, effect = (_remove_source_whole if whole else _REMOVALS[what])(conflict, data, id)
    used_in = [Fault(_in_words(conflict, at), at=at) for at in dict.fromkeys(places)]
    if used_in and edit.get("everywhere") is not True:
        used = f"{label} is used in {counted(len(used_in), 'place')}"
        raise ConfirmationNeededError(used, used_in, {**edit, "everywhere": True}, "Remove it there too", effect)
    return with_data(conflict, cleared)


#: The label of the removed element, the data without it, the places where it was used, and the effect on them in words.
Removal = tuple[str, Data, list[FieldPath], str]


def _others(data: Data, key: str, gone: Collection[str]) -> dict[str, Any]:
    """Return the entries of a mapping in the data, if there is one, without some of them."""
    return {id: one for id, one in data.get(key, {}).items() if id not in gone}


def _without_options(data: Data, ids: Collection[str]) -> tuple[Data, list[FieldPath]]:
    """Return data without some options, and the places that used them; one-way marks are removed silently."""
    clearing = _Clearing(ids, frozenset({Names.OPTION}))
    cleared = clearing.cleared(data)
    makers = {
        key: {**maker, "options": _others(maker, "options", ids)} for key, maker in cleared["decision_makers"].items()
    }
    return {**cleared, "decision_makers": makers, "one_way": _others(cleared, "one_way", ids)}, clearing.places


def _remove_option(conflict: Conflict, data: Data, id: str) -> Removal:
    cleared, places = _without_options(data, {id})
    effect = (
        "Preferences, rules and merges that mention it are removed, and acts that concern only it. States, other acts "
        "and statements no longer list it."
    )
    return f"‘{conflict.option(id).label}’", cleared, places, effect


def _remove_decision_maker(conflict: Conflict, data: Data, id: str) -> Removal:
    maker = conflict.decision_maker(id)
    cleared, found = _without_options(data, {option.id for option in maker.options})
    own = (("decision_makers", id), ("views", id))
    acts: list[FieldPath] = [("history", place) for place, act in enumerate(conflict.history) if act.by == id]
    places = [at for at in found if at[:2] not in own and at[2:4] != ("believes", id) and at not in acts]
    places += [
        ("decision_makers", one.id, "attitudes", id)
        for one in conflict.decision_makers
        if one is not maker and id in dict(one.attitudes)
    ]
    places += [("views", view.decision_maker, "believes", id) for view in conflict.views if view.believed(id)]
    places += acts
    groups = [tuple(member for member in group if member != id) for group in conflict.coalitions]
    places += [
        ("coalitions", place) for place, group in enumerate(conflict.coalitions) if id in group and len(group) > 1
    ]
    effect = (
        "The attitudes and beliefs of others about it are removed, and so are its acts and all preferences, rules and "
        "merges that mention its options. Its statements stay."
    )
    spoke = any(id in (one.speaker, one.reported_by) for one in conflict.all_statements)
    made = {
        **cleared,
        "decision_makers": {
            key: {**one, "attitudes": _others(one, "attitudes", [id])}
            for key, one in _others(cleared, "decision_makers", [id]).items()
        },
        "coalitions": [list(group) for group in coalitions_of(conflict, [group for group in groups if group])],
        "history": [act for act in cleared.get("history", []) if act["by"] != id],
        "views": {
            key: {**view, "believes": _others(view, "believes", [id])}
            for key, view in _others(cleared, "views", [id]).items()
        },
        # A party that made statements remains as a named speaker.
        "speakers": {**conflict.speakers, **({id: maker.label} if spoke else {})},
    }
    return f"‘{maker.label}’", made, places, effect


def _remove_speaker(conflict: Conflict, data: Data, id: str) -> Removal:
    label, effect = f"‘{conflict.speakers[id] or id}’", "The statements stay, without this speaker."
    speakers = _others(data, "speakers", [id])
    removed = {**data, "speakers": speakers}
    if id in conflict.replaced(speakers=speakers).all_speakers:
        return label, removed, [], effect
    clearing = _Clearing({id}, frozenset({Names.SPEAKER, Names.DECISION_MAKER}))
    cleared = clearing.cleared({**removed, "links": _links_without(data, [id])})
    return label, cleared, clearing.places, effect


def _remove_statement(conflict: Conflict, data: Data, id: str) -> Removal:
    cleared, places = _without_statements(conflict, data, {id})
    effect = "Elements and other statements stay, without it. Elements that have no other evidence become assumptions."
    return id, cleared, places, effect


def _without_statements(conflict: Conflict, data: Data, ids: Collection[str]) -> tuple[Data, list[FieldPath]]:
    """Return data without some statements of the file, and the places that named them; links to them go silently."""
    clearing = _Clearing(ids, frozenset({Names.STATEMENT}))
    cleared = clearing.cleared(data)
    own = {("statements", place) for place, one in enumerate(conflict.statements) if one.id in ids}
    places = sorted((at for at in clearing.places if at not in own), key=lambda at: at[0] != "statements")
    kept = [one for one in cleared["statements"] if one["id"] not in ids]
    return {**cleared, "statements": kept, "links": _links_without(data, ids)}, places


def _links_without(data: Data, ids: Collection[str]) -> list[Any]:
    return [one for one in data.get("links", []) if not {one["first"], one["second"]} & set(ids)]


#: What the record of a rejected statement says.
REJECTED = "rejected"


def reject(conflict: Conflict, edit: Edit) -> Conflict:
    """Reject statements (``ids``), with what is reported in them; a record keeps a reader from finding them again.

    Raises
    ------
    ConfirmationNeededError
        If they are used elsewhere or others are reported in them, unless the edit says ``everywhere``.
    """
    asked = own_ids(conflict, edit)
    ids = set(asked)
    # Without the statement that reports it, a statement would count as made directly.
    while inner := {one.id for one in conflict.statements if one.nested_in in ids} - ids:
        ids |= inner
    cleared, places = _without_statements(conflict, conflict_data(conflict), ids)
    used_in = [Fault(_in_words(conflict, at), at=at) for at in dict.fromkeys(places)]
    told = [
        Fault(f"{one.id}, reported in {one.nested_in}", at=("statements", place))
        for place, one in enumerate(conflict.statements)
        if one.id in ids - asked
    ]
    if (used_in or told) and edit.get("everywhere") is not True:
        what = counted(len(asked), "statement") if len(asked) > 1 else next(iter(asked))
        several = len(asked) > 1
        summary = f"{what} {'are' if several else 'is'} used in {counted(len(used_in) + len(told), 'place')}"
        effect = (
            "What is reported in a rejected statement is rejected too. Elements stay, without the rejected statements; "
            "those that have no other evidence become assumptions."
        )
        again = {**edit, "everywhere": True}
        raise ConfirmationNeededError(summary, [*told, *used_in], again, "Reject nevertheless", effect)
    made = with_data(conflict, cleared)
    records = [
        Skipped(one.source, one.quote, one.spans, REJECTED, one.speaker_text, one.cue)
        for one in conflict.statements
        if one.id in ids and one.source and one.quote
    ]
    return made.replaced(skipped=[*made.skipped, *records])


def _remove_source(conflict: Conflict, data: Data, id: str) -> Removal:
    title = next(one.title for one in conflict.sources if one.id == id) or id
    clearing = _Clearing({id}, frozenset({Names.SOURCE}))
    cleared = clearing.cleared({**data, "skipped": [one for one in data.get("skipped", []) if one["source"] != id]})
    # The spans of a quote are positions in the removed document.
    of_the_place = ("spans", "prefix", "suffix")
    statements = [
        {
            key: item
            for key, item in one.items()
            if ("statements", place) not in clearing.places or key not in of_the_place
        }
        for place, one in enumerate(cleared.get("statements", []))
    ]
    sources = [one for one in data["sources"] if one["id"] != id]
    effect = "The statements stay, without a source."
    return f"‘{title}’", {**cleared, "sources": sources, "statements": statements}, clearing.places, effect


def _remove_source_whole(conflict: Conflict, data: Data, id: str) -> Removal:
    """Remove a source with its statements, and with what is reported in them."""
    gone: list[FieldPath] = [("statements", place) for place, one in enumerate(conflict.statements) if one.source == id]
    ids = {conflict.statements[int(at[1])].id for at in gone}
    cleared, used = _without_statements(conflict, data, ids)
    label, made, _, _ = _remove_source(conflict, cleared, id)
    told = f" with {counted(len(ids), 'statement')}" if ids else ""
    effect = (
        f"{counted(len(ids), 'statement')} of the source {'is' if len(ids) == 1 else 'are'} removed too. Elements and "
        "other statements stay, without them; elements that have no other evidence become assumptions."
    )
    return f"{label}{told}", made, [*used, *gone], effect


_REMOVALS: dict[str, Callable[[Conflict, Data, str], Removal]] = {
    "options": _remove_option,
    "decision_makers": _remove_decision_maker,
    "speakers": _remove_speaker,
    "statements": _remove_statement,
    "sources": _remove_source,
}


def _in_words(conflict: Conflict, at: FieldPath) -> str:
    """Return the name of the element at a place, with the names of parties and options."""

    def label(id: object) -> str:
        return conflict.decision_maker(str(id)).label

    match at:
        case ("decision_makers", maker):
            return label(maker)
        case ("decision_makers", _, "options", option):
            return f"the option ‘{conflict.option(str(option)).label}’"
        case ("decision_makers", maker, "attitudes", towards):
            return f"the attitude of {label(maker)} towards {label(towards)}"
        case ("decision_makers", maker, *rest):
            return _wish_in_words(conflict.decision_maker(str(maker)).preferences, rest, f"of {label(maker)}")
        case ("rules", int(place)):
            return f"rule {place + 1}: {conflict.rules[place]}"
        case ("merge", int(place)):
            return f"merge {place + 1}: {conflict.merge[place].condition}"
        case ("one_way", option):
            return f"the one-way mark of ‘{conflict.option(str(option)).label}’"
        case ("states", name):
            return f"the state ‘{name}’"
        case ("history", int(place)):
            act = conflict.history[place]
            return f"act {place + 1}, of {label(act.by)} on {act.date}"
        case ("statements", int(place)):
            return f"statement {conflict.statements[place].id}"
        case ("coalitions", int(place)):
            return f"the coalition {' + '.join(map(label, conflict.coalitions[place]))}"
        case ("views", viewer):
            return f"the view of {label(viewer)}"
        case ("views", viewer, "believes", other, *rest):
            believed = f"what {label(viewer)} believes {label(other)} wants"
            view = next(view for view in conflict.views if view.decision_maker == viewer)
            return _wish_in_words(view.believed(str(other)), rest, f"in {believed}") if rest else believed
    return "the status quo"


def _wish_in_words(held: Preferences | None, rest: list[str | int], where: str) -> str:
    """Return the name of one entry of preferences, or of all."""
    match rest:
        case [str(key), int(place)] if held is not None:
            what = "weight" if key == Weights.key else "preference"
            return f"{what} {place + 1} {where}: {list(held.conditions())[place]}"
    return f"the {rest[0]} {where}"
