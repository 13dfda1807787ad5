"""Conditions over options: the language of rules and preferences.

The language is that of option prioritising (Fang, Hipel, Kilgour & Peng 2003): option identifiers joined by ``and``,
``or``, ``not``, ``if … then …``, ``… iff …`` and parentheses. From loosest to tightest: ``iff``, ``if … then …``,
``or``, ``and``, ``not``. ``if p then q`` is true if ``p`` is false. In a file, the name of an option in quotation marks
may stand in place of its identifier: ``not "Fill the reservoir"``.

A condition is a small immutable tree. It is evaluated by folding it over any Boolean algebra: Python's truth values,
arrays of them, or nodes of a decision diagram. So no engine needs an evaluator of its own.

>>> condition = parse("if divert then not (sanction or blockade)")
>>> condition.holds({"divert", "sanction"})
False
>>> print(condition)
if divert then not (sanction or blockade)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import reduce
from itertools import pairwise, takewhile
from typing import Generic, TypeVar

from detente.errors import ConditionError
from detente.lazy import dataclass, lazy_pattern
from detente.limits import MAX_NESTING
from detente.text import written_in_two_ways

_T = TypeVar("_T")

KEYWORDS = frozenset({"and", "or", "not", "if", "then", "iff"})
#: Maximum number of options that two conditions may mention to be compared by their truth tables.
MAX_COMPARED_OPTIONS = 16

#: How tightly the words bind. An *if* or a parenthesis waits for its *then* or its match.
_BINDING = {"(": 0, "if": 0, "iff": 1, "then": 2, "or": 3, "and": 4, "not": 5}
_TOKEN = lazy_pattern(r"\w[\w.-]*|[()]")
#: A name in quotation marks. Between single ones, a mark before a letter is an apostrophe.
_NAME = lazy_pattern(r"""\"[^\"]*\"|“[^”]*”|'(?:[^']|'(?=\w))*'(?!\w)""")
_SPACE = lazy_pattern(r"[ \t\f\r\n]*")


@dataclass(frozen=True)
class Algebra(Generic[_T]):
    """A Boolean algebra to evaluate conditions in: the value of an option, and the connectives."""

    option: Callable[[str], _T]
    negation: Callable[[_T], _T]
    conjunction: Callable[[_T, _T], _T]
    disjunction: Callable[[_T, _T], _T]


class Condition:
    """A Boolean expression over options; true or false at every state."""

    def fold(self, algebra: Algebra[_T]) -> _T:
        """Evaluate the condition in any Boolean algebra."""
        raise NotImplementedError

    def parts(self) -> tuple[Condition, ...]:
        """Return the immediate parts of the condition."""
        return ()

    def conjuncts(self) -> Iterator[Condition]:
        """Yield conditions that are all true exactly where this one is: the parts of an *and*, one by one."""
        yield self

    def options(self) -> Iterator[str]:
        """Yield the option identifiers mentioned, left to right, with repetitions."""
        for part in self.parts():
            yield from part.options()

    def holds(self, taken: Collection[str]) -> bool:
        """Tell whether the condition is true if exactly the options in ``taken`` are taken."""
        return self.fold(
            Algebra(
                option=lambda name: name in taken,
                negation=lambda value: not value,
                conjunction=lambda left, right: left and right,
                disjunction=lambda left, right: left or right,
            )
        )

    def renamed(self, names: Callable[[str], str]) -> Condition:
        """Return the condition with other option identifiers."""
        raise NotImplementedError


@dataclass(frozen=True)
class Taken(Condition):
    """True if an option is taken."""

    option: str

    def fold(self, algebra: Algebra[_T]) -> _T:
        return algebra.option(self.option)

    def options(self) -> Iterator[str]:
        yield self.option

    def renamed(self, names: Callable[[str], str]) -> Condition:
        return Taken(names(self.option))

    def __str__(self) -> str:
        return self.option


