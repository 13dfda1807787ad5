"""The same text, written differently; and text that is safe where it goes.

Two texts that a reader takes for the same are often different characters: an accent may be part of its letter or follow
it, a quotation mark may be curly, a soft hyphen or a zero-width joiner may stand between two letters, a PDF may have
one character for ``fi``, and a line may end within a word. `normalised` rewrites a text step by step into one way of
writing and remembers where every character came from, so that what is found there has a place in the original. A step
that two texts need to become equal is also what distinguishes them, and it has a name: `differences` lists these.

`printable` makes text safe for a terminal, a page or a message, `cell` for a table that a spreadsheet opens.
`look_alike` tells what word processors and keyboards put in place of the characters that a file is written with.

Sources: Unicode Standard Annex 15 (normalisation forms) and Unicode Technical Standard 39 (confusable characters).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from detente.lazy import dataclass, lazy, lazy_pattern

if TYPE_CHECKING:
    import csv
else:
    csv = lazy("csv")

#: From a character to the one after the last.
Span = tuple[int, int]

# Characters that are not seen

#: Zero-width joiners decide how letters of Persian or Hindi join: they are kept for display.
_JOINERS = "\u200c\u200d"
#: Marks that turn the direction of writing for what follows, and could show words in another order.
TURNING = "\u202a-\u202e\u2066-\u2069"
#: Code points that stand for no character.
_NOT_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
#: Soft hyphens, zero widths, byte order marks, marks of direction, fillers, tags: all that is there and not shown.
_HIDDEN = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    f"\ufff9-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff{TURNING}{_NOT_CHARACTERS}"
)
#: Selectors of a variant of the character before, and the mark that keeps two characters apart.
_SELECTORS = "\u034f\u17b4\u17b5\u180b-\u180d\ufe00-\ufe0f"
#: The hidden ones below the tags that `str.isprintable` takes for shown.
_SHOWN_BY_NAME = frozenset("\u115f\u1160\u3164\uffa0")
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
# Patterns are compiled when they are first used, for every command imports this module; `re` remembers them.
_LINE_ENDS = "\r\n|[\n\t\v\f\r\x1c-\x1f\x85\u2028\u2029]"
_UNSHOWN = f"[{_HIDDEN}]"
_UNSEEN = f"[{_HIDDEN}{_SELECTORS}{_JOINERS}{_CONTROLS}]"
_STEERING = f"[{_CONTROLS}\ud800-\udfff]"


def printable(text: str) -> str:
    r"""Return text on one line without characters that could do something to a terminal or a page.

    Control characters are written by their code. Characters that are not shown are left out, joiners apart.

    >>> printable("one\ntwo\x1b[31m co\u00adoperate")
    'one two\\x1b[31m cooperate'
    """
    if text.isprintable() and (text.isascii() or (_SHOWN_BY_NAME.isdisjoint(text) and max(text) < "\U000e0000")):
        return text
    return re.sub(_STEERING, _coded, re.sub(_UNSHOWN, "", re.sub(_LINE_ENDS, " ", text)))


def _coded(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


# Rewriting, with a map back


class _Map:
    """Which parts of a text a step has rewritten: from where to where, in the new text and in the old one."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._edits: list[tuple[int, int, int]] = []

    def add(self, start: int, end: int, old: Span) -> None:
        """Note that what was at ``old`` stands from ``start`` to ``end`` now."""
        self._starts.append(start)
        self._edits.append((end, *old))

    def old(self, first: int, last: int) -> Span:
        """Return the old span of the characters from ``first`` to ``last``, both included."""
        return self._of(first)[0], self._of(last)[1]

    def _of(self, place: int) -> Span:
        number = bisect_right(self._starts, place) - 1
        if number < 0:
            return place, place + 1
        end, old_start, old_end = self._edits[number]
        if place < end:
            return old_start, old_end
        return old_end + place - end, old_end + place - end + 1


#: What a step rewrites in a text, and into what; None if the text has nothing of the kind.
_Rewriter = Callable[[str], tuple[re.Pattern[str], Callable[[re.Match[str]], str]] | None]


def _rewritten(text: str, rewriter: _Rewriter) -> tuple[str, _Map | None]:
    found = rewriter(text)
    if found is None:
        return text, None
    pattern, new = found
    pieces: list[str] = []
    places = _Map()
    done = length = 0
    for match in pattern.finditer(text):
        made = new(match)
        if made == match[0]:
            continue
        start, end = match.span()
        length += start - done
        pieces += (text[done:start], made)
        places.add(length, length + len(made), (start, end))
        done, length = end, length + len(made)
    if not pieces:
        return text, None
    pieces.append(text[done:])
    return "".join(pieces), places


