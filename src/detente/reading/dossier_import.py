"""Importing a dossier into a conflict, and starting a new conflict: who takes part, and who said what.

The import invents no options, preferences or rules: a person has to enter what the parties can do and what they want.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from detente.errors import InputError
from detente.limits import MAX_PARTIES
from detente.model.conflict import Conflict
from detente.model.names import identifier, name_key
from detente.model.parts import DecisionMaker
from detente.model.statements import Dossier, Link, Skipped, Source, Statement, next_number
from detente.reading.gazetteer import Gazetteer, load_gazetteer


def new_conflict(title: str, parties: Iterable[str]) -> Conflict:
    """Return a new conflict with a title and decision makers.

    Raises
    ------
    InputError
        If the title is empty, there are no decision makers, or a name appears twice.
    """
    title = " ".join(title.split())
    names = [name for name in (" ".join(one.split()) for one in parties) if name]
    if not title:
        raise InputError("the title is empty")
    if not names:
        raise InputError("name at least one decision maker")
    if len(names) > MAX_PARTIES:
        raise InputError(
            f"{len(names)} decision makers are named; the limit is {MAX_PARTIES}. Add the others one by one"
        )
    makers: list[DecisionMaker] = []
    for name in names:
        if any(name_key(name) == name_key(maker.name) for maker in makers):
            raise InputError(f"'{name}' appears twice")
        makers.append(DecisionMaker(identifier(name, [maker.id for maker in makers]), name))
    return Conflict(title=title, decision_makers=makers)


def actors_of(conflict: Conflict, others: Gazetteer | None = None) -> Gazetteer:
    """Return the actors that a reader knows: those of a gazetteer (default: the packaged one) and those of the
    conflict.
    """
    # A reader may cut off a final full stop, so 'Harbour Ltd' is also 'Harbour Ltd.'.
    own = Gazetteer.of({name: [name.rstrip(".")] for id, name in conflict.speaker_names.items() if name != id})
    others = others or load_gazetteer()
    return Gazetteer({**others.actor_of, **own.actor_of}, max(others.longest, own.longest))


def add_statements(conflict: Conflict, dossier: Dossier) -> Conflict:
    """Return a conflict with the sources and statements of a dossier added.

    A speaker with the name of a decision maker or speaker of the conflict is that one, and a statement by somebody who
    speaks for a decision maker is that one's; its ``speaker_text`` still has the words for who said it. A source whose
    file is already in the conflict keeps its identifier there. Statements that are already present, with the same words
    at the same place, are not added again; nor are those that a person has rejected, with what is reported in them.
    What one speaker says that another has said is reported by the former.
    Proposals that two speakers are one are kept; those about statements follow from the statements.
    """
    sources, source_of = _sources(conflict, dossier)
    there = {_place(one): one.id for one in conflict.all_statements}
    found = [replace(one, source=source_of.get(one.source or "", one.source)) for one in dossier.statements]
    rejected = {_place(one) for one in conflict.skipped}
    left = {one.id for one in found if _place(one) in rejected and _place(one) not in there}
    while inner := {one.id for one in found if one.nested_in in left and _place(one) not in there} - left:
        left |= inner
    new = [one for one in found if _place(one) not in there and one.id not in left]
    number = next_number(conflict.all_statements)
    id_of = {one.id: there.get(_place(one), "") for one in found}
    id_of |= {one.id: f"s{place}" for place, one in enumerate(new, start=number)}
    speakers, speaker_of = _speakers(conflict, dossier, new)
    id_of = {old: id for old, id in id_of.items() if old not in left}
    added = [_renamed(one, id_of, speaker_of) for one in new]
    teller = {one.id: one.speaker for one in (*conflict.all_statements, *added)}
    added = [_with_reporter(one, teller.get(one.nested_in or "")) for one in added]
    return conflict.replaced(
        sources=sources,
        speakers={**conflict.speakers, **speakers},
        statements=[*conflict.statements, *added],
        links=[*conflict.links, *_same_speakers(conflict, dossier, speaker_of)],
    )


def _same_speakers(conflict: Conflict, dossier: Dossier, speaker_of: Mapping[str, str]) -> Iterator[Link]:
    """Yield the new proposals of a dossier that two speakers are one."""
    known = {frozenset((one.first, one.second)) for one in conflict.links if one.kind == "same_as"}
    makers = {one.id for one in conflict.decision_makers}
    for link in dossier.links:
        pair = frozenset(speaker_of.get(id, "") for id in (link.first, link.second))
        is_open = link.kind == "same_as" and link.accepted is None and "" not in pair and len(pair) > 1
        if is_open and pair not in known and not pair <= makers:
            known.add(pair)
            yield replace(link, first=speaker_of[link.first], second=speaker_of[link.second])


def _sources(conflict: Conflict, dossier: Dossier) -> tuple[list[Source], dict[str, str]]:
    """Return the conflict's sources with those of the dossier, and the new identifiers of the latter."""
    found, ids = list(conflict.sources), {}
    taken = [one.id for one in conflict.all_sources]
    for source in dossier.sources:
        alike = (
            one
            for one in conflict.all_sources
            if (one.file and one.file == source.file) or (one.sha256 and one.sha256 == source.sha256)
        )
        same = next(alike, None)
        if same is None:
            ids[source.id] = identifier(source.id, taken)
            taken.append(ids[source.id])
            found.append(replace(source, id=ids[source.id]))
            continue
        ids[source.id] = same.id
        if same in found:
            # The document's own data fill in what the conflict leaves empty.
            kept = {key: getattr(same, key) or getattr(source, key) for key in ("title", "date", "language", "sha256")}
            found[found.index(same)] = replace(same, **kept)
    return found, ids


