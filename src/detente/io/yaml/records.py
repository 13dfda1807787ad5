"""The records of a large file, line by line: sources and statements as a program or a person writes them.

The parser in C makes two objects of each scalar with their positions. In a large dossier nearly every line is
``key: value`` with a plain or quoted value, or a short list in brackets, and a regular expression reads it in half the
time. Whatever it does not read is left to the parser: an entry as a whole, with all others that are left, or the whole
text where the entries do not come apart.

Why this gives the data of the parser. The text outside the records is parsed with a word in their place, so they begin
as the value of that key, outside any quotes or brackets. An entry begins on each line with ``- `` at the first entry's
indentation. One that is read here ends with its last line. Those that are left are parsed one after the other: as many
entries must come out as there are beginnings, so none begins within quotes or brackets of the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

#: The spellings of null as a plain scalar.
SPELLINGS_OF_NULL = frozenset(("", "~", "null", "Null", "NULL"))
#: The keys of a file whose values may have more elements than all others together.
RECORDS = ("sources", "statements")
#: The word that stands for the records of a key while the rest of the text is parsed.
_STAND_IN = "detente-records-of-"

# Printable characters other than spaces, ':' and '#'; none of the line breaks of YAML 1.1, and no byte order mark.
_SAFE = '!-"$-9;-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff'
# A plain scalar does not begin with an indicator; ':' before a space would end it, '#' behind a space begins a comment.
_FIRST = rf"(?![-?:,\[\]{{}}#&*!|>'\"%@`=<])[{_SAFE}]"
_PLAIN = rf"{_FIRST}[{_SAFE}]*+(?:(?: ++(?![#\n])|:(?![ \n])|(?<! )\#)[{_SAFE}]*+)*+(?<! )"
_WORD = r"\w[\w.-]*"
_NUMBERS = r"\[\d+, \d+\]"
# Empty lines and comments.
_EMPTY = rf"(?: *+(?:#[{_SAFE} :\#]*+)?\n)*+"
_SECTION = rf"(?m)^({'|'.join(RECORDS)}):\n((?:(?:[ #].*+|- .*+|)\n)*+(?:[ #].*+|- .*+)?+)"


def _line(dash: str) -> re.Pattern[str]:
    """Return the expression for a line of an entry: all of it, the key, and the value in one of five forms."""
    deep, more = " " * len(dash), rf"\n {{{len(dash) + 1},}}"
    single = rf"'((?:(?!')[{_SAFE} :\#]|''|{more}(?![ \n]))*+)'"
    double = rf'"((?:(?!["\\])[{_SAFE} :\#]|{more}(?![ \n]))*+)"'
    plain = rf"({_PLAIN}(?:{more}{_PLAIN})*+)"
    words, spans = rf"\[((?:{_WORD}(?:, {_WORD})*+)?+)\]", rf"\[({_NUMBERS}(?:, {_NUMBERS})*+)\]"
    value = rf"(?: (?:{plain}|{single}|{double}|{words}|{spans}))?+ *\n"
    return re.compile(rf"^((?:{dash}|{deep})([A-Za-z_]\w*+):{value}{_EMPTY})", re.M)


def without_records(text: str) -> tuple[str, dict[str, str]]:
    """Return the text with a word in place of the records of each key, and these records; none if a key comes twice."""
    found, rest, end = {}, [], 0
    for section in re.finditer(_SECTION, text):
        if section[1] in found:
            return text, {}
        found[section[1]] = section[2]
        rest += [text[end : section.start()], f"{section[1]}: {stand_in(section[1])}\n"]
        end = section.end()
    return "".join([*rest, text[end:]]), found


def stand_in(key: str) -> str:
    """Return the word that stands for the records of a key."""
    return f"{_STAND_IN}{key}"


def entries(section: str, parsed: Callable[[str], Any]) -> list[Any] | None:
    """Return the entries of a list of records; None if the parser has to read the whole text.

    ``parsed`` returns the data of a text, by the parser; None if that cannot be said without positions.
    """
    first = re.search(r"^( *- )(?! )", section, re.M)
    if first is None or not re.fullmatch(_EMPTY, section[: first.start()]):
        return None
    section = section if section.endswith("\n") else f"{section}\n"
    begins = [one.start() for one in re.finditer(rf"^{first[1]}", section, re.M)]
    line = _line(first[1])
    found: list[Any] = []
    left: list[tuple[int, str]] = []
    for place, (start, end) in enumerate(zip(begins, [*begins[1:], len(section)], strict=True)):
        lines = line.findall(section, start, end)
        if sum([len(one[0]) for one in lines]) != end - start:
            left.append((place, section[start:end]))
            found.append(None)
            continue
        made = {one[1]: _value(*one) for one in lines}
        if len(made) != len(lines):
            return None
        found.append(made)
    if left:
        rest = parsed("".join([text for _, text in left]))
        if not isinstance(rest, list) or len(rest) != len(left):
            return None
        for (place, _), value in zip(left, rest, strict=True):
            found[place] = value
    return found


def _value(whole: str, key: str, plain: str, single: str, double: str, words: str, spans: str) -> Any:
    if plain:
        if "\n" in plain:
            plain = _folded(plain)
        return None if plain in SPELLINGS_OF_NULL else plain
    if words:
        return [None if word in SPELLINGS_OF_NULL else word for word in words.split(", ")]
    if spans:
        return [pair.split(", ") for pair in spans[1:-1].split("], [")]
    if single or double:
        text = single.replace("''", "'") if single else double
        return _folded(text) if "\n" in text else text
    rest = whole[whole.index(":") + 1 :].split("\n", 1)[0].strip()
    return {"''": "", '""': "", "[]": []}.get(rest) if rest else None


def _folded(text: str) -> str:
    """Return a scalar of several lines as one line."""
    return re.sub(r" *\n +", " ", text)


def element_count(entry: Any) -> int:
    """Return how many elements an entry has, as the limits count them."""
    if isinstance(entry, dict):
        return (
            1
            + len(entry)
            + sum([1 if value.__class__ is not list else element_count(value) for value in entry.values()])
        )
    return 1 + sum(map(element_count, entry)) if isinstance(entry, list) else 1
