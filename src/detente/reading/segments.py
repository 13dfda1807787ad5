"""A text in segments: paragraphs, turns of a transcript, quotations, sentences and words, as spans of characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from detente.model.quotes import Span, find_quote
from detente.model.statements import Statement
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, phrases

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|\w+(?:[-'’]\w+)*(?:['’](?=\s))?|[^\w\s]")
ABBREVIATED = re.compile(rf"(?:\b{phrases()['abbreviations']}|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$")
_END = re.compile(r"[.!?…]+[\"”»’')\]]*(?=\s)")
#: A word of a name; the name before the colon of a turn.
NAME_WORD = r"[^\W\d_][\w.'’-]*"
_SPEAKER = rf"(?P<name>@?{NAME_WORD}(?:,?[ ]+{NAME_WORD}){{0,6}}(?:[ ]*\([^()\n]{{1,40}}\)){{0,2}})"
_TURN = re.compile(
    rf"^[ \t]*(?P<bullet>[-–—*•·‣▪][ \t]+)?{_SPEAKER}[ \t]*"
    r"(?P<colon>:|(?<=^[QA])\.)(?:[ \t]+|[ \t]*\n[ \t]*)(?=\S)",
    re.MULTILINE,
)
#: A name on a line of its own above what is said, and the head of a post: 'Ann Lee @annlee · 3 May'.
_NAME_LINE = re.compile(
    rf"(?:\A|(?<=\n\n))[ \t]*{_SPEAKER}(?P<handle>[^\n@\w]{{1,4}}@\w+[^\n]{{0,40}})?(?P<colon>)[ \t]*\n"
    r"[ \t]*(?=\S[^\n]*[.!?])"
)
_PARTICLE = re.compile(phrases()["name_particles"])
_TITLE = re.compile(rf"\b{phrases()['turn_titles']}\b", re.IGNORECASE)
_LABEL = re.compile(rf"(?:editor'?s? )?{phrases()['labels']}", re.IGNORECASE)
#: What a bulleted name is followed by if it is a party: its stance.
_STANCE = re.compile(rf"\b{phrases()['stances']}\b", re.IGNORECASE)
#: The place, day and agency at the beginning of a report: 'MARROW, March 9 (NWS) - '.
_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’-]*[ ,/]+){1,5}"
    r"(?:[\w.,/ ]{0,24}\d[\w., ]{0,12}|[\w., ]{0,24}\([^()\n]{1,30}\))\s?(?:--|[-–—])\s+(?=\S)"
)
_IN_A_TALK = re.compile(r"\b(?:I|we|you|our|ours|my|mine|your|yours|us|me)\b|\?", re.IGNORECASE)


# Spans


def touch(one: Iterable[Span], other: Sequence[Span]) -> bool:
    """Tell whether a span of one touches a span of the other."""
    return any(a < d and c < b for a, b in one for c, d in other)


def in_any(place: int, spans: Iterable[Span]) -> bool:
    """Tell whether a place is in one of some spans."""
    return any(start <= place < end for start, end in spans)


def trimmed(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends."""
    start, end = span
    inner = text[start:end].strip()
    first = text.find(inner, start) if inner else start
    return first, first + len(inner)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


# Words, quotations, sentences and paragraphs


@dataclass(frozen=True)
class Token:
    """A word or a punctuation mark."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The text in small letters, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")

    @property
    def is_word(self) -> bool:
        """Whether this is no punctuation mark."""
        return self.text[0].isalnum()


def tokens(text: str, span: Span | None = None) -> list[Token]:
    """Return the words and punctuation marks of a text, or of a span of it."""
    start, end = span or (0, len(text))
    return [Token(found[0], found.start(), found.end()) for found in _WORD.finditer(text, start, end)]


def paragraphs(text: str) -> list[Span]:
    """Return the paragraphs: separated by empty lines, or by line ends if every line is a paragraph."""
    lines = [found.span() for found in re.finditer(r"[^\n]+", text)]
    by_line = bool(lines) and sum(end - start > 80 for start, end in lines) > len(lines) / 2
    pattern = r"\S[^\n]*" if by_line and "\n\n" not in text.strip() else r"\S(?:[^\n]|\n(?!\s*\n))*"
    return [found.span() for found in re.finditer(pattern, text)]


def quotations(text: str, paragraph: Span) -> list[Span]:
    """Return the quotations of a paragraph, marks included; an unclosed one extends to the paragraph's end."""
    found: list[Span] = []
    opened: tuple[str, int] | None = None
    start, end = paragraph
    for place in range(start, end):
        mark = text[place]
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if opened is None:
            apart = (before.isspace() or before in "([—–") and after.isalnum()
            if mark in "“«" or (mark == '"' and not before.isalnum()) or (mark in "‘'" and apart):
                opened = ({"“": "”", "«": "»", '"': '"', "‘": "’", "'": "'"}[mark], place)
        elif mark == opened[0] and (mark not in "’'" or (not after.isalnum() and before != " ")):
            if mark in "’'" and place - opened[1] < 3:
                continue
            found.append((opened[1], place + 1))
            opened = None
    if opened is not None and opened[0] not in "’'":
        found.append((opened[1], end))
    return found


