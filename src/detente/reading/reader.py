"""Which tagger reads: the trained one where it can, the rules where it cannot or where they are asked for.

From documents to a dossier draft: who is reported to have said what, with exact places.

It proposes and decides nothing: every statement is to be read by a person before a model rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from detente.errors import Fault, InputError
from detente.model.names import identifier
from detente.model.quotes import QUOTE_GAP, quote_context
from detente.model.statements import Dossier, Skipped, Source, Statement
from detente.reading.actors import Actor, Cast, Gazetteer, Resolver, gazetteer
from detente.reading.attributions import Attribution, Span, Tagger, within
from detente.reading.dates import said_on
from detente.reading.denials import with_denials, with_disputes
from detente.reading.documents import Document
from detente.reading.not_said import names_nobody, reason_not_said
from detente.reading.quotations import Layout, assign_quotations
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import ABBREVIATED
from detente.reading.speech_acts import speech_act, speech_act_by_words

#: The taggers by name.
TAGGERS = ("learned", "rules")


def packaged_weights() -> Path | None:
    """Return the weights that come with the package; None where there are none."""
    path = Path(str(files("detente.reading") / "data" / "tagger.npz"))
    return path if path.is_file() else None


@lru_cache(maxsize=1)
def default_tagger() -> Tagger:
    """Return the trained tagger that comes with the package, or the rules where what it needs is not installed."""
    weights = packaged_weights()
    if weights is None or find_spec("tokenizers") is None:
        return RuleTagger()
    from detente.reading.neural.tagger import LearnedTagger

    return LearnedTagger(weights)


def load_tagger(name: str | None = None, weights: str | Path | None = None) -> Tagger:
    """Return a tagger by name, or with weights of the user's own.

    Parameters
    ----------
    name
        One of `TAGGERS`; the trained one where it can run when None.
    weights
        A file that ``detente read --train`` wrote.

    Raises
    ------
    InputError
        When the file holds no weights, or the trained tagger is asked for and not there.
    """
    if name == "rules":
        if weights is not None:
            raise InputError("the rules have no weights: leave out --weights or --tagger rules")
        return RuleTagger()
    if name is None and weights is None:
        return default_tagger()
    from detente.reading.neural.tagger import LearnedTagger

    path = Path(weights) if weights is not None else packaged_weights()
    if path is None:
        raise InputError("no trained tagger comes with this version: read with --tagger rules, or train one (--train)")
    if not path.is_file():
        raise InputError([Fault("there is no such file", str(path))])
    return LearnedTagger(path)


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
        What finds attributions; the packaged one when None (see `detente.reading.reader.default_tagger`).
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
    skipped: list[Skipped] = []
    speakers: dict[str, str] = {}
    cast = Cast()
    for document in documents:
        source = _source(document, [one.id for one in sources], published)
        sources.append(source)
        resolver = Resolver(document.text, actors, cast)
        found, who, left_out = _statements(document, source, tagger, resolver, len(statements), nested)
        statements += found
        skipped += left_out
        speakers |= {one.id: one.name for one in who}
    return Dossier("", "", speakers, tuple(sources), tuple(with_disputes(statements)), tuple(skipped))


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
) -> tuple[list[Statement], list[Actor], list[Skipped]]:
    text = document.text
    layout = Layout(text)
    ruled = with_denials(layout, assign_quotations(text, tagger.tag(text), layout))
    tagged = sorted((one for one in ruled if _bares(text, one.content)), key=_beginning)
    around = _around_each(tagged, text)
    reasons = _reasons(layout, tagged, around)
    who = _speakers(text, tagged, around, reasons, resolver)
    listed = [place for place in range(len(tagged)) if (nested or around[place] is None) and reasons[place] is None]
    ids = {place: f"s{number}" for number, place in enumerate(listed, start=start + 1)}
    statements = [
        _statement(ids[place], text, source, tagged[place], who[place], ids.get(_listed(around[place])))
        for place in listed
    ]
    left_out = [
        _skipped(text, source, tagged[place], reason) for place, reason in enumerate(reasons) if reason is not None
    ]
    return statements, [actor for place in listed if (actor := who[place]) is not None], left_out


def _listed(outer: int | None) -> int:
    return -1 if outer is None else outer


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
    text: str,
    tagged: Sequence[Attribution],
    around: Sequence[int | None],
    reasons: Sequence[str | None],
    resolver: Resolver,
) -> list[Actor | None]:
    """Return who is meant by the speaker of every attribution."""
    who: list[Actor | None] = []
    #: Whom a text calls 'its ambassador', and whose ambassador that is.
    parties: dict[Actor | None, Actor | None] = {}
    for place, one in enumerate(tagged):
        words = _words(text, one.source)
        if not words or (reasons[place] is not None and names_nobody(words)):
            who.append(None)
            continue
        outer = around[place]
        # What it is reported in comes first, unless its speaker is named before that.
        saying = who[outer] if outer is not None and outer < place else None
        # Nested speakers are resolved as well, so that a pronoun further on knows of them.
        before = _before(text, one.source[0][0])
        possessed = _POSSESSED.fullmatch(words)
        party = resolver.resolve(possessed["whose"], before, saying) if possessed else None
        found = resolver.resolve(words, before, saying)
        if possessed:
            parties[found] = party
        who.append(parties.get(found, found))
    return who


#: Who holds one of these offices speaks for whom 'his', 'its' or 'their' stands for, and so does a country or its army.
_POSSESSED = re.compile(
    r"(?P<whose>his|her|its|their)\s+(?:own\s+)?"
    r"(?:country|nation|government|state|homeland|ministry|army|parliament|delegation|side|people|kingdom|republic|"
    r"(?:(?:prime|foreign|defen[cs]e|interior|finance|deputy|chief|own|then|new|top|senior|special|trade|energy|water)\s+)*"
    r"(?:minister|president|premier|chancellor|ambassador|envoy|spokes(?:man|woman|person)|negotiator|delegate|general|"
    r"king|queen|representative|officials?|diplomats?|secretary))",
    re.IGNORECASE,
)


def _words(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""


def _skipped(text: str, source: Source, one: Attribution, reason: str) -> Skipped:
    spans = _bares(text, one.content)
    quote = QUOTE_GAP.join(text[start:end] for start, end in spans)
    return Skipped(
        source.id, quote, tuple(spans), reason, _words(text, one.source) or None, _words(text, one.cue) or None
    )


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
    outer: str | None,
) -> Statement:
    content = _bares(text, one.content)
    quote = QUOTE_GAP.join(text[start:end] for start, end in content)
    cue = _words(text, one.cue)
    kind = one.kind if one.kind == "denial" else speech_act(one.kind, cue, quote)
    words = _words(text, one.source) or None
    before, after = quote_context(text, content)
    return Statement(
        id,
        source=source.id,
        speaker=speaker.id if speaker else None,
        speaker_text=words,
        cue=cue or None,
        kind=kind,
        form=_form(text, one.content),
        quote=quote,
        spans=tuple(content),
        prefix=before or None,
        suffix=after or None,
        date_said=said_on(_around(text, one), source.date),
        nested_in=outer,
        confidence=round(one.confidence, 2),
        speaker_confidence=_speaker_confidence(words, speaker, one.confidence),
        kind_confidence=_kind_confidence(kind, one.kind, cue, quote),
        proposed=True,
    )


_PRONOUNS = frozenset(
    {"he", "she", "it", "they", "we", "i", "who", "which", "that", "his", "her", "its", "their", "our", "my", "this"}
)


#: How often the speaker is the right one, by the words for him; how often the kind is, where tagger and words agree.
_NAMED, _PRONOUN, _NOT_KNOWN = 0.95, 0.75, 0.0
_SURE_KIND, _AGREED_KIND, _UNSURE_KIND = 0.95, 0.85, 0.6


def _speaker_confidence(words: str | None, speaker: Actor | None, confidence: float) -> float:
    if words is None or speaker is None:
        return _NOT_KNOWN
    sure = _PRONOUN if words.lower() in _PRONOUNS or _POSSESSED.fullmatch(words) else _NAMED
    return round(min(sure, confidence), 2)


def _kind_confidence(kind: str, learned: str | None, cue: str, quote: str) -> float:
    if kind == "denial":
        return _SURE_KIND
    return _AGREED_KIND if speech_act_by_words(cue, quote) == kind and learned in (None, kind) else _UNSURE_KIND


def _bares(text: str, content: Sequence[Span]) -> list[Span]:
    spans = (_bare(text, span) for span in sorted(content))
    return [(start, end) for start, end in spans if text[start:end].strip()]


def _bare(text: str, span: Span) -> Span:
    """Leave the marks of a quotation out of a span, and the comma before the closing one, and a leading 'that'."""
    start, end = span
    inner = text[start:end]
    if inner[:1] in "\"“‘'«" and not re.search(r"[\"”»]", inner[1:-1]):
        closed = inner[-1:] in "\"”’'»"
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
