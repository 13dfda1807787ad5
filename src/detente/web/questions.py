"""The questions that run in the background: the fields of each, and the function that answers it.

A question whose module is not installed is not shown. Its answer is worded by the view of the same question
(`detente.present`), and is the data that the command of the same name prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.analysis.coalitions import COALITION_CONCEPTS
from detente.analysis.comparison import Comparison, compare
from detente.analysis.inverse import INVERSE_CONCEPTS
from detente.analysis.result import Result
from detente.analysis.robustness.sampling import SAMPLED
from detente.errors import InputError, UnknownNameError
from detente.io.dossier_file import dossier_data
from detente.io.scenarios import load_scenarios
from detente.jobs import ProgressReport
from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.statements import Dossier
from detente.model.wording import counted
from detente.present.blocks import Block, Paragraph, texts
from detente.present.evolution import NOT_PREFERRED
from detente.present.phrases import statement_in_words
from detente.reading.documents import Document, read_document
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
    """An input of a question.

    ``kind`` is text, number, state, concepts, concept (one of them), conflict, scenarios, choice or tick; ``allowed``
    are the concepts that the question accepts, None for all.
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
    """A file that an answer consists of: its name, media type and bytes."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """An answer as data and as blocks, with what a page needs from the dispute.

    ``options`` belong to the letters of a state; ``cited`` has the text of each cited statement, by identifier; ``day``
    is what an address of a state says about the day.
    """

    data: Mapping[str, Any]
    blocks: tuple[Block, ...]
    options: tuple[Mapping[str, Any], ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)
    file: WrittenFile | None = None
    day: str = ""


@dataclass(frozen=True)
class Question:
    """A question: its identifier (the name of the command), its texts, the module that answers it, and its fields.

    ``words`` tells whether the page lists the cited statements below the answer: False if the answer lists them itself.
    """

    id: str
    title: str
    asks: str
    module: str
    fields: tuple[QuestionField, ...]
    ask: Callable[[Conflict, Mapping[str, Any], ProgressReport], Result | Done]
    words: bool = True
    #: Whether the question has no page of its own because another page asks it.
    aside: bool = False

    @property
    def available(self) -> bool:
        """Whether the module that answers it is installed."""
        return find_spec(self.module) is not None

    def answer(self, conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Answer:
        """Answer the question, and word the answer."""
        found = self.ask(conflict, given, progress)
        if isinstance(found, Done):
            return Answer(found.data, (Paragraph(found.said),), file=found.file)
        blocks = tuple(found.words.view(found))
        # In a comparison, a state has letters for the options of both versions.
        shown = found.both if isinstance(found, Comparison) else conflict
        return Answer(found.to_dict(), blocks, tuple(option_data(shown, parties(shown))), cited(blocks, conflict))


#: How a text cites statements: identifiers in brackets.
CITING = re.compile(r"[(\[]([^()\[\]]+)[)\]]")


def cited(blocks: Sequence[Block], conflict: Conflict) -> dict[str, str]:
    """Return the text of every cited statement, in order of first citation."""
    said = {one.id: one for one in conflict.all_statements}
    found = (
        id.strip() for _, text in texts(blocks) for inside in CITING.findall(text) for id in re.split("[,;]", inside)
    )
    return {
        id: statement_in_words(said[id], conflict.all_speakers, conflict.all_statements)
        for id in dict.fromkeys(found)
        if id in said
    }


def _ask_equilibria(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Result:
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
    progress(0.0, "analysing each party's view")
    return conflict.perceive(_concepts(given))


@dataclass(frozen=True)
class Done:
    """An answer that has no view: its data, a sentence about it, and perhaps a file."""

    data: Mapping[str, Any]
    said: str
    file: WrittenFile | None = None


def _ask_reader(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Done:
    """Read the documents of some sources together, so that a speaker is one in all of them."""
    sources = {one.id: one for one in conflict.all_sources}
    documents: dict[str, Document] = {}
    unreadable: list[str] = []
    paths: Mapping[str, Path] = given["documents"]
    for number, (id, path) in enumerate(paths.items()):
        source = sources[id]
        progress(0.1 * number / len(paths), f"opening {source.title or id}")
        try:
            with any_damage_named(source.file or id):
                found = read_document(path)
                documents[id] = replace(found, date=source.date or found.date)
        except InputError as error:
            if len(paths) == 1:
                raise
            unreadable.append(f"{source.title or id}: {error.faults[0].message}")
    dossier: Dossier = reader.read(
        documents.values(),
        actors=actors_of(conflict),
        # A process that answers a question may not start others.
        workers=1,
        progress=lambda share, doing: progress(0.1 + 0.9 * share, doing),
    )
    # Keep the identifiers and the files of the sources that were asked for.
    id_of = dict(zip((one.id for one in dossier.sources), documents, strict=True))
    read = tuple(replace(one, id=id_of[one.id], file=sources[id_of[one.id]].file) for one in dossier.sources)
    statements = tuple(replace(one, source=id_of[one.source or ""]) for one in dossier.statements)
    skipped = tuple(replace(one, source=id_of[one.source]) for one in dossier.skipped)
    data = dossier_data(replace(dossier, sources=read, statements=statements, skipped=skipped))
    said = " ".join([f"{counted(len(statements), 'statement')} found.", *(f"Not read: {one}." for one in unreadable)])
    return Done({**data, "unreadable": unreadable} if unreadable else data, said)


#: The forms of a report by file extension: the label on the page, and the media type.
_FORMS = {
    ".html": ("web page", "text/html"),
    ".pdf": ("PDF", "application/pdf"),
    ".md": ("Markdown", "text/markdown"),
    ".tex": ("LaTeX", "application/x-tex"),
}


def _ask_report(conflict: Conflict, given: Mapping[str, Any], progress: ProgressReport) -> Done:
    form = str(given.get("form") or ".html")
    if form not in _FORMS:
        raise UnknownNameError("form of a report", form, _FORMS)
    title = " ".join(str(given.get("title") or "").split()) or None
    asked = given.get("scenarios") or []
    made = briefing.report(
        conflict,
        _concepts(given),
        title=title,
        file=given["path"],
        seed=_whole(given, "seed") or 0,
        scenarios=load_scenarios(given["path"], [asked] if isinstance(asked, str) else asked),
        progress=lambda share, doing: progress(0.9 * share, doing),
    )
    progress(0.9, "laying out the pages")
    file = WrittenFile(f"{without_ending(given['path'].name)}{form}", _FORMS[form][1], made.rendered(form))
    said = " ".join(["The report is written.", *(f"Note: {one}." for one in made.warnings(form))])
    return Done(made.to_dict(), said, file)


_USUAL = "Default: the usual concepts."
_CONCEPT_FIELD = QuestionField("concepts", "Stability concepts", "concepts", hint=_USUAL)
_ONE_CONCEPT = QuestionField("concepts", "Stability concept", "concept", default="nash", allowed=INVERSE_CONCEPTS)


#: The maximum number of digits of a number in a field.
LONGEST_NUMBER = 9


def _some_of(allowed: tuple[str, ...]) -> QuestionField:
    return QuestionField("concepts", "Stability concepts", "concepts", hint=_USUAL, allowed=allowed)


QUESTIONS = {
    question.id: question
    for question in (
        Question(
            "analyze",
            "Stable states",
            "Which states are stable?",
            "detente.analysis.equilibria",
            (_CONCEPT_FIELD,),
            _ask_equilibria,
            aside=True,
        ),
        Question(
            "read",
            "Statements",
            "Which statements does a document report?",
            "detente.reading.reader",
            (QuestionField("source", "Source", "text", hint="Default: every document that is not read yet."),),
            _ask_reader,
            aside=True,
        ),
        Question(
            "evolve",
            "Evolution",
            "How could the dispute move from one state to another, and what blocks the path?",
            "detente.analysis.evolution",
            (
                QuestionField("from", "From", "state", hint="Default: the status quo."),
                QuestionField("to", "To", "state", hint="Default: all equilibria."),
                QuestionField(
                    "by", "Moves", "choice", "moves",
                    (("moves", "all legal moves"), ("improvements", "improvements: moves that the mover prefers")),
                ),
                QuestionField(
                    "sacrifices", "Maximum number of concessions", "number", "0",
                    hint="Used only if Moves is set to improvements. A concession is a move to a state "
                    f"{NOT_PREFERRED}.",
                ),
                _CONCEPT_FIELD,
            ),
            _ask_evolution,
        ),
        Question(
            "coalitions",
            "Coalitions",
            "Which equilibria would parties leave together, and for which state?",
            "detente.analysis.coalitions",
            (
                QuestionField("size", "Maximum number of members", "number", "", hint="Default: no limit."),
                _some_of(COALITION_CONCEPTS),
            ),
            _ask_coalitions,
        ),
        Question(
            "whose-word",
            "Whose word",
            "Whose claims does the answer depend on?",
            "detente.analysis.whose_word",
            (QuestionField("by_speaker", "Also analyse each side’s statements alone", "tick"), _CONCEPT_FIELD),
            _ask_whose_word,
            words=False,
        ),
        Question(
            "compare",
            "Comparison",
            "What changed since an earlier version, and which equilibria does it add or remove?",
            "detente.analysis.comparison",
            (QuestionField("other", "Earlier version", "conflict"), _CONCEPT_FIELD),
            _ask_comparison,
        ),
        Question(
            "robust",
            "Robustness",
            "How certain are the equilibria if preferences vary?",
            "detente.analysis.robustness",
            (
                QuestionField("samples", "Number of random variations of the preferences", "number", "10000"),
                QuestionField("seed", "Seed", "number", "0", hint="The same seed gives the same variations."),
                _some_of(SAMPLED),
            ),
            _ask_robustness,
        ),
        Question(
            "invert",
            "Inverse",
            "Which preferences would have to change to make a state an equilibrium?",
            "detente.analysis.inverse",
            (
                QuestionField("state", "State", "state", hint="Default: the status quo."),
                _ONE_CONCEPT,
            ),
            _ask_inversion,
        ),
        Question(
            "third-party",
            "Third party",
            "Which options would a third party have to take or block to make a state an equilibrium?",
            "detente.analysis.third_party",
            (
                QuestionField("state", "State", "state", hint="Default: the status quo."),
                QuestionField(
                    "size", "Maximum number of options", "number", "3",
                    hint="Smaller sets are tried first; larger ones only if none is enough.",
                ),
                _ONE_CONCEPT,
            ),
            _ask_intervention,
        ),
        Question(
            "perceive",
            "Perception",
            "What is stable as each party perceives the dispute, and which parties are surprised?",
            "detente.analysis.perception",
            (_CONCEPT_FIELD,),
            _ask_perception,
        ),
        Question(
            "report",
            "Report",
            "What should the team read before the meeting?",
            "detente.report.briefing",
            (
                QuestionField(
                    "form", "Format", "choice", ".html",
                    tuple((ending, called) for ending, (called, _) in _FORMS.items()),
                    hint="The answer on one page, then the details and every statement used.",
                ),
                QuestionField("title", "Title", "text", hint="Default: the title of the dispute."),
                QuestionField("seed", "Seed", "number", "0", hint="Of the random variations of preferences."),
                QuestionField("scenarios", "Scenarios", "scenarios"),
                _CONCEPT_FIELD,
            ),
            _ask_report,
            words=False,
        ),
    )
}  # fmt: skip


def available() -> list[Question]:
    """Return the questions whose modules are installed."""
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
    """Return the whole number that was given, or None if the field is empty."""
    text = str(given.get(name) or "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise InputError(f"{name}: '{text}' is not a whole number")
    if len(text) > LONGEST_NUMBER:
        raise InputError(f"{name}: a number has at most {LONGEST_NUMBER} digits")
    return int(text)


__all__ = [
    "CITING",
    "QUESTIONS",
    "Answer",
    "Question",
    "QuestionField",
    "WrittenFile",
    "available",
    "cited",
    "question",
]
