"""The questions that take their time: what each asks for, who answers, and how the answer reads.

A question whose module is not there is not shown. An answer is told as headed parts of sentences and tables, which one
template shows, and as the data that the command of the same name prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from detente.engine.interface import Progress
from detente.errors import UnknownNameError
from detente.stability import CONCEPTS

#: Tables are told up to so many rows; the data has them all.
MOST_ROWS = 300


@dataclass(frozen=True)
class Field:
    """Something that a question asks for; ``kind`` is text, number, state, concepts, conflict, choice or tick."""

    name: str
    label: str
    kind: str
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Part:
    """One part of an answer: a heading, sentences, and a table."""

    heading: str = ""
    text: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    #: Whether the table is a heat map: its percentages are shaded.
    heat: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the part as plain data."""
        return {
            "heading": self.heading,
            "text": list(self.text),
            "heads": list(self.heads),
            "rows": list(self.rows),
            "heat": self.heat,
        }


@dataclass(frozen=True)
class Question:
    """A question: its name in commands, how it reads, the module that answers, its fields, and how to ask and tell."""

    id: str
    title: str
    asks: str
    module: str
    fields: tuple[Field, ...]
    ask: Callable[[Any, Mapping[str, Any], Progress], Any]
    tell: Callable[[Any], Iterable[Part]]

    @property
    def available(self) -> bool:
        """Whether the module that answers is there."""
        return find_spec(self.module) is not None


