"""Text that is safe where it goes, and characters that only look like those that a file is written with.

On a page, `printable` marks what could control it or turn the words around. In a table as CSV (RFC 4180), a cell is
written exactly as it is, unless a spreadsheet would run it. In a file, `explain_confusables` names what word processors
and other keyboards put in place of what was meant.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

from detente.errors import Fault

#: Marks for the direction of writing that could turn the words around them, too.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def printable(text: str) -> str:
    r"""Return text on one line, with a visible mark for what could only harm a page: control characters and the like.

    >>> printable("one\ntwo\x00")
    'one two�'
    """

    def shown(character: str) -> str:
        if character in "\n\t\r\u2028\u2029":
            return " "
        harmful = unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in _TURNING
        return "\N{REPLACEMENT CHARACTER}" if harmful else character

    return "".join(map(shown, text))


#: What each looks like. Dashes and bullets count where an entry of a list begins, quotes where a word does.
_DASHES = dict.fromkeys("‐‑‒–—―−•·‣◦▪", "-")
_QUOTES = {**dict.fromkeys("“”„‟″«»＂", '"'), **dict.fromkeys("‘’‚‛′＇", "'")}
_MARKS = {
    **dict.fromkeys("：∶﹕ː", ":"), **dict.fromkeys("，、﹐", ","), "［": "[", "］": "]", "｛": "{", "｝": "}",
    "（": "(", "）": ")",
}  # fmt: skip
_SPACES = dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " ")
_UNSEEN = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")
_MEANT = {**_DASHES, **_QUOTES, **_MARKS, **_SPACES, **_UNSEEN}

#: What YAML wants a space behind.
_SPACED = ("-", ":")


def explain_confusables(
    faults: Iterable[Fault], name: str, lines: Sequence[str], *, anywhere: bool = False
) -> list[Fault]:
    """Return the faults of a file, saying of each at which a look-alike stands what it is and what to type.

    ``anywhere`` looks at the whole line, for what is no YAML: where that is noticed is not where it begins.
    """
    return [_explained(one, lines, anywhere) if one.file == name else one for one in faults]


def _explained(fault: Fault, lines: Sequence[str], anywhere: bool) -> Fault:
    if fault.line is None or fault.line > len(lines):
        return fault
    line, begin = lines[fault.line - 1], (fault.column or 1) - 1
    word = re.match(r"[^ \t]*", line[begin:])
    searched = range(len(line)) if anywhere else range(begin, begin + len(word[0] if word else ""))
    written = len(line) - len(line.lstrip())
    place = next((place for place in searched if _misleads(line, place, written)), None)
    if place is None:
        return fault
    return replace(fault, message=f"{fault.message}; {_told(line[place])}", column=place + 1, suggestion=None)


def _misleads(line: str, place: int, written: int) -> bool:
    """Tell whether a character is taken for another; ``written`` is where the line begins to be written on.

    Of a line only this is looked at: it may be a million characters long, and each of them is asked about.
    """
    character = line[place]
    if character in _DASHES:
        return place <= written
    if character in _QUOTES:
        return place == 0 or line[place - 1] in " \t[{(,:"
    return character in _MEANT


def _told(character: str) -> str:
    name, meant = unicodedata.name(character).lower(), _MEANT[character]
    if character in _UNSEEN:
        return f"a character that is not to be seen ({name}) stands here: delete it"
    if character in _SPACES:
        return f"a space that is none ({name}) stands here: type a space"
    return f"'{character}' ({name}) only looks like '{meant}': type '{meant}'{' and a space' * (meant in _SPACED)}"


#: What spreadsheets take for a formula. After a sign there is one only where something is called or looked up: -3,
#: +3 and the pattern -Y- are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-].*[(|!]", re.DOTALL)


def cell(value: Any) -> Any:
    """Return what stands in a cell; a name that a spreadsheet would run as a formula has an apostrophe before it.

    >>> cell("=HYPERLINK(1)"), cell("-Y-"), cell(-3)
    ("'=HYPERLINK(1)", '-Y-', -3)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write records as CSV with a head; truth values become 1 and 0."""
    stream = StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: int(value) if isinstance(value, bool) else cell(value) for key, value in row.items()})
    return stream.getvalue()


__all__ = ["cell", "csv_text", "explain_confusables", "printable"]