def sentences(text: str, paragraph: Span, quotes: list[Span]) -> list[Span]:
    """Return the sentences of a paragraph; a quotation is never parted."""
    start, end = paragraph
    found: list[Span] = []
    at = start
    for stop in _END.finditer(text, start, end):
        place = stop.end()
        if any(first < place < last for first, last in quotes):
            continue
        if ABBREVIATED.search(text[max(at, place - 12) : place]) and text[place - 1] not in "\"”»’'":
            continue
        rest = text[place:end].lstrip()
        # A quotation that ends a sentence may be followed by its tag: "Never!" she said.
        if rest[:1].islower():
            continue
        found.append((at, place))
        at = place + (len(text[place:end]) - len(rest))
    found.append((at, end))
    return [(first, last) for first, last in found if text[first:last].strip()]


# What is no running text: headlines, tables, captions, lists

#: Why what is found in a line is not a statement of the text.
HEADLINE, TABLE_ROW, CAPTION, BYLINE = "a headline", "a row of a table", "a caption", "a byline"
_LINE = re.compile(r"[^\n]+")
#: A row has at least three cells.
_ROW = re.compile(r"[ \t]*\|?[^|\n]*\|[^|\n]*\|[^\n]*|[^\t\n]+\t+[^\t\n]+\t[^\n]*")
_CAPTION = re.compile(
    r"[ \t]*(?:file )?(?:photo|photograph|picture|image|caption|figure|video)s?(?: \d+)?[ \t]*[:.–—-]", re.I
)
_BYLINE = re.compile(r"[ \t]*(?:by|reporting by|words by)\s+[A-Z][^.!?\n]{2,80}", re.IGNORECASE)
_BULLET = re.compile(r"[ \t]*(?:[-–—*•·‣▪]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])[ \t]+(?=\S)")
#: What ends a line that is no headline.
_ENDS = re.compile(r"(?:[.!?:;,…\"”’')\]-]|\b(?:and|or))[ \t]*$")
#: A headline has at most so many words.
_HEADLINE_WORDS = 16


def apart(text: str) -> list[tuple[Span, str]]:
    """Return the lines that are no running text, each with what it is, in order.

    A headline is a short line without a mark at its end, of a text that has sentences: alone in its paragraph, or above
    a line that would have had room for more. All lines of a title of several lines are
    headlines; one of a single line is read.
    """
    found: list[tuple[Span, str]] = []
    sentence = re.search(r"\w[.!?][\"”’')]*[ \t]*$", text, re.MULTILINE) is not None
    title = _title_end(text)
    for line in _LINE.finditer(text):
        words = line[0].split()
        if _ROW.fullmatch(line[0]):
            found.append((line.span(), TABLE_ROW))
        elif _CAPTION.match(line[0]):
            found.append((line.span(), CAPTION))
        elif _BYLINE.fullmatch(line[0]) and len(words) <= 12:
            found.append((line.span(), BYLINE))
        elif sentence and (line.end() <= title or _is_headline(text, line, words, found)):
            found.append((line.span(), HEADLINE))
    return found


def _title_end(text: str) -> int:
    """Return the end of a title of several lines, if text follows after an empty line and they are no sentence.

    A title of one line is read: a report may tell there what it does not repeat ("…, ministry says").
    """
    block = _BLOCK.search(text)
    lines = [line.strip() for line in block[0].split("\n")] if block else []
    named = _TURN.match(text, len(text) - len(text.lstrip())) is not None
    if not block or not 2 <= len(lines) <= 6 or not text[block.end() :].strip() or named:
        return 0
    if _ENDS.search(lines[-1]) or any(re.search(r"[.!?][\"”]?$", line) for line in lines):
        return 0
    plain = all(
        line[0].isupper() and not _BULLET.match(line) and len(line.split()) <= _HEADLINE_WORDS for line in lines
    )
    return block.end() if plain else 0


def _is_headline(text: str, line: re.Match[str], words: Sequence[str], found: Sequence[tuple[Span, str]]) -> bool:
    if not 2 <= len(words) <= _HEADLINE_WORDS or _ENDS.search(line[0]) or _BULLET.match(line[0]) or ":" in line[0]:
        return False
    above = text[: line.start()].rstrip(" \t").removesuffix("\n").rstrip(" \t").rpartition("\n")[2].strip()
    if line.end() == len(text) or (
        above and not (found and found[-1] == ((line.start() - 1 - len(above), line.start() - 1), HEADLINE))
    ):
        return False
    below = text[line.end() + 1 :].partition("\n")[0]
    if not below.strip():
        return bool(text[: line.start()].strip())
    # Where a line is broken for want of room, the first word of the next one would not have fitted.
    return below[0].isupper() and len(line[0]) + 20 < len(below) and bool(re.search(r"[.!?]", below))


