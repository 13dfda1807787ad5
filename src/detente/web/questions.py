"""The questions that take their time: what each asks for, and who answers.

A question whose module is not there is not shown. Its answer is worded by the view of the same question
(`detente.present`), and is the data that the command of the same name prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from detente.analysis.coalitions import COALITION_CONCEPTS
from detente.analysis.comparison import Comparison, compare
from detente.analysis.inverse import INVERSE_CONCEPTS
from detente.analysis.result import Result
from detente.analysis.robustness.sampling import SAMPLED
from detente.errors import InputError, UnknownNameError
from detente.io.dossier_file import dossier_data
from detente.jobs import ProgressReport
from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.statements import Dossier
from detente.model.wording import counted
from detente.present.blocks import Block, Paragraph, texts
from detente.present.phrases import statement_in_words
from detente.reading.documents import read_document
from detente.reading.dossier_import import actors_of
from detente.web.concept_choice import known_concept_ids
from detente.web.documents import any_damage_named
from detente.web.folder import without_ending
from detente.web.parties import option_data, parties

if TYPE_CHECKING:
    from detente.reading import reader
    from detente.report import briefing
else:
    reader = lazy("detente.reading.reader")
    briefing = lazy("detente.report.briefing")


@dataclass(frozen=True)
class QuestionField:
    """Something that a question asks for.

    ``kind`` is text, number, state, concepts, concept (one of them), conflict, choice or tick; ``allowed`` are the
    concepts that the question knows, None for all.
    """

    name: str
    label: str
    kind: str
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class WrittenFile:
    """A file that an answer is: its name, what it is, and its bytes."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """An answer as data and as blocks, with what a page needs to know of the dispute.

    ``options`` are those of a state's letters; ``cited`` has the words of the statements that are cited, by identifier.
    """

    data: Mapping[str, Any]
    blocks: tuple[Block, ...]
    options: tuple[Mapping[str, Any], ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)
    file: WrittenFile | None = None


@dataclass(frozen=True)
class Question:
    """A question: its name in commands, how it reads, the module that answers, its fields, and how to ask.

    ``words`` tells whether the statements that an answer cites are told below it: not where the answer does so itself.
    """

    id: str
    title: str
    asks: str
    module: str
    fields: tuple[QuestionField, ...]
    ask: Callable[[Conflict, Mapping[str, Any], ProgressReport], Result | Done]
    words: bool = True
    #: Whether the question has no page of its own: another asks it.
    aside: bool = False

    @property
    def available(self) -> bool:
        """Whether the module that answers is there."""
        return find_spec(self.module) is not None

    def answer(self, conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Answer:
        """Answer the question, and word the answer."""
        found = self.ask(conflict, given, progress)
        if isinstance(found, Done):
            return Answer(found.data, (Paragraph(found.said),), file=found.file)
        blocks = tuple(found.words.view(found))
        # States of a comparison have letters for the options of both versions.
        shown = found.both if isinstance(found, Comparison) else conflict
        return Answer(found.to_dict(), blocks, tuple(option_data(shown, parties(shown))), _cited(blocks, conflict))


#: Where a text cites statements: identifiers between brackets.
CITING = re.compile(r"[(\[]([^()\[\]]+)[)\]]")


def _cited(blocks: Sequence[Block], conflict: Conflict) -> dict[str, str]:
    """Return the words of the statements that are cited somewhere, in the order in which they are."""
    said = {one.id: one for one in conflict.all_statements}
    found = [id.strip() for _, text in texts(blocks) for inside in CITING.findall(text) for id in inside.split(",")]
    return {
        id: statement_in_words(said[id], conflict.all_speakers, conflict.all_statements)
        for id in dict.fromkeys(found)
        if id in said
    }


def _ask_what_holds(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    return conflict.analyze(_concepts(given), progress=progress)


def _ask_evolution(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    return conflict.evolve(
        given.get("from") or "status quo",
        given.get("to") or "equilibria",
        by=given.get("by") or "moves",
        sacrifices=_whole(given, "sacrifices") or 0,
        concepts=_concepts(given),
        progress=progress,
    )


def _ask_coalitions(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    wanted = _concepts(given, COALITION_CONCEPTS) or COALITION_CONCEPTS
    return conflict.coalition_analysis(None, wanted, size=_whole(given, "size") or None, progress=progress)


def _ask_whose_word(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    return conflict.whose_word(_concepts(given), by_speaker=bool(given.get("by_speaker")), progress=progress)


def _ask_comparison(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    return compare(given["other"], conflict, _concepts(given), progress=progress)


def _ask_robustness(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    return conflict.robustness(
        _concepts(given, SAMPLED),
        samples=_whole(given, "samples") or 10_000,
        seed=_whole(given, "seed") or 0,
        progress=progress,
    )


def _ask_inversion(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    concept = (_concepts(given, INVERSE_CONCEPTS) or ["nash"])[0]
    return conflict.invert(given.get("state") or "status quo", concept, progress=progress)


def _ask_intervention(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    concept = (_concepts(given, INVERSE_CONCEPTS) or ["nash"])[0]
    size = _whole(given, "size") or 3
    return conflict.third_party(given.get("state") or "status quo", concept, size=size, progress=progress)


def _ask_perception(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
    progress(0.0, "looking with each party's eyes")
    return conflict.perceive(_concepts(given))


@dataclass(frozen=True)
class Done:
    """What a question leads to that no view words: its data, a sentence about it, and perhaps a file."""

    data: Mapping[str, Any]
    said: str
    file: WrittenFile | None = None


def _ask_reader(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Done:
    source = next(one for one in conflict.all_sources if one.id == given["source"])
    progress(0.1, f"reading {source.title or source.id}")
    with any_damage_named(source.file or source.id):
        documents = [read_document(given["document"])]
    dossier: Dossier = reader.read(documents, actors=actors_of(conflict), published=source.date)
    # The document is the one of the source that was asked for, wherever it lies.
    mine = replace(dossier.sources[0], id=source.id, file=source.file)
    statements = tuple(replace(one, source=mine.id) for one in dossier.statements)
    data = dossier_data(replace(dossier, sources=(mine,), statements=statements))
    return Done(data, f"{counted(len(statements), 'statement')} found.")


#: The forms in which a report can be had, by the ending of its file: what a page calls them, and what a browser does.
_FORMS = {
    ".html": ("a page", "text/html"),
    ".pdf": ("PDF", "application/pdf"),
    ".md": ("Markdown", "text/markdown"),
    ".tex": ("LaTeX", "application/x-tex"),
}


def _ask_report(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Done:
    form = str(given.get("form") or ".html")
    if form not in _FORMS:
        raise UnknownNameError("form of a report", form, _FORMS)
    title = " ".join(str(given.get("title") or "").split()) or None
    made = briefing.report(
        conflict,
        _concepts(given),
        title=title,
        file=given["path"],
        seed=_whole(given, "seed") or 0,
        progress=lambda share, doing: progress(0.9 * share, doing),
    )
    progress(0.9, "setting the pages")
    file = WrittenFile(f"{without_ending(given['path'].name)}{form}", _FORMS[form][1], made.rendered(form))
    return Done(made.to_dict(), "The report is written.", file)


_USUAL = "The usual ones when none is chosen."
_CONCEPT_FIELD = QuestionField("concepts", "Stability concepts", "concepts", hint=_USUAL)
_ONE_CONCEPT = QuestionField("concepts", "Stability concept", "concept", default="nash", allowed=INVERSE_CONCEPTS)


#: Numbers that are asked for have no more digits.
LONGEST_NUMBER = 9


def _some_of(allowed: tuple[str, ...]) -> QuestionField:
    return QuestionField("concepts", "Stability concepts", "concepts", hint=_USUAL, allowed=allowed)


QUESTIONS = {
    question.id: question
    for question in (
        Question(
            "analyze",
            "What holds",
            "Which states are stable, if there are too many to list?",
            "detente.analysis.equilibria",
            (_CONCEPT_FIELD,),
            _ask_what_holds,
            aside=True,
        ),
        Question(
            "read",
            "Who said what",
            "Who is reported to have said what in a document?",
            "detente.reading.reader",
            (QuestionField("source", "Source", "text"),),
            _ask_reader,
            aside=True,
        ),
        Question(
            "evolve",
            "Evolution",
            "How could the dispute get from here to there, and what blocks the way?",
            "detente.analysis.evolution",
            (
                QuestionField("from", "From", "state", hint="The status quo when left out."),
                QuestionField("to", "To", "state", hint="The equilibria when left out."),
                QuestionField(
                    "by", "By", "choice", "moves",
                    (("moves", "any legal moves"), ("improvements", "moves that the mover gains by")),
                ),
                QuestionField("sacrifices", "Moves that may be no improvements", "number", "0"),
                _CONCEPT_FIELD,
            ),
            _ask_evolution,
        ),
        Question(
            "coalitions",
            "Coalitions",
            "Who would leave an equilibrium together, and where to?",
            "detente.analysis.coalitions",
            (
                QuestionField("size", "Coalitions of up to", "number", "", hint="decision makers; all when left out."),
                _some_of(COALITION_CONCEPTS),
            ),
            _ask_coalitions,
        ),
        Question(
            "whose-word",
            "Whose word",
            "On whose word does the answer hang?",
            "detente.analysis.whose_word",
            (QuestionField("by_speaker", "The dispute by each side's statements alone, too", "tick"), _CONCEPT_FIELD),
            _ask_whose_word,
            words=False,
        ),
        Question(
            "compare",
            "Compare",
            "What is otherwise than in an earlier version, and what does that do?",
            "detente.analysis.comparison",
            (QuestionField("other", "Earlier version", "conflict"), _CONCEPT_FIELD),
            _ask_comparison,
        ),
        Question(
            "robust",
            "Robustness",
            "How much of the answer survives doubt about preferences?",
            "detente.analysis.robustness",
            (
                QuestionField("samples", "Preference profiles to draw", "number", "10000"),
                QuestionField("seed", "Seed", "number", "0", hint="The same seed draws the same profiles."),
                _some_of(SAMPLED),
            ),
            _ask_robustness,
        ),
        Question(
            "invert",
            "Inverse",
            "What would have to change for a state to hold?",
            "detente.analysis.inverse",
            (
                QuestionField("state", "State", "state", hint="The status quo when left out."),
                _ONE_CONCEPT,
            ),
            _ask_inversion,
        ),
        Question(
            "third-party",
            "Third party",
            "What would somebody else have to see to, for a state to hold?",
            "detente.analysis.third_party",
            (
                QuestionField("state", "State", "state", hint="The status quo when left out."),
                QuestionField("size", "Options to hold, up to", "number", "3", hint="more where none of these does."),
                _ONE_CONCEPT,
            ),
            _ask_intervention,
        ),
        Question(
            "perceive",
            "Perception",
            "What holds when each sees the dispute with eyes of its own, and who is surprised?",
            "detente.analysis.perception",
            (_CONCEPT_FIELD,),
            _ask_perception,
        ),
        Question(
            "report",
            "Report",
            "What does the team read before the meeting?",
            "detente.report.briefing",
            (
                QuestionField(
                    "form", "As", "choice", ".html", tuple((ending, called) for ending, (called, _) in _FORMS.items()),
                    hint="The answer on one page, and behind it everything that it rests on.",
                ),
                QuestionField("title", "At the top", "text", hint="The dispute's title when left out."),
                QuestionField("seed", "Seed", "number", "0", hint="Seed of the random draws."),
                _CONCEPT_FIELD,
            ),
            _ask_report,
            words=False,
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


def _concepts(given: Mapping[str, Any], allowed: Iterable[str] | None = None) -> list[str] | None:
    wanted = given.get("concepts") or []
    found = known_concept_ids([wanted] if isinstance(wanted, str) else map(str, wanted))
    return [id for id in found if allowed is None or id in allowed] or None


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number that was given, or None where nothing was."""
    text = str(given.get(name) or "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise InputError(f"{name}: '{text}' is no whole number")
    if len(text) > LONGEST_NUMBER:
        raise InputError(f"{name}: a number has no more than {LONGEST_NUMBER} digits")
    return int(text)


__all__ = ["CITING", "QUESTIONS", "Answer", "Question", "QuestionField", "WrittenFile", "available", "question"]