@dataclass(frozen=True)
class Not(Condition):
    """The negation of a condition."""

    part: Condition

    def fold(self, algebra: Algebra[_T]) -> _T:
        return algebra.negation(self.part.fold(algebra))

    def parts(self) -> tuple[Condition, ...]:
        return (self.part,)

    def renamed(self, names: Callable[[str], str]) -> Condition:
        return Not(self.part.renamed(names))

    def __str__(self) -> str:
        return f"not {_wrapped(self.part, Taken, Not)}"


@dataclass(frozen=True)
class _Joined(Condition):
    members: tuple[Condition, ...]

    def parts(self) -> tuple[Condition, ...]:
        return self.members

    def renamed(self, names: Callable[[str], str]) -> Condition:
        return type(self)(tuple(member.renamed(names) for member in self.members))


@dataclass(frozen=True)
class And(_Joined):
    """True if all of two or more conditions are true."""

    def conjuncts(self) -> Iterator[Condition]:
        for member in self.members:
            yield from member.conjuncts()

    def fold(self, algebra: Algebra[_T]) -> _T:
        value = self.members[0].fold(algebra)
        for member in self.members[1:]:
            value = algebra.conjunction(value, member.fold(algebra))
        return value

    def __str__(self) -> str:
        return " and ".join(_wrapped(member, Taken, Not) for member in self.members)


@dataclass(frozen=True)
class Or(_Joined):
    """True if at least one of two or more conditions is true."""

    def fold(self, algebra: Algebra[_T]) -> _T:
        value = self.members[0].fold(algebra)
        for member in self.members[1:]:
            value = algebra.disjunction(value, member.fold(algebra))
        return value

    def __str__(self) -> str:
        return " or ".join(_wrapped(member, Taken, Not, And) for member in self.members)


@dataclass(frozen=True)
class If(Condition):
    """``if premise then consequence``: true if the premise is false."""

    premise: Condition
    consequence: Condition

    def fold(self, algebra: Algebra[_T]) -> _T:
        return algebra.disjunction(algebra.negation(self.premise.fold(algebra)), self.consequence.fold(algebra))

    def parts(self) -> tuple[Condition, ...]:
        return (self.premise, self.consequence)

    def renamed(self, names: Callable[[str], str]) -> Condition:
        return If(self.premise.renamed(names), self.consequence.renamed(names))

    def __str__(self) -> str:
        consequence = _wrapped(self.consequence, Taken, Not, And, Or, If)
        return f"if {_wrapped(self.premise, Taken, Not, And, Or)} then {consequence}"


@dataclass(frozen=True)
class Iff(Condition):
    """True if two conditions are both true or both false."""

    left: Condition
    right: Condition

    def fold(self, algebra: Algebra[_T]) -> _T:
        left, right = self.left.fold(algebra), self.right.fold(algebra)
        return algebra.disjunction(
            algebra.conjunction(left, right),
            algebra.conjunction(algebra.negation(left), algebra.negation(right)),
        )

    def parts(self) -> tuple[Condition, ...]:
        return (self.left, self.right)

    def renamed(self, names: Callable[[str], str]) -> Condition:
        return Iff(self.left.renamed(names), self.right.renamed(names))

    def __str__(self) -> str:
        return " iff ".join(_wrapped(side, Taken, Not, And, Or) for side in (self.left, self.right))


def _wrapped(part: Condition, *bare: type[Condition]) -> str:
    return str(part) if isinstance(part, bare) else f"({part})"


def parse(text: str, named: Callable[[str], str] | None = None) -> Condition:
    """Parse a condition.

    Parameters
    ----------
    text
        The condition.
    named
        Returns the identifier of the option with a name in quotation marks; without it, such names are not understood.

    Raises
    ------
    ConditionError
        If the text is not a condition; the message names the column and what is expected there.
    """
    if not text.strip():
        raise ConditionError("the condition is empty: name an option, for example 'not sanction'", 1)
    parser = _Parser(text)
    for word, position in tokens(text):
        if not is_quoted_name(word):
            parser.take(word, position)
            continue
        if named is None:
            raise ConditionError(f"{word} is a name in quotation marks; use the option's identifier here", position + 1)
        try:
            found = named(word[1:-1])
        except ConditionError as error:
            raise ConditionError(error.message, position + 1, error.suggestion) from None
        parser.take(found, position, is_name=True)
    return parser.end()