@dataclass(frozen=True)
class Normalised:
    """A text in another way of writing, with the way back to the ``original``."""

    original: str
    text: str
    _maps: tuple[_Map, ...]

    def span(self, start: int, end: int) -> Span:
        """Return where in the original the characters from ``start`` to ``end`` (exclusive) stand.

        A character that is only a part of what one character of the original was rewritten to stands for all of it.
        """
        if end <= start:
            place = self.span(start, start + 1)[0] if start < len(self.text) else len(self.original)
            return place, place
        first, last = start, end - 1
        for places in reversed(self._maps):
            first, after = places.old(first, last)
            last = after - 1
        return first, last + 1


# The steps


def _always(pattern: str, new: str | Callable[[re.Match[str]], str]) -> _Rewriter:
    replace: Callable[[re.Match[str]], str] = new if callable(new) else lambda match: new
    return lambda text: (re.compile(pattern), replace)


def _class(characters: Iterable[str]) -> str:
    return "[" + "".join(map(re.escape, sorted(characters))) + "]"


def _unseen(new: str) -> _Rewriter:
    return lambda text: None if text.isascii() and text.isprintable() else (re.compile(_UNSEEN), lambda match: new)


#: Kinds of compatibility characters that only look different from their letters. Not among them: superscripts,
#: subscripts, fractions and circled digits, which mean something else.
_FORMS = {"<wide>", "<narrow>", "<compat>", "<font>", "<initial>", "<medial>", "<final>", "<isolated>", "<vertical>"}


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    """Return the plain letters of a ligature, a full-width digit or another form of letters; others are unchanged."""
    whole = unicodedata.normalize("NFD", character)
    if not any(unicodedata.decomposition(one).partition(" ")[0] in _FORMS for one in whole):
        return character
    plain = unicodedata.normalize("NFKC", character)
    # A free-standing accent would become a space and a mark.
    return character if plain[:1].isspace() else plain


def _forms(text: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]] | None:
    found = [] if text.isascii() else [one for one in set(text) if not one.isascii() and _letters(one) != one]
    return (re.compile(_class(found)), lambda match: _letters(match[0])) if found else None


def _letter_forms_only(text: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]] | None:
    """As `_forms`, but for letters and digits alone: punctuation is left to who reads it."""
    found = [] if text.isascii() else [one for one in set(text) if one.isalnum() and _letters(one) != one]
    return (re.compile(_class(found)), lambda match: _letters(match[0])) if found else None


