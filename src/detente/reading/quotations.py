"""Who owns each quotation: rules after tagging, for what a tagger cannot know.

A quotation has one owner, the nearest tag on its side ('…,' said X; X said: '…'). It never crosses the end of a
paragraph unless the next one reopens it, nor another speaker's cue, a ``NAME:`` line of a transcript or the header of a
statement ('And from Chair X:'). A signature after a quotation is its tag. Where a tagger had given somebody more, the
rest is kept with a confidence of `DOUBTED` at most.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from detente.reading.attributions import Attribution, Span
from detente.reading.rule_tagger import lexicon
from detente.reading.segments import paragraphs, quotations, sentences

#: The confidence above which every law of this module holds for an attribution as it was tagged.
DOUBTED = 0.9
#: The confidence in an attribution that only the rules of this module found.
_RULED = 0.85
#: How far from a quotation its tag may be.
_NEAR = 400

_WORD = r"[^\W\d_][\w.'’-]*"
_TURN = re.compile(
    rf"^[ \t]*(?P<name>{_WORD}(?:,?[ ]+{_WORD}){{0,6}}(?:[ ]*\([^()\n]{{1,40}}\))?)[ \t]*"
    r"(?P<colon>:)(?:[ \t]+|[ \t]*\n[ \t]*)(?=\S)",
    re.MULTILINE,
)
_SMALL = frozenset(
    {"of", "the", "for", "and", "de", "da", "di", "du", "der", "den", "van", "von", "la", "le", "al", "el", "bin"}
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|professor|sir|lord|lady|judge|justice|senator|sen|rep|president|minister|ambassador|"
    r"chair(?:man|woman|person)?|secretary|general|speaker|moderator|interviewer|delegate|representative|"
    r"counsel|governor|"
    r"mayor|spokes(?:man|woman|person)|envoy|q|a)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:editor'?s? )?(?:notes?|sources?|photos?|pictures?|captions?|updates?|corrections?|dates?|places?|"
    r"subject|from|to|re|cc"
    r"|by|contacts?|tel|phone|e-?mail|titles?|location|time|agenda|summary|background|analysis|examples?|"
    r"warning|related"
    r"|members present|present|topics?|breaking|watch|read more)",
    re.IGNORECASE,
)
_IN_A_TALK = re.compile(r"\b(?:I|we|you|our|ours|my|mine|your|yours|us|me)\b|\?", re.IGNORECASE)
#: What introduces a quotation without a verb: 'And from Chair X:', 'Statement by X:', 'The owner:'.
_HEADER = re.compile(
    rf"(?:(?:and|also|then|now|next|plus|this)\s+)?"
    rf"(?:(?:(?:a|the)\s+)?(?:statements?|remarks?|comments?|words?|messages?|reply|response|letter|"
    rf"quotes?)\s+(?:from|by|of)\s+"
    rf"|from\s+|by\s+)?(?P<name>{_WORD}(?:,?[ ]+{_WORD}){{0,11}})\s*(?P<cue>:)\s*",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(rf"\s*[—–~-]{{1,2}}[ \t]*(?P<name>{_WORD}(?:,?[ ]+{_WORD}){{0,9}})[ \t]*\.?[ \t]*(?=\n|$)")
_VERB = (
    r"(?:add|answer|argu|ask|assert|boast|call|claim|comment|complain|conclud|counter|cri|declar|demand|explain|"
    r"insist|jok|"
    r"mumbl|murmur|not|object|observ|proclaim|protest|quip|recall|remark|repli|repeat|respond|retort|shout|snap|stat|"
    r"stress|suggest|urg|vow|warn|whisper|yell|admit|interrupt|continu|interject)(?:t?ed|s|es)|cries|says?|said|"
    r"wrote|writes|told|tells"
)
_WHO = (
    rf"(?:[A-Z][\w-]*['’]s?\s+(?:{_WORD}\s+){{0,3}}?{_WORD}|(?:the|an?|his|her|its|their|one|another)\s+(?:{_WORD}\s+){{0,4}}?{_WORD}|"
    r"(?:(?!(?:and|but|or|while|as|when|that|in|on|of|to)\b)[a-z][\w-]*\s+){0,3}?(?:(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Gen|Rep|Gov)\.|[A-Z](?:\.|[\w'’-]*))\s*){1,5}|"
    r"he|she|they|it)"
)
_AFTER = re.compile(
    rf"\s*,?\s*(?:(?P<cue>{_VERB})\s+(?P<name>{_WHO})|(?P<name2>{_WHO})\s+(?P<cue2>{_VERB}))(?=[\s.,;]|$)(?!\s*:)"
)
_TAG = re.compile(
    r"\s*(?:(?P<cue>[a-z]+)\s+(?P<name>(?:[A-Z][\w'’-]*\s*){1,4})|(?P<name2>(?:[A-Z][\w'’-]*\s+){1,4})(?P<cue2>[a-z]+))"
    r"(?=[\s.,;]|$)"
)
_BEFORE = re.compile(rf"(?P<name>{_WHO})\s+(?P<cue>{_VERB})(?:\s+[\w'’]+){{0,3}}?\s*[:,]?\s*")
#: What may stand between a cue and the quotation that it introduces: those who are told, a mark, 'that'.
_LEADS_IN = re.compile(r"(?:\s+[\w'’]+){0,4}?\s*[,:]?\s*(?:that\s+)?", re.IGNORECASE)
_PRONOUN_FIRST = re.compile(r"\s*(?:He|She|They|It)\b")


@dataclass(frozen=True)
class Turn:
    """A speaker's turn in a transcript: the name, the colon, and what is said."""

    name: Span
    colon: Span
    content: Span


