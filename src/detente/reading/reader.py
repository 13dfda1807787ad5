"""From documents to a dossier draft: who is reported to have said what, with exact places.

It only makes proposals: a person should read every statement before a model uses it as evidence. The trained
tagger reads where it can, the rules where it cannot or where they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from detente.errors import Fault, InputError
from detente.model.names import identifier
from detente.model.questions import Progress, no_progress
from detente.model.quotes import QUOTE_GAP, Span, quote_context
from detente.model.statements import Actor, Dossier, Skipped, Source, Statement
from detente.reading.actors import Cast, Resolver
from detente.reading.attributions import Attribution, Tagger, beginning, nesting
from detente.reading.dates import date_said_in
from detente.reading.documents import Document
from detente.reading.factuality import names_nobody, reason_not_said, with_denials, with_disputes
from detente.reading.gazetteer import Gazetteer, load_gazetteer
from detente.reading.genres import letter_in, of_its_genre, with_acts, with_genre, with_lists
from detente.reading.identities import Identities, identities
from detente.reading.lexicon import names_a_thing, phrases
from detente.reading.links import proposed_links
from detente.reading.neural.spans import with_edges
from detente.reading.neural.tagger import LearnedTagger
from detente.reading.quotations import assign_quotations
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import ABBREVIATED, Layout
from detente.reading.speech_acts import (
    exactly,
    says_nothing,
    shown_attitudes,
    speech_act,
    speech_act_by_words,
    with_attitudes,
)
from detente.reading.tagging import PartialTags, tag_all
from detente.text import Normalised, reading_form

#: The taggers by name.
TAGGERS = ("learned", "rules")


def packaged_weights() -> Path | None:
    """Return the weights that come with the package; None where there are none."""
    path = Path(str(files("detente.reading") / "data" / "tagger.npz"))
    return path if path.is_file() else None


@cache
def default_tagger() -> Tagger:
    """Return the trained tagger that comes with the package, or the rules where what it needs is not installed."""
    weights = packaged_weights()
    if weights is None or find_spec("tokenizers") is None:
        return RuleTagger()
    return LearnedTagger(weights)


def load_tagger(name: str | None = None, weights: str | Path | None = None) -> Tagger:
    """Return a tagger by name, or with weights of the user's own.

    Parameters
    ----------
    name
        One of `TAGGERS`; the trained one where it can run when None.
    weights
        A file that ``python -m training train`` wrote.

    Raises
    ------
    InputError
        When the file holds no weights, or the trained tagger is asked for and not there.
    """
    if name == "rules":
        if weights is not None:
            raise InputError("--weights does not work with --tagger rules. Use one of the two")
        return RuleTagger()
    if name is None and weights is None:
        return default_tagger()
    path = Path(weights) if weights is not None else packaged_weights()
    if path is None:
        raise InputError("this version has no trained tagger. Use --tagger rules, or train one")
    if not path.is_file():
        raise InputError([Fault("there is no such file", str(path))])
    return LearnedTagger(path)


#: Who holds one of these offices speaks for whom 'his', 'its' or 'their' stands for, and so does a country or its army.
_POSSESSED = re.compile(rf"(?P<whose>his|her|its|their|my|our)\s+(?:own\s+)?{phrases()['possessed']}", re.IGNORECASE)
_FIRST_PERSON = frozenset({"i", "we", "my", "our"})
_PRONOUNS = frozenset(
    {"he", "she", "it", "they", "we", "i", "who", "which", "that", "his", "her", "its", "their", "our", "my", "this"}
)
#: How often the speaker is the right one, by the words for him; how often the kind is, where tagger and words agree.
_GIVEN, _NAMED, _NAMED_ELSEWHERE, _PRONOUN, _NOT_KNOWN = 1.0, 0.95, 0.85, 0.75, 0.0
_SURE_KIND, _AGREED_KIND, _UNSURE_KIND = 0.95, 0.85, 0.6


def read(
    documents: Iterable[Document],
    *,
    tagger: Tagger | None = None,
    actors: Gazetteer | None = None,
    published: str | None = None,
    nested: bool = True,
    speaker: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    kept: PartialTags | None = None,
    progress: Progress = no_progress,
) -> Dossier:
    """Find the attributed statements of documents.

    Parameters
    ----------
    documents
        The documents; positions are characters of their texts.
    tagger
        What finds attributions; the packaged one when None (see `detente.reading.reader.default_tagger`).
    actors
        What stands for whom; the packaged gazetteer when None.
    published
        The day of publication (ISO 8601); it goes before what a document says of itself.
    nested
        Whether statements that are reported within others are listed, too.
    speaker
        Whose words the texts are, if they are speeches or press statements; None for reports.
    workers, scheduler, kept, progress
        How the texts are tagged (see `detente.reading.tagging.tag_all`); the answer does not depend on it.
    """
    tagger = tagger or default_tagger()
    actors = actors or load_gazetteer()
    sources: list[Source] = []
    statements: list[Statement] = []
    skipped: list[Skipped] = []
    cast = Cast()
    documents = list(documents)
    forms = [reading_form(document.text) for document in documents]
    tags = tag_all(
        [form.text for form in forms], tagger, workers=workers, scheduler=scheduler, kept=kept, progress=progress
    )
    letters = [
        letter_in(form.text, one.author) if speaker is None else None
        for one, form in zip(documents, forms, strict=True)
    ]
    authors = [letter.author if letter else speaker for letter in letters]
    resolvers = [Resolver(form.text, actors, cast, number, authors[number]) for number, form in enumerate(forms)]
    for resolver in resolvers:
        resolver.learn(other for other in resolvers if other is not resolver)
    for number, (document, form) in enumerate(zip(documents, forms, strict=True)):
        text = form.text
        source = Source(
            identifier(Path(document.name).stem, [one.id for one in sources]),
            title=document.title,
            date=published or document.date,
            language=document.language,
            file=document.name if document.name != "-" else None,
            sha256=document.sha256,
            text_sha256=document.text_sha256,
        )
        sources.append(source)
        layout = Layout(text)
        told = with_attitudes(layout, with_genre(of_its_genre(layout), exactly(layout, tags[number])))
        told = shown_attitudes(layout, told)
        ruled = with_lists(layout, with_denials(layout, with_edges(layout, assign_quotations(text, told, layout))))
        letter = letters[number]
        ruled = with_acts(layout, ruled, letter.names if letter else speaker, letter.body if letter else None)
        stated = (
            one
            for one in ruled
            if _without_marks(text, one.content)
            and not says_nothing(text, one)
            and not _is_own_turn(layout, one, speaker)
        )
        tagged = sorted(stated, key=beginning)
        around = nesting(text, tagged)
        reasons = _reasons(layout, tagged, around)
        who = _speakers(layout, tagged, around, reasons, resolvers[number])
        ids: dict[int, str] = {}
        for place, (one, reason) in enumerate(zip(tagged, reasons, strict=True)):
            if reason is not None:
                quote, spans = _verbatim(form, _without_marks(text, one.content))
                skipped.append(
                    Skipped(source.id, quote, spans, reason, _words(text, one.source), _words(text, one.cue))
                )
            elif nested or around[place] is None:
                ids[place] = f"s{len(statements) + len(ids) + 1}"
        for place, id in ids.items():
            outer = around[place]
            nested_in = None if outer is None else ids.get(outer)
            made = _statement(id, form, source, tagged[place], who[place], nested_in)
            if (number, made.speaker_text or "") in cast.from_elsewhere:
                made = replace(made, speaker_confidence=min(made.speaker_confidence or 0.0, _NAMED_ELSEWHERE))
            statements.append(made)
    found = identities(cast, resolvers, actors)
    statements = [_with_actor(one, found) for one in statements]
    heard = {one.speaker for one in statements}
    parties = {one.speaks_for for one in found.actors if one.id in heard}
    spoken = tuple(one for one in found.actors if one.id in heard or one.id in parties)
    disputed = with_disputes(statements)
    return Dossier(
        "",
        sources=tuple(sources),
        statements=tuple(disputed),
        skipped=tuple(skipped),
        actors=spoken,
        links=(
            *(link for link in found.links if {link.first, link.second} <= heard),
            *proposed_links(disputed, sources, spoken),
        ),
    )


def _with_actor(one: Statement, found: Identities) -> Statement:
    """Return a statement with the actor that its speaker is in all documents."""
    if one.speaker is None:
        return one
    sure = min(one.speaker_confidence or 0.0, found.confidence.get(one.speaker, 1.0))
    return replace(one, speaker=found.id_of[one.speaker], speaker_confidence=sure)


def _reasons(layout: Layout, tagged: Sequence[Attribution], around: Sequence[int | None]) -> list[str | None]:
    """Return for every attribution why it reports no statement; what is reported in one that does not, does not."""
    own = [reason_not_said(layout, one) for one in tagged]
    reasons: list[str | None] = []
    for reason, outer in zip(own, around, strict=True):
        while reason is None and outer is not None:
            reason, outer = own[outer], around[outer]
        reasons.append(reason)
    return reasons


def _speakers(
    layout: Layout,
    tagged: Sequence[Attribution],
    around: Sequence[int | None],
    reasons: Sequence[str | None],
    resolver: Resolver,
) -> list[Actor | None]:
    """Return who is meant by the speaker of every attribution."""
    text = layout.text
    who: list[Actor | None] = []
    #: Whom a text calls 'its ambassador', and whose ambassador that is.
    parties: dict[Actor | None, Actor | None] = {}
    for place, one in enumerate(tagged):
        words = _words(text, one.source)
        if words is None or (reasons[place] is not None and names_nobody(words)):
            # What names no speaker is the words of the one whose turn it is, or who gives the speech.
            turn = around[place]
            own = words is None and not one.cue
            who.append((who[turn] if turn is not None and turn < place else resolver.author()) if own else None)
            continue
        outer = around[place]
        # What it is reported in comes first, unless its speaker is named before that.
        saying = who[outer] if outer is not None and outer < place else None
        if words.lower() in _FIRST_PERSON:
            saying = _speaking(layout, tagged, around, who, place, resolver)
        # Nested speakers are resolved as well, so that a pronoun further on knows of them.
        begin = one.source[0][0]
        before = text[max(0, begin - 200) : begin]
        possessed = _POSSESSED.fullmatch(words)
        party = resolver.resolve(possessed["whose"], before, saying) if possessed else None
        found = resolver.resolve(words, before, saying)
        if possessed:
            parties[found] = party
        who.append(parties.get(found, found))
    return who


def _speaking(
    layout: Layout,
    tagged: Sequence[Attribution],
    around: Sequence[int | None],
    who: Sequence[Actor | None],
    place: int,
    resolver: Resolver,
) -> Actor | None:
    """Return who means itself by 'I' or 'we': in 'Orr says that we lied' not Orr, but whose letter or turn that is.

    Only a speaker who is quoted word for word means itself. Without a quotation or an author, it is the teller.
    """
    nearest = outer = around[place]
    begin = tagged[place].start
    quote = layout.quote(begin)
    while outer is not None:
        cue = tagged[outer].cue
        told = bool(cue) and layout.text[cue[0][0]].isalpha() and layout.text[cue[-1][1] - 1] != ":"
        if not told or (quote is not None and not quote[0] <= cue[0][0] < quote[1]):
            break
        outer = around[outer]
    if outer is None:
        author = resolver.author()
        return author or (who[nearest] if nearest is not None and nearest < place else None)
    return who[outer] if outer < place else None


def _is_own_turn(layout: Layout, one: Attribution, speaker: str | None) -> bool:
    """Tell whether an attribution only names whose speech the text is: 'Mayor Orr. Thank you all. …'."""
    if speaker is None or not one.source or len(layout.turns) > 1:
        return False
    named, cue = _words(layout.text, one.source) or "", _words(layout.text, one.cue) or ""
    return not any(map(str.isalpha, cue)) and any(word in speaker.split() for word in re.findall(r"\w{3,}", named))


def _words(text: str, spans: Sequence[Span]) -> str | None:
    return text[spans[0][0] : spans[-1][1]] or None if spans else None


def _statement(
    id: str, form: Normalised, source: Source, one: Attribution, speaker: Actor | None, outer: str | None
) -> Statement:
    text = form.text
    content = _without_marks(text, one.content)
    quote = QUOTE_GAP.join(text[start:end] for start, end in content)
    words, cue = _words(text, one.source), _words(text, one.cue) or ""
    kind, kind_confidence = "denial", _SURE_KIND
    if one.settled and one.kind is not None:
        kind = one.kind
    elif one.kind != "denial":
        kind = speech_act(one.kind, cue, quote)
        agreed = speech_act_by_words(cue, quote) == kind and one.kind in (None, kind)
        kind_confidence = _AGREED_KIND if agreed else _UNSURE_KIND
    speaker_confidence = _NOT_KNOWN
    if words is not None and speaker is not None:
        sure = _PRONOUN if words.lower() in _PRONOUNS or _POSSESSED.fullmatch(words) else _NAMED
        speaker_confidence = round(min(sure, one.confidence), 2)
    elif speaker is not None:
        speaker_confidence = _GIVEN
    verbatim, spans = _verbatim(form, content)
    before, after = quote_context(form.original, spans)
    return Statement(
        id,
        source=source.id,
        speaker=speaker.id if speaker else None,
        speaker_text=words,
        cue=cue or None,
        kind=kind,
        form=_form(text, one.content),
        quote=verbatim,
        spans=spans,
        prefix=before or None,
        suffix=after or None,
        date_said=date_said_in(_sentence_around(text, one), source.date),
        nested_in=outer,
        confidence=round(one.confidence, 2),
        speaker_confidence=speaker_confidence,
        kind_confidence=kind_confidence,
        proposed=True,
    )


def _verbatim(form: Normalised, content: Iterable[Span]) -> tuple[str, tuple[Span, ...]]:
    """Return what is said, as it stands in the document, and where."""
    spans = tuple(form.span(*span) for span in content)
    return QUOTE_GAP.join(form.original[start:end] for start, end in spans), spans


def _without_marks(text: str, content: Sequence[Span]) -> list[Span]:
    """Leave the marks of a quotation out of spans, and the comma before the closing one, and a leading 'that'."""
    found = []
    for start, end in sorted(content):
        inner = text[start:end]
        if inner[:1] in "\"“‘'«" and not re.search(r"[\"”»]", inner[1:-1]):
            start += 1
            if inner[-1:] in "\"”’'»":
                end -= 1
            if end > start and text[end - 1] == ",":
                end -= 1
        leading = re.match(r"that\s+", text[start:end])
        if leading and not names_a_thing(text[start:end]):
            start += leading.end()
        if text[start:end].strip():
            found.append((start, end))
    return found


def _form(text: str, content: Sequence[Span]) -> str:
    """Tell whether the source gives the speaker's words: all of them, none, or some."""
    marks = sum(character in '"“”' for start, end in content for character in text[start:end])
    if not marks:
        return "indirect"
    whole = all(text[start] in '"“' for start, _ in content)
    return "direct" if whole else "mixed"


def _sentence_around(text: str, one: Attribution) -> str:
    """Return the sentence around an attribution without what was said."""
    first, last = one.start, one.end
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
