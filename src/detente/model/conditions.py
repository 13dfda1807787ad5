"""Conditions over options: the language of rules and preferences.

The language is that of option prioritising (Fang, Hipel, Kilgour & Peng 2003): option identifiers joined by
``and``, ``or``, ``not``, ``if … then …``, ``… iff …`` and parentheses. From loosest to tightest: ``iff``,
``if … then …``, ``or``, ``and``, ``not``. ``if p then q`` is true wherever ``p`` is false.

A condition is a small immutable tree. It is evaluated by folding it over any Boolean algebra — Python's truth
values, arrays of them, nodes of a decision diagram — so no engine needs a reader of its own.

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
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from detente.errors import ConditionError
from detente.lazy import lazy
from detente.limits import MAX_NESTING
from detente.text import written_in_two_ways

if TYPE_CHECKING:
    import lark
else:
    lark = lazy("lark")

_T = TypeVar("_T")

KEYWORDS = frozenset({"and", "or", "not", "if", "then", "iff"})
#: Conditions that mention more options than this are not held against each other, combination by combination.
MAX_COMPARED_OPTIONS = 16

_GRAMMAR = r"""
    ?start: condition
    ?condition: implication
        | implication ("iff" implication)+          -> iff
    ?implication: disjunction
        | "if" condition "then" implication         -> if_then
    ?disjunction: conjunction
        | conjunction ("or" conjunction)+           -> disjunction
    ?conjunction: negation
        | negation ("and" negation)+                -> conjunction
    ?negation: atom
        | "not" negation                            -> negation
    ?atom: OPTION                                   -> option
        | "(" condition ")"
    OPTION: /\w[\w.-]*/
    %import common.WS
    %ignore WS
"""


@dataclass(frozen=True)
class Algebra(Generic[_T]):
    """A Boolean algebra to evaluate conditions in: the worth of an option, and the connectives."""

    option: Callable[[str], _T]
    negation: Callable[[_T], _T]
    conjunction: Callable[[_T, _T], _T]
    disjunction: Callable[[_T, _T], _T]


@dataclass(frozen=True)
class Condition:
    """A statement about which options are taken; true or false at every state."""

    def fold(self, algebra: Algebra[_T]) -> _T:
        """Evaluate the condition in any Boolean algebra."""
        raise NotImplementedError

    def parts(self) -> tuple[Condition, ...]:
        """Return the conditions that this one is put together from."""
        return ()

    def conjuncts(self) -> Iterator[Condition]:
        """Yield conditions that hold together just where this one does: the parts of an *and*, each by itself."""
        yield self

    def options(self) -> Iterator[str]:
        """Yield the option identifiers mentioned, left to right, as often as they are mentioned."""
        for part in self.parts():
            yield from part.options()

    def holds(self, taken: Collection[str]) -> bool:
        """Tell whether the condition is true where exactly the options in ``taken`` are taken."""
        return self.fold(
            Algebra(
                option=lambda name: name in taken,
                negation=lambda value: not value,
                conjunction=lambda left, right: left and right,
                disjunction=lambda left, right: left or right,
            )
        )

    def renamed(self, names: Callable[[str], str]) -> Condition:
        """Return the same condition over other option identifiers."""
        raise NotImplementedError


@dataclass(frozen=True)
class Taken(Condition):
    """An option is taken."""

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
    """All of two or more conditions."""

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
    """At least one of two or more conditions."""

    def fold(self, algebra: Algebra[_T]) -> _T:
        value = self.members[0].fold(algebra)
        for member in self.members[1:]:
            value = algebra.disjunction(value, member.fold(algebra))
        return value

    def __str__(self) -> str:
        return " or ".join(_wrapped(member, Taken, Not, And) for member in self.members)


@dataclass(frozen=True)
class If(Condition):
    """``if premise then consequence``: true wherever the premise is false."""

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
    """Two conditions are both true or both false."""

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


def parse(text: str) -> Condition:
    """Read a condition from text.

    Raises
    ------
    ConditionError
        When the text is no condition; it names the column and says what could stand there.
    """
    if not text.strip():
        raise ConditionError("an empty condition: name an option, for example 'not sanction'", 1)
    try:
        tree = _parser().parse(text)
    except lark.UnexpectedEOF as error:
        raise _unfinished(text) from error
    except lark.UnexpectedCharacters as error:
        raise _stray_character(text, cast(int, error.pos_in_stream)) from error
    except lark.UnexpectedToken as error:
        if error.token.type == "$END":
            raise _unfinished(text) from error
        raise _stray_word(text, str(error.token), error.token.start_pos or 0) from error
    return _built(tree, text)


def as_condition(given: Condition | str) -> Condition:
    """Return ``given`` as a condition, reading it where it is text."""
    return parse(given) if isinstance(given, str) else given


def same_meaning(first: Condition, second: Condition) -> bool:
    """Tell whether two conditions are true at the same states; False, too, where they mention too many options to tell.

    >>> same_meaning(parse("if a then b"), parse("b or not a"))
    True
    """
    names = sorted({*first.options(), *second.options()})
    if len(names) > MAX_COMPARED_OPTIONS:
        return False
    # A number is a column of a truth table: its bits are the values in every combination of the options.
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
    """Tell whether a word can name an option in a condition."""
    return bool(re.fullmatch(r"\w[\w.-]*", word)) and word not in KEYWORDS


@cache
def _parser() -> lark.Lark:
    return lark.Lark(_GRAMMAR, parser="lalr", lexer="basic")


def _built(tree: Any, text: str, depth: int = 0) -> Condition:
    """Turn lark's tree into a condition; the depth is bounded so that no fold can exhaust the stack."""
    if depth > MAX_NESTING:
        raise ConditionError(f"a condition nested more than {MAX_NESTING} deep", 1)
    if tree.data == "option":
        return Taken(str(tree.children[0]))
    parts = tuple(_built(child, text, depth + 1) for child in tree.children)
    if tree.data == "negation":
        return Not(parts[0])
    if tree.data == "conjunction":
        return And(parts)
    if tree.data == "disjunction":
        return Or(parts)
    if tree.data == "if_then":
        return If(parts[0], parts[1])
    if len(parts) > MAX_NESTING:
        raise ConditionError(f"more than {MAX_NESTING} 'iff' in a row", 1)
    condition = parts[0]
    for part in parts[1:]:
        condition = Iff(condition, part)
    return condition


