"""Deciding on what a reader proposes about actors and statements of a dossier.

A proposal has no effect until it is accepted. Accepting one changes the dossier as a person would: two actors become
one, a statement is marked as a copy, as withdrawn or as contested.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from detente.editing.edit import Edit
from detente.editing.statements import refuse_nonsense
from detente.errors import InputError, UnknownNameError, nearest
from detente.model.conflict import Conflict
from detente.model.names import identifier
from detente.model.statements import LINK_KINDS, Actor, Dossier, Link, Statement


def decided(dossier: Dossier, numbers: Iterable[int], *, accepted: bool) -> Dossier:
    """Return a dossier in which links, numbered from 1, are accepted or refused.

    Raises
    ------
    InputError
        If there is no link with such a number, or it is decided already.
    """
    for number in dict.fromkeys(numbers):
        if not 1 <= number <= len(dossier.links):
            count = len(dossier.links)
            raise InputError(
                f"there is no proposal {number}; " + (f"they are 1 to {count}" if count else "nothing is proposed")
            )
        link = dossier.links[number - 1]
        if link.accepted is not None:
            raise InputError(f"proposal {number} is {'accepted' if link.accepted else 'refused'} already")
        links = [*dossier.links]
        links[number - 1] = replace(link, accepted=accepted)
        dossier = replace(dossier, links=tuple(links))
        if accepted:
            dossier = _with_link(dossier, link)
    return dossier


def accepted_above(dossier: Dossier, confidence: float) -> Dossier:
    """Return a dossier in which every open proposal of at least this confidence is accepted."""
    numbers = [
        number
        for number, link in enumerate(dossier.links, start=1)
        if link.accepted is None and (link.confidence or 0.0) >= confidence
    ]
    for number in numbers:
        # Two actors can have become one meanwhile.
        if dossier.links[number - 1].accepted is None:
            dossier = decided(dossier, [number], accepted=True)
    return dossier


def _with_link(dossier: Dossier, link: Link) -> Dossier:
    if link.kind == "same_as":
        return merged(dossier, link.first, link.second)
    return replace(dossier, statements=tuple(with_relation(one, link) for one in dossier.statements))


def with_relation(one: Statement, link: Link) -> Statement:
    """Return a statement with what an accepted link says about it; unchanged if that stands on the other one."""
    match link.kind:
        case "copy_of" if one.id == link.first:
            return replace(one, copy_of=link.second)
        case "withdraws" if one.id == link.second:
            return replace(one, withdrawn_by=_with(one.withdrawn_by, link.first))
        case "denies" | "contradicts" if one.id == link.second:
            return replace(one, contested_by=_with(one.contested_by, link.first))
    return one


def decide(conflict: Conflict, edit: Edit) -> Conflict:
    """Accept or refuse a proposed link in a conflict file; the decision is recorded, so that it is not proposed again.

    Raises
    ------
    InputError
        If the link cannot be accepted: its statement is in a dossier, or two decision makers would become one.
    """
    kind, first, second = (str(edit[key]) for key in ("kind", "first", "second"))
    if kind not in LINK_KINDS:
        raise UnknownNameError("kind of link", kind, LINK_KINDS)
    confidence = edit.get("confidence")
    reason = str(edit.get("reason") or "")
    sure = None if confidence is None else float(confidence)
    link = Link(kind, first, second, reason, sure, edit["accepted"] is True)
    known = conflict.all_speakers if kind == "same_as" else {one.id for one in conflict.all_statements}
    for id in (first, second):
        if id not in known:
            raise UnknownNameError("speaker" if kind == "same_as" else "statement", id, known)
    others = [one for one in conflict.links if (one.kind, {one.first, one.second}) != (kind, {first, second})]
    made = conflict.replaced(links=[*others, link])
    if not link.accepted or kind == "repeats":
        return made
    return _one_speaker(made, link) if kind == "same_as" else _related(made, link)


def _related(conflict: Conflict, link: Link) -> Conflict:
    own = {one.id for one in conflict.statements}
    changed = link.first if link.kind == "copy_of" else link.second
    if changed not in own and link.kind in ("denies", "contradicts") and link.first in own:
        # A dispute may be written on either statement.
        link, changed = replace(link, first=link.second, second=link.first), link.first
    if changed not in own:
        raise InputError(f"{changed} is part of a dossier, which a form does not change: use 'detente link'")
    made = conflict.replaced(statements=[with_relation(one, link) for one in conflict.statements])
    refuse_nonsense(made.all_statements, next(one for one in made.statements if one.id == changed))
    return made


def _one_speaker(conflict: Conflict, link: Link) -> Conflict:
    """Return a conflict in which two speakers are one: a decision maker stays, or else the second one."""
    makers = {one.id for one in conflict.decision_makers}
    gone, kept = (link.second, link.first) if link.first in makers else (link.first, link.second)
    names = conflict.all_speakers
    if gone in makers:
        raise InputError(f"{names[gone]} and {names[kept]} are decision makers of this dispute, so they are two actors")
    if gone not in conflict.speakers or any(gone in dossier.speakers for dossier in conflict.dossiers):
        raise InputError(f"{names[gone]} is part of a dossier, which a form does not change: use 'detente link'")

    def id(one: str | None) -> str | None:
        return kept if one == gone else one

    def of_the_same(one: Link) -> Link:
        if one.kind != "same_as" or one.accepted is False:
            return one
        return replace(one, first=one.first if one.accepted else id(one.first) or "", second=id(one.second) or "")

    # The record of this decision stays, so that the name means the same speaker when a document is read again.
    links = [of_the_same(one) for one in conflict.links if {one.first, one.second} != {gone, kept}]
    return conflict.replaced(
        speakers={other: name for other, name in conflict.speakers.items() if other != gone},
        statements=[
            replace(
                one,
                speaker=id(one.speaker),
                reported_by=id(one.reported_by),
                addresses=tuple(dict.fromkeys(id(each) or "" for each in one.addresses)),
            )
            for one in conflict.statements
        ],
        links=[one for one in [*links, replace(link, first=gone, second=kept)] if one.first != one.second],
    )


def _with(ids: tuple[str, ...], id: str) -> tuple[str, ...]:
    return ids if id in ids else (*ids, id)


def merged(dossier: Dossier, first: str, second: str) -> Dossier:
    """Return a dossier in which an actor and another one, which stays, are one actor.

    Raises
    ------
    InputError
        If one of them is not in the dossier, or both are the same.
    """
    gone, kept = _actor(dossier, first), _actor(dossier, second)
    if gone.id == kept.id:
        raise InputError(f"'{first}' is one actor already")
    aliases = dict.fromkeys([*kept.aliases, gone.name or gone.id, *gone.aliases])
    aliases.pop(kept.name, None)
    party = kept.speaks_for or gone.speaks_for
    whole = replace(
        kept,
        aliases=tuple(aliases),
        offices=tuple(dict.fromkeys((*kept.offices, *gone.offices))),
        speaks_for=None if party in (gone.id, kept.id) else party,
    )

    def id(one: str | None) -> str | None:
        return kept.id if one == gone.id else one

    actors = (whole if one.id == kept.id else one for one in dossier.actors if one.id != gone.id)
    # Those who spoke for the one speak for the whole, and nobody speaks for himself.
    with_parties = (
        replace(one, speaks_for=None if id(one.speaks_for) == one.id else id(one.speaks_for)) for one in actors
    )
    links = tuple(
        replace(link, first=id(link.first) or "", second=id(link.second) or "") if link.kind == "same_as" else link
        for link in dossier.links
    )
    return replace(
        dossier,
        speakers=_without(dossier, gone.id),
        actors=tuple(with_parties) if dossier.actors else (),
        statements=tuple(
            replace(
                one,
                speaker=id(one.speaker),
                reported_by=id(one.reported_by),
                addresses=tuple(dict.fromkeys(id(each) or "" for each in one.addresses)),
            )
            for one in dossier.statements
        ),
        # A proposal between an actor and itself is settled by the merger.
        links=tuple(
            replace(link, accepted=True)
            if link.kind == "same_as" and link.first == link.second and link.accepted is None
            else link
            for link in links
        ),
    )


def split(dossier: Dossier, actor: str, statements: Collection[str], name: str) -> Dossier:
    """Return a dossier in which some statements of an actor have a new actor with a name as their speaker.

    Raises
    ------
    InputError
        If the actor or a statement is not in the dossier, a statement is somebody else's, or no name is given.
    """
    old = _actor(dossier, actor)
    name = " ".join(name.split())
    if not name:
        raise InputError("give the new actor a name")
    by_id = {one.id: one for one in dossier.statements}
    for id in statements:
        if id not in by_id:
            raise InputError(f"there is no statement '{id}'" + _near(id, by_id))
        if by_id[id].speaker != old.id:
            raise InputError(f"'{id}' is a statement of {by_id[id].speaker or 'nobody who is named'}, not of {old.id}")
    made = Actor(identifier(name, dossier.speakers), name)
    return replace(
        dossier,
        actors=(*dossier.actors, made),
        statements=tuple(replace(one, speaker=made.id) if one.id in statements else one for one in dossier.statements),
    )


def representing(dossier: Dossier, actor: str, party: str | None) -> Dossier:
    """Return a dossier in which an actor speaks for a party; for nobody but itself if that is None.

    Raises
    ------
    InputError
        If one of them is not in the dossier, or the party speaks for another itself.
    """
    one = _actor(dossier, actor)
    if party is not None:
        whom = _actor(dossier, party)
        if whom.id == one.id:
            raise InputError(f"'{actor}' cannot speak for itself; everybody does")
        if whom.speaks_for is not None:
            raise InputError(f"'{party}' speaks for '{whom.speaks_for}'; name that party")
        if any(other.speaks_for == one.id for other in dossier.actors):
            raise InputError(f"others speak for '{actor}'; a party speaks for nobody else")
        party = whom.id
    changed = replace(one, speaks_for=party)
    others = [each for each in dossier.actors if each.id != one.id]
    place = next((place for place, each in enumerate(dossier.actors) if each.id == one.id), len(others))
    return replace(dossier, actors=(*others[:place], changed, *others[place:]))


def _actor(dossier: Dossier, id: str) -> Actor:
    found = next((one for one in dossier.actors if one.id == id), None)
    if found is None and id in dossier.speakers:
        found = Actor(id, dossier.speakers[id])
    if found is None:
        raise InputError(f"there is no actor '{id}'" + _near(id, dossier.speakers))
    return found


def _near(word: str, known: Iterable[str]) -> str:
    near = nearest(word, list(known))
    return f"; did you mean '{near}'?" if near else ""


def _without(dossier: Dossier, id: str) -> dict[str, str]:
    return {other: name for other, name in dossier.speakers.items() if other != id}
