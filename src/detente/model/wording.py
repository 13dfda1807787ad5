"""Phrases for people that all layers share: names, counts, lists and states.

Names are set in ‘…’ and quoted words in “…”; straight quotes are for what a program parses. A decision maker's name may
be singular or plural, so no verb in the third person follows it: it *would* take, *could* move. Phrases that only views
need are in `detente.present.phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.lazy import lazy_pattern
from detente.model.conflict import Conflict
from detente.model.states import State
from detente.model.verbs import with_article

#: The phrase for a dispute without a status quo, without a full stop.
NO_STATUS_QUO = "no status quo is given"


#: The phrase for the only state of a dispute without options, whose pattern is empty.
ONLY_STATE = "the one state of a dispute without options"
#: What stands in quotation marks or parentheses.
_QUOTED = lazy_pattern(r"‘.*’|“.*”|\([^()]*\)")


def quoted(text: str) -> str:
    """Return a name or a condition in quotation marks."""
    return f"‘{text}’"


def spoken(quote: str) -> str:
    """Return the words of a quote in quotation marks; those within it become single ones.

    >>> spoken("calls it a “vital threat”")
    '“calls it a ‘vital threat’”'
    """
    return f"“{quote.translate({ord('“'): '‘', ord('”'): '’'})}”"


def counted(number: int, one: str, many: str = "", none: str = "") -> str:
    """Return a count with its noun; ``none`` replaces the phrase for zero.

    >>> [counted(number, "move") for number in (0, 1, 1200)]
    ['no moves', '1 move', '1,200 moves']
    >>> counted(0, "rests", "rest", none="none rests")
    'none rests'
    """
    many = many or f"{one}s"
    if number == 0:
        return none or f"no {many}"
    return f"{number:,} {one if number == 1 else many}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as a list in a sentence; a comma before ``last`` keeps apart names that are lists themselves.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    >>> listed(["Upstream", "Cities and farms"])
    'Upstream, and Cities and farms'
    >>> listed(["take ‘Talks and aid’", "drop ‘Sanctions’"])
    'take ‘Talks and aid’ and drop ‘Sanctions’'
    >>> listed(["discuss other issues, such as missiles", "provide no aid"])
    'discuss other issues, such as missiles, and provide no aid'
    """
    if len(words) < 2:
        return " ".join(words)
    bare = [_QUOTED.sub("", word) for word in words]
    apart = "," if any(f" {last} " in word or ", " in word for word in bare) else ""
    return f"{', '.join(words[:-1])}{apart} {last} {words[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def state_label(state: State) -> str:
    """Return a state for people: its name, pattern and number."""
    if not state.pattern:
        return f"{quoted(state.name)}, {ONLY_STATE}" if state.name else ONLY_STATE
    if state.name:
        return f"{quoted(state.name)} (state {state.number}, {state.pattern})"
    return f"{state.pattern} (state {state.number})"


def names_in_words(conflict: Conflict, ids: Iterable[str]) -> str:
    """Return the names of decision makers as a list in a sentence.

    Of two, of which one is made of two names itself, both stand out: ``Russia and also the United States and NATO``.
    """
    names = [with_article(conflict.decision_maker(id).label) for id in ids]
    two = len(names) == 2 and any(" and " in _QUOTED.sub("", name) for name in names)
    return " and also ".join(names) if two else listed(names)
