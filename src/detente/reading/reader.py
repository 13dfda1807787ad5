"""From documents to a dossier draft: who is reported to have said what, with exact places.

It proposes and decides nothing: every statement is to be read by a person before a model rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from detente.conflict.identifiers import identifier
from detente.dossier import Dossier, Source, Statement
from detente.dossier.anchoring import GAP, context
from detente.reading.actors import Actor, Cast, Gazetteer, Resolver, gazetteer
from detente.reading.attributions import Attribution, Span, Tagger, within
from detente.reading.dates import said_on
from detente.reading.documents import Document
from detente.reading.kinds import settled_kind
from detente.reading.sentences import ABBREVIATED
from detente.reading.taggers import default_tagger


def read(
    documents: Iterable[Document],
    *,
    tagger: Tagger | None = None,
    actors: Gazetteer | None = None,
    published: str | None = None,
    nested: bool = True,
) -> Dossier:
    """Find the attributed statements of documents.

    Parameters
    ----------
    documents
        The documents; positions are characters of their texts.
    tagger
        What finds attributions; the packaged one when None (see `detente.reading.taggers.default_tagger`).
    actors
        What stands for whom; the packaged gazetteer when None.
    published
        The day of publication (ISO 8601); it goes before what a document says of itself.
    nested
        Whether statements that are reported within others are listed, too.
    """
    tagger = tagger or default_tagger()
    actors = actors or gazetteer()
    sources: list[Source] = []
    statements: list[Statement] = []
    speakers: dict[str, str] = {}
    cast = Cast()
    for document in documents:
        source = _source(document, [one.id for one in sources], published)
        sources.append(source)
        found, who = _statements(
            document, source, tagger, Resolver(document.text, actors, cast), len(statements), nested
        )
        statements += found
        speakers |= {one.id: one.name for one in who}
    return Dossier("", "", speakers, tuple(sources), tuple(statements))


def _source(document: Document, taken: Sequence[str], published: str | None) -> Source:
    return Source(
        identifier(Path(document.name).stem, taken),
        title=document.title,
        date=published or document.date,
        language=document.language,
        file=document.name if document.name != "-" else None,
        sha256=document.sha256,
    )


def _statements(
    document: Document, source: Source, tagger: Tagger, resolver: Resolver, start: int, nested: bool
) -> tuple[list[Statement], list[Actor]]:
    text = document.text
    tagged = sorted((one for one in tagger.tag(text) if _bares(text, one.content)), key=_beginning)
    statements: list[Statement] = []
    who: list[Actor | None] = []
    around = _around_each(tagged, text)
    listed = [place for place in range(len(tagged)) if nested or around[place] is None]
    ids = {place: f"s{number}" for number, place in enumerate(listed, start=start + 1)}
    for place, one in enumerate(tagged):
        speaker_text = text[one.source[0][0] : one.source[-1][1]] if one.source else None
        outer = around[place]
        # What it is reported in comes first, unless its speaker is named before that.
        saying = who[outer] if outer is not None and outer < place else None
        # Nested speakers are resolved as well, so that a pronoun further on knows of them.
        who.append(resolver.resolve(speaker_text, _before(text, one.source[0][0]), saying) if speaker_text else None)
        if place not in ids:
            continue
        inside = ids[outer] if outer is not None else None
        statements.append(_statement(ids[place], text, source, one, who[place], speaker_text, inside))
    return statements, [speaker for place, speaker in enumerate(who) if speaker is not None and place in ids]


#: What stands between the last word of what is said and a relative clause that hangs on it.
_APPOSITION = re.compile(r",?\s*(?:(?:an?|the)\s+)?")
_RELATIVE = re.compile(r"\b(?:that|which|who)$")


def _around_each(tagged: Sequence[Attribution], text: str) -> list[int | None]:
    """Return for every attribution the innermost one that it is reported in; they are in the order of their starts."""
    around: list[int | None] = []
    for place, one in enumerate(tagged):
        start = _beginning(one)[0]
        last = place
        while last + 1 < len(tagged) and _beginning(tagged[last + 1])[0] == start:
            last += 1
        # Nothing that is said in one sentence or quotation is this many attributions away.
        near = range(max(0, place - 60), last + 1)
        outer = [number for number in near if within(one, tagged[number]) or _hangs_on(one, tagged[number], text)]
        # The innermost of those around it is the one that begins last.
        around.append(max(outer, key=lambda number: tagged[number].content[0][0]) if outer else None)
    return around


def _hangs_on(inner: Attribution, outer: Attribution, text: str) -> bool:
    """Tell whether an attribution is a relative clause to the last words of what is said: 'the pact, which plans …'."""
    if not inner.source or inner is outer:
        return False
    start, end = inner.source[0]
    said = outer.content[-1][1]
    return bool(said <= start and _APPOSITION.fullmatch(text, said, start) and _RELATIVE.search(text[start:end]))


def _before(text: str, place: int) -> str:
    return text[max(0, place - 200) : place]


def _beginning(one: Attribution) -> tuple[int, int, int]:
    # Of two that begin together, that whose content begins first, and the longer one, may report the other.
    first = min(start for start, _ in (*one.source, *one.cue, *one.content))
    return first, one.content[0][0], -one.content[-1][1]


def _statement(
    id: str,
    text: str,
    source: Source,
    one: Attribution,
    speaker: Actor | None,
    speaker_text: str | None,
    outer: str | None,
) -> Statement:
    content = _bares(text, one.content)
    quote = GAP.join(text[start:end] for start, end in content)
    cue = text[one.cue[0][0] : one.cue[-1][1]] if one.cue else ""
    before, after = context(text, content)
    return Statement(
        id,
        source=source.id,
        speaker=speaker.id if speaker else None,
        speaker_text=speaker_text,
        cue=cue or None,
        kind=settled_kind(one.kind, cue, quote),
        form=_form(text, one.content),
        quote=quote,
        spans=tuple(content),
        prefix=before or None,
        suffix=after or None,
        date_said=said_on(_around(text, one), source.date),
        nested_in=outer,
        confidence=round(one.confidence, 2),
    )


def _bares(text: str, content: Sequence[Span]) -> list[Span]:
    spans = (_bare(text, span) for span in sorted(content))
    return [(start, end) for start, end in spans if text[start:end].strip()]


def _bare(text: str, span: Span) -> Span:
    """Leave the marks of a quotation out of a span, and the comma before the closing one, and a leading 'that'."""
    start, end = span
    inner = text[start:end]
    if inner[:1] in '"“‘' and not re.search(r"[\"”]", inner[1:-1]):
        closed = inner[-1:] in '"”’'
        start, end = start + 1, end - 1 if closed else end
        if end > start and text[end - 1] in ",":
            end -= 1
    leading = re.match(r"that\s+", text[start:end])
    return (start + leading.end(), end) if leading else (start, end)


def _form(text: str, content: Sequence[Span]) -> str:
    """Tell whether the source gives the speaker's words: all of them, none, or some."""
    marks = sum(character in '"“”' for start, end in content for character in text[start:end])
    if not marks:
        return "indirect"
    whole = all(text[start] in '"“' for start, _ in content)
    return "direct" if whole else "mixed"


def _around(text: str, one: Attribution) -> str:
    """Return the sentence around an attribution without what was said."""
    first = min(start for start, _ in (*one.source, *one.cue, *one.content))
    last = max(end for _, end in (*one.source, *one.cue, *one.content))
    ends = re.compile(r"[.?!]\s|\n").finditer(text, max(0, first - 1000), first)
    # 'On Nov. 3' is one sentence.
    begin = max(
        (end.end() for end in ends if not ABBREVIATED.search(text[max(0, end.start() - 12) : end.start() + 1])),
        default=0,
    )
    stop = min((found for mark in (". ", "\n") if (found := text.find(mark, last)) >= 0), default=len(text))
    kept = list(text[begin:stop])
    for start, end in one.content:
        kept[max(0, start - begin) : max(0, end - begin)] = " " * max(0, min(end, stop) - max(start, begin))
    return "".join(kept)