def _ask_evolution(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    progress(0.0, "looking for paths")
    return conflict.evolve(
        given.get("from") or "status quo",
        given.get("to") or "equilibria",
        by=given.get("by") or "moves",
        sacrifices=int(given.get("sacrifices") or 0),
        concepts=_concepts(given),
    )


def _tell_evolution(answer: Any) -> Iterable[Part]:
    yield Part("", (answer.answer,))
    rows = [
        (
            _named(one.state),
            ", ".join(CONCEPTS[id].title for id in one.concepts) or "–",
            "–" if one.steps is None else str(one.steps),
            "no way at all" if one.fewest_sacrifices is None else str(one.fewest_sacrifices),
            answer.why(one),
        )
        for one in answer.by_cost()
    ]
    yield Part("Way by way", (), ("State", "Equilibrium under", "Steps", "Sacrifices needed", "How"), _some(rows))


def _ask_coalitions(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    allowed = import_module("detente.analysis.coalitions").COALITION_CONCEPTS
    wanted = [id for id in _concepts(given) or allowed if id in allowed] or list(allowed)
    return conflict.coalition_analysis(None, wanted, size=int(given.get("size") or 0) or None, progress=progress)


def _tell_coalitions(answer: Any) -> Iterable[Part]:
    yield Part("", (answer.answer,))
    states = sorted({state for found in answer.equilibria.values() for state in found})
    rows = [
        (
            _named(state),
            *(
                "·"
                if state not in answer.equilibria[id]
                else "holds"
                if state in answer.universal[id]
                else "alone only"
                for id in answer.concepts
            ),
        )
        for state in states
    ]
    every = "every coalition" if answer.every else "the coalitions asked about"
    yield Part(
        "The equilibria",
        (f"“holds”: against {every}. “alone only”: for each decision maker by itself, but not for some coalition.",),
        ("State", *(CONCEPTS[id].title for id in answer.concepts)),
        _some(rows),
    )
    jumps = [
        (
            _named(jump.start),
            "; ".join(jump.coalition),
            CONCEPTS[jump.concept].title,
            answer.in_words(jump.start, jump.path),
        )
        for jump in answer.jumps
    ]
    if jumps:
        yield Part("Who would leave, and where to", (), ("From", "Coalition", "Under", "How"), _some(jumps))


def _ask_whose_word(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    return conflict.whose_word(_concepts(given), by_speaker=bool(given.get("by_speaker")), progress=progress)


def _tell_whose_word(answer: Any) -> Iterable[Part]:
    how = "all of them" if answer.exact else "drawn by lot: shares are given with 95% intervals"
    opening = f"{answer.accounts:,} accounts ({how}), which make {answer.models:,} different models."
    if not answer.claims:
        opening = "No statement is contested or in doubt: nobody's word is open."
    stuck: dict[str, list[str]] = {}
    for concept in answer.concepts:
        one = answer.deadlock(concept.id)
        if one is not None:
            stuck.setdefault(_stuck(answer, one), []).append(concept.title)
    yield Part("", (opening, *(f"{', '.join(titles)}: {said}" for said, titles in stuck.items())))
    yield Part(
        "The open claims",
        (),
        ("Claim", "Whose word"),
        _some((one.id, answer.claim_in_words(one.id)) for one in answer.claims),
    )
    rows = [
        (
            f"{one.number or '–'} {one.pattern}{f' ({one.name})' if one.name else ''}",
            one.concept.title,
            f"{one.share:.0%}",
            "in every account" if one.in_every else _conditions(answer, one),
        )
        for one in answer.dependences
    ]
    yield Part("The equilibria, and what they hang on", (), ("State", "Under", "Share of accounts", "If"), _some(rows))
    sides = [
        (
            side.name,
            str(side.statements),
            str(side.dropped),
            side.status_quo or "–",
            *(" ".join(side.equilibria[one.id]) or "–" for one in answer.concepts),
        )
        for side in answer.sides
    ]
    if sides:
        heads = (
            "By the word of",
            "Statements",
            "Elements without",
            "Status quo",
            *(one.title for one in answer.concepts),
        )
        yield Part("By each side's statements alone", (), heads, _some(sides))


def _stuck(answer: Any, one: Any) -> str:
    if one.in_every:
        return "whomever one believes, the status quo is an equilibrium; what it consists of is each account's own."
    if one.share == 0:
        return "whomever one believes, the status quo is no equilibrium."
    conditions = _conditions(answer, one)
    when = f": if {conditions}" if conditions else ""
    return f"the status quo is an equilibrium in {one.share:.0%} of the accounts{when}."


def _conditions(answer: Any, one: Any) -> str:
    return "; or if ".join(answer.condition_in_words(each) for each in one.conditions or ())


def _ask_comparison(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    compare = import_module("detente.analysis.comparison").compare
    return compare(given["other"], conflict, _concepts(given), progress=progress)


def _tell_comparison(answer: Any) -> Iterable[Part]:
    yield Part("", (f"From “{answer.first.title}” to “{answer.second.title}”.",))
    rows = []
    for change in answer.changes:
        effects = [
            f"{CONCEPTS[id].title}: {', '.join([*(f'+{p}' for p in came), *(f'−{p}' for p in went)])}"
            for id, came, went in change.alone or ()
        ]
        rows.append((change.kind, change.text, "; ".join(effects) or "nothing by itself"))
    yield Part("What changed", (), ("What", "Change", "What it does by itself"), _some(rows))
    both = [
        (
            concept.title,
            ", ".join(map(answer.shown, answer.came(concept.id))) or "–",
            ", ".join(map(answer.shown, answer.went(concept.id))) or "–",
        )
        for concept in answer.concepts
    ]
    yield Part("What became of the equilibria", (), ("Concept", "Came", "Went"), _some(both))


def _ask_robustness(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    return conflict.robustness(
        _concepts(given),
        samples=int(given.get("samples") or 10_000),
        seed=int(given.get("seed") or 0),
        progress=progress,
    )


def _tell_robustness(answer: Any) -> Iterable[Part]:
    quo = answer.status_quo
    told = [] if quo is None else [answer.why(quo, concept.id) for concept in answer.concepts]
    yield Part("The status quo", tuple(dict.fromkeys(told)))
    states = answer.notable(MOST_ROWS)
    rows = [
        (_named(state), *(f"{answer.share(state, concept.id).share:.0%}" for concept in answer.concepts))
        for state in states
    ]
    heads = ("State", *(concept.title for concept in answer.concepts))
    text = "In which share of the preference profiles drawn a state is an equilibrium; the darker, the more."
    yield Part("How much of each equilibrium survives doubt", (text, *answer.notes), heads, _some(rows), heat=True)


def _ask_inversion(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    concept = (_concepts(given) or ["nash"])[0]
    return conflict.invert(given.get("state") or "status quo", concept, progress=progress)


def _tell_inversion(answer: Any) -> Iterable[Part]:
    why = answer.why
    yield Part("", (why() if callable(why) else why,))
    ways = tuple(answer.in_words(change) for change in answer.changes[:MOST_ROWS])
    if ways:
        yield Part("The smallest changes that would do", ways)


def _ask_perception(conflict: Any, given: Mapping[str, Any], progress: Progress) -> Any:
    progress(0.0, "looking with each party's eyes")
    return conflict.perceive(_concepts(given))


def _tell_perception(answer: Any) -> Iterable[Part]:
    rows = [
        (
            concept.title,
            *(", ".join(map(_named, by[concept.id])) or "–" for by in (answer.equilibria, answer.true_equilibria)),
        )
        for concept in answer.concepts
    ]
    yield Part("The equilibria", (), ("Concept", "As each sees the dispute", "As it is"), _some(rows))
    surprises = tuple(answer.in_words(one) for one in answer.surprises[:MOST_ROWS])
    yield Part("Who would be surprised", surprises or ("Nobody.",))


_CONCEPT_FIELD = Field("concepts", "Solution concepts", "concepts", hint="The usual ones when none is chosen.")

QUESTIONS = {
    question.id: question
    for question in (
        Question(
            "evolve",
            "Evolution",
            "How could the dispute get from here to there, and what blocks the way?",
            "detente.analysis.evolution",
            (
                Field("from", "From", "state", hint="The status quo when left out."),
                Field("to", "To", "state", hint="The equilibria when left out."),
                Field(
                    "by", "By", "choice", "moves",
                    (("moves", "any legal moves"), ("improvements", "moves that the mover gains by")),
                ),
                Field("sacrifices", "Moves that may be no improvements", "number", "0"),
                _CONCEPT_FIELD,
            ),
            _ask_evolution,
            _tell_evolution,
        ),
        Question(
            "coalitions",
            "Coalitions",
            "Who would leave an equilibrium together, and where to?",
            "detente.analysis.coalitions",
            (Field("size", "Coalitions of up to", "number", "", hint="All when left out."), _CONCEPT_FIELD),
            _ask_coalitions,
            _tell_coalitions,
        ),
        Question(
            "whose-word",
            "Whose word",
            "On whose word does the answer hang?",
            "detente.analysis.whose_word",
            (Field("by_speaker", "The dispute by each side's statements alone, too", "tick"), _CONCEPT_FIELD),
            _ask_whose_word,
            _tell_whose_word,
        ),
        Question(
            "compare",
            "Compare",
            "What is otherwise than in an earlier version, and what does that do?",
            "detente.analysis.comparison",
            (Field("other", "Earlier version", "conflict"), _CONCEPT_FIELD),
            _ask_comparison,
            _tell_comparison,
        ),
        Question(
            "robust",
            "Robustness",
            "How much of the answer survives doubt about preferences?",
            "detente.analysis.robustness",
            (
                Field("samples", "Preference profiles to draw", "number", "10000"),
                Field("seed", "Seed", "number", "0"),
                _CONCEPT_FIELD,
            ),
            _ask_robustness,
            _tell_robustness,
        ),
        Question(
            "invert",
            "Inverse",
            "What would have to change for a state to hold?",
            "detente.analysis.inverse",
            (
                Field("state", "State", "state", hint="The status quo when left out."),
                Field("concepts", "Solution concept", "concepts", hint="The first that is chosen; Nash when none is."),
            ),
            _ask_inversion,
            _tell_inversion,
        ),
        Question(
            "perceive",
            "Perception",
            "What holds when each sees the dispute with eyes of its own, and who is surprised?",
            "detente.analysis.perception",
            (_CONCEPT_FIELD,),
            _ask_perception,
            _tell_perception,
        ),
    )
}  # fmt: skip


def available() -> list[Question]:
    """Return the questions that can be answered here."""
    return [question for question in QUESTIONS.values() if question.available]


def question(id: str) -> Question:
    """Return the question of this name; raises `UnknownNameError`."""
    found = {one.id: one for one in available()}
    if id not in found:
        raise UnknownNameError("question", id, found)
    return found[id]


def _concepts(given: Mapping[str, Any]) -> list[str] | None:
    wanted = given.get("concepts") or []
    return [str(id) for id in wanted if id in CONCEPTS] or None


def _named(state: Any) -> str:
    return f"{int(state)} {state.pattern}{f' ({state.name})' if state.name else ''}"


def _some(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row, _ in zip(rows, range(MOST_ROWS), strict=False))


__all__ = ["QUESTIONS", "Field", "Part", "Question", "available", "question"]
