"""Text that harms no page: on one line, with a visible mark for what could control it or turn the words around."""

from __future__ import annotations

import unicodedata

#: Marks for the direction of writing that could turn the words around them, too.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def legible(text: str) -> str:
    r"""Return text on one line, with a visible mark for what could only harm a page: control characters and the like.

    >>> legible("one\ntwo\x00")
    'one two�'
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\n\t\r\u2028\u2029":
        return " "
    harmful = unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in _TURNING
    return "\N{REPLACEMENT CHARACTER}" if harmful else character
