"""The owner of each quotation: rules applied after tagging, for facts of layout that a tagger cannot see.

A quotation has one owner, the nearest tag on its side ('…,' said X; X said: '…'). It never crosses the end of a
paragraph unless the next one reopens it, nor another speaker's cue, a ``NAME:`` line of a transcript or the header of a
statement ('And from Chair X:'). A signature after a quotation is its tag. If a tagger had assigned more to a speaker,
the rest is kept with a confidence of at most `DOUBTED`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, phrases
from detente.reading.segments import NAME_WORD, Layout, merged, touch, trimmed

#: The confidence above which an attribution satisfies every rule of this module as tagged.
DOUBTED = 0.9
#: The confidence in an attribution that only the rules of this module found.
_RULED = 0.85
#: Maximum distance of a tag from its quotation, in characters.
_NEAR = 400

#: What introduces a quotation without a verb: 'And from Chair X:', 'Statement by X:', 'The owner:'.
_HEADER = re.compile(
    rf"(?:(?:and|also|then|now|next|plus|this)\s+)?"
    rf"(?:(?:(?:a|the)\s+)?{phrases()['headers']}\s+(?:from|by|of)\s+|from\s+|by\s+)?"
    rf"(?P<name>{NAME_WORD}(?:,?[ ]+{NAME_WORD}){{0,11}})\s*(?P<cue>:)\s*",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    rf"\s*(?P<cue>[—–~-]{{1,2}})[ \t]*(?P<name>{NAME_WORD}(?:,?[ ]+{NAME_WORD}){{0,9}})[ \t]*\.?[ \t]*(?=\n|$)"
)
_VERB = rf"(?:{phrases()['tag_stems']}(?:t?ed|s|es)|{phrases()['tag_verbs']})"
#: Who stands beside a verb: 'Egypt's new envoy', 'the owner of the mill', 'captain Ann Lee', 'she'.
_WHO = (
    rf"(?:[A-Z][\w-]*['’]s?\s+(?:{NAME_WORD}\s+){{0,3}}?{NAME_WORD}|"
    rf"(?:the|an?|his|her|its|their|one|another)\s+(?:{NAME_WORD}\s+){{0,4}}?{NAME_WORD}|"
    r"(?:(?!(?:and|but|or|while|as|when|that|in|on|of|to)\b)[a-z][\w-]*\s+){0,3}?"
    r"(?:(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Gen|Rep|Gov)\.|[A-Z](?:\.|[\w'’-]*))\s*){1,5}|he|she|they|it)"
)
_AFTER = re.compile(
    rf"\s*,?\s*(?:(?P<cue>{_VERB})\s+(?P<name>{_WHO})|(?P<name2>{_WHO})\s+(?P<cue2>{_VERB}))(?=[\s.,;]|$)(?!\s*:)"
)
_TAG = re.compile(
    r"\s*(?:(?P<cue>[a-z]+)\s+(?P<name>(?:[A-Z][\w'’-]*\s*){1,4})|(?P<name2>(?:[A-Z][\w'’-]*\s+){1,4})(?P<cue2>[a-z]+))"
    r"(?=[\s.,;]|$)"
)
_BEFORE = re.compile(rf"(?P<name>{_WHO})\s+(?P<cue>{_VERB})(?:\s+[\w'’]+){{0,3}}?\s*[:,]?\s*")
#: A statement that the sentence before a quotation tells of: 'The mayor issued a statement on the dam. "…"'.
_ISSUED = re.compile(
    rf"(?:[^\"“”]*?[\s,])??(?P<name>{_WHO})(?:,[^,.;:]{{1,60}})?,?\s+(?P<cue>(?:(?:has|had|later|also)\s+)*{phrases()['issues']}\s+"
    rf"(?:the following|an?|this)\s+"
    rf"(?:\w+\s+){{0,2}}?{phrases()['carried']})\b[^.!?:\"“”]{{0,200}}[.:]\s*"
)
#: A clause of any verb whose colon introduces a quotation: 'they had a motto: "…"'.
_COLON = re.compile(
    r"(?:[^:\"“”]*?(?:[,;]\s+|\b(?:[Aa]nd|[Bb]ut|as|when)\s+))??"
    rf"(?:(?P<name>(?:The|An?|This|His|Her|Its|Their|My|Our)\s+(?:[\w’'-]+\s+){{0,6}}?[\w’'-]+)\s+(?P<cue>(?:is|was|has|had|bears?|bore)\s+"
    rf"[^:,;\"“”‘]{{0,60}}?{phrases()['quoted_things']}:)"
    r"|(?P<name2>I|[Ww]e|[Yy]ou|[Tt]hey|[Hh]e|[Ss]he|(?!(?:And|But|As|When|If|In|On|At|For|To|There|That|The|An?|This)\b)[A-Z][\w’'-]*"
    r"(?:\s+[A-Z][\w’'-]*){0,4})\s*(?P<cue2>(?:['’](?:m|re|ve|s|d)|(?<=\s)[a-z]\w*)(?:\s+[^:,;\"“”‘]{0,60})?:))\s*"
)
#: 'In the words of the mayor, "…"'.
_IN_WORDS = re.compile(
    rf"(?:[^\"“”]*?[\s,;])??(?P<cue>[Ii]n\s+the\s+words\s+of|[Tt]o\s+quote)\s+(?P<name>{_WHO}[^\"“”:;]{{0,60}}?),?\s*"
)
#: What may stand between a cue and the quotation that it introduces: those who are told, a mark, 'that'.
_LEADS_IN = re.compile(r"(?:\s+[\w'’]+){0,4}?\s*[,:]?\s*(?:that\s+)?", re.IGNORECASE)
_CLOSING = "\"”’'»"


def assign_quotations(text: str, tagged: Iterable[Attribution], layout: Layout | None = None) -> list[Attribution]:
    """Return attributions in which every quotation has one owner, in the order in which they begin.

    Parameters
    ----------
    text
        The text.
    tagged
        What a tagger found in it.
    layout
        The layout of the text, where it is known already.
    """
    assignment = _Assignment(layout or Layout(text), list(tagged))
    assignment.assign()
    once: dict[tuple[object, ...], Attribution] = {}
    for number, one in enumerate(assignment.all):
        made = assignment.settled(number, one)
        key = (made.source, made.cue, made.content)
        if made.content and (key not in once or once[key].confidence < made.confidence):
            once[key] = made
    return sorted(once.values(), key=lambda one: min((*one.source, *one.cue, *one.content)))


#: What a tagger takes along before a speaker's words and behind them.
_BEFORE_SPEAKER = re.compile(r"(?:[\s,;:.–—-]|(?:and|but|[Ll]et)\s)+")
_BEHIND_SPEAKER = re.compile(r"(?:[\s,;:–—-]|\s(?:and|or|but|hereby|now|therefore))+$")
#: The number of a paragraph, a conjunction, or where something was said: '3.2 In the caucus | Orr told me'.
_AT_A_PLACE = r"(?:In|At|On|During|After|Before)\s+(?:the|an?|his|her|its|our|this)\s+"
_NAME_ONLY = r"(?=[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*$)"
_BEFORE_NAME = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?\s+(?=[A-Z][a-z]))?"
    rf"(?:(?:[Tt]hat|{_AT_A_PLACE}(?:[a-z]+\s+){{0,2}}?[a-z]+,?)\s+{_NAME_ONLY})?"
)
_AFTER_A_PLACE = re.compile(rf"(?:[a-z]+\s+){{1,2}}{_NAME_ONLY}")
#: A pronoun that is written together with its verb: 'we’ve'.
_CONTRACTED = re.compile(r"(?P<who>I|we|he|she|you|they)[’'](?:ve|m|re|d|ll)", re.IGNORECASE)
#: Behind a name that follows its cue: to whom or where it was said ('said Orr to the crowd').
_CIRCUMSTANCE = re.compile(r"(?P<name>(?:[A-Z][\w’'-]*\.?\s)+)(?:to|from|in|at|during|before|on|after)\s")

#: Behind a dateline.
_DASHES = frozenset({"-", "--", "–", "—"})
#: A further name in a list.
_LISTED_NAME = re.compile(r",?\s+(?:and|or)\s+(?:the\s+)?(?:[A-Z][\w’'-]*\.?\s+){1,5}")
#: The name before an aside: 'Maja Berg, ', 'the manager, Ed Moss, '.
_NAME_AT_END = re.compile(r"(?P<name>(?<![\w’'-])(?:[A-Z][\w’'-]*\.?\s)*[A-Z][\w’'-]*),\s*$")

#: A cue in the passive: 'was told', 'had also been promised'; its subject is who hears it.
_HEARS = re.compile(
    rf"(?:[\w’']+\s+){{0,4}}?(?:am|is|are|was|were|be|been|being)\s+(?:[\w’']+\s+){{0,2}}?{phrases()['told']}\b"
    r"(?!.*\bby$)",
    re.IGNORECASE,
)


def speaker_span(text: str, span: Span, cue: Sequence[Span]) -> Span:
    """Return the words that name a speaker without what stands around them.

    >>> text = "says Orr from the mill"
    >>> text[slice(*speaker_span(text, (5, 22), ((0, 4),)))]
    'Orr'
    >>> text = "3.2 In the caucus Orr said"
    >>> text[slice(*speaker_span(text, (0, 21), ((22, 26),)))]
    'Orr'
    >>> text = "Ann Orr, who runs the mill, said"
    >>> text[slice(*speaker_span(text, (13, 26), ((28, 32),)))]
    'Ann Orr, who runs the mill'
    """
    start, end = span
    if clause := re.search(r"who\s+$", text[:start]) if (cue and end <= cue[0][0]) else None:
        # The tagger took the aside alone: 'Ann Orr, | who leads the union, | said'.
        named = _NAME_AT_END.search(text, max(0, clause.start() - 120), clause.start())
        start = named.start("name") if named else start
    before = _BEFORE_SPEAKER.match(text, start, end)
    start = before.end() if before and before.end() < end else start
    placed = re.search(rf"{_AT_A_PLACE}(?:[a-z]+\s+)?$", text[max(0, start - 40) : start])
    lead = (_AFTER_A_PLACE if placed else _BEFORE_NAME).match(text, start, end)
    start = lead.end() if lead else start
    end = start + (len(_BEHIND_SPEAKER.sub("", text[start:end])) or end - start)
    if contracted := _CONTRACTED.fullmatch(text, start, end):
        return contracted.span("who")
    told = _CIRCUMSTANCE.match(text, start, end) if cue and cue[-1][1] <= start else None
    return (start, start + len(told["name"].rstrip())) if told else (start, end)


class _Assignment:
    """The attributions of one text, and who owns each of its quotations."""

    def __init__(self, layout: Layout, tagged: list[Attribution]) -> None:
        self.layout = layout
        self.text = layout.text
        prefixes = [(turn.name[0], turn.colon[1]) for turn in layout.turns]
        tagged = [replace(one, source=tuple(self.in_one_sentence(one))) for one in tagged]
        kinds = {one.cue[-1][1]: one for one in tagged if one.cue}
        self.turn_count = len(layout.turns)
        #: The attributions of a transcript's turns come first.
        self.all: list[Attribution] = []
        for turn in layout.turns:
            cue = (turn.colon,) if turn.colon[0] < turn.colon[1] else ()
            spoken = Attribution((turn.name,), cue, (turn.content,), confidence=_RULED)
            alike = kinds.get(turn.colon[1])
            if alike is not None:
                spoken = replace(spoken, kind=alike.kind, confidence=max(_RULED, min(alike.confidence, DOUBTED)))
            self.all.append(spoken)
        self.all += [one for one in tagged if not touch((*one.cue, *one.source), prefixes)]
        #: Where the cues are that are in no quotation, each with the number of its attribution.
        self.tags = sorted(
            (one.cue[0][0], number)
            for number, one in enumerate(self.all)
            if number >= self.turn_count and self.begins_outside(one)
        )
        #: For each quotation the number of the attribution that owns it, and the other way round.
        self.owner: dict[Span, int] = {}
        self.owned: defaultdict[int, list[Span]] = defaultdict(list)

    def in_one_sentence(self, one: Attribution) -> list[Span]:
        """Return the words for a speaker without what stands in another sentence than the cue."""
        if not one.cue or not one.source:
            return list(one.source)
        if one.source[-1][1] <= one.cue[0][0] and _HEARS.match(self.text, one.cue[0][0], one.cue[-1][1]):
            # 'The commission was asked' tells who is asked, not who asks.
            return []
        start, end = self.layout.sentence(one.cue[0][0])
        within = [(max(first, start), min(last, end)) for first, last in one.source]
        kept = [speaker_span(self.text, span, one.cue) for span in map(self.trimmed, within) if span[0] < span[1]]
        if not kept and one.source[0][1] <= start < one.cue[0][0] and self.text[start - 2 : start].strip() in _DASHES:
            # 'MARROW, March 9 - Dockers said': the place is not who says it.
            return [trimmed(self.text, (start, one.cue[0][0]))]
        if kept and self.text[slice(*kept[0])].lower() == "please":
            return []
        return kept if kept and start <= one.cue[0][0] < end else list(one.source)

    def settled(self, number: int, one: Attribution) -> Attribution:
        """Return an attribution with what it owns and nothing that another does."""
        if number < self.turn_count:
            return one
        if not self.begins_outside(one):
            # What is reported within a quotation or a turn stays inside of it.
            quote = self.layout.quote(one.cue[0][0]) if one.cue else None
            bounds = quote or self.layout.paragraph(min((*one.source, *one.content))[0])
            return _with_content(one, merged(piece for span in one.content for piece in self.clipped(span, bounds, ())))
        if self.tag_of[one.cue[0][0]] != number:
            # One cue is not two speakers' tags.
            return replace(one, content=())
        own = self.owned.get(number, [])
        others = [
            quote
            for span in one.content
            # One that begins before the span, too: a tagger may leave out the mark.
            for quote in dict.fromkeys((self.layout.quote(span[0]) or span, *self.layout.quotes_in(span)))
            if (owner := self.owner.get(quote, number)) != number and not self.reports(one, self.all[owner])
        ]
        bounds = self.bounds(number)
        pieces = [piece for span in one.content for piece in self.clipped(span, bounds, [*others, *own])]
        return _with_content(one, self.joined(merged([*pieces, *own])))

    def joined(self, content: Sequence[Span]) -> list[Span]:
        """Return content with a name that a tagger left out of a list: 'called on | the mill | and Orr | to pay'."""
        found: list[Span] = []
        for start, end in content:
            gap = self.text[found[-1][1] : start] if found else ""
            if _LISTED_NAME.fullmatch(gap) and not touch([(found[-1][1], start)], self.told):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    @cached_property
    def told(self) -> list[Span]:
        """Where speakers and cues are."""
        return sorted(span for one in self.all for span in (*one.cue, *one.source))

    @cached_property
    def tag_of(self) -> dict[int, int]:
        """The attribution that each cue outside of quotations is the tag of."""
        found = {self.all[number].cue[0][0]: number for number in self.owner.values() if number >= self.turn_count}
        for place, number in self.tags:
            found.setdefault(place, number)
        return found

    def begins_outside(self, one: Attribution) -> bool:
        """Tell whether the cue is in no quotation."""
        return bool(one.cue) and self.layout.quote(one.cue[0][0]) is None

    # Who owns what

    def assign(self) -> None:
        """Find the owner of every quotation that has a tag, and of those that go on from one."""
        last: int | None = None
        last_end = 0
        waiting: list[Span] = []
        for quote in self.layout.quotes:
            here = [one for one in waiting if self.is_one_speech(one, quote)]
            owner = self.tag(quote)
            if owner is None and last is not None and self.goes_on(last_end, quote):
                owner = last
            if owner is not None:
                for one in (*here, quote):
                    self.owner[one] = owner
                    self.owned[owner].append(one)
                part_end = self.layout.paragraph(quote[0])[1]
                tag = (*self.all[owner].cue, *self.all[owner].source)
                waiting, last = [], owner
                last_end = max([quote[1], *(end for _, end in tag if end <= part_end)])
            elif self.stands_alone(quote):
                waiting, last = [*here, quote], None
            else:
                waiting = []

    def tag(self, quote: Span) -> int | None:
        """Return the attribution whose tag is nearest to a quotation, on the side that its marks tell."""
        inner = self.text[quote[0] : quote[1]].rstrip(_CLOSING)
        marked = inner[-1:] in ",?!—–-…" or self.text[quote[1] : quote[1] + 1] == ","
        sides = [self.after, self.before, self.signed] if marked else [self.before, self.signed]
        if self.text[max(0, quote[0] - 2) : quote[0]].rstrip().endswith(":"):
            sides.sort(key=lambda side: side != self.before)
        if not marked and not inner.endswith("."):
            sides.append(self.after)
        return next((found for side in sides if (found := side(quote)) is not None), None)

    def after(self, quote: Span) -> int | None:
        """Return the attribution whose tag follows a quotation: '…,' said X."""
        sentence_end = self.layout.sentence(quote[1] - 1)[1]
        if sentence_end == quote[1] and self.text[quote[1] - 2 : quote[1] - 1] in "?!…":
            # '"…?" Jo Marsh asked.'
            following = quote[1] + len(self.text[quote[1] :]) - len(self.text[quote[1] :].lstrip(" "))
            sentence_end = self.layout.sentence(following)[1]
        nearest: list[tuple[int, float, int]] = []
        for number in self.tags_between(quote[1], sentence_end):
            one = self.all[number]
            first = min(one.cue[0][0], *(start for start, _ in one.source)) if one.source else one.cue[0][0]
            introduces = ":" in self.text[one.cue[-1][1] - 1 : one.cue[-1][1] + 1]
            between = self.text[quote[1] : first]
            if first >= quote[1] and not introduces and re.fullmatch(r"\s*,?\s*(?:\w+ly\s+)?", between):
                nearest.append((first, -one.confidence, number))
        if nearest:
            return min(nearest)[2]
        stop = min(sentence_end + 1, len(self.text))
        found = _AFTER.match(self.text, quote[1], stop)
        if found is None and self.text[quote[0] : quote[1]].rstrip(_CLOSING).endswith(","):
            # After a comma there is a tag, whatever its verb: '…,' Bo Crane shot back.
            found = _TAG.match(self.text, quote[1], stop)
        if found is None or self.layout.paragraph(quote[0]) != self.layout.paragraph(found.end() - 1):
            return None
        side = "" if found["cue"] else "2"
        start, end = found.span(f"name{side}")
        name = (start, start + len(self.text[start:end].rstrip()))
        return self.with_tag(name, found.span(f"cue{side}"), quote)

    def before(self, quote: Span) -> int | None:
        """Return the attribution whose tag or header introduces a quotation: X said: '…'."""
        start = self.layout.sentence(quote[0])[0]
        part = self.layout.paragraph(quote[0])
        nearest: list[tuple[int, float, int]] = []
        for number in self.tags_between(start, quote[0]):
            one = self.all[number]
            end = max(last for _, last in (*one.cue, *one.source) if last <= quote[0])
            between = self.text[end : quote[0]]
            # A quotation is introduced by a mark, by 'that', or with nothing between.
            marked = between.strip()[-1:] in ("", ",", ":") or between.strip().lower() == "that"
            if marked and _LEADS_IN.fullmatch(between):
                nearest.append((-end, -one.confidence, number))
        if nearest:
            return min(nearest)[2]
        begin = max(start, quote[0] - _NEAR)
        begin = max((last for _, last in self.layout.quotes_in((begin, quote[0])) if last <= quote[0]), default=begin)
        clause = self.text[begin : quote[0]]
        begin += len(clause) - len(clause.lstrip(" .\n"))
        header = (
            _BEFORE.fullmatch(self.text, begin, quote[0])
            or _HEADER.fullmatch(self.text, begin, quote[0])
            or _IN_WORDS.fullmatch(self.text, begin, quote[0])
        )
        if header is not None and not names_somebody(header["name"]):
            header = None
        if header is None and len(self.text[slice(*quote)].split()) >= 4:
            clause_before = _COLON.fullmatch(self.text, begin, quote[0])
            if clause_before is not None:
                side = "" if clause_before["name"] else "2"
                return self.with_tag(clause_before.span(f"name{side}"), clause_before.span(f"cue{side}"), quote)
            if quote[0] == start and self.stands_alone(quote) and (owner := self.issued(quote, part)) is not None:
                return owner
        if header is None and quote[0] == part[0]:
            header, above = self.header_above(part)
            if above is not None:
                return above
        if header is None or not names_somebody(header["name"]):
            return None
        return self.with_tag(header.span("name"), header.span("cue"), quote)

    def issued(self, quote: Span, part: Span) -> int | None:
        """Return the attribution of the statement that the sentence before a quotation tells of."""
        before = self.layout.sentence(max(part[0], quote[0] - 2))
        found = _ISSUED.fullmatch(self.text, before[0], quote[0]) if part[0] <= before[0] < quote[0] else None
        if found is None or not names_somebody(found["name"]):
            return None
        known = [number for number in self.tags_between(*before) if touch(self.all[number].cue, [found.span("cue")])]
        if known:
            one = self.all[known[0]]
            self.all[known[0]] = replace(one, content=(quote,), confidence=min(one.confidence, DOUBTED))
            return known[0]
        return self.with_tag(found.span("name"), found.span("cue"), quote)

    def header_above(self, part: Span) -> tuple[re.Match[str] | None, int | None]:
        """Return the header in the paragraph above, or the attribution whose cue ends it."""
        number = bisect_right(self.layout.paragraphs, part) - 1
        if number < 1:
            return None, None
        above = self.layout.paragraphs[number - 1]
        if not self.text[above[0] : above[1]].rstrip().endswith(":"):
            return None, None
        start = self.layout.sentence(above[1] - 1)[0]
        tags = self.tags_between(start, above[1])
        if tags:
            return None, max(tags, key=lambda tag: self.all[tag].cue[-1][1])
        return _HEADER.fullmatch(self.text, start, part[0]), None

    def signed(self, quote: Span) -> int | None:
        """Return the attribution of the signature below a quotation: '— X'."""
        found = _SIGNATURE.match(self.text, quote[1])
        if found is None or not names_somebody(found["name"]):
            return None
        return self.with_tag(found.span("name"), found.span("cue"), quote)

    def with_tag(self, name: Span, cue: Span, quote: Span) -> int:
        """Return the attribution with a tag, a new one where no tagger saw it."""
        start, end = self.layout.paragraph(quote[0])
        near = max(start, quote[0] - _NEAR), min(end, quote[1] + _NEAR)
        for number in self.tags_between(min(near[0], name[0]), near[1]):
            one = self.all[number]
            if touch(one.source, [name]) and touch(one.content, [quote]):
                self.all[number] = replace(one, source=(name,), confidence=min(one.confidence, DOUBTED))
                return number
        self.all.append(Attribution((name,), (cue,), (quote,), confidence=_RULED))
        insort(self.tags, (cue[0], len(self.all) - 1))
        return len(self.all) - 1

    def tags_between(self, start: int, end: int) -> list[int]:
        """Return the attributions whose cue is outside of quotations and between two places."""
        near = self.tags[bisect_left(self.tags, (start, 0)) : bisect_left(self.tags, (end, 0))]
        return [number for _, number in near if self.all[number].cue[-1][1] <= end]

    def goes_on(self, end: int, quote: Span) -> bool:
        """Tell whether a quotation without a tag goes on with what was said up to a place."""
        between = self.text[end : quote[0]]
        if not self.stands_alone(quote):
            # '…,' she said, '…': the sentence goes on.
            same = self.layout.sentence(quote[0])[0] < end
            return same and bool(re.fullmatch(r"[^\"“”«»]{0,80}?[,:;]\s*", between))
        part = self.layout.paragraph(quote[0])
        if "\n" in between and self.layout.paragraph(end - 1) != part:
            return quote[0] - part[0] < 2 and quote[1] >= part[1] - 2 and between.count("\n") <= 3
        rest = re.sub(r"^[^.?!]*[.?!]?", "", between).strip()
        return not rest or bool(re.match(r"(?:He|She|They|It)\b", rest))

    def stands_alone(self, quote: Span) -> bool:
        """Tell whether there is no word outside of a quotation in its sentence."""
        start, end = self.layout.sentence(quote[0])
        outside = self.text[start : quote[0]] + self.text[quote[1] : max(end, quote[1])]
        return not any(map(str.isalnum, outside))

    def is_one_speech(self, first: Span, second: Span) -> bool:
        """Tell whether two quotations without a tag between them are one speech: side by side, or reopened."""
        if self.text[first[1] : second[0]].strip():
            return False
        same = self.layout.paragraph(first[0]) == self.layout.paragraph(second[0])
        return same or self.text[first[1] - 1] not in '"”»'

    # What is left of each

    def bounds(self, number: int) -> Span:
        """Return the paragraph of an attribution, up to the sentences of other speakers' cues."""
        one = self.all[number]
        low, high = self.layout.paragraph(one.cue[0][0])
        begin, end = self.layout.sentence(one.cue[0][0])
        first, until, after, last = (bisect_left(self.tags, (place, 0)) for place in (low, begin, end, high))

        def is_another(tag: int) -> bool:
            return not one.source or one.source != self.all[self.tags[tag][1]].source

        before = next(filter(is_another, reversed(range(first, until))), None)
        behind = next(filter(is_another, range(after, last)), None)
        return (
            low if before is None else max(low, self.layout.sentence(self.tags[before][0])[1]),
            high if behind is None else self.layout.sentence(self.tags[behind][0])[0],
        )

    def clipped(self, span: Span, bounds: Span, others: Sequence[Span]) -> list[Span]:
        """Return what is left of a span within bounds, without what others own."""
        pieces = [(max(span[0], bounds[0]), min(span[1], bounds[1]))]
        for first, last in sorted(others):
            pieces = [
                piece
                for start, end in pieces
                for piece in ([(start, end)] if end <= first or last <= start else [(start, first), (last, end)])
            ]
        return [(start, end) for start, end in map(self.trimmed, pieces) if start < end]

    def trimmed(self, span: Span) -> Span:
        """Return a span without white space at its ends; an empty one if it has no word."""
        start, end = span
        inner = self.text[start:end]
        return trimmed(self.text, span) if any(map(str.isalnum, inner)) else (start, start)

    def reports(self, outer: Attribution, inner: Attribution) -> bool:
        """Tell whether an attribution's words are reported within the sentence of another: 'A said that B said "…"'."""
        sentence = self.layout.sentence(outer.cue[0][0])
        return (
            any(start <= inner.cue[0][0] and inner.cue[-1][1] <= end for start, end in outer.content)
            and sentence[0] <= inner.cue[0][0] < sentence[1]
            and self.layout.quote(outer.content[0][0]) is None
        )


def _with_content(one: Attribution, content: Sequence[Span]) -> Attribution:
    """Return an attribution with another content, in which it is less sure."""
    same = list(content) == merged(one.content)
    return replace(one, content=tuple(content), confidence=one.confidence if same else min(one.confidence, DOUBTED))


def names_somebody(words: str) -> bool:
    """Tell whether words are a name or a noun phrase, and no clause."""
    every = words.split()
    named = any(not word[:1].islower() for word in every) or every[0] in lexicon().determiners
    return named and not any(map(lexicon().is_verb, every))
