"""What is told as done: in the documents' own words or by a party; the status quo and the acts that led to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from detente.model.conflict import Conflict
from detente.model.dates import last_day, parse_date
from detente.model.evidence import PROPOSED, Support
from detente.model.history import Act
from detente.model.parts import StatusQuo
from detente.model.quotes import Span, quote_context
from detente.model.statements import Source, Statement, next_number
from detente.model.wording import listed
from detente.reading.dates import date_said_in
from detente.reading.drafting.actions import DONE, Action, canonical
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.clusters import Cluster, name_of, other_numbers, pointed_at
from detente.reading.drafting.parties import Parties
from detente.reading.drafting.readings import TOLD, Reading
from detente.reading.segments import Layout, touch

_LEAD = re.compile(r"(?:\w+\s+\w+\s+)?(?:after|when|as|while|since)\s+|(?:and|but)\s+", re.IGNORECASE)


def narrated(
    conflict: Conflict, texts: Mapping[str, str], parties: Parties, options: Sequence[Cluster]
) -> tuple[list[Statement], list[Reading]]:
    """Return new statements of the documents themselves, and what they tell as done.

    Only what is an option already is taken: a report tells much that decides nothing. The source of such a statement is
    the document in its own words, never a party.
    """
    told: list[Statement] = []
    readings: list[Reading] = []
    for source in conflict.sources:
        text = texts.get(source.id, "")
        said = [span for one in conflict.statements if one.source == source.id for span in one.spans]
        for span in _parts(text, said):
            words = text[span[0] : span[1]]
            for action, option, sign in _done(words, parties, options):
                made = _statement(f"s{next_number((*conflict.statements, *told))}", source, text, span)
                done = Reading(made, len(conflict.statements), option.owner, option.owner, action, True, TOLD)
                option.readings.append(done)
                option.signs.append(sign)
                told.append(made)
                readings.append(done)
                break
    return told, readings


def own_words(conflict: Conflict, one: Statement) -> str:
    """Return the name of a document as a speaker."""
    source = next(each for each in conflict.sources if each.id == one.source)
    name = source.publisher or source.title or f"the document {source.id}"
    return f"{name}, in its own words"


def _parts(text: str, said: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of sentences, between commas, in which no party speaks."""
    for first, last in Layout(text).sentences:
        if touch([(first, last)], said):
            continue
        start = first
        for comma in [*re.finditer(r",\s|[.:;]?\s*\Z", text[first:last])]:
            end = first + comma.start()
            lead = _LEAD.match(text, start, end)
            begin = lead.end() if lead else start
            if len(text[begin:end].split()) > 2:
                yield begin, end
            start = first + comma.end()


def _done(words: str, parties: Parties, options: Sequence[Cluster]) -> Iterator[tuple[Action, Cluster, int]]:
    """Yield what is told as done, with the option that it is and 1 or -1 for its opposite."""
    for clause in clauses(words):
        for action in clause.actions if clause.condition is None else ():
            owner = parties.named(action.doer) if action.mood == DONE and action.doer else None
            own = [one for one in options if one.owner == owner]
            hit = next(((one, sign) for one in own if (sign := one.sign(action))), None)
            same = [one for one in own if not any(other_numbers(action, each.action) for each in one.readings)]
            hit = hit or pointed_at(action.words, same, sure=True)
            if owner is not None and hit is not None:
                yield action, hit[0], hit[1]


def _statement(id: str, source: Source, text: str, span: Span) -> Statement:
    before, after = quote_context(text, [span])
    words = text[span[0] : span[1]]
    return Statement(
        id,
        source=source.id,
        speaker=f"{source.id}-itself",
        kind="claim",
        form="direct",
        quote=words,
        spans=(span,),
        prefix=before or None,
        suffix=after or None,
        date_said=source.date,
        note=f"{PROPOSED}: told in the document's own words.",
        proposed=True,
    )


# The status quo


