"""Changes to the decision makers, the standing coalitions, the rules and the history."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from detente.editing.edit import Edit, add, item_at, named, place_of, put, with_data, with_value
from detente.errors import InputError, UnknownNameError
from detente.io.yaml.write import conflict_data
from detente.model.conditions import split_at_commas
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.names import identifier, name_key
from detente.model.parts import RULE_KINDS, DecisionMaker

#: The name that forms use for a rule that is a condition of the form 'if … then …'.
IF_THEN = "if_then"


def add_decision_maker(conflict: Conflict, edit: Edit) -> Conflict:
    """Add a decision maker; a speaker of the same name becomes the decision maker and keeps its statements."""
    name = named(edit)
    spoke = next((id for id, called in conflict.speakers.items() if name_key(called) == name_key(name)), None)
    id = spoke or identifier(name, list(conflict.all_speakers))
    return conflict.replaced(
        decision_makers=[*conflict.decision_makers, DecisionMaker(id, name)],
        speakers={other: called for other, called in conflict.speakers.items() if other != spoke},
        # If there are coalitions, every decision maker must be in one.
        coalitions=[*conflict.coalitions, (id,)] if conflict.coalitions else (),
    )


def set_rule(conflict: Conflict, edit: Edit) -> Conflict:
    """Set the rule at a place, or add one to the rules: its kind, and its condition or conditions as one line."""
    place, kind, text = place_of(edit), str(edit["kind"]), str(edit["when"]).strip()
    if kind == IF_THEN:
        then = str(edit.get("then") or "").strip()
        if not then:
            raise InputError("enter the second condition: 'if … then' needs two")
        rule: dict[str, object] = {"if": text, "then": then}
    elif kind not in RULE_KINDS:
        raise UnknownNameError("kind of rule", kind, (*RULE_KINDS, IF_THEN))
    elif kind in ("never", "always"):
        rule = {kind: text}
    else:
        parts = [part for part in split_at_commas(text) if part.strip()]
        if kind == "at_most_one" and len(parts) < 2:
            raise InputError("at_most_one needs two or more conditions, separated by commas")
        rule = {kind: parts or [text]}
    if place == ("rules",):
        return add(conflict, {"at": place, **rule, "evidence": edit.get("evidence", [])})
    return with_value(conflict, place, rule)


def set_act(conflict: Conflict, edit: Edit) -> Conflict:
    """Set the date of the act at a place, or add an act that takes or drops one option; acts stay in order of date."""
    place, data = place_of(edit), conflict_data(conflict)
    acts: list[dict[str, Any]] = list(data.get("history", []))
    when = str(edit["date"]).strip()
    if place == ("history",):
        option, way = str(edit["option"]), str(edit["way"])
        if option not in conflict.owner:
            raise UnknownNameError("option", option, conflict.owner)
        if way not in ("takes", "drops"):
            raise UnknownNameError("change", way, ("takes", "drops"))
        acts.append({"date": when, "by": conflict.owner[option], way: [option]})
    else:
        number = int(place[-1])
        acts = list(put(acts, number, {**item_at(acts, number), "date": when}))
    with suppress(ValueError):
        # What is not a date is reported as a fault at its place.
        acts.sort(key=lambda act: parse_date(str(act["date"])).latest or date.max)
    return with_data(conflict, {**data, "history": acts})


def play_together(conflict: Conflict, edit: Edit) -> Conflict:
    """Let a decision maker join another's coalition; without another, it plays alone."""
    ids = [maker.id for maker in conflict.decision_makers]
    id, other = edit["maker"], edit["with"]
    for one in (id, other or id):
        if one not in ids:
            raise UnknownNameError("decision maker", one, ids)
    if other == id:
        raise InputError("a decision maker cannot join itself")
    left = [tuple(member for member in group if member != id) for group in conflict.players]
    groups = [(*group, id) if other in group else group for group in left if group]
    return conflict.replaced(coalitions=coalitions_of(conflict, groups if other else [*groups, (id,)]))


def coalitions_of(conflict: Conflict, groups: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return groups in the order of the file; none if every decision maker plays alone."""
    order = [maker.id for maker in conflict.decision_makers]
    ordered = [tuple(sorted(group, key=order.index)) for group in groups]
    return sorted(ordered, key=lambda group: order.index(group[0])) if any(len(one) > 1 for one in groups) else []