@dataclass(frozen=True)
class Listing:
    """A list below a line that ends with a colon: 'The union demanded:', and its items without their marks."""

    intro: Span
    items: tuple[Span, ...]


def _sort(mark: str) -> str:
    """Return the sort of an item's mark: what follows '(b)' as '5.' is no item of that list."""
    return "digit" if re.search(r"\d", mark) else "letter" if re.search(r"[a-z]", mark) else "bullet"


def listings(text: str) -> list[Listing]:
    """Return the lists of a text whose introduction ends with a colon."""
    found: list[Listing] = []
    sort = ""
    intro: Span | None = None
    items: list[Span] = []
    for line in _LINE.finditer(text):
        mark = _BULLET.match(line[0])
        if mark is not None and intro is not None and (not items or _sort(mark[0]) == sort):
            sort = _sort(mark[0])
            items.append(trimmed(text, (line.start() + mark.end(), line.end())))
            continue
        if items and not text[items[-1][1] : line.start()].count("\n\n") and line[0][:1].isspace():
            # The rest of an item is indented.
            items[-1] = (items[-1][0], line.start() + len(line[0].rstrip()))
            continue
        if intro is not None and items:
            found.append(Listing(intro, tuple(items)))
        intro, items = (line.span() if line[0].rstrip().endswith(":") else None), []
    if intro is not None and items:
        found.append(Listing(intro, tuple(items)))
    return found


# Transcripts, and all of it together


@dataclass(frozen=True)
class Turn:
    """A speaker's turn in a transcript: the name, the colon, and what is said."""

    name: Span
    colon: Span
    content: Span


def turns(text: str) -> list[Turn]:
    """Return the turns of a transcript, and posts: what follows 'NAME:' or a line with a name; none in other texts.

    A paragraph without a name continues a turn if it speaks of 'I', 'we' or 'you', and another turn follows.
    """
    lines = [
        one
        for one in _TURN.finditer(text)
        if _is_name(one["name"])
        and not _LABEL.fullmatch(one["name"])
        and ("\n" not in one[0].lstrip("\n") or one["name"].isupper())
    ]
    stances = [one for one in lines if one["bullet"] and _STANCE.search(text[one.end() :].partition("\n")[0])]
    if len(stances) < 2:
        lines = [one for one in lines if not one["bullet"]]
    lines = sorted([*lines, *_name_lines(text)], key=lambda one: one.start())
    one_only = len(lines) == 1 and (not _TITLE.search(lines[0]["name"]) or _is_shouted(text, lines[0]))
    if not lines or one_only:
        return []
    found = []
    for number, one in enumerate(lines):
        stop = lines[number + 1].start() if number + 1 < len(lines) else len(text)
        end = 0
        for part in _BLOCK.finditer(text, one.end(), stop):
            goes_on = len(lines) > 2 and number + 1 < len(lines) and _IN_A_TALK.search(_QUOTED.sub("", part[0]))
            if end and not goes_on:
                break
            end = one.end() + len(text[one.end() : part.end()].rstrip())
        found.append(Turn(one.span("name"), one.span("colon"), (one.end(), max(end, one.end()))))
    talk = any(_TITLE.search(one["name"]) for one in lines) or len(stances) > 1
    return found if talk or any(_IN_A_TALK.search(text, *turn.content) for turn in found) else []


_BLOCK = re.compile(r"\S(?:[^\n]|\n(?![ \t]*\n))*")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")


def _name_lines(text: str) -> list[re.Match[str]]:
    """Return the lines of a name alone: of several posts, or of several speakers of whom most speak of themselves."""
    lines = [one for one in _NAME_LINE.finditer(text) if _is_name(one["name"]) and not _LABEL.fullmatch(one["name"])]
    posts = [one for one in lines if one["handle"]]
    if posts:
        return posts
    verbs = lexicon().is_verb
    lines = [
        one
        for one in lines
        if (one["name"].isupper() or _TITLE.match(one["name"].removeprefix("The ").removeprefix("THE ")))
        and not any(verbs(word.lower()) for word in one["name"].split())
    ]
    spoken = [one for one in lines if _IN_A_TALK.search(text[one.end() :].partition("\n\n")[0])]
    return lines if len(lines) > 1 and 2 * len(spoken) >= len(lines) else []


def _is_shouted(text: str, turn: re.Match[str]) -> bool:
    """Tell whether a line is a headline in capitals: 'MINISTER: NO ARMY'."""
    return turn["name"].isupper() and text[turn.end() :].partition("\n")[0].isupper()


