"""Changes to what a dispute is: who takes part, what each can do, what cannot be, where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from detente.editing.edit import (
    Change,
    Edit,
    at,
    dated,
    maker_of,
    named,
    put,
    resting,
    with_maker,
    with_options,
    without,
)
from detente.errors import InputError, UnknownNameError
from detente.model.conditions import If, parse
from detente.model.conflict import Conflict
from detente.model.names import identifier, name_key
from detente.model.parts import RULE_KINDS, DecisionMaker, Merge, NamedState, OneWay, Option, Rule, StatusQuo

#: How the form calls a rule that is one condition of the form 'if … then …'.
IF_THEN = "if_then"


def _describe(conflict: Conflict, edit: Edit) -> Conflict:
    field = edit["field"]
    value = str(edit["value"]).strip()
    if field == "citation":
        return conflict.replaced(citation=[line.strip() for line in value.splitlines() if line.strip()])
    if field not in ("title", "summary", "as_of", "notes"):
        raise ValueError(f"no field '{field}'")
    if field == "title" and not value:
        raise InputError("a dispute needs a title")
    return conflict.replaced(**{field: dated(value) if field == "as_of" else value})


def _add_decision_maker(conflict: Conflict, edit: Edit) -> Conflict:
    name = named(edit)
    # Whoever has spoken by this name is meant: the statements go on being theirs.
    spoke = next((id for id, called in conflict.speakers.items() if name_key(called) == name_key(name)), None)
    id = spoke or identifier(name, list(conflict.all_speakers))
    return conflict.replaced(
        decision_makers=[*conflict.decision_makers, DecisionMaker(id, name)],
        speakers={other: called for other, called in conflict.speakers.items() if other != spoke},
        # Where groups play, everybody has to be in one.
        coalitions=[*conflict.coalitions, (id,)] if conflict.coalitions else (),
    )


def _rename_decision_maker(conflict: Conflict, edit: Edit) -> Conflict:
    return with_maker(conflict, edit, lambda maker: replace(maker, name=named(edit)))


def _add_option(conflict: Conflict, edit: Edit) -> Conflict:
    name = named(edit)
    made = Option(identifier(name, list(conflict.owner)), name, support=resting(edit))
    return with_maker(conflict, edit, lambda maker: replace(maker, options=(*maker.options, made)))


def _rename_option(conflict: Conflict, edit: Edit) -> Conflict:
    name = named(edit)
    return with_options(conflict, edit, lambda options, place: put(options, place, replace(options[place], name=name)))


def _one_way(conflict: Conflict, edit: Edit) -> Conflict:
    id, way = str(edit["option"]), edit["way"]
    kept = [mark for mark in conflict.one_way if mark.option != id]
    if way not in ("", "taken", "dropped"):
        raise ValueError("a way is '', 'taken' or 'dropped'")
    before = next((mark for mark in conflict.one_way if mark.option == id), OneWay(id, True))
    return conflict.replaced(one_way=[*kept, replace(before, to_taken=way == "taken")] if way else kept)


def _add_rule(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(rules=[*conflict.rules, replace(_rule(edit), support=resting(edit))])


def _change_rule(conflict: Conflict, edit: Edit) -> Conflict:
    place = int(edit["place"])
    made = replace(_rule(edit), support=at(conflict.rules, place).support)
    return conflict.replaced(rules=put(conflict.rules, place, made))


def _remove_rule(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(rules=without(conflict.rules, int(edit["place"])))


def _rule(edit: Edit) -> Rule:
    kind, text = str(edit["kind"]), str(edit["when"])
    if kind == IF_THEN:
        then = str(edit.get("then") or "").strip()
        if not then:
            raise InputError("what holds then? 'if … then' needs two conditions")
        return Rule("always", [If(parse(text), parse(then))])
    if kind not in RULE_KINDS:
        raise UnknownNameError("kind of rule", kind, (*RULE_KINDS, IF_THEN))
    parts = [text] if kind in ("never", "always") else [part for part in text.split(",") if part.strip()]
    if kind == "at_most_one" and len(parts) < 2:
        raise InputError("at_most_one needs two conditions or more, with commas between them")
    return Rule(kind, [parse(part) for part in parts] or [parse(text)])


def _add_merge(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(merge=[*conflict.merge, Merge(parse(str(edit["when"])))])


def _change_merge(conflict: Conflict, edit: Edit) -> Conflict:
    place = int(edit["place"])
    made = replace(at(conflict.merge, place), condition=parse(str(edit["when"])))
    return conflict.replaced(merge=put(conflict.merge, place, made))


def _remove_merge(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(merge=without(conflict.merge, int(edit["place"])))


def _status_quo(conflict: Conflict, edit: Edit) -> Conflict:
    if edit["taken"] is None:
        return conflict.replaced(status_quo=None)
    before = conflict.status_quo or StatusQuo(frozenset())
    return conflict.replaced(status_quo=replace(before, taken=_taken(edit)))


def _add_state(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(states=[*conflict.states, NamedState(named(edit), _taken(edit))])


def _change_state(conflict: Conflict, edit: Edit) -> Conflict:
    place = _state_place(conflict, edit)
    changes: dict[str, Any] = {}
    if "name" in edit:
        changes["name"] = named(edit)
    if "taken" in edit:
        changes["taken"] = _taken(edit)
    made = replace(conflict.states[place], **changes)
    return conflict.replaced(states=put(conflict.states, place, made))


def _remove_state(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(states=without(conflict.states, _state_place(conflict, edit)))


def _state_place(conflict: Conflict, edit: Edit) -> int:
    names = [state.name for state in conflict.states]
    if edit["state"] not in names:
        raise UnknownNameError("named state", edit["state"], names)
    return names.index(edit["state"])


def _taken(edit: Edit) -> frozenset[str]:
    return frozenset(str(id) for id in edit["taken"])


def _play_together(conflict: Conflict, edit: Edit) -> Conflict:
    """Let a decision maker join the group that another plays in; without another it plays alone."""
    id = maker_of(conflict, edit).id
    other = maker_of(conflict, edit, "with").id if edit["with"] else None
    if other == id:
        raise InputError("a decision maker cannot join itself")
    left = [tuple(member for member in group if member != id) for group in conflict.players]
    groups = [(*group, id) if other in group else group for group in left if group]
    return conflict.replaced(coalitions=ordered_coalitions(conflict, groups if other else [*groups, (id,)]))


def ordered_coalitions(conflict: Conflict, groups: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return groups in the order of the file; none where everybody plays alone."""
    order = [maker.id for maker in conflict.decision_makers]
    ordered = [tuple(sorted(group, key=order.index)) for group in groups]
    return sorted(ordered, key=lambda group: order.index(group[0])) if any(len(one) > 1 for one in groups) else []


