"""Resolutions, agreements and speeches: texts that a tagger of reports does not read.

A resolution is one sentence: its body is named once (*The Security Council,*), and every operative paragraph begins
with a verb (*1. Demands that …*). An agreement has no verb of saying at all: who *shall* do something commits to it.
A speech or a press statement is its speaker's words. These forms are regular, so rules read them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from detente.reading.attributions import Attribution
from detente.reading.lexicon import phrases
from detente.reading.segments import Layout, in_any, listings, touch
from detente.reading.speech_acts import kind_of_form, speech_act_by_words

#: The confidence in what these rules find.
_RULED = 0.9
#: The body that adopts a resolution, on a line of its own: 'The Security Council,'.
_BODY = re.compile(
    r"^[ \t]*(?P<name>The\s+[A-Z][\w’'-]*(?:\s+(?:of|for|and|the|on|[A-Z][\w’'-]*)){0,9}),[ \t]*$", re.MULTILINE
)
_NUMBER = r"(?:\(?\d{1,3}[.)]|\([a-z]\))"
#: An operative paragraph: a number or none, adverbs, and a verb in the present tense.
_OPERATIVE = re.compile(
    rf"^[ \t]*{_NUMBER}?[ \t]*(?P<cue>(?:{phrases()['operative_adverbs']}\s+)*(?:{phrases()['operative']}))\b"
    rf"[ \t]*(?P<content>\S.*?)(?=[;.]?\s*(?:\n[ \t]*\n|\n[ \t]*{_NUMBER}|\Z))",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
#: A paragraph of a preamble.
_PREAMBLE = re.compile(r"^[ \t]*(?:[A-Z]\w+ly\s+)?[A-Z]\w+(?:ing|ed)\s", re.MULTILINE)
#: The heading of an article, and the title of an agreement.
_ARTICLE = re.compile(r"^[ \t]*(?:article|section|clause)\s+(?:\d+|[IVX]+)\b", re.IGNORECASE | re.MULTILINE)
_AGREEMENT = re.compile(
    r"\b(?:agreement|treaty|accord|memorandum|protocol|convention|pact|armistice|ceasefire)\b", re.IGNORECASE
)
#: How far into a text its title may be.
_TITLE_CHARACTERS = 400
#: An obligation: 'Norland shall not close the gates'. The one who has it begins the sentence.
_SHALL = re.compile(
    rf"\s*(?:{_NUMBER}\s*)?(?P<who>[A-Z][^.;:!?]{{0,100}}?)\s+(?P<cue>shall)\s+(?P<content>\S.*)", re.DOTALL
)
_CLAUSE = re.compile(r"[^;]+")
#: What has no will: 'This Agreement shall enter into force'.
_NO_PARTY = re.compile(rf"^(?:{phrases()['no_party']})\b", re.IGNORECASE)
#: Who acts in a speech: its speaker, or those for whom the speaker speaks. NAME stands for the speaker's name.
_SELF = rf"(?:I|[Ww]e|(?:[Mm]y|[Oo]ur|[Tt]he|[Tt]his)\s+(?:[\w’'-]+\s+){{0,3}}?(?i:{phrases()['possessed']})"
_BEGINS = r"(?:^|[,;:—–]\s*|\b(?:and|but|[Tt]herefore|so)\s+)"
_OWN = re.compile(
    rf"{_BEGINS}{_SELF}|NAME)(?i:(?:[’']ll|\s+(?:\w+\s+)?(?:{phrases()['future']}|cannot|can|won[’']t|am|are|is|have|has|"
    r"do|does|never|refuse|reject|offer|withdraw|undertake|promise|pledge)s?))\b"
)
#: A call on others: 'Norland must …', 'we should …', 'let us …'.
_LET_US = re.compile(rf"{_BEGINS}let(?:\s+us|[’']s)\b", re.IGNORECASE)
_CALL = re.compile(
    rf"{_BEGINS}(?P<who>(?:[\w’'-]+\s+){{1,8}}?)(?:must|should|ha(?:s|ve)\s+to|needs?\s+to|ought\s+to|ha(?:s|ve)\s+no\s+choice)\b"
)
#: Subjects of a clause that only describes, and the speaker alone.
_DESCRIBED = re.compile(r"\b(?:I|i|that|which|who|whom|whose|when|where|what|why|how|if|because|it|there)\b")
#: Thanks, praise, regret and pledges: verbs and adjectives that do in a speech what they say.
_PERFORMED = re.compile(
    rf"(?:(?P<who>\b{_SELF}|[Aa]ll of us(?: here)?)|(?<=[Ll]et )me)|(?P<name>\b[A-Z][\w’-]+(?: [A-Z][\w’-]+){{0,2}})"
    rf"(?:,[^,;:]{{1,100}},)?)\s+(?P<cue>(?:(?:{phrases()['leading']}|\w+ly)\s+)*{phrases()['performed']})\s+"
)
_NO_PARTY_INSIDE = re.compile(r"\bwhich\b|\bif\b|\bwhen\b|\bthere\b", re.IGNORECASE)


def of_its_genre(layout: Layout) -> list[Attribution]:
    """Return what the rules for resolutions and agreements find in a text; empty for every other text."""
    return [*_operative(layout), *_obligations(layout)]


def with_genre(ruled: Sequence[Attribution], tagged: Iterable[Attribution]) -> list[Attribution]:
    """Return what a tagger found, with what the rules found in place of what begins with the same words."""
    cues = [span for one in ruled for span in one.cue]
    return [*ruled, *(one for one in tagged if not touch(one.cue, cues))]


def _operative(layout: Layout) -> Iterator[Attribution]:
    """Yield the operative paragraphs of resolutions: the body says each."""
    bodies = list(_BODY.finditer(layout.text))
    for number, body in enumerate(bodies):
        stop = bodies[number + 1].start() if number + 1 < len(bodies) else len(layout.text)
        found = list(_OPERATIVE.finditer(layout.text, body.end(), stop))
        if len(found) < 2 and not _PREAMBLE.search(layout.text, body.end(), stop):
            continue
        for one in found:
            content = one.span("content")
            kind = speech_act_by_words(one["cue"], one["content"])
            yield Attribution((body.span("name"),), (one.span("cue"),), (content,), kind=kind, confidence=_RULED)


def _obligations(layout: Layout) -> Iterator[Attribution]:
    """Yield what the parties to an agreement undertake."""
    text = layout.text
    title = _AGREEMENT.search(text, 0, _TITLE_CHARACTERS)
    if len(_ARTICLE.findall(text)) < 2 and not (title and len(re.findall(r"\bshall\b", text)) >= 2):
        return
    for start, end in layout.sentences:
        if in_any(start, layout.quotes):
            continue
        for clause in _CLAUSE.finditer(text, start, end):
            found = _SHALL.match(text, clause.start(), clause.end())
            if found and not _NO_PARTY.search(found["who"]) and not _NO_PARTY_INSIDE.search(found["who"]):
                content = (found.start("content"), found.start("content") + len(found["content"].rstrip(" .\n\t")))
                parts = (found.span("who"),), (found.span("cue"),), (content,)
                yield Attribution(*parts, kind="commitment", confidence=_RULED)


def said_in_speech(layout: Layout, tagged: Iterable[Attribution], speaker: str) -> list[Attribution]:
    """Return what the speaker of a speech does in it: demands, offers, refusals, promises, and thanks.

    A demand is a call on others (*Norland must …*, *let us …*); everything else is done by the speaker or those for
    whom he speaks. Such sentences name no speaker: the whole text is the speaker's. Where a tagger has found what the
    speaker says of himself (*We demand that …*), or that others say it, that is enough.
    """
    told = sorted((one.start, one.cue[0][0]) for one in tagged if one.cue)
    names = "|".join(re.escape(word) for word in re.findall(r"\w{3,}", speaker)) or "I"
    own = re.compile(_OWN.pattern.replace("NAME", names))
    found: list[Attribution] = []
    for start, end in layout.sentences:
        if in_any(start, layout.quotes):
            continue
        stop = start + len(layout.text[start:end].rstrip(" .\n\t"))
        inside = [begin for begin, cue in told if start <= cue < end]
        performed = list(_performed(layout.text, start, min([*inside, stop])))
        found += performed
        if performed or inside:
            continue
        words = layout.text[start:stop]
        kind = kind_of_form(words) or speech_act_by_words("", words)
        called = _LET_US.search(words) or any(not _DESCRIBED.search(one["who"]) for one in _CALL.finditer(words))
        if called and kind in ("claim", "demand", "justification"):
            kind = "demand"
        elif kind == "demand" or not (kind == "condition" == kind_of_form(words) or own.search(words)):
            kind = "claim"
        if kind not in ("claim", "justification"):
            found.append(Attribution((), (), ((start, stop),), kind=kind, confidence=_RULED))
    return found


def _performed(text: str, start: int, stop: int) -> Iterator[Attribution]:
    """Yield what a sentence of a speech thanks, praises, regrets or pledges; each ends where the next one begins."""
    found = _PERFORMED.finditer(text, start, stop)
    matches = [one for one in found if not one["name"] or one.start() == start]
    for number, one in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else stop
        content = re.sub(r"[\s,;]*(?:\b(?:and|as|but))?[\s,;]*$", "", text[one.end() : end])
        if content:
            kind = "commitment" if "committed" in one["cue"] else speech_act_by_words(one["cue"], "")
            parts = (
                (one.span("name" if one["name"] else "who"),),
                (one.span("cue"),),
                ((one.end(), one.end() + len(content)),),
            )
            yield Attribution(*parts, kind=kind, confidence=_RULED)


def with_lists(layout: Layout, tagged: Iterable[Attribution]) -> list[Attribution]:
    r"""Return attributions in which every item of a list below 'The union demanded:' is a statement of its own.

    >>> text = "The union demanded:\n- higher wages\n- a new crane\n"
    >>> found = with_lists(Layout(text), [Attribution(((0, 9),), ((10, 18),), ((20, 48),))])
    >>> [text[slice(*one.content[0])] for one in found]
    ['higher wages', 'a new crane']
    """
    found = list(tagged)
    for each in listings(layout.text):
        inside = [one for one in found if one.cue and each.intro[0] <= one.cue[0][0] < each.intro[1]]
        if not inside:
            continue
        last = max(inside, key=lambda one: one.cue[0][0])
        # 'Harbour Ltd. said that it would:' has its beginning before the list.
        before = tuple(
            (start, min(end, each.intro[1] - 1))
            for start, end in last.content
            if last.cue[-1][1] <= start < each.intro[1]
        )
        before = tuple(span for span in before if layout.text[span[0] : span[1]].strip(" :\t"))
        items = [(start, start + len(layout.text[start:end].rstrip(" .;,"))) for start, end in each.items]
        place = found.index(last)
        found[place : place + 1] = [replace(last, content=(*before, item)) for item in items if item[0] < item[1]]
    return found