def _is_name(words: str) -> bool:
    plain = re.sub(r"\(.*", "", words).replace(",", " ").split()
    capitals = all(not word[0].islower() or _PARTICLE.fullmatch(word) for word in plain)
    return capitals and not _PARTICLE.fullmatch(plain[0])


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
        done = 0
        headlines = [span for span, kind in self.apart if kind == HEADLINE]
        for start, end in paragraphs(self.text):
            start = max(start, done)
            while rest and rest[0].name[0] < end:
                turn = rest.pop(0)
                if self.text[start : turn.name[0]].strip():
                    yield start, turn.name[0]
                yield turn.content
                start = done = turn.content[1]
            while headlines and headlines[0][0] < end:
                # A headline above a line of text, and a dateline before it, are no part of its first sentence.
                _, stop = headlines.pop(0)
                if start < stop < end:
                    yield start, stop
                    start = stop + 1
            dateline = _DATELINE.match(self.text, start, end) if start > done else None
            if dateline:
                yield dateline.span()
                start = dateline.end()
            if self.text[start:end].strip():
                yield start, end

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences; a quotation is never split."""
        return [one for part in self.paragraphs for one in sentences(self.text, part, self.quotes_in(part))]

    @cached_property
    def _turn_at(self) -> dict[int, Turn]:
        return {turn.content[0]: turn for turn in self.turns}

    def turn_of(self, one: Attribution) -> Turn | None:
        """Return the turn that an attribution is, if it is one."""
        turn = self._turn_at.get(one.content[0][0]) if one.content else None
        return turn if turn and one.source == (turn.name,) and one.content == (turn.content,) else None

    @cached_property
    def apart(self) -> list[tuple[Span, str]]:
        """The lines that are no running text, each with what it is."""
        return apart(self.text)

    def kind_apart(self, place: int) -> str | None:
        """Return what a place is in if that is no running text: a headline, a row of a table, a caption."""
        lines = [span for span, _ in self.apart]
        number = bisect_right(lines, (place, len(self.text))) - 1
        return self.apart[number][1] if number >= 0 and lines[number][0] <= place < lines[number][1] else None

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

    def without_quotes(self, start: int, end: int, kept: Span | None = None) -> list[str]:
        """Return the characters of a part of the text, with blanks for quotations that do not reach into a span."""
        blank = list(self.text[start:end])
        for first, last in self.quotes_in((start, end)):
            if kept is None or last <= kept[0] or first >= kept[1]:
                blank[first - start : min(last, end) - start] = " " * (min(last, end) - first)
        return blank


def _at(spans: Sequence[Span], place: int) -> Span:
    number = bisect_right(spans, (place, len(spans) and spans[-1][1] + 1)) - 1
    return spans[number] if number >= 0 else (place, place)


# Around a statement

#: The longest sentence that is shown around a quote, before and behind it.
MAX_SENTENCE = 700


@lru_cache(maxsize=64)
def _layout(text: str) -> Layout:
    return Layout(text)


def sentence_of(one: Statement, text: str) -> list[dict[str, str]]:
    """Return the sentences around a quote in its document, in pieces: the quote, the speaker's words, the cue, others.

    Empty if there is no document, or the quote is not in it.
    """
    spans = find_quote(text, one).spans if text and one.quote else ()
    if not spans:
        return []
    layout = _layout(text)
    start = min(layout.sentence(spans[0][0])[0], spans[0][0])
    end = max(layout.sentence(spans[-1][1] - 1)[1], spans[-1][1])
    start, end = max(start, spans[0][0] - MAX_SENTENCE), min(end, spans[-1][1] + MAX_SENTENCE)
    marks: list[tuple[Span, str]] = [(span, "said") for span in spans]
    for kind, words in (("who", one.speaker_text), ("cue", one.cue)):
        if words and (place := _nearest_place(text, words, (start, end), [span for span, _ in marks])):
            marks.append((place, kind))
    found, at = [], start
    for (first, last), kind in sorted(marks):
        found += [{"text": text[at:first], "mark": ""}] if first > at else []
        found.append({"text": text[max(first, at) : last], "mark": kind})
        at = max(at, last)
    return [*found, {"text": text[at:end], "mark": ""}] if end > at else found


def _nearest_place(text: str, words: str, within: Span, taken: Sequence[Span]) -> Span | None:
    """Return where words stand nearest to a quote (the first of the spans), outside of the spans."""
    places, at = [], text.find(words, *within)
    while at >= 0:
        span = (at, at + len(words))
        if all(span[1] <= start or span[0] >= end for start, end in taken):
            places.append(span)
        at = text.find(words, at + 1, within[1])
    start, end = taken[0]
    return min(places, key=lambda span: min(abs(span[1] - start), abs(span[0] - end)), default=None)