def _add_speaker(conflict: Conflict, edit: Edit) -> Conflict:
    name = named(edit)
    id = identifier(name, list(conflict.all_speakers))
    return conflict.replaced(speakers={**conflict.speakers, id: name})


def _rename_speaker(conflict: Conflict, edit: Edit) -> Conflict:
    return conflict.replaced(speakers={**conflict.speakers, speaker_of(conflict, edit): named(edit)})


def speaker_of(conflict: Conflict, edit: Edit) -> str:
    """Return the identifier of the speaker that an edit names, who has to be one of this file."""
    id = str(edit["speaker"])
    if id not in conflict.speakers:
        raise UnknownNameError("speaker in this file", id, conflict.speakers)
    return id


CHANGES: dict[str, Change] = {
    "describe": _describe,
    "add decision maker": _add_decision_maker,
    "rename decision maker": _rename_decision_maker,
    "add option": _add_option,
    "rename option": _rename_option,
    "one way": _one_way,
    "add rule": _add_rule,
    "change rule": _change_rule,
    "remove rule": _remove_rule,
    "add merge": _add_merge,
    "change merge": _change_merge,
    "remove merge": _remove_merge,
    "status quo": _status_quo,
    "add state": _add_state,
    "change state": _change_state,
    "remove state": _remove_state,
    "play together": _play_together,
    "add speaker": _add_speaker,
    "rename speaker": _rename_speaker,
}