def status_quo(
    sources: Sequence[Source], options: Sequence[tuple[str, Cluster]], as_of: str | None
) -> tuple[StatusQuo, list[Act], list[tuple[str, bool, Statement]]]:
    """Return the status quo, the acts that led to it, and what has no place among them.

    An option is taken if the last event told of it says so, in the order of the events: a later report may tell of an
    earlier one. 'Will continue to drill', and a demand to stop drilling, say that the drilling goes on that day. What
    is told without a date has no place among acts that have one: the option, whether it was taken, and the statement.
    What a party is to keep is so now, if nothing else is told of it.

    Parameters
    ----------
    sources
        The documents, with their dates.
    options
        The options with their identifiers.
    as_of
        The date of the status quo.
    """
    dates = {one.id: one.date for one in sources}
    acts: list[Act] = []
    taken: dict[str, bool] = {}
    evidence: list[str] = []
    unplaced: list[tuple[str, bool, Statement]] = []
    kept: list[str] = []
    for id, cluster in options:
        told = [(one, done, _date(one, dates, as_of)) for one, done in _told_of(cluster)]
        own: list[Act] = []
        for one, done, date in sorted(told, key=lambda each: _in_order(each[0], each[2], dates)):
            if taken.get(id, False) == done:
                continue
            if date is None and own:
                unplaced.append((id, done, one.statement))
                continue
            # What goes on when it is first told of has begun on an unknown day before: that is no act.
            if date is not None and not (_goes_on(one) and id not in taken):
                support = Support((one.statement.id,), note=f"{PROPOSED}: reported as done.")
                way = (id,)
                takes, drops = (way, ()) if done else ((), way)
                own.append(Act(date, cluster.owner, takes, drops, support))
            taken[id] = done
            evidence.append(one.statement.id)
        acts += own
        keeps = [] if told else [one.statement.id for one in _kept(cluster)]
        if keeps:
            taken[id] = True
            kept.append(f"‘{name_of(cluster)}’ ({', '.join(dict.fromkeys(keeps))})")
            evidence += keeps
    found = frozenset(id for id, done in taken.items() if done)
    if len(found) > len(kept):
        note = f"{PROPOSED}: options that are reported as done or under way. No statement reports another one."
    else:
        none = "" if kept else ", so none is taken"
        note = f"{PROPOSED}: no statement reports an option as done or under way{none}."
    if kept:
        note += f" What is to be kept is so now: {listed(kept)}."
    status = StatusQuo(found, Support(tuple(dict.fromkeys(evidence)), note=note))
    acts.sort(key=lambda one: one.day())
    return status, acts, unplaced


#: What is kept, or where a party stays. A promise or a truce that is to be kept may be broken now.
_KEPT = re.compile(
    r"(?:the|its|their|his|her|our|my|all|both|these|those|[A-Z][\w’'.-]*['’]s?)\s+"
    r"(?!(?:\w+\s+)?(?:promises?|word|pledges?|commitments?|agreements?|deal|truce|ceasefire|peace|balance|pressure|"
    r"distance|secret|deadline|timetable)\b)"
)
_STAYS = re.compile(r"(?:in|on|at|part of)\s+(?:the|its|their|an?|[A-Z])")


def _kept(cluster: Cluster) -> Iterator[Reading]:
    """Yield the readings which say that an option is to be kept as it is: 'keep its headquarters in Leeds'."""
    for one, sign in zip(cluster.readings, cluster.signs, strict=True):
        verb, rest = one.action.verb, one.action.rest
        keeps = _KEPT.match(rest) if verb in ("keep", "retain") else _STAYS.match(rest) if verb == "stay" else None
        if keeps and sign > 0:
            yield one


def _told_of(cluster: Cluster) -> Iterator[tuple[Reading, bool]]:
    """Yield the readings that tell whether an option is taken, and whether it is."""
    for one, sign in zip(cluster.readings, cluster.signs, strict=True):
        stopping = one.action.phase == "stop" and canonical(one.action.verb) == "stop"
        if one.group == TOLD:
            yield one, (sign > 0) != one.action.negated
        elif stopping and sign < 0:
            yield one, True
        elif one.action.phase == "continue" or (one.action.phase == "stop" and not stopping):
            # 'Will not stop filling' and 'stop filling' both say that the filling goes on.
            yield one, sign > 0


def _goes_on(one: Reading) -> bool:
    return one.group != TOLD or one.action.phase == "continue"


def _in_order(one: Reading, date: str | None, dates: Mapping[str, str | None]) -> tuple[str, bool, str]:
    """Order by the day of the event, then what is told as done first, then by the day on which it was said."""
    said = one.statement.date_said or dates.get(one.statement.source or "")
    days = [last_day(day).isoformat() if day and parse_date(day).latest else "9999" for day in (date, said)]
    return days[0], one.group != TOLD, days[1]


def _date(one: Reading, dates: Mapping[str, str | None], as_of: str | None) -> str | None:
    """Return when something was done: the day in its words, or by the day it was said; what goes on, by that day."""
    published = dates.get(one.statement.source or "")
    said = one.statement.date_said or published
    told = None if _goes_on(one) else date_said_in(one.statement.quote or "", published)
    for date in (told, f"../{said}" if said else None):
        day = parse_date(date).latest if date else None
        if day is not None and (as_of is None or day <= last_day(as_of)):
            return date
    return None
