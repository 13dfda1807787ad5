"""Resolutions, agreements, letters, speeches and turns: texts that a tagger of reports does not read.

A resolution is one sentence: its body is named once (*The Security Council,*), and every paragraph begins with a verb
(*Recalling …*, *1. Demands that …*). An agreement has no verb of saying at all: who *shall* do something commits to it.
A speech, a letter or a turn of a transcript is its speaker's words. These forms are regular, so rules read them first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, phrases
from detente.reading.segments import NAME_WORD, Layout, in_any, listings, touch, trimmed
from detente.reading.speech_acts import kind_of_form, speech_act_by_words

#: The confidence in what these rules find.
_RULED = 0.9
_NUMBER = r"(?:\(?\d{1,3}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+|\([a-z]\))"

# Resolutions

#: The body that adopts a resolution, or the parties to an agreement: on lines of their own before the first paragraph.
_BODY = re.compile(
    r"(?:\A|\n)[ \t]*(?P<name>[A-Z][^\n.;:!?()]{2,160}?)(?:\s*\([^()\n]*\)|,\s+hereinafter\b[^\n]*?)?,?\s*\Z"
)
_ADVERBS = rf"(?:{phrases()['operative_adverbs']}\s+|\w+ly\s+)*"
_PREAMBLE = (
    rf"{phrases()['preamble']}(?:\s+with\s+(?:\w+\s+)?\w+)?(?:\s+(?:at|by)(?=\s+(?:the|its|this|these|any|all)\b))?"
)
#: A paragraph: a number or none, adverbs, and a verb.
_PARAGRAPH = re.compile(
    rf"(?:(?<=\n\n)|(?<=[,;]\n)|(?<=\n)(?=[ \t]*{_NUMBER}))[ \t]*{_NUMBER}?[ \t]*"
    rf"(?P<cue>{_ADVERBS}(?:(?P<preamble>{_PREAMBLE})|{phrases()['operative']}))\b"
    rf"[ \t]*(?P<content>\S.*?)(?=[;.,]?(?:[ \t]+and)?\s*(?:\n[ \t]*\n|\n[ \t]*{_NUMBER}|(?<=[,;])\n|\Z))",
    re.DOTALL | re.IGNORECASE,
)
#: Another verb of a paragraph: '…, and requests both to report'.
_SECOND_VERB = re.compile(rf",\s+and\s+(?P<cue>{_ADVERBS}(?=\w+s\b){phrases()['operative']})\s+(?=\S)")
_ORDERED = re.compile(
    r"^(?:decides?|orders?|resolves?)\b.*\bthat\b.*\b(?:shall|must|should)\b", re.IGNORECASE | re.DOTALL
)

# Agreements

#: The heading of an article, and the title of an agreement.
_ARTICLE = re.compile(r"^[ \t]*(?:article|section|clause)\s+(?:\d+|[IVX]+)\b", re.IGNORECASE | re.MULTILINE)
_AGREEMENT = re.compile(
    r"\b(?:agreement|treaty|accord|memorandum|protocol|convention|pact|armistice|ceasefire|settlement)\b", re.IGNORECASE
)
#: How far into a text its title may be.
_TITLE_CHARACTERS = 400
_DUTY = rf"(?P<cue>{phrases()['duties']})"
#: An obligation: 'Norland shall not close the gates'. The one who has it begins the sentence.
_OBLIGED = re.compile(
    rf"\s*(?:(?:{_NUMBER}|and)\s*)*(?P<who>(?:[A-Z]|the\b|each\b|both\b|neither\b|no\b)[^.;:!?]{{0,120}}?)\s+{_DUTY}\s+"
    r"(?P<content>\S.*)",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[^;]+")
#: What has no will: 'This Agreement shall enter into force'.
_NO_PARTY = re.compile(rf"^(?:{phrases()['no_party']})\b", re.IGNORECASE)
_NO_PARTY_INSIDE = re.compile(r"\bwhich\b|\bif\b|\bwhen\b|\bthere\b", re.IGNORECASE)
#: A duty in the passive, and whose it is: 'Lists shall be exchanged by the Parties'.
_PASSIVE = re.compile(
    r"(?:not\s+)?be\s+(?:\w+ly\s+)?\w+(?:ed|en|wn|de|pt|lt|nt|ld|id|ut)\b(?:(?P<rest>.*?)\s+by\s+"
    r"(?P<agent>(?:(?:the|each|either|both)\s+)?(?!(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b)[A-Z][\w’'-]*(?:\s+(?:(?:of|for|and|the|that)\s+)?[A-Z][\w’'-]*)*))?",
    re.DOTALL,
)
_PROVISO = re.compile(rf"\b{phrases()['provisos']}\b", re.IGNORECASE)

# Letters and mails

_FROM = re.compile(
    r"\A\s*(?:[\w-]+:[^\n]*\n){0,4}?From:[ \t]*\"?(?P<name>[^\n<@\"]*?)\"?[ \t]*"
    r"(?:<?\S+@(?P<at>[\w-]+)\S*)?[ \t]*\n(?=[\w-]+:)"
)
_SALUTATION = re.compile(
    r"^[ \t]*(?:dear\b[^\n]{1,60}|(?:dear )?(?:sirs?|madam|(?:your )?excellency|excellencies|colleagues|friends|all)|"
    r"(?:hi|hello)\b[^\n.]{1,40}|to whom it may concern)[,:.]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:yours(?:\s+\w+)?|(?:with\s+)?(?:(?:kind|best|warm|kindest)\s+)?(?:regards|wishes)|"
    r"sincerely(?:\s+yours)?|respectfully|cordially|\(signed\))[ \t]*,?\s+(?P<name>[A-Z][^\n,]{1,60})$",
    re.IGNORECASE | re.MULTILINE,
)
#: A name below the text, with or without who that is.
_SIGNED = re.compile(
    r"\n[ \t]*\n(?P<name>[A-Z][\w.’'-]*(?:[ ][A-Z][\w.’'-]*){1,3})[ \t]*(?:\n[^\n.!?]{1,60}){0,3}\s*\Z"
)
#: What another has written, below a mail.
_REPLY = re.compile(
    rf"^[ \t>]*On\b[^\n]{{5,80}}?(?:\d|,)[ \t]+(?P<who>{NAME_WORD}(?:[ ]+{NAME_WORD}){{0,4}})(?:[ \t]+<\S+>)?"
    r"[ \t]+(?P<cue>wrote):\s*\n(?P<content>(?:[ \t]*>[^\n]*(?:\n|\Z))+)",
    re.MULTILINE,
)

# Speeches, letters and turns

#: Who acts in a speech: its speaker, or those for whom the speaker speaks. NAME stands for the speaker's name.
_SELF = (
    r"(?:I|[Ww]e|(?:[Mm]y|[Oo]ur)\s+(?:[\w’'-]+\s+){0,2}?(?:party|group|members|union|company)"
    rf"|(?:[Mm]y|[Oo]ur|[Tt]he|[Tt]his)\s+(?:[\w’'-]+\s+){{0,3}}?(?i:{phrases()['possessed']})"
)
_BEGINS = (
    r"(?:^|[,;:—–]\s*|\b(?:and|but|[Bb]ut|[Aa]nd|[Tt]herefore|[Oo]therwise|[Tt]hen|so|"
    r"[Tt]oday|[Tt]omorrow|[Tt]onight|[Nn]ow)\s+)"
)
_OWN = re.compile(
    rf"{_BEGINS}{_SELF}|NAME)(?i:(?:[’']ll|\s+(?:\w+\s+)?(?:{phrases()['future']}|cannot|can|won[’']t|am|are|is|have|has|"
    r"do|does|never|refuse|reject|offer|withdraw|undertake|promise|pledge)s?))\b"
)
#: What they will do, and not others: 'I go with the hope that it will last' promises nothing.
_OWN_FUTURE = re.compile(
    rf"{_BEGINS}{_SELF}|NAME)(?i:[’']ll\b|(?:,[^,;]{{1,60}},)?(?:\s+\w+){{0,3}}?\s+"
    rf"(?:{phrases()['future']}|go(?:es)? on|"
    r"plans?|intends?|promises?|pledges?|undertakes?|(?:am|is|are)\s+(?:ready|willing|prepared|determined|committed|going))\b)"
)
_REFUSED = re.compile(
    rf"{_BEGINS}{_SELF}|NAME)\s+(?:\w+\s+)?(?:(?:will|shall)\s+(?:not|never)|won[’']t|(?:cannot|can\s+not)"
    rf"(?!\s+(?:\w+ly\s+)?{phrases()['cannot_help']}))\b"
)
_DENIED = re.compile(
    rf"{_BEGINS}{_SELF}|NAME)(?:\s+(?:\w+ly|also|have|had))*\s*{phrases()['not_done']}"
    rf"|^(?:\w+[,:]?\s+)?(?:This|That|It|These)\s+(?:is|was|are|were)\s+(?:\w+ly\s+)?{phrases()['false']}\b"
)
#: A call on others: 'Norland must …', 'we should …', 'let us …', 'Please publish …'.
_LET_US = re.compile(rf"{_BEGINS}let(?:\s+us|[’']s)\b", re.IGNORECASE)
_CALL = re.compile(
    rf"{_BEGINS}(?P<who>(?:[\w’'-]+\s+){{1,8}}?)(?:must|should|ha(?:s|ve)\s+to|needs?\s+to|ought\s+to|ha(?:s|ve)\s+no\s+choice)\b"
)
_IMPERATIVE = re.compile(
    rf"^(?:(?:and|but|so|now|then),?\s+)?{phrases()['imperatives']}\b(?!\s+(?:of|is|are|was|were)\b)"
    # 'Open schools in the valley are rare' orders nothing.
    r"(?!(?:\s+(?!(?:that|who|which|what|and|or|when|if|where|until|how)\b)[\w()’'-]+){1,6}?\s+(?:is|are|was|were|will|has|have|can)\b)"
    rf"(?P<bargain>.*\b(?P<joint>and|or)\s+(?:we|I)\s*(?:{phrases()['future']}|[’']ll)\b)?",
    re.IGNORECASE | re.DOTALL,
)
_OR_ELSE = re.compile(rf"^(?:otherwise|if not|or else)\b.*\b{phrases()['future']}\b", re.IGNORECASE | re.DOTALL)
#: Subjects of a clause that only describes, and the speaker alone.
_DESCRIBED = re.compile(
    r"\b(?:I|i|what(?:ever)|to|that|which|who|whom|whose|when|where|what|why|how|if|because|it|there)\b"
)
#: Thanks, praise, regret and pledges: verbs and adjectives that do in a speech what they say.
_PERFORMED = re.compile(
    rf"(?:(?P<who>\b{_SELF}|[Aa]ll of us(?: here)?)|(?<=[Ll]et )me|(?<=[Aa]llow )me)"
    rf"|(?P<name>\b[A-Z][\w’-]+(?: [A-Z][\w’-]+){{0,2}})"
    rf"(?:,[^,;:]{{1,100}},)?),?\s+(?P<cue>(?:(?:{phrases()['leading']}|\w+ly),?\s+)*{phrases()['performed']})\s+"
)
#: A cue that only tells what will be done, and the words for oneself.
_FUTURE_CUE = re.compile(
    rf"(?:\w+\s+)?(?:{phrases()['future']}|must|should|ought\s+to|(?:have|need)\s+to)\s+(?:(?:not|never|\w+ly)\s+)*(?P<verb>[\w’'-]+)(?:\s+\w+)?",
    re.IGNORECASE,
)
_ONESELF = re.compile(rf"{_SELF})")


def of_its_genre(layout: Layout) -> list[Attribution]:
    """Return what the rules for resolutions, agreements and mails find in a text; empty for every other text."""
    return [*_resolved(layout), *_obligations(layout), *_replies(layout)]


def with_genre(ruled: Sequence[Attribution], tagged: Iterable[Attribution]) -> list[Attribution]:
    """Return what a tagger found, with what the rules found in place of what begins with the same words."""
    cues = [span for one in ruled for span in one.cue]
    return [*ruled, *(one for one in tagged if not touch(one.cue, cues))]


def _resolved(layout: Layout) -> Iterator[Attribution]:
    """Yield the paragraphs of resolutions, and of the preambles of agreements: the body before them says each."""
    text = layout.text
    groups: list[tuple[Span, list[re.Match[str]]]] = []
    for one in _PARAGRAPH.finditer(text):
        body = _BODY.search(text, max(0, one.start() - 300), one.start())
        if body is not None and _PARAGRAPH.match(text, body.start("name")) is None:
            groups.append((body.span("name"), []))
        if groups:
            groups[-1][1].append(one)
    for name, found in groups:
        if len(found) < 2 and not found[0]["preamble"]:
            continue
        for one in found:
            start, end = one.span("content")
            second = _SECOND_VERB.search(text, start, end)
            parts = [(one.span("cue"), (start, second.start() if second else end))]
            parts += [(second.span("cue"), (second.end(), end))] if second else []
            for cue, content in parts:
                kind = _resolution_kind(text[slice(*cue)], text[slice(*content)])
                yield Attribution((name,), (cue,), (content,), kind=kind, confidence=_RULED, settled=True)


def _resolution_kind(cue: str, content: str) -> str:
    if re.search(r"\binvites?$", cue, re.IGNORECASE) or _ORDERED.search(f"{cue} {content}"):
        return "demand"
    if re.search(r"\b(?:desir\w+|determined|wishing|resolved?s?)", cue, re.IGNORECASE):
        return "refusal" if re.match(r"not\s+to\b", content) else "commitment"
    return "claim" if re.search(r"(?:ing|ed)\b", cue, re.IGNORECASE) else speech_act_by_words(cue, content)


def _obligations(layout: Layout) -> Iterator[Attribution]:
    """Yield what the parties to an agreement undertake."""
    text = layout.text
    title = _AGREEMENT.search(text, 0, _TITLE_CHARACTERS)
    headed = title is not None and layout.kind_apart(title.start()) is not None
    duties = len(
        re.findall(rf"\b(?:shall|(?:{_NUMBER}\s[^.;\n]*\b{phrases()['duties']}))\s" if headed else r"\bshall\b", text)
    )
    if len(_ARTICLE.findall(text)) < 2 and not (title and duties >= 2):
        return
    for start, end in layout.sentences:
        if in_any(start, layout.quotes):
            continue
        for clause in _CLAUSE.finditer(text, start, end):
            found = _OBLIGED.match(text, clause.start(), clause.end())
            if not found or _NO_PARTY.search(found["who"]) or _NO_PARTY_INSIDE.search(found["who"]):
                continue
            # What a party may do is a right; what it may not do, or no party may do, is a duty.
            denied = re.match(r"(?:no|neither)\b", found["who"], re.I) or found["content"].startswith("not ")
            if found["cue"].lower() != "may" or denied:
                yield _obligation(text, found)


def _obligation(text: str, found: re.Match[str]) -> Attribution:
    """Return an obligation. Where the one who has it does not begin it, or the subject denies it, all of it is said."""
    who, content = (
        found.span("who"),
        (found.start("content"), found.start("content") + len(found["content"].rstrip(" .\n\t"))),
    )
    source: tuple[Span, ...] = (who,)
    said: tuple[Span, ...] = (content,)
    passive = _PASSIVE.match(text, *content)
    if passive:
        source = (passive.span("agent"),) if passive["agent"] else ()
        said = (who, (content[0], passive.end("rest"))) if passive["agent"] else (who, content)
    elif re.match(r"(?:no|neither)\b", found["who"], re.IGNORECASE):
        said = (who, content)
    kind = "condition" if _PROVISO.search(text, *content) else "commitment"
    return Attribution(source, (found.span("cue"),), said, kind=kind, confidence=_RULED, settled=True)


def _replies(layout: Layout) -> Iterator[Attribution]:
    """Yield what is quoted below a mail: 'On 3 May, Ann Orr wrote:'."""
    for one in _REPLY.finditer(layout.text):
        content = trimmed(layout.text, one.span("content"))
        yield Attribution((one.span("who"),), (one.span("cue"),), (content,), confidence=_RULED)


@dataclass(frozen=True)
class Letter:
    """A letter or a mail: who has written it, where its text is, and the words of names for whom it speaks."""

    author: str
    body: Span
    names: str


#: Whose statement a text is, on a line of its own at its beginning: 'STATEMENT BY THE NORTHERN FRONT'.
_STATEMENT_BY = re.compile(
    r"\A\s*(?:(?:press|joint|public|official)\s+)?(?:statement|declaration|message|open letter)\s+"
    r"(?:by|of|from)\s+(?:the\s+)?(?P<name>[^\n,.:;!?]{3,60}?)[ \t]*\n[ \t]*\n",
    re.IGNORECASE,
)


def _issuer(text: str) -> tuple[str, int] | None:
    """Return whose statement a text is, as its name is written in it, and where its body begins."""
    found = _STATEMENT_BY.match(text)
    if found is None:
        return None
    again = re.search(rf"\b{re.escape(found['name'])}\b", text[found.end() :], re.IGNORECASE)
    name = again[0] if again else found["name"].title() if found["name"].isupper() else found["name"]
    return (name, found.end()) if name[:1].isupper() else None


def letter_in(text: str, sender: str | None = None) -> Letter | None:
    r"""Return the author and the body of a text that is a letter or a mail; ``sender`` is who has sent it, if known.

    >>> letter_in("Dear Minister,\n\nwe ask you to come.\n\nYours sincerely,\nIda Holm\n").author
    'Ida Holm'
    """
    header = _FROM.match(text)
    greeting = _SALUTATION.search(text, header.end() if header else 0, 1500)
    if not header and not greeting and not sender:
        issuer = _issuer(text)
        return Letter(issuer[0], (issuer[1], len(text)), issuer[0]) if issuer else None
    begin = greeting.end() if greeting else text.find("\n\n", header.end()) if header else 0
    reply = _REPLY.search(text, max(begin, 0))
    end = reply.start() if reply else len(text)
    signed = _CLOSING.search(text, max(begin, 0), end) or _SIGNED.search(text[:end].rstrip(), max(begin, 0))
    author = (header["name"].strip() if header else "") or sender or (signed["name"].strip() if signed else "")
    if not author or begin < 0:
        return None
    # The place in the address of a mail, and what stands below the name, tell for whom the author speaks.
    below = text[signed.end("name") : signed.end("name") + 60] if signed else ""
    place = (header["at"] or "").title() if header else ""
    names = " ".join([author, place, *re.findall(r"\b[A-Z][\w-]+", below)])
    return Letter(author, (begin, signed.start() if signed else end), names)


@dataclass(frozen=True)
class _Region:
    """A part of a text that is one speaker's words, and the pattern of that speaker's name."""

    span: Span
    names: str
    turn: bool


def with_acts(
    layout: Layout, tagged: Sequence[Attribution], speaker: str | None, body: Span | None = None
) -> list[Attribution]:
    """Return attributions with what speakers do in a speech, a letter or a turn: demands, offers, refusals, promises.

    A demand is a call on others (*Norland must …*, *let us …*); everything else is done by the speaker or those for
    whom he speaks. Such sentences name no speaker: the whole text is the speaker's. Where a tagger has found what the
    speaker says of himself (*We demand that …*), or that others say it, that is enough. A turn of several sentences has
    the kind of the first of them that is an act.

    Parameters
    ----------
    layout
        The text.
    tagged
        What has been found in it.
    speaker
        Whose words it is, if it is a speech or a letter: words of all names for them.
    body
        Where these words are; everywhere when None.
    """
    regions = [_Region(turn.content, _names(layout.text[slice(*turn.name)]), True) for turn in layout.turns]
    if speaker is not None:
        regions = [_Region(body or (0, len(layout.text)), _names(speaker), False)]
    if not regions:
        return list(tagged)
    starts = [one.span[0] for one in regions]
    told = sorted(
        (one for one in tagged if one.cue and layout.text[one.cue[0][0]].isalpha()), key=lambda one: one.start
    )
    places = [one.start for one in told]
    found: list[Attribution] = []
    dropped: set[int] = set()
    by_turn: dict[Span, list[Attribution]] = {}
    for start, end in layout.sentences:
        number = bisect_right(starts, start) - 1
        region = regions[number] if number >= 0 and start < regions[number].span[1] else None
        if region is None or in_any(start, layout.quotes) or layout.kind_apart(start) is not None:
            continue
        inside = [
            one for one in told[bisect_right(places, start - 1) : bisect_right(places, end)] if one.cue[0][0] < end
        ]
        made = _acts(layout.text, (start, end), inside, region.names)
        dropped.update(
            id(one) for one in inside if made and not made[-1].cue and _is_act(layout.text, one, (start, end))
        )
        if region.turn:
            by_turn.setdefault(region.span, []).extend(
                [
                    *made,
                    *(one for one in inside if one.source and _ONESELF.fullmatch(layout.text[slice(*one.source[0])])),
                ]
            )
            if (start, end) == region.span or len(layout.text[start:end].strip()) > 0.8 * (
                region.span[1] - region.span[0]
            ):
                made = [one for one in made if one.cue]
        found += made
    kinds = {span: _first_kind(layout.text, acts) for span, acts in by_turn.items()}
    kept = [one for one in tagged if id(one) not in dropped]
    return [
        *(
            replace(one, kind=kinds[one.content[0]], settled=True)
            if one.content and kinds.get(one.content[0]) and one.kind != "denial"
            else one
            for one in kept
        ),
        *found,
    ]


def _names(speaker: str) -> str:
    return "|".join(re.escape(word) for word in re.findall(r"\w{3,}", speaker)) or "I"


def _first_kind(text: str, acts: Sequence[Attribution]) -> str | None:
    """Return the kind of the first act of a turn; a denial counts if there is nothing else."""
    kinds = [
        one.kind
        if not one.cue
        else speech_act_by_words(cue := text[slice(*one.cue[0])], f"{cue} {text[slice(*one.content[0])]}")
        for one in sorted(acts, key=lambda one: one.start)
    ]
    return next((kind for kind in kinds if kind not in (None, "claim", "justification", "denial")), None) or (
        "denial" if "denial" in kinds else None
    )


def _is_act(text: str, one: Attribution, sentence: Span) -> bool:
    """Tell whether an attribution is only what speakers will do, or have not done: 'we will wait for', 'never told'."""
    cue = _FUTURE_CUE.fullmatch(text, *one.cue[0])
    oneself = one.source and _ONESELF.fullmatch(text[slice(*one.source[0])])
    if not oneself:
        return False
    if cue and (cue["verb"].lower() not in lexicon().forms or kind_of_form(text[slice(*sentence)])):
        return True
    # 'We never told anybody that.' is a denial, not the report that something was not said.
    return (
        bool(re.search(r"\b(?:did|have|had)(?:n[’']t| not)\b|\bnever\b", text[slice(*one.cue[0])]))
        and one.kind != "denial"
    )


def _acts(text: str, sentence: Span, inside: Sequence[Attribution], names: str) -> list[Attribution]:
    """Return what a speaker does in a sentence, beside what has been found in it."""
    start, end = sentence
    stop = start + len(text[start:end].rstrip(" .\n\t"))
    others = [one for one in inside if not _is_act(text, one, sentence)]
    # What one thanks for may end where one does something else: 'I thank you and | wish you well'.
    begins = [
        one.cue[0][0] if one.source and text[slice(*one.source[0])].lower() in ("i", "we", "me") else one.start
        for one in inside
    ]
    performed = list(_performed(text, start, min([*begins, stop])))
    if performed or others:
        return performed
    kind = _kind_of_act(text[start:stop], names)
    return [Attribution((), (), ((start, stop),), kind=kind, confidence=_RULED, settled=True)] if kind else []


def _kind_of_act(words: str, names: str) -> str | None:
    """Return the kind of a sentence of a speech in which something is done."""

    def by(pattern: re.Pattern[str]) -> re.Match[str] | None:
        return re.search(pattern.pattern.replace("NAME", names), words)

    if words.endswith("?"):
        return None
    order = _IMPERATIVE.match(words)
    if order:
        return "demand" if not order["bargain"] else "condition" if order["joint"].lower() == "and" else "threat"
    if _OR_ELSE.match(words):
        return "threat"
    if by(_DENIED):
        return "denial"
    kind = kind_of_form(words) or speech_act_by_words("", words)
    if kind in ("claim", "commitment") and by(_REFUSED):
        return "refusal"
    called = _LET_US.search(words) or any(not _DESCRIBED.search(one["who"]) for one in _CALL.finditer(words))
    if called and kind in ("claim", "demand", "justification"):
        return "demand"
    if kind == "commitment" and re.search(rf"\b{phrases()['future']}\b", words) and not by(_OWN_FUTURE):
        return None
    if kind in ("claim", "demand", "justification") or not (kind == "condition" == kind_of_form(words) or by(_OWN)):
        return None
    return kind


def _performed(text: str, start: int, stop: int) -> Iterator[Attribution]:
    """Yield what a sentence of a speech thanks, praises, regrets or pledges; each ends where the next one begins."""
    found = _PERFORMED.finditer(text, start, stop)
    matches = [one for one in found if not one["name"] or one.start() == start]
    for number, one in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else stop
        content = re.sub(r"[\s,;]*(?:\b(?:and|as|but)(?:\s+to)?)?[\s,;]*$", "", text[one.end() : end])
        if content:
            kind = "commitment" if "committed" in one["cue"] else speech_act_by_words(one["cue"], "")
            parts = (
                (one.span("name" if one["name"] else "who"),),
                (one.span("cue"),),
                ((one.end(), one.end() + len(content)),),
            )
            yield Attribution(*parts, kind=kind, confidence=_RULED)


# Lists

#: The line above a list, where no tagger has found its verb: 'The dockers demand:', "The council's conditions are:".
_INTRO = re.compile(
    r"(?:(?P<owner>[^:\n]{2,80}?)[’']s?\s+(?P<noun>(?:\w+\s+)?(?:(?P<condition>conditions|terms)|(?P<demand>demands|requests|"
    r"claims)|(?P<offer>offers?|proposals?)|(?P<commitment>promises|pledges|commitments))(?:\s+(?:are|is|were|include))?)"
    r"|(?P<who>[A-Z][^:,\n]{1,80}?)\s+(?P<verb>(?:(?:has|have|had|also|now|is|are)\s+)*(?P<last>\w+)"
    r"(?:\s+(?:for|on|to|that))?))\s*:\s*"
)


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
            introduced = _introduced(layout.text, each.intro)
            if introduced is None:
                continue
            found.append(introduced)
            inside = [introduced]
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
        made = [replace(last, content=(*before, item)) for item in items if item[0] < item[1]]
        if re.search(rf"\b{phrases()['future']}\s*:\s*$", layout.text[slice(*each.intro)]):
            kinds = [speech_act_by_words("", f"will {layout.text[slice(*one.content[-1])]}") for one in made]
            made = [replace(one, kind=kind, settled=True) for one, kind in zip(made, kinds, strict=True)]
        found[place : place + 1] = made
    return found


def _introduced(text: str, intro: Span) -> Attribution | None:
    found = _INTRO.fullmatch(text, *intro)
    if found is None or (found["verb"] and found["last"].lower() not in lexicon().forms):
        return None
    kind = next((kind for kind in ("condition", "demand", "offer", "commitment") if found[kind]), None)
    who, cue = ("owner", "noun") if found["noun"] else ("who", "verb")
    parts = (found.span(who),), (found.span(cue),), (intro,)
    return Attribution(*parts, kind=kind, confidence=_RULED, settled=kind is not None)