def as_condition(given: Condition | str) -> Condition:
    """Return ``given`` as a condition, parsing it if it is text."""
    return parse(given) if isinstance(given, str) else given


def same_meaning(first: Condition, second: Condition) -> bool:
    """Tell whether two conditions are true at the same states; False also if they mention too many options to compare.

    >>> same_meaning(parse("if a then b"), parse("b or not a"))
    True
    """
    names = sorted({*first.options(), *second.options()})
    if len(names) > MAX_COMPARED_OPTIONS:
        return False
    # Each integer is a column of a truth table: its bits are the values for all combinations of the options.
    rows = 1 << len(names)
    every = (1 << rows) - 1
    columns = {name: every // ((1 << (1 << place)) + 1) for place, name in enumerate(names)}
    algebra = Algebra[int](
        option=columns.__getitem__,
        negation=lambda value: every ^ value,
        conjunction=lambda left, right: left & right,
        disjunction=lambda left, right: left | right,
    )
    return first.fold(algebra) == second.fold(algebra)


def is_option_identifier(word: str) -> bool:
    """Tell whether a word is a valid option identifier."""
    return bool(re.fullmatch(r"\w[\w.-]*", word)) and word not in KEYWORDS


def is_quoted_name(word: str) -> bool:
    """Tell whether a word of a condition is the name of an option in quotation marks."""
    return _NAME.fullmatch(word) is not None


def is_closed(text: str) -> bool:
    """Tell whether every quotation mark in a text is the beginning or the end of a name."""
    return not re.search("[\"'“”]", _NAME.sub("", text))


def split_at_commas(text: str) -> list[str]:
    """Return the conditions of a list in one line; a comma in a name in quotation marks separates nothing.

    >>> split_at_commas('"Talk, then sign", divert')
    ['"Talk, then sign"', ' divert']
    """
    names = [found.span() for found in _NAME.finditer(text)]
    commas = [at for at, one in enumerate(text) if one == "," and not any(start < at < end for start, end in names)]
    return [text[start + 1 : end] for start, end in pairwise([-1, *commas, len(text)])]


def tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words, names in quotation marks and parentheses of a condition, each with its position.

    Raises
    ------
    ConditionError
        For a character that no condition contains.
    """
    position = _SPACE.match(text).end()  # type: ignore[union-attr]  # It matches anything.
    while position < len(text):
        found = _TOKEN.match(text, position) or _NAME.match(text, position)
        if found is None:
            raise _stray_character(text, position)
        yield found[0], position
        position = _SPACE.match(text, found.end()).end()  # type: ignore[union-attr]


class _Parser:
    """An operator-precedence parser: two stacks, so that no nesting can exhaust that of Python.

    It reports the first word that no condition could go on with. Each part on the stack has its depth, which is
    bounded so that no fold can exhaust the stack either.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[tuple[Condition, int]] = []
        self.waiting: list[str] = []
        self.complete = False
        self.longest_chain = 0

    def take(self, word: str, position: int, *, is_name: bool = False) -> None:
        """Read the next word; ``is_name`` if it is the identifier of an option that the text gives by its name."""
        last = self.waiting[-1] if self.waiting else "("
        if self.complete:
            if word in ("and", "or", "iff"):
                self._join(_BINDING[word] + 1)
                self.waiting.append(word)
                self.complete = False
                return
            if word in (")", "then"):
                self._join(1)
                opening = self.waiting.pop() if self.waiting else ""
                if word == ")" and opening == "(":
                    return
                if word == "then" and opening == "if":
                    self.waiting.append(word)
                    self.complete = False
                    return
        elif word in ("not", "(") or (word == "if" and last in ("(", "if", "iff", "then")):
            self.waiting.append(word)
            return
        elif word not in KEYWORDS and word != ")":
            self.parts.append((Taken(word), 0))
            self.complete = True
            return
        shown = next(shown for shown, at in tokens(self.text) if at == position) if is_name else word
        raise _stray_word(self.text, shown, position)

    def end(self) -> Condition:
        """Return the condition that has been read."""
        self._join(1)
        if self.waiting or not self.complete:
            raise _unfinished(self.text)
        condition, depth = self.parts[0]
        if depth > MAX_NESTING:
            raise ConditionError(f"the condition is nested more than {MAX_NESTING} levels deep", 1)
        if self.longest_chain > MAX_NESTING:
            raise ConditionError(f"more than {MAX_NESTING} 'iff' in a row", 1)
        return condition

    def _join(self, binding: int) -> None:
        """Join the parts between which words stand that bind at least as tightly as this."""
        while self.complete and self.waiting and _BINDING[self.waiting[-1]] >= binding:
            word = self.waiting.pop()
            count = 1 if word == "not" else 2
            while word in ("and", "or", "iff") and self.waiting and self.waiting[-1] == word:
                self.waiting.pop()
                count += 1
            joined = self.parts[-count:]
            del self.parts[-count:]
            self.parts.append((self._joined(word, tuple(part for part, _ in joined)), 1 + max(d for _, d in joined)))

    def _joined(self, word: str, parts: tuple[Condition, ...]) -> Condition:
        if word == "not":
            return Not(parts[0])
        if word == "and":
            return And(parts)
        if word == "or":
            return Or(parts)
        if word == "then":
            return If(parts[0], parts[1])
        self.longest_chain = max(self.longest_chain, len(parts))
        return reduce(Iff, parts)


def _unfinished(text: str) -> ConditionError:
    places = dict(reversed([*tokens(text)]))
    words = [word for word, _ in tokens(text)]
    if words.count("(") > words.count(")"):
        return ConditionError("a ')' is missing at the end", len(text.rstrip()) + 1)
    if "if" in words and "then" not in words:
        return ConditionError("'if' needs a 'then': write 'if A then B'", places["if"] + 1)
    last = next((word for word in reversed(words) if word not in ("(", ")")), text.strip())
    return ConditionError(f"the condition ends after '{last}': an option or a condition is missing", len(text) + 1)


_SYMBOLS = {
    "&": "and", "|": "or", "!": "not", "~": "not", "¬": "not", "∧": "and", "∨": "or", "-": "not",
    "=": "iff", "↔": "iff", "→": "if … then …", ",": "and", "+": "or",
}  # fmt: skip


def _stray_character(text: str, position: int) -> ConditionError:
    character = text[position]
    if character in "\"'“":
        return ConditionError(f"the closing quotation mark for {character} is missing", position + 1)
    words = (found[0] for found in re.finditer(r"[^\s()]+", text) if found.start() <= position < found.end())
    word = next(words, character)  # A no-break space is part of no word.
    composed = unicodedata.normalize("NFC", word)
    if unicodedata.combining(character) and composed != word:
        return ConditionError(f"in '{word}', {written_in_two_ways(word, composed)}", position + 1, composed)
    shown = (
        f"'{character}'"
        if character.isprintable()
        else f"the character {unicodedata.name(character, f'U+{ord(character):04X}')}"
    )
    return ConditionError(f"{shown} is not allowed in a condition", position + 1, _SYMBOLS.get(character))


def _stray_word(text: str, word: str, position: int) -> ConditionError:
    column = position + 1
    if word in KEYWORDS:
        hint = " (put an inner 'if … then …' in parentheses)" if word == "if" and position else ""
        return ConditionError(f"'{word}' is not allowed here in '{_shown(text)}'{hint}", column)
    if word == ")":
        return ConditionError("this ')' has no matching '(', or comes too early", column)
    before = list(takewhile(lambda one: one[1] < position, tokens(text)))
    # 'NOT a' is read up to 'a', as the name of an option.
    for read, place in (*before[-1:], (word, position)):
        if read not in KEYWORDS and read.casefold() in KEYWORDS:
            return ConditionError(f"'{read}' must be in lower case", place + 1, read.casefold())
    after = f"'{before[-1][0]}'" if before else "the start"
    return ConditionError(f"a connective (and, or, iff, then) is missing between {after} and '{word}'", column)


def _shown(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