def _speakers(
    conflict: Conflict, dossier: Dossier, statements: Iterable[Statement]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the new speakers with their names, and the identifiers of the dossier's speakers in the conflict."""
    known = {name_key(name): id for id, name in reversed(list(conflict.speaker_names.items()))}
    party_of = {one.id: one.speaks_for for one in dossier.actors}
    #: Speakers that a person has found to be another one.
    same = {one.first: one.second for one in conflict.links if one.kind == "same_as" and one.accepted}
    new: dict[str, str] = {}
    ids: dict[str, str] = {}
    for id in dict.fromkeys(id for one in statements for id in (one.speaker, one.reported_by) if id):
        if id not in dossier.speakers and id in conflict.all_speakers:
            ids[id] = id
            continue
        name = dossier.speakers.get(id) or id
        party = known.get(name_key(dossier.speakers.get(party_of.get(id) or "") or ""))
        if party is not None and any(party == maker.id for maker in conflict.decision_makers):
            ids[id] = party
            continue
        made = identifier(id, {**conflict.all_speakers, **new})
        ids[id] = known.get(name_key(name)) or same.get(made, made)
        if ids[id] not in conflict.all_speakers:
            new[ids[id]] = name
    return new, ids


def _place(statement: Statement | Skipped) -> tuple[str | None, tuple[tuple[int, int], ...], str | None]:
    return statement.source, statement.spans, statement.quote


def _with_reporter(statement: Statement, teller: str | None) -> Statement:
    if statement.reported_by or teller in (None, statement.speaker):
        return statement
    return replace(statement, reported_by=teller)


def _renamed(statement: Statement, id_of: Mapping[str, str], speaker_of: Mapping[str, str]) -> Statement:
    def ids(given: Iterable[str]) -> tuple[str, ...]:
        return tuple(id_of[id] for id in given if id_of.get(id))

    return replace(
        statement,
        id=id_of[statement.id],
        speaker=speaker_of.get(statement.speaker or "", statement.speaker),
        reported_by=speaker_of.get(statement.reported_by or "", statement.reported_by),
        nested_in=id_of.get(statement.nested_in or "") or None,
        copy_of=id_of.get(statement.copy_of or "") or None,
        contested_by=ids(statement.contested_by),
        withdrawn_by=ids(statement.withdrawn_by),
    )