def _unfinished(text: str) -> ConditionError:
    if text.count("(") > text.count(")"):
        return ConditionError("the condition ends before a ')' closes its '('", len(text.rstrip()) + 1)
    words = text.replace("(", " ").replace(")", " ").split()
    if "if" in words and "then" not in words:
        return ConditionError("'if' without 'then': write 'if A then B'", text.index("if") + 1)
    last = words[-1] if words else text.strip()
    return ConditionError(f"the condition ends after '{last}': something is missing there", len(text) + 1)


_SYMBOLS = {
    "&": "and", "|": "or", "!": "not", "~": "not", "¬": "not", "∧": "and", "∨": "or", "-": "not",
    "=": "iff", "↔": "iff", "→": "if … then …", ",": "and", "+": "or",
}  # fmt: skip


def _stray_character(text: str, position: int) -> ConditionError:
    character = text[position]
    word = next(found[0] for found in re.finditer(r"[^\s()]+", text) if found.start() <= position < found.end())
    composed = unicodedata.normalize("NFC", word)
    if unicodedata.combining(character) and composed != word:
        return ConditionError(f"in '{word}', {written_in_two_ways(word, composed)}", position + 1, composed)
    shown = (
        f"'{character}'"
        if character.isprintable()
        else f"the character {unicodedata.name(character, f'U+{ord(character):04X}')}"
    )
    return ConditionError(f"{shown} cannot stand in a condition", position + 1, _SYMBOLS.get(character))


def _stray_word(text: str, word: str, position: int) -> ConditionError:
    column = position + 1
    if word in KEYWORDS:
        hint = " (put an inner 'if … then …' in parentheses)" if word == "if" and position else ""
        return ConditionError(f"'{word}' cannot stand here in '{_shown(text)}'{hint}", column)
    if word == ")":
        return ConditionError("a ')' that closes nothing, or closes too early", column)
    before = text[:position].split()
    folded = word.casefold()
    if folded in KEYWORDS:
        return ConditionError(f"'{word}' must be written in small letters", column, folded)
    after = f"'{before[-1]}'" if before else "the start"
    return ConditionError(f"after {after} and before '{word}' a connective is missing: and, or, iff, then", column)


def _shown(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