def turns(text: str) -> list[Turn]:
    """Return the turns of a transcript: lines that begin with 'NAME:'; none where the text is no transcript."""
    lines = [
        one
        for one in _TURN.finditer(text)
        if _is_name(one["name"])
        and not _LABEL.fullmatch(one["name"])
        and ("\n" not in one[0].lstrip("\n") or one["name"].isupper())
    ]
    if not lines or (len(lines) < 2 and not _TITLE.search(lines[0]["name"])):
        return []
    stops = [*(one.start() for one in lines[1:]), len(text)]
    found = []
    for one, stop in zip(lines, stops, strict=True):
        blank = re.compile(r"\n[ \t]*\n").search(text, one.end(), stop)
        end = one.end() + len(text[one.end() : blank.start() if blank else stop].rstrip())
        found.append(Turn(one.span("name"), one.span("colon"), (one.end(), end)))
    talk = any(_TITLE.search(one["name"]) for one in lines)
    return found if talk or any(_IN_A_TALK.search(text, *turn.content) for turn in found) else []


def _is_name(words: str) -> bool:
    plain = re.sub(r"\(.*", "", words).replace(",", " ").split()
    return all(not word[0].islower() or word in _SMALL for word in plain) and plain[0] not in _SMALL


class Layout:
    """The paragraphs, quotations and sentences of a text; a turn of a transcript is a paragraph of its own."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.turns = turns(text)
        self.paragraphs = list(self._paragraphs())
        self.quotes = [quote for part in self.paragraphs for quote in quotations(text, part)]

    def _paragraphs(self) -> Iterator[Span]:
        """Yield the paragraphs, parted at the names of a transcript's speakers."""
        rest = list(self.turns)
        for start, end in paragraphs(self.text):
            while rest and rest[0].name[0] < end:
                turn = rest.pop(0)
                if self.text[start : turn.name[0]].strip():
                    yield start, turn.name[0]
                yield turn.content
                start = turn.content[1]
            if self.text[start:end].strip():
                yield start, end

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences; a quotation is never parted."""
        return [one for part in self.paragraphs for one in sentences(self.text, part, self.quotes_in(part))]

    def quotes_in(self, span: Span) -> list[Span]:
        """Return the quotations that begin in a span."""
        return self.quotes[bisect_left(self.quotes, (span[0], 0)) : bisect_left(self.quotes, (span[1], 0))]

    def paragraph(self, place: int) -> Span:
        """Return the paragraph that a place is in."""
        return _at(self.paragraphs, place)

    def sentence(self, place: int) -> Span:
        """Return the sentence that a place is in."""
        return _at(self.sentences, place)

    def quote(self, place: int) -> Span | None:
        """Return the quotation that a place is in; None outside of one."""
        found = _at(self.quotes, place)
        return found if found[0] <= place < found[1] else None


def _at(spans: Sequence[Span], place: int) -> Span:
    number = bisect_right(spans, (place, len(spans) and spans[-1][1] + 1)) - 1
    return spans[number] if number >= 0 else (place, place)


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
    layout = layout or Layout(text)
    return _Assignment(layout, list(tagged)).settled()


class _Assignment:
    """The attributions of one text, and who owns each of its quotations."""

    def __init__(self, layout: Layout, tagged: list[Attribution]) -> None:
        self.layout = layout
        self.text = layout.text
        prefixes = [(turn.name[0], turn.colon[1]) for turn in layout.turns]
        spoken = [Attribution((one.name,), (one.colon,), (one.content,), confidence=_RULED) for one in layout.turns]
        tagged = [replace(one, source=tuple(self._in_one_sentence(one))) for one in tagged]
        kept = [one for one in tagged if not any(_touch((*one.cue, *one.source), [span]) for span in prefixes)]
        kinds = {one.cue[-1][1]: one for one in tagged if one.cue}
        for place, turn in enumerate(spoken):
            alike = kinds.get(turn.cue[0][1])
            if alike is not None:
                spoken[place] = replace(turn, kind=alike.kind, confidence=max(_RULED, min(alike.confidence, DOUBTED)))
        self.turn_count = len(spoken)
        #: The attributions of a transcript's turns come first.
        self.all = [*spoken, *kept]
        #: Where the cues are that are in no quotation, each with the number of its attribution.
        self.tags = sorted(
            (one.cue[0][0], number)
            for number, one in enumerate(self.all)
            if number >= self.turn_count and self._begins_outside(one)
        )
        #: For each quotation the number of the attribution that owns it.
        self.owner: dict[Span, int] = {}

    def _in_one_sentence(self, one: Attribution) -> list[Span]:
        """Return the words for a speaker without what stands in another sentence than the cue."""
        if not one.cue or not one.source:
            return list(one.source)
        start, end = self.layout.sentence(one.cue[0][0])
        within = [(max(first, start), min(last, end)) for first, last in one.source]
        kept = [span for span in map(self._trimmed, within) if span[0] < span[1]]
        return kept if kept and start <= one.cue[0][0] < end else list(one.source)

    def settled(self) -> list[Attribution]:
        """Return the attributions, each with what it owns and nothing that another does."""
        self._assign()
        made = [self._settled(number, one) for number, one in enumerate(self.all)]
        once: dict[tuple[object, ...], Attribution] = {}
        for one in made:
            if one.content:
                key = (one.source, one.cue, one.content)
                if key not in once or once[key].confidence < one.confidence:
                    once[key] = one
        return sorted(once.values(), key=lambda one: min((*one.source, *one.cue, *one.content)))

    def _settled(self, number: int, one: Attribution) -> Attribution:
        if number < self.turn_count:
            return one
        if not self._begins_outside(one):
            return self._inside(one)
        # One cue is not two speakers' tags.
        return replace(one, content=()) if self._tag_of[one.cue[0][0]] != number else self._with_own(number)

    @cached_property
    def _tag_of(self) -> dict[int, int]:
        """The attribution that each cue outside of quotations is the tag of."""
        found = {self.all[number].cue[0][0]: number for number in self.owner.values() if number >= self.turn_count}
        for place, number in self.tags:
            found.setdefault(place, number)
        return found

    def _begins_outside(self, one: Attribution) -> bool:
        return bool(one.cue) and self.layout.quote(one.cue[0][0]) is None

    # Who owns what

    def _assign(self) -> None:
        """Find the owner of every quotation that has a tag, and of those that go on from one."""
        last: int | None = None
        last_end = 0
        waiting: list[Span] = []
        for quote in self.layout.quotes:
            part = self.layout.paragraph(quote[0])
            here = [one for one in waiting if self._is_one_speech(one, quote)]
            owner = self._tag(quote)
            if owner is None and last is not None and self._goes_on(last_end, quote):
                owner = last
            if owner is not None:
                for one in (*here, quote):
                    self.owner[one] = owner
                waiting, last, last_end = [], owner, max(quote[1], self._end_of_tag(owner, part))
            else:
                waiting = [*here, quote] if self._stands_alone(quote) else []
                if not self._is_inline(quote):
                    last = None

    def _tag(self, quote: Span) -> int | None:
        """Return the attribution whose tag is nearest to a quotation, on the side that its marks tell."""
        inner = self.text[quote[0] : quote[1]].rstrip("\"”’'»")
        marked = inner[-1:] in ",?!—–-…" or self.text[quote[1] : quote[1] + 1] == ","
        sides = [self._after, self._before, self._signed] if marked else [self._before, self._signed]
        if self.text[max(0, quote[0] - 2) : quote[0]].rstrip().endswith(":"):
            sides.sort(key=lambda side: side != self._before)
        if not marked and not inner.endswith("."):
            sides.append(self._after)
        return next((found for side in sides if (found := side(quote)) is not None), None)

    def _after(self, quote: Span) -> int | None:
        sentence_end = self.layout.sentence(quote[1] - 1)[1]
        if sentence_end == quote[1] and self.text[quote[1] - 2 : quote[1] - 1] in "?!…":
            # '"…?" Jo Marsh asked.'
            following = quote[1] + len(self.text[quote[1] :]) - len(self.text[quote[1] :].lstrip(" "))
            sentence_end = self.layout.sentence(following)[1]
        nearest: list[tuple[int, float, int]] = []
        for number in self._tags_between(quote[1], sentence_end):
            one = self.all[number]
            first = min(one.cue[0][0], *(start for start, _ in one.source)) if one.source else one.cue[0][0]
            introduces = ":" in self.text[one.cue[-1][1] - 1 : one.cue[-1][1] + 1]
            if (
                first >= quote[1]
                and not introduces
                and re.fullmatch(r"\s*,?\s*(?:\w+ly\s+)?", self.text[quote[1] : first])
            ):
                nearest.append((first, -one.confidence, number))
        if nearest:
            return min(nearest)[2]
        stop = min(sentence_end + 1, len(self.text))
        found = _AFTER.match(self.text, quote[1], stop)
        if found is None and self.text[quote[0] : quote[1]].rstrip("\"”’'»").endswith(","):
            # After a comma there is a tag, whatever its verb: '…,' Bo Crane shot back.
            found = _TAG.match(self.text, quote[1], stop)
        if found is None or self.layout.paragraph(quote[0]) != self.layout.paragraph(found.end() - 1):
            return None
        side = "" if found["cue"] else "2"
        start, end = found.span(f"name{side}")
        name = (start, start + len(self.text[start:end].rstrip()))
        return self._made((name,), found.span(f"cue{side}"), quote)

    def _before(self, quote: Span) -> int | None:
        start = self.layout.sentence(quote[0])[0]
        part = self.layout.paragraph(quote[0])
        nearest: list[tuple[int, float, int]] = []
        for number in self._tags_between(start, quote[0]):
            end = max(last for _, last in (*self.all[number].cue, *self._source_before(number, quote[0])))
            if end <= quote[0] and _LEADS_IN.fullmatch(self.text[end : quote[0]]) and self._is_marked(end, quote):
                nearest.append((-end, -self.all[number].confidence, number))
        if nearest:
            return min(nearest)[2]
        begin = self._clause_start(max(start, quote[0] - _NEAR), quote[0])
        header = _BEFORE.fullmatch(self.text, begin, quote[0]) or _HEADER.fullmatch(self.text, begin, quote[0])
        if header is None and quote[0] == part[0]:
            header, above = self._header_above(part)
            if above is not None:
                return above
        if header is None or not names_somebody(header["name"]):
            return None
        return self._made((header.span("name"),), header.span("cue"), quote)

    def _clause_start(self, start: int, end: int) -> int:
        last = max((quote[1] for quote in self.layout.quotes_in((start, end)) if quote[1] <= end), default=start)
        return last + len(self.text[last:end]) - len(self.text[last:end].lstrip(" .\n"))

    def _source_before(self, number: int, place: int) -> list[Span]:
        return [span for span in self.all[number].source if span[1] <= place]

    def _is_marked(self, end: int, quote: Span) -> bool:
        """Tell whether a quotation is introduced: by a mark, or with nothing between."""
        between = self.text[end : quote[0]].strip()
        return between == "" or between[-1] in ",:" or between.lower() == "that"

    def _header_above(self, part: Span) -> tuple[re.Match[str] | None, int | None]:
        """Return the header in the paragraph above, or the attribution whose cue ends it."""
        number = bisect_right(self.layout.paragraphs, part) - 1
        if number < 1:
            return None, None
        above = self.layout.paragraphs[number - 1]
        if not self.text[above[0] : above[1]].rstrip().endswith(":"):
            return None, None
        start = self.layout.sentence(above[1] - 1)[0]
        tags = self._tags_between(start, above[1])
        if tags:
            return None, max(tags, key=lambda tag: self.all[tag].cue[-1][1])
        return _HEADER.fullmatch(self.text, start, part[0]), None

    def _signed(self, quote: Span) -> int | None:
        found = _SIGNATURE.match(self.text, quote[1])
        if found is None or not names_somebody(found["name"]):
            return None
        signed = (found.span("name"),)
        dash = re.compile(r"[—–~-]{1,2}").search(self.text, quote[1], found.start("name"))
        return self._made(signed, dash.span() if dash else found.span("name"), quote)

    def _made(self, name: tuple[Span, ...], cue: Span, quote: Span) -> int:
        """Return the attribution with a tag, a new one where no tagger saw it."""
        start, end = self.layout.paragraph(quote[0])
        near = max(start, quote[0] - _NEAR), min(end, quote[1] + _NEAR)
        for number in self._tags_between(min(near[0], name[0][0]), near[1]):
            one = self.all[number]
            if _touch(one.source, name) and _touch(one.content, [quote]):
                self.all[number] = replace(one, source=name, confidence=min(one.confidence, DOUBTED))
                return number
        self.all.append(Attribution(name, (cue,), (quote,), confidence=_RULED))
        insort(self.tags, (cue[0], len(self.all) - 1))
        return len(self.all) - 1

    def _tags_between(self, start: int, end: int) -> list[int]:
        """Return the attributions whose cue is outside of quotations and between two places."""
        near = self.tags[bisect_left(self.tags, (start, 0)) : bisect_left(self.tags, (end, 0))]
        return [number for _, number in near if self.all[number].cue[-1][1] <= end]

    def _end_of_tag(self, number: int, part: Span) -> int:
        return max((end for _, end in (*self.all[number].cue, *self.all[number].source) if end <= part[1]), default=0)

    def _goes_on(self, end: int, quote: Span) -> bool:
        """Tell whether a quotation without a tag goes on with what was said up to a place."""
        if not self._stands_alone(quote):
            # '…,' she said, '…': the sentence goes on.
            return self.layout.sentence(quote[0])[0] < end and bool(
                re.fullmatch(r"[^\"“”«»]{0,80}?[,:;]\s*", self.text[end : quote[0]])
            )
        between = self.text[end : quote[0]]
        if "\n" in between and self.layout.paragraph(end - 1) != self.layout.paragraph(quote[0]):
            part = self.layout.paragraph(quote[0])
            return quote[0] - part[0] < 2 and quote[1] >= part[1] - 2 and between.count("\n") <= 3
        rest = re.sub(r"^[^.?!]*[.?!]?", "", between).strip()
        return not rest or bool(_PRONOUN_FIRST.match(rest))

    def _stands_alone(self, quote: Span) -> bool:
        start, end = self.layout.sentence(quote[0])
        outside = self.text[start : quote[0]] + self.text[quote[1] : max(end, quote[1])]
        return not any(character.isalnum() for character in outside)

    def _is_inline(self, quote: Span) -> bool:
        return not self._stands_alone(quote)

    def _is_one_speech(self, first: Span, second: Span) -> bool:
        """Tell whether two quotations without a tag between them are one speech: side by side, or reopened."""
        between = self.text[first[1] : second[0]]
        if between.strip():
            return False
        same = self.layout.paragraph(first[0]) == self.layout.paragraph(second[0])
        return same or self.text[first[1] - 1] not in '"”»'

    # What is left of each

    @cached_property
    def _owned_by(self) -> dict[int, list[Span]]:
        found: dict[int, list[Span]] = {}
        for quote, owner in self.owner.items():
            found.setdefault(owner, []).append(quote)
        return found

    def _bounds(self, number: int) -> Span:
        """Return the paragraph of an attribution, up to the sentences of other speakers' cues."""
        one = self.all[number]
        mine = self.layout.sentence(one.cue[0][0])
        low, high = self.layout.paragraph(one.cue[0][0])
        for at in range(bisect_left(self.tags, (mine[0], 0)) - 1, -1, -1):
            place, other = self.tags[at]
            if place < low:
                break
            if not self._is_same_speaker(number, other):
                low = max(low, self.layout.sentence(place)[1])
                break
        for at in range(bisect_left(self.tags, (mine[1], 0)), len(self.tags)):
            place, other = self.tags[at]
            if place >= high:
                break
            if not self._is_same_speaker(number, other):
                high = self.layout.sentence(place)[0]
                break
        return low, high

    def _with_own(self, number: int) -> Attribution:
        one = self.all[number]
        own = self._owned_by.get(number, [])
        others = [
            quote
            for span in one.content
            for quote in self.layout.quotes_in(span)
            if (owner := self.owner.get(quote, number)) != number and not self._reports(one, self.all[owner])
        ]
        bounds = self._bounds(number)
        pieces = [piece for span in one.content for piece in self._clipped(span, bounds, others, own)]
        content = _merged([*pieces, *own])
        return _with_content(one, content)

    def _clipped(self, span: Span, bounds: Span, others: Sequence[Span], own: Sequence[Span]) -> list[Span]:
        """Return what is left of a span within bounds, without what others own."""
        pieces = [(max(span[0], bounds[0]), min(span[1], bounds[1]))]
        for first, last in sorted((*others, *own)):
            pieces = [
                piece
                for start, end in pieces
                for piece in ([(start, end)] if end <= first or last <= start else [(start, first), (last, end)])
            ]
        return [(start, end) for start, end in map(self._trimmed, pieces) if start < end]

    def _trimmed(self, span: Span) -> Span:
        start, end = span
        inner = self.text[start:end]
        if not any(character.isalnum() for character in inner):
            return start, start
        return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())

    def _reports(self, outer: Attribution, inner: Attribution) -> bool:
        """Tell whether an attribution's words are reported within the sentence of another: 'A said that B said "…"'."""
        sentence = self.layout.sentence(outer.cue[0][0])
        return (
            any(start <= inner.cue[0][0] and inner.cue[-1][1] <= end for start, end in outer.content)
            and sentence[0] <= inner.cue[0][0] < sentence[1]
            and self.layout.quote(outer.content[0][0]) is None
        )

    def _is_same_speaker(self, number: int, other: int) -> bool:
        one, another = self.all[number], self.all[other]
        return bool(one.source) and one.source == another.source

    def _inside(self, one: Attribution) -> Attribution:
        """Keep what is reported within a quotation or a turn inside of it."""
        bounds = (self.layout.quote(one.cue[0][0]) if one.cue else None) or self.layout.paragraph(
            min((*one.source, *one.cue, *one.content))[0]
        )
        content = _merged(piece for span in one.content for piece in self._clipped(span, bounds, (), ()))
        return _with_content(one, content)


def _with_content(one: Attribution, content: Sequence[Span]) -> Attribution:
    """Return an attribution with another content, in which it is less sure."""
    same = list(content) == _merged(one.content)
    return replace(one, content=tuple(content), confidence=one.confidence if same else min(one.confidence, DOUBTED))


def names_somebody(words: str) -> bool:
    """Tell whether words are a name or a noun phrase, and no clause."""
    verbs = lexicon().auxiliaries | (lexicon().forms.keys() - lexicon().nouns)
    every = words.split()
    return not any(word in verbs for word in every) and (
        any(not word[:1].islower() for word in every) or every[0] in lexicon().determiners
    )


def _touch(one: Iterable[Span], other: Sequence[Span]) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
