"""Changes to the evidence of a dispute: sources, statements, their links, and the elements that they support."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from detente.editing.edit import (
    ConfirmationNeededError,
    Edit,
    FieldPath,
    changed,
    named,
    place_of,
    set_value,
    value_at,
    with_data,
    with_value,
)
from detente.errors import Fault, InputError, UnknownNameError
from detente.io.dossier_file import dossier_of
from detente.io.yaml.write import conflict_data
from detente.model.conditions import as_condition
from detente.model.conflict import Conflict
from detente.model.evidence import PROPOSED, REVIEWED, Support, Testimony, link_fault
from detente.model.names import identifier, name_key
from detente.model.parts import Option
from detente.model.preferences import Preferences, PreferenceStatement, Prioritising
from detente.model.statements import Source, Statement, next_number
from detente.reading.dossier_import import add_statements
from detente.reading.drafting.clusters import short_name

#: The keys by which a statement refers to others, with their names on a page.
LINKS = {
    "contested_by": "disputed by",
    "withdrawn_by": "withdrawn by",
    "copy_of": "a copy of",
    "nested_in": "reported in",
}


def add_source(conflict: Conflict, edit: Edit) -> Conflict:
    """Add a document of the folder as a source; its identifier is made from its title or file name."""
    file = str(edit["file"])
    title = str(edit.get("title") or "").strip()
    id = identifier(title or file.rpartition("/")[2].partition(".")[0], [one.id for one in conflict.all_sources])
    return conflict.replaced(sources=[*conflict.sources, Source(id, title=title or None, file=file)])


def add_statement(conflict: Conflict, edit: Edit) -> Conflict:
    """Add a statement selected in the text of a source: its quote and context."""
    keys = ("source", "kind", "quote", "prefix", "suffix", "date_said", "note")
    given: dict[str, Any] = {key: str(edit[key]) for key in keys if edit.get(key)}
    spans = tuple((int(start), int(end)) for start, end in edit.get("spans", ()))
    about = tuple(str(id) for id in edit.get("about", ()))
    conflict, speaker = _with_speaker(conflict, edit.get("speaker"))
    made = Statement(f"s{next_number(conflict.all_statements)}", speaker=speaker, spans=spans, about=about, **given)
    return conflict.replaced(statements=[*conflict.statements, made])


def import_statements(conflict: Conflict, edit: Edit) -> Conflict:
    """Import the statements that a reader has found: a dossier, as `detente read --format json` prints it."""
    return add_statements(conflict, dossier_of(edit["dossier"]))


def accept(conflict: Conflict, edit: Edit) -> Conflict:
    """Accept proposed statements (``ids``): a person has checked them."""
    ids = own_ids(conflict, edit)
    return conflict.replaced(
        statements=[replace(one, proposed=False) if one.id in ids else one for one in conflict.statements]
    )


def review(conflict: Conflict, edit: Edit) -> Conflict:
    """Mark what a program proposed as reviewed: the element at a place, or every element if no place is given.

    Its note keeps the reason: ``Proposed: a demand.`` becomes ``Reviewed: a demand.`` Statements are reviewed by
    accepting them.
    """
    open_ones = {at: one.note for at, one in conflict.supports() if one.note.startswith(PROPOSED)}
    chosen = [place_of(edit)] if edit.get("at") else list(open_ones)
    if not chosen or chosen[0] not in open_ones:
        raise InputError("nothing is proposed there" if edit.get("at") else "nothing in the model is proposed")
    data: Any = conflict_data(conflict)
    for at in chosen:
        data = changed(data, at, lambda old, kind: {**old, "note": _reviewed(old["note"])})
    if len(chosen) == len(open_ones) and conflict.summary.startswith(PROPOSED):
        data["summary"] = conflict.summary.replace("; not reviewed.", "; reviewed.", 1)
    return with_data(conflict, data)


def _reviewed(note: str) -> str:
    reason = note.removeprefix(f"{PROPOSED}: ")
    return f"{REVIEWED}: {reason if reason != note else note[:1].lower() + note[1:]}"


def own_ids(conflict: Conflict, edit: Edit) -> frozenset[str]:
    """Return the statements that an edit names (``ids``), which are in the file itself.

    Raises
    ------
    UnknownNameError
        For a statement that is not.
    """
    ids = frozenset(map(str, edit["ids"]))
    own = {one.id for one in conflict.statements}
    if unknown := sorted(ids - own):
        raise UnknownNameError("statement in this file", unknown[0], own, hint="it is part of a dossier")
    return ids


def propose(conflict: Conflict, edit: Edit) -> Conflict:
    """Add what an accepted statement says that its speaker wants: an option, unless it is there, and a preference.

    ``owner`` is the party that acts, ``option`` its option, or ``name`` that of a new one; ``holder`` wants it
    (``wanted``), does not want it, or does not say so (None): then only the option is added. Both name the statement as
    their evidence, and a note says that they are proposed.
    """
    id, owner, holder, wanted = str(edit["statement"]), str(edit["owner"]), str(edit["holder"]), edit["wanted"]
    said = next((one for one in conflict.all_statements if one.id == id), None)
    if said is None:
        raise UnknownNameError("statement", id, [one.id for one in conflict.all_statements])
    if said.proposed:
        raise InputError(f"{id} is a proposal itself: accept it first")
    if said.kind == "denial":
        raise InputError(f"{id} is a denial, which does not say what its speaker wants")
    support = Support((id,), (), f"{PROPOSED}: {edit['reason']}.")
    makers = {one.id: one for one in conflict.decision_makers}
    for one in (owner, holder):
        if one not in makers:
            raise UnknownNameError("decision maker", one, makers)
    option = str(edit.get("option") or "")
    if option and conflict.owner.get(option) != owner:
        raise UnknownNameError("option", option, [one.id for one in makers[owner].options])
    if not option:
        name = named(edit)
        option = identifier(short_name(name), list(conflict.owner))
        made = Option(option, name, support)
        makers[owner] = replace(makers[owner], options=(*makers[owner].options, made))
    if wanted is not None:
        makers[holder] = replace(
            makers[holder],
            preferences=_with_wish(makers[holder].preferences, option if wanted else f"not {option}", support),
        )
    about = said.about if option in said.about else (*said.about, option)
    stance = {} if wanted is None else {option: "for" if wanted else "against"}
    return conflict.replaced(
        decision_makers=makers.values(),
        statements=[
            replace(one, about=about, stances={**one.stances, **stance}) if one is said else one
            for one in conflict.statements
        ],
    )


def _with_wish(held: Preferences, condition: str, support: Support) -> Preferences:
    """Return preferences with a condition as the last of the list; one that is there gets more evidence."""
    if not isinstance(held, Prioritising):
        raise InputError("these preferences are not a list: add the option alone, and give it its place in them")
    wish = as_condition(condition)
    entries = list(held.statements)
    for place, one in enumerate(entries):
        if one.condition == wish:
            evidence = tuple(dict.fromkeys((*one.support.evidence, *support.evidence)))
            entries[place] = replace(one, support=replace(one.support, evidence=evidence))
            return Prioritising(tuple(entries))
    return Prioritising((*entries, PreferenceStatement(wish, support)))


def set_of_statement(conflict: Conflict, edit: Edit) -> Conflict:
    """Set one field of a statement, checking speakers and links."""
    _, id, key = place_of(edit)
    if key in ("speaker", "reported_by"):
        conflict, speaker = _with_speaker(conflict, edit["value"])
        return with_value(conflict, place_of(edit), speaker)
    made = set_value(conflict, edit)
    if key in LINKS:
        place = next(place for place, one in enumerate(conflict.statements) if id in (one.id, place))
        refuse_nonsense(made.all_statements, made.statements[place])
    return made


def _with_speaker(conflict: Conflict, typed: object) -> tuple[Conflict, str | None]:
    """Return the conflict and the identifier of the speaker typed by name or identifier; an unknown name is added."""
    name = " ".join(str(typed or "").split())
    if not name or name in conflict.all_speakers:
        return conflict, name or None
    names = [*conflict.all_speakers.items(), *conflict.speaker_names.items()]
    known = next((id for id, other in names if name_key(other) == name_key(name)), None)
    if known is not None:
        return conflict, known
    id = identifier(name, list(conflict.all_speakers))
    return conflict.replaced(speakers={**conflict.speakers, id: name}), id


def linked(statement: Statement, key: str) -> tuple[str, ...]:
    """Return the statements that a statement refers to by a key."""
    found = getattr(statement, key)
    return found if isinstance(found, tuple) else (found,) if found else ()


def refuse_nonsense(statements: Iterable[Statement], changed: Statement) -> None:
    """Refuse links of a statement to itself, to unknown statements, and in a circle.

    Copies count as one statement, so a link of one copy is a link of all.

    Raises
    ------
    UnknownNameError
        For an unknown statement.
    InputError
        If a statement would be linked to itself, directly or around a circle.
    """
    by_id = {one.id: one for one in statements}
    for key, words in LINKS.items():
        for other in linked(changed, key):
            if other not in by_id:
                raise UnknownNameError("statement", other, by_id)
            if other == changed.id:
                raise InputError(f"{changed.id} cannot be {words} itself")
    circle = link_fault(by_id.values())
    if circle is not None:
        raise InputError(f"{changed.id} would depend on itself: {circle.message}")
    original = Testimony(tuple(by_id.values())).original
    for one in by_id.values():
        for other in one.contested_by:
            if original[one.id] == original[changed.id] == original.get(other):
                raise InputError(f"{one.id} cannot be disputed by {other}: the two are copies of one statement")


def link(conflict: Conflict, edit: Edit) -> Conflict:
    """Add a statement to the evidence for an element, or against it (``key``)."""
    id = str(edit["statement"])
    _must_be_agreed(conflict, edit, id)
    return _with_grounds(conflict, edit, lambda ids: [*ids, id])


def unlink(conflict: Conflict, edit: Edit) -> Conflict:
    """Remove a statement from the evidence of an element."""
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: [other for other in ids if other != id])


def _with_grounds(conflict: Conflict, edit: Edit, change: Any) -> Conflict:
    key = "against" if edit.get("key", "evidence") == "against" else "evidence"
    place: FieldPath = (*place_of(edit), key)
    return with_value(conflict, place, change(value_at(conflict_data(conflict), place)))


def _must_be_agreed(conflict: Conflict, edit: Edit, id: str) -> None:
    """Require confirmation before another party's statement becomes the evidence of a party's option."""
    place = place_of(edit)
    of_an_option = len(place) == 4 and place[0] == "decision_makers" and place[2] == "options"
    if edit.get("agreed") is True or edit.get("key", "evidence") == "against" or not of_an_option:
        return
    labels = {maker.id: maker.label for maker in conflict.decision_makers}
    speaker = next((one.speaker for one in conflict.all_statements if one.id == id), None)
    if speaker in labels and speaker != place[1] and place[1] in labels:
        fault = Fault(f"{id} was said by {labels[speaker]}, and the option is of {labels[place[1]]}", at=place)
        effect = "The evidence of the option is then another party's statement."
        agreed = {**edit, "agreed": True}
        raise ConfirmationNeededError(
            "this statement was made by another party", [fault], agreed, "Link it anyway", effect
        )
