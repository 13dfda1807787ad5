"""One change to a dispute, as a form makes it, carried over to the text: comments and the look of the rest survive.

An edit is plain data: ``do`` names the change, the other keys say what and where. Elements are named by their place in
the conflict file, as faults are (``["decision_makers", "upstream", "preferences", 0]``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from detente.conflict.conditions import KEYWORDS, parse
from detente.conflict.model import (
    RULE_KINDS,
    ConflictModel,
    DecisionMaker,
    NamedState,
    OneWay,
    Option,
    Rule,
    StatusQuo,
)
from detente.conflict.preferences import PreferenceStatement, Prioritising
from detente.conflict.support import Support
from detente.dossier import Source, Statement
from detente.errors import Fault, InputError, UnknownNameError
from detente.files import conflict_checks
from detente.files.conflict_file import ConflictFile

Edit = Mapping[str, Any]
Item = TypeVar("Item")


def edited(file: ConflictFile, edit: Edit) -> str:
    """Return the text of a conflict file after one change.

    Raises
    ------
    InputError
        When the change cannot be made or would leave the dispute at fault; nothing is changed then.
    UnknownNameError
        For a change or an element that there is not.
    """
    name = str(edit.get("do", ""))
    if name not in CHANGES:
        raise UnknownNameError("change", name, CHANGES)
    try:
        changed = CHANGES[name](file.conflict, edit)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError(f"this change does not fit the dispute: {error}") from error
    faults = list(conflict_checks.faults(changed))
    if faults:
        raise InputError(faults)
    return file.text_with(changed)


def _describe(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    field = edit["field"]
    if field not in ("title", "summary", "as_of", "notes"):
        raise ValueError(f"no field '{field}'")
    value = str(edit["value"]).strip()
    if field == "title" and not value:
        raise InputError("a dispute needs a title")
    if field == "as_of" and value and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        raise InputError("write the date as 2024-05-01, 2024-05 or 2024")
    return conflict.replaced(**{field: value or (None if field == "as_of" else "")})


def _add_decision_maker(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    name = _named(edit)
    id = identifier(name, [maker.id for maker in conflict.decision_makers])
    return conflict.replaced(decision_makers=[*conflict.decision_makers, DecisionMaker(id, name)])


def _rename_decision_maker(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return _with_maker(conflict, edit, lambda maker: replace(maker, name=_named(edit)))


def _remove_decision_maker(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id = _maker(conflict, edit).id
    return conflict.replaced(decision_makers=[maker for maker in conflict.decision_makers if maker.id != id])


def _add_option(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    name = _named(edit)
    id = identifier(name, list(conflict.owner))
    return _with_maker(conflict, edit, lambda maker: replace(maker, options=(*maker.options, Option(id, name))))


def _rename_option(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    name = _named(edit)
    return _with_options(
        conflict, edit, lambda options, place: _set(options, place, replace(options[place], name=name))
    )


def _remove_option(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return _with_options(conflict, edit, _without)


def _with_options(
    conflict: ConflictModel, edit: Edit, change: Callable[[Sequence[Option], int], tuple[Option, ...]]
) -> ConflictModel:
    id = str(edit["option"])
    if id not in conflict.owner:
        raise UnknownNameError("option", id, conflict.owner)

    def changed(maker: DecisionMaker) -> DecisionMaker:
        place = [option.id for option in maker.options].index(id)
        return replace(maker, options=change(maker.options, place))

    return _with_maker(conflict, {"maker": conflict.owner[id]}, changed)


def _one_way(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id, way = str(edit["option"]), edit["way"]
    kept = [mark for mark in conflict.one_way if mark.option != id]
    if way not in ("", "taken", "dropped"):
        raise ValueError("a way is '', 'taken' or 'dropped'")
    before = next((mark for mark in conflict.one_way if mark.option == id), OneWay(id, True))
    return conflict.replaced(one_way=[*kept, replace(before, to_taken=way == "taken")] if way else kept)


def _add_preference(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    made = PreferenceStatement(parse(str(edit["when"])))
    return _with_preferences(conflict, edit, lambda all: (*all, made))


def _change_preference(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    condition, place = parse(str(edit["when"])), int(edit["place"])
    return _with_preferences(
        conflict, edit, lambda all: _set(all, place, replace(_at(all, place), condition=condition))
    )


def _move_preference(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place, to = int(edit["place"]), int(edit["to"])
    return _with_preferences(conflict, edit, lambda all: moved(all, place, to))


def _remove_preference(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return _with_preferences(conflict, edit, lambda all: _without(all, int(edit["place"])))


def _with_preferences(
    conflict: ConflictModel,
    edit: Edit,
    change: Callable[[tuple[PreferenceStatement, ...]], tuple[PreferenceStatement, ...]],
) -> ConflictModel:
    def changed(maker: DecisionMaker) -> DecisionMaker:
        if not isinstance(maker.preferences, Prioritising):
            raise InputError(f"{maker.label} has preferences by {maker.preferences.key}: change them in the text")
        made = replace(maker.preferences, statements=tuple(change(maker.preferences.statements)))
        return replace(maker, preferences=made)

    return _with_maker(conflict, edit, changed)


def _add_rule(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return conflict.replaced(rules=[*conflict.rules, _rule(edit)])


def _change_rule(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = int(edit["place"])
    made = replace(_rule(edit), support=_at(conflict.rules, place).support)
    return conflict.replaced(rules=_set(conflict.rules, place, made))


def _remove_rule(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return conflict.replaced(rules=_without(conflict.rules, int(edit["place"])))


def _rule(edit: Edit) -> Rule:
    kind, text = str(edit["kind"]), str(edit["when"])
    if kind not in RULE_KINDS:
        raise UnknownNameError("kind of rule", kind, RULE_KINDS)
    parts = [text] if kind in ("never", "always") else [part for part in text.split(",") if part.strip()]
    if kind == "at_most_one" and len(parts) < 2:
        raise InputError("at_most_one needs two conditions or more, with commas between them")
    return Rule(kind, [parse(part) for part in parts] or [parse(text)])


def _status_quo(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    if edit["taken"] is None:
        return conflict.replaced(status_quo=None)
    before = conflict.status_quo or StatusQuo(frozenset())
    return conflict.replaced(status_quo=replace(before, taken=_taken(edit)))


def _add_state(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return conflict.replaced(states=[*conflict.states, NamedState(_named(edit), _taken(edit))])


def _change_state(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _state_place(conflict, edit)
    changes: dict[str, Any] = {}
    if "name" in edit:
        changes["name"] = _named(edit)
    if "taken" in edit:
        changes["taken"] = _taken(edit)
    made = replace(conflict.states[place], **changes)
    return conflict.replaced(states=_set(conflict.states, place, made))


def _remove_state(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    return conflict.replaced(states=_without(conflict.states, _state_place(conflict, edit)))


def _state_place(conflict: ConflictModel, edit: Edit) -> int:
    names = [state.name for state in conflict.states]
    if edit["state"] not in names:
        raise UnknownNameError("named state", edit["state"], names)
    return names.index(edit["state"])


def _add_source(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    file = str(edit["file"])
    title = str(edit.get("title") or "").strip()
    id = identifier(title or file.rpartition("/")[2].partition(".")[0], [one.id for one in conflict.all_sources])
    return conflict.replaced(sources=[*conflict.sources, Source(id, title=title or None, file=file)])


_STATEMENT_FIELDS = ("source", "speaker", "kind", "quote", "prefix", "suffix", "date_said", "note")


def _add_statement(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    numbers = [int(found[1]) for one in conflict.all_statements if (found := re.fullmatch(r"s(\d+)\w*", one.id))]
    given: dict[str, Any] = {key: str(edit[key]) for key in _STATEMENT_FIELDS if edit.get(key)}
    spans = tuple((int(start), int(end)) for start, end in edit.get("spans", ()))
    about = tuple(str(id) for id in edit.get("about", ()))
    made = Statement(f"s{max(numbers, default=0) + 1}", spans=spans, about=about, **given)
    return conflict.replaced(statements=[*conflict.statements, made])


def _remove_statement(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _statement_place(conflict, edit)
    return conflict.replaced(statements=_without(conflict.statements, place))


def _leave_open(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _statement_place(conflict, edit)
    made = replace(conflict.statements[place], in_doubt=bool(edit["open"]))
    return conflict.replaced(statements=_set(conflict.statements, place, made))


def _statement_place(conflict: ConflictModel, edit: Edit) -> int:
    ids = [statement.id for statement in conflict.statements]
    if edit["statement"] not in ids:
        raise UnknownNameError("statement in this file", edit["statement"], ids, hint="it stands in a dossier")
    return ids.index(edit["statement"])


def _link(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: ids if id in ids else (*ids, id))


def _unlink(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: tuple(other for other in ids if other != id))


def _with_grounds(
    conflict: ConflictModel, edit: Edit, change: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> ConflictModel:
    if edit.get("key", "evidence") == "against":
        return supported(conflict, edit["at"], lambda one: replace(one, against=change(one.against)))
    return supported(conflict, edit["at"], lambda one: replace(one, evidence=change(one.evidence)))


def supported(conflict: ConflictModel, at: Sequence[str | int], change: Callable[[Support], Support]) -> ConflictModel:
    """Return a conflict in which the grounds of the element at a place are otherwise."""

    def changed(element: Any) -> Any:
        return replace(element, support=change(element.support))

    match list(at):
        case ["decision_makers", str(id)]:
            return _with_maker(conflict, {"maker": id}, changed)
        case ["decision_makers", str(_), "options", str(option)]:
            return _with_options(conflict, {"option": option}, lambda all, place: _set(all, place, changed(all[place])))
        case ["decision_makers", str(id), "preferences", int(place)]:
            return _with_preferences(conflict, {"maker": id}, lambda all: _set(all, place, changed(_at(all, place))))
        case ["rules" | "merge" as key, int(place)]:
            items = getattr(conflict, key)
            return conflict.replaced(**{key: _set(items, place, changed(_at(items, place)))})
        case ["one_way", str(option)]:
            return conflict.replaced(
                one_way=[changed(mark) if mark.option == option else mark for mark in conflict.one_way]
            )
        case ["status_quo"] if conflict.status_quo:
            return conflict.replaced(status_quo=changed(conflict.status_quo))
        case ["states", str(name)]:
            return conflict.replaced(
                states=[changed(state) if state.name == name else state for state in conflict.states]
            )
    raise UnknownNameError("element", "/".join(map(str, at)))


#: Every change by the name that an edit calls it.
CHANGES: dict[str, Callable[[ConflictModel, Edit], ConflictModel]] = {
    "describe": _describe,
    "add decision maker": _add_decision_maker,
    "rename decision maker": _rename_decision_maker,
    "remove decision maker": _remove_decision_maker,
    "add option": _add_option,
    "rename option": _rename_option,
    "remove option": _remove_option,
    "one way": _one_way,
    "add preference": _add_preference,
    "change preference": _change_preference,
    "move preference": _move_preference,
    "remove preference": _remove_preference,
    "add rule": _add_rule,
    "change rule": _change_rule,
    "remove rule": _remove_rule,
    "status quo": _status_quo,
    "add state": _add_state,
    "change state": _change_state,
    "remove state": _remove_state,
    "add source": _add_source,
    "add statement": _add_statement,
    "remove statement": _remove_statement,
    "leave open": _leave_open,
    "link": _link,
    "unlink": _unlink,
}


def _maker(conflict: ConflictModel, edit: Edit) -> DecisionMaker:
    ids = [maker.id for maker in conflict.decision_makers]
    if edit["maker"] not in ids:
        raise UnknownNameError("decision maker", edit["maker"], ids)
    return conflict.decision_maker(str(edit["maker"]))


def _with_maker(conflict: ConflictModel, edit: Edit, change: Callable[[DecisionMaker], DecisionMaker]) -> ConflictModel:
    id = _maker(conflict, edit).id
    return conflict.replaced(
        decision_makers=[change(maker) if maker.id == id else maker for maker in conflict.decision_makers]
    )


def _named(edit: Edit) -> str:
    name = str(edit["name"]).strip()
    if not name:
        raise InputError([Fault("a name is needed")])
    return name


def _taken(edit: Edit) -> frozenset[str]:
    return frozenset(str(id) for id in edit["taken"])


def _at(items: Sequence[Item], place: int) -> Item:
    if not 0 <= place < len(items):
        raise IndexError(f"there is no number {place + 1}")
    return items[place]


def _set(items: Sequence[Item], place: int, item: Item) -> tuple[Item, ...]:
    _at(items, place)
    return (*items[:place], item, *items[place + 1 :])


def _without(items: Sequence[Item], place: int) -> tuple[Item, ...]:
    _at(items, place)
    return (*items[:place], *items[place + 1 :])


def moved(items: Sequence[Item], place: int, to: int) -> tuple[Item, ...]:
    """Return the items with one of them at another place."""
    item = _at(items, place)
    _at(items, to)
    rest = _without(items, place)
    return (*rest[:to], item, *rest[to:])


def identifier(name: str, taken: Sequence[str]) -> str:
    """Make an identifier from a name: small letters, digits and hyphens, and none that is there already."""
    made = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:40].strip("-_") or "new"
    if made in KEYWORDS or made.isdecimal():
        made = f"{made}-it"
    found, count = made, 2
    while found in taken:
        found, count = f"{made}-{count}", count + 1
    return found
