"""The words of a report: names, lists of names, conditions and states as a reader says them, and whose word it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from detente.concepts import concept
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.parts import Rule
from detente.model.statements import Statement
from detente.model.states import State
from detente.model.wording import attribution, deniers, listed, quoted, step_in_words

#: Names longer than this are shortened wherever they are repeated.
MAX_NAME = 160
#: A word with hyphens that is longer than this may break at them.
MAX_UNBROKEN = 24
_HYPHENATED = re.compile(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")
#: An option's identifier, or a word that joins conditions.
_WORD = re.compile(r"\w[\w.-]*")
#: So many states are named in a cell.
MAX_STATES_NAMED = 6
JUDGEMENT = "the analyst's judgement"
#: Marks a statement that the analyst leaves open.
DISPUTED_MARK = "†"


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


def shortened(text: str, most: int = MAX_NAME) -> str:
    """Return the beginning of a text that is too long to repeat."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def condition_in_words(conflict: Conflict, condition: Condition) -> str:
    """Say a condition with the names of its options."""

    def word(found: re.Match[str]) -> str:
        if found[0] in conflict.owner:
            return quoted(conflict.option(found[0]).label)
        return "if and only if" if found[0] == "iff" else found[0]

    return _WORD.sub(word, str(condition))


def rule_in_words(conflict: Conflict, rule: Rule) -> str:
    """Say what a rule demands."""
    parts = [condition_in_words(conflict, condition) for condition in rule.conditions]
    if rule.kind in ("never", "always"):
        return f"{rule.kind.capitalize()}: {parts[0]}"
    return f"{rule.kind.replace('_', ' ').capitalize()} of: {'; '.join(parts)}"


def taken_in_words(conflict: Conflict, state: State) -> str:
    """Say what each decision maker does in a state."""
    parts = []
    for maker in conflict.decision_makers:
        done = [quoted(option.label) for option in maker.options if option.id in state.taken]
        if done:
            parts.append(f"{maker.label}: {listed(done)}")
        elif maker.options:
            parts.append(f"{maker.label}: none of its options")
    return "; ".join(parts)


def whose_word(conflict: Conflict, support: Support) -> str:
    """Say briefly on whose words an element rests: the speakers with their statements, or the analyst's judgement."""
    if support.is_judgement:
        return JUDGEMENT
    text = _by_speaker(conflict, support.evidence)
    return f"{text}; against it: {_by_speaker(conflict, support.against)}" if support.against else text


def _by_speaker(conflict: Conflict, ids: Iterable[str]) -> str:
    statements = {statement.id: statement for statement in conflict.all_statements}
    speakers: dict[str, list[str]] = {}
    for id in ids:
        statement = statements.get(id)
        who = speaker_in_words(conflict, statement) if statement else "somebody not named"
        mark = _contested(conflict, statement) if statement else ""
        speakers.setdefault(who, []).append(f"{id}{mark}")
    return "; ".join(f"{who} ({', '.join(found)})" for who, found in speakers.items())


def speaker_in_words(conflict: Conflict, statement: Statement, *, in_full: bool = False) -> str:
    """Say whose a statement is, and by whom it is told where that is somebody else.

    ``in_full`` adds the words of the source that name the speaker.
    """
    names = conflict.all_speakers
    who = names.get(statement.speaker or "", statement.speaker or "") or "a speaker who is not named"
    if in_full:
        who = attribution(statement, names)
    told = statement.reported_by
    return f"{who}, as told by {names.get(told, told)}" if told and told != statement.speaker else who


def _contested(conflict: Conflict, statement: Statement) -> str:
    by = deniers(statement, conflict.all_speakers, conflict.all_statements)
    if by:
        return f", contested by {listed(by)}"
    return DISPUTED_MARK if statement.in_doubt else ""


def state_name(state: State) -> str:
    """Name a state in a sentence, without its letters."""
    return f"{quoted(shortened(state.name, 80))} (state {state.number})" if state.name else f"state {state.number}"


def way_in_words(conflict: Conflict, path: Iterable[tuple[str, State, State, bool]]) -> str:
    """Say who does what along a path of players, starts, ends and whether each step is an improvement."""
    parts = []
    for player, start, end, improvement in path:
        done = step_in_words(conflict, player, start, end)
        parts.append(f"{done}{'' if improvement else ' (no gain by itself)'}, to {state_name(end)}")
    return "; then ".join(parts)


def in_order(states: Iterable[Any], quo: Any) -> list[Any]:
    """Put the status quo first, then the states that have a name, then the others."""
    return sorted(states, key=lambda state: (state != quo, not state.name, state.number))


def together(found: Iterable[Any], key: Callable[[Any], Hashable], concept_of: str = "") -> Mapping[Any, list[str]]:
    """Put what is the same under several concepts together, with the concepts: what is found, or an attribute of it."""
    of = attrgetter(concept_of) if concept_of else str
    merged: dict[Any, list[str]] = {}
    for one in found:
        id, under = str(of(one)), merged.setdefault(key(one), [])
        if id not in under:
            under.append(id)
    return merged


def concepts_in_words(ids: Sequence[str], asked: Sequence[str]) -> str:
    """Name concepts, in a word where they are all that was asked about."""
    if not ids:
        return "–"
    if len(ids) == len(asked) > 1:
        return "every concept" if len(asked) > 2 else "both concepts"
    if len(ids) == len(asked) - 1 > 2:
        (other,) = set(asked) - set(ids)
        return f"every concept but {concept(other).title}"
    return ", ".join(concept(id).title for id in ids)


def few(patterns: Sequence[str]) -> str:
    """Name the first few of some states."""
    more = f" and {len(patterns) - MAX_STATES_NAMED:,} more" if len(patterns) > MAX_STATES_NAMED else ""
    return ", ".join(patterns[:MAX_STATES_NAMED]) + more or "–"


def percent(share: float) -> str:
    """Write a share so that only none and all are written as 0% and 100%."""
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    return f"{100 * share:.0f}%" if share in (0, 1) or 0.1 <= share <= 0.9 else f"{100 * share:.1f}%"
