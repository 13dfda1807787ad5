"""What documents tell in their own words: that a party has done what is an option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from detente.model.conflict import Conflict
from detente.model.quotes import Span, quote_context
from detente.model.statements import Source, Statement, next_number
from detente.reading.drafting.actions import DONE, Action
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.clusters import Cluster, pointed_at
from detente.reading.drafting.parties import Parties
from detente.reading.drafting.readings import TOLD, Reading
from detente.reading.links import PROPOSED
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
    return f"{source.title or source.id}, in its own words"


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
            hit = hit or pointed_at(action.words, own, sure=True)
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