def _accents(text: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]] | None:
    """Compose each letter with its marks (NFC), and the jamo of Korean syllables."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return None
    known = set(text)
    marks = [one for one in known if unicodedata.category(one)[0] == "M"]
    odd = [one for one in known if not unicodedata.is_normalized("NFC", one)]
    parts = [r"[\uac00-\ud7a3\u1100-\u11ff]+"]
    if marks:
        parts.append(f"[^{_class(marks)[1:]}?{_class(marks)}+")
    if odd:
        parts.append(_class(odd))
    return re.compile("|".join(parts)), lambda match: unicodedata.normalize("NFC", match[0])


_DOUBLE = "“”„‟″«»〝〞"
_SINGLE = "‘’‚‛′ʼ‹›"
_DASHES = "‐‑‒–—―−"
#: A hyphen at the end of a line, of which nothing tells whether it belongs to the word.
_HYPHEN = "\ufdd0"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"


def _straight(match: re.Match[str]) -> str:
    # Two single marks are a double one, also two that stand side by side in the list of them.
    return "'" if len(match[0]) == 1 and match[0] in _SINGLE else '"'


def _line_ends(new: str, letter: str = r"[^\W\d_]") -> _Rewriter:
    return _always(rf"(?<={letter})[-‐][^\S\n]*\n\s*(?={letter})", new)


#: The steps in their order. What has no name is not worth a note.
_STEPS: tuple[tuple[str, _Rewriter], ...] = (
    ("invisible characters", _unseen("")),
    ("ligatures or other forms of letters", _forms),
    ("accents written as marks of their own", _accents),
    ("quotation marks or apostrophes", _always(f"[{_DOUBLE}]|[{_SINGLE}'`]{{2}}|[{_SINGLE}]", _straight)),
    ("a word divided at the end of a line", _line_ends(_HYPHEN)),
    ("dashes", _always(f"[{_DASHES}-]+", "-")),
    ("", _always(rf"(?<=[{_WIDE}])\s{{1,99}}(?=[{_WIDE}])", lambda match: "" if "\n" in match[0] else match[0])),
    ("", _always(r"[^\S ]\s*| \s+", " ")),
)
#: What the steps rewrite in a line of ASCII: runs of blanks and dashes, and two quotes for one.
_REWRITTEN_ASCII = ("  ", "--", "''", "``", "'`", "`'")
_READING: tuple[_Rewriter, ...] = (
    _unseen(""),
    _letter_forms_only,
    _accents,
    _always(r"[^\S\n\t ]", " "),
    _line_ends("", r"[a-zß-öø-ÿ]"),
)


def _through(text: str, steps: Iterable[_Rewriter]) -> Normalised:
    made, maps = text, []
    for step in steps:
        made, places = _rewritten(made, step)
        if places is not None:
            maps.append(places)
    return Normalised(text, made, tuple(maps))


@lru_cache(maxsize=16)
def normalised(text: str, unseen: str = "") -> Normalised:
    """Return a text as it is compared with others; ``unseen`` stands for each character that is not shown.

    >>> found = normalised("nous ne ce\u0301derons pas")
    >>> found.text, found.span(8, 15)
    ('nous ne céderons pas', (8, 16))
    """
    if text.isascii() and text.isprintable() and not any(twice in text for twice in _REWRITTEN_ASCII):
        return Normalised(text, text, ())
    return _through(text, (_unseen(unseen), *(step for _, step in _STEPS[1:])))


@lru_cache(maxsize=4)
def reading_form(text: str) -> Normalised:
    """Return a text as the reader reads it: whole letters, plain spaces, no words divided at line ends.

    Quotation marks, dashes and paragraphs are unchanged.
    """
    return _through(text, _READING)


def occurrences(text: str, words: str, unseen: str = "") -> list[Span]:
    r"""Return where words stand in a text, in whatever way they are written there.

    >>> occurrences("They said that nego-\ntiations are over.", "negotiations are over")
    [(15, 38)]
    """
    there, wanted = normalised(text, unseen), normalised(words).text.strip(f" {_HYPHEN}")
    if not wanted:
        return []
    if _HYPHEN in there.text or _HYPHEN in wanted:
        places = [found.span() for found in re.finditer(_hyphenated(wanted), there.text)]
    else:
        places = [found.span() for found in re.finditer(re.escape(wanted), there.text)]
    return [there.span(start, end) for start, end in places]


def _hyphenated(words: str) -> str:
    """Return a pattern for words in which some line may end."""
    pieces = []
    for one, after in zip(words, f"{words[1:]} ", strict=True):
        if one == _HYPHEN:
            pieces.append(f"[-{_HYPHEN}]?")
        elif one == "-":
            pieces.append(f"[-{_HYPHEN}]")
        else:
            pieces.append(re.escape(one) + (f"{_HYPHEN}?" if one.isalpha() and after.isalpha() else ""))
    return "".join(pieces)


def same_text(text: str, words: str, unseen: str = "") -> bool:
    """Tell whether two texts are the same but for the way in which they are written."""
    return _same(normalised(text, unseen).text, normalised(words).text)


def _same(one: str, other: str) -> bool:
    one, other = one.strip(), other.strip()
    if one == other:
        return True
    if _HYPHEN not in one + other:
        return False
    return bool(re.fullmatch(_hyphenated(one), other) or re.fullmatch(_hyphenated(other), one))


def differences(one: str, other: str) -> tuple[str, ...]:
    """Return in which ways two texts that are the same are written differently; line breaks and spaces do not count.

    >>> differences("we don't accept", "we don’t accept")
    ('quotation marks or apostrophes',)
    """
    if one == other:
        return ()
    if not same_text(one, other):
        # Characters that are not shown had blanks in their place.
        return ("invisible characters",)
    found = []
    for name, _ in _STEPS:
        steps = [step for other_name, step in _STEPS if other_name != name]
        if name and not _same(_through(one, steps).text, _through(other, steps).text):
            found.append(name)
    return tuple(found)


# Characters that look like others

_QUOTES = {**dict.fromkeys(f"{_DOUBLE}＂", '"'), **dict.fromkeys(f"{_SINGLE}＇", "'")}
#: Dashes and bullets count where an entry of a list begins, quotes where a word does.
_BEGINNING = dict.fromkeys(f"{_DASHES}•·‣◦▪", "-")
_MARKS = {
    **dict.fromkeys("：∶﹕ː", ":"), **dict.fromkeys("，、﹐", ","), "［": "[", "］": "]", "｛": "{", "｝": "}",
    "（": "(", "）": ")",
}  # fmt: skip
_SPACES = dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " ")
_MEANT = {**_BEGINNING, **_QUOTES, **_MARKS, **_SPACES, **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")}
#: Letters of other alphabets that look like Latin ones.
_LATIN = str.maketrans(
    "аеорсухіјѕһԁԛԝүАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν", "aeopcyxijshdqwyABEKMHOPCTYXIJSABEZHIKMNOPTYXoav"
)


@dataclass(frozen=True)
class LookAlike:
    """A character of a line that is taken for another: its place, from 0, and what to type in its stead."""

    place: int
    told: str


def look_alike(line: str, places: Iterable[int]) -> LookAlike | None:
    """Return the first character at some places of a line that looks like one of those that YAML is written with."""
    written = len(line) - len(line.lstrip())
    found = next((place for place in places if _misleads(line, place, written)), None)
    return None if found is None else LookAlike(found, _told(line[found]))


def _misleads(line: str, place: int, written: int) -> bool:
    """Tell whether a character is taken for another; ``written`` is where the line begins to be written on.

    Of a line only this is looked at: it may be a million characters long, and each of them is asked about.
    """
    character = line[place]
    if character in _BEGINNING:
        return place <= written
    if character in _QUOTES:
        return place == 0 or line[place - 1] in " \t[{(,:"
    return character in _MEANT


def _told(character: str) -> str:
    name, meant = unicodedata.name(character).lower(), _MEANT[character]
    if meant == "":
        return f"an invisible character ({name}) stands here: delete it"
    if meant == " ":
        return f"a special space ({name}) stands here: type a plain space"
    # YAML wants a space behind these two.
    return f"'{character}' ({name}) only looks like '{meant}': type '{meant}'{' and a space' * (meant in '-:')}"


def written_in_two_ways(word: str, known: str) -> str:
    """Say why a word and a known one are not the same although they look so; nothing if they look different.

    >>> written_in_two_ways("cafe\u0301", "café")
    "'é' is written in two ways: as one character and as 'e' with a combining acute accent"
    >>> written_in_two_ways("a", "\u0430")
    "'a' (latin small letter a) and 'а' (cyrillic small letter a) look the same"
    """
    if word == known:
        return ""
    composed, others = unicodedata.normalize("NFC", word), unicodedata.normalize("NFC", known)
    if composed == others:
        split = next(iter(re.findall(r"\w[\u0300-\u036f]+", f"{word} {known}")), "")
        letter = unicodedata.normalize("NFC", split)
        if len(letter) == 1:
            marks = " and ".join(f"a {unicodedata.name(mark, 'mark').lower()}" for mark in split[1:])
            return f"'{letter}' is written in two ways: as one character and as '{split[0]}' with {marks}"
        return "the same letters are written in two ways (Unicode normalisation)"
    if _plain_latin(word) != _plain_latin(known):
        return ""
    pair = next((pair for pair in zip(composed, others, strict=False) if len(set(pair)) > 1), None)
    if pair is None or len(composed) != len(others):
        return "the two differ in characters that are not shown or look the same"
    one, other = (f"'{letter}' ({unicodedata.name(letter, 'unnamed').lower()})" for letter in pair)
    return f"{one} and {other} look the same"


def skeleton(word: str) -> str:
    """Return what two words that look the same share, capitals apart."""
    return _plain_latin(word).casefold()


def _plain_latin(word: str) -> str:
    return normalised(word).text.translate(_LATIN)


# Tables

#: What spreadsheets take for a formula. After a sign there is one only where something is called or looked up: -3,
#: +3 and the pattern -Y- are none.
_FORMULA = r"(?s)[=@\t\r]|[+-].*[(|!]"


def cell(value: Any) -> Any:
    """Return what stands in a cell; a name that a spreadsheet would run as a formula has an apostrophe before it.

    >>> cell("=HYPERLINK(1)"), cell("-Y-"), cell(-3)
    ("'=HYPERLINK(1)", '-Y-', -3)
    """
    return f"'{value}" if isinstance(value, str) and re.match(_FORMULA, value) else value


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write records as CSV (RFC 4180) with a head; truth values become 1 and 0."""
    stream = StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: int(value) if isinstance(value, bool) else cell(value) for key, value in row.items()})
    return stream.getvalue()


#: A word with hyphens that is longer than this may break at them.
MAX_UNBROKEN = 24
_HYPHENATED = lazy_pattern(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")


def unbroken(text: str) -> Iterator[tuple[str, bool]]:
    """Take a text apart into what may break at its hyphens and what may not, for an identifier is read as one word.

    >>> list(unbroken("not ban-talks"))
    [('not ', False), ('ban-talks', True)]
    """
    last = 0
    for found in _HYPHENATED.finditer(text):
        if len(found[0]) <= MAX_UNBROKEN:
            if found.start() > last:
                yield text[last : found.start()], False
            yield found[0], True
            last = found.end()
    if last < len(text):
        yield text[last:], False


__all__ = [
    "MAX_UNBROKEN",
    "LookAlike",
    "Normalised",
    "Span",
    "cell",
    "csv_text",
    "differences",
    "look_alike",
    "normalised",
    "occurrences",
    "printable",
    "reading_form",
    "same_text",
    "skeleton",
    "unbroken",
    "written_in_two_ways",
]
