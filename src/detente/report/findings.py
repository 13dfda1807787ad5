"""Everything that a report asks of a conflict, asked once; what could not be asked, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from detente.analysis.coalitions import COALITION_CONCEPTS, CoalitionAnalysis
from detente.analysis.equilibria import Analysis, StateGraph
from detente.analysis.evolution import Evolution
from detente.analysis.robustness import DEFAULT_SAMPLED, Robustness
from detente.analysis.whose_word import WhoseWord
from detente.engine.progress import Stages
from detente.errors import DetenteError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.questions import Progress, no_progress
from detente.model.wording import NO_STATUS_QUO, counted
from detente.present.phrases import shortened

_T = TypeVar("_T")

#: With more states than this, paths, coalitions, doubt and the picture are left out: they would take too long.
MAX_ASKED = 4_096
#: With more equilibria than this the ways to each are not looked for.
MAX_TARGETS = 64
#: From so many states times coalitions on, coalitions are left out.
MAX_COALITION_WORK = 8_192
#: From so many states times different accounts on, whose word it is is left out.
MAX_ACCOUNT_WORK = 4_000_000
#: From so many states times profiles on, doubt about the preferences is left out.
MAX_PROFILE_WORK = 4_000_000
#: The same with a standing coalition: every profile is then a conflict of its own, whose moves are listed.
MAX_LISTED_WORK = 20_000


@dataclass(frozen=True)
class Findings:
    """The answers that a report is made of.

    ``unasked`` says for each question why it was left out.
    """

    conflict: Conflict
    analysis: Analysis
    graph: StateGraph | None
    evolution: Evolution | None
    coalitions: CoalitionAnalysis | None
    words: WhoseWord | None
    robustness: Robustness | None
    unasked: Mapping[str, str]
    seed: int
    samples: int
    digest: str
    file: str = ""
    file_digest: str = ""


def ask(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    seed: int = 0,
    samples: int = 2_000,
    progress: Progress = no_progress,
) -> Findings:
    """Ask a conflict everything that a report tells of."""
    digest = conflict.digest
    conflict = model_of_day(with_short_names(conflict))
    stages = Stages(progress, 1.0)
    stages.begin(0.2, "which states hold")
    analysis = conflict.analyze(concepts, engine, progress=stages)
    count, groups = analysis.count, 2 ** len(analysis.players) - 1
    names = [concept.id for concept in analysis.concepts]
    for_coalitions = [id for id in names if id in COALITION_CONCEPTS]
    sampled = [id for id in names if id in DEFAULT_SAMPLED]
    targets = len(analysis.concepts_by_state) if count <= MAX_LISTED else 0
    disputed = len(conflict.testimony().disputed)
    together = any(len(members) > 1 for members in conflict.players)
    too_large = (count > MAX_ASKED, f"{count:,} states are more than the {MAX_ASKED:,} that it is told for")
    reasons: dict[str, list[tuple[bool, str]]] = {
        "picture": [too_large],
        "paths": [
            (analysis.status_quo is None, f"{NO_STATUS_QUO} to begin from"),
            (targets > MAX_TARGETS, f"there are {targets:,} equilibria, too many to look for the ways to each"),
            too_large,
        ],
        "coalitions": [
            (groups == 1, "there is only one who decides"),
            (not for_coalitions, "no concept asked for has a form for coalitions"),
            (
                count * groups > MAX_COALITION_WORK,
                f"{count:,} states and {groups:,} groups are many: ask with detente coalitions",
            ),
            too_large,
        ],
        "words": [
            (
                count * 2 ** min(disputed, 13) > MAX_ACCOUNT_WORK,
                f"{counted(disputed, 'contested statement')} make many accounts of {count:,} states: ask with detente "
                "whose-word",
            ),
            too_large,
        ],
        "robustness": [
            (count * samples > MAX_PROFILE_WORK, f"{count:,} states are many: ask with detente robust"),
            (
                together and count * samples > MAX_LISTED_WORK,
                f"with a coalition that moves together each of {samples:,} profiles of {count:,} states has to be "
                "decided by itself: ask with detente robust, which takes its time",
            ),
            (not sampled, "no concept asked for is decided for random preferences"),
            too_large,
        ],
    }
    unasked: dict[str, str] = {}

    def asked(what: str, effort: float, doing: str, question: Callable[[], _T]) -> _T | None:
        """Return an answer, or None with the reason kept; ``effort`` is its share of the work."""
        reason = next((reason for applies, reason in reasons[what] if applies), None)
        if reason is None:
            stages.begin(effort, doing)
            try:
                return question()
            except DetenteError as error:
                reason = str(error)
        unasked[what] = reason
        return None

    return Findings(
        conflict=conflict,
        analysis=analysis,
        graph=asked("picture", 0.1, "the moves", lambda: conflict.graph(engine)),
        evolution=asked(
            "paths",
            0.1,
            "the ways from the status quo",
            lambda: conflict.evolve(by="improvements", concepts=names, engine=engine, progress=stages),
        ),
        coalitions=asked(
            "coalitions",
            0.2,
            "who would leave together",
            lambda: conflict.coalition_analysis(None, for_coalitions, engine=engine, progress=stages),
        ),
        words=asked(
            "words",
            0.2,
            "on whose word it hangs",
            lambda: conflict.whose_word(names, engine, by_speaker=True, seed=seed, progress=stages),
        ),
        robustness=asked(
            "robustness",
            0.2,
            "how much survives doubt",
            lambda: conflict.robustness(sampled, samples=samples, seed=seed, progress=stages),
        ),
        unasked=MappingProxyType(unasked),
        seed=seed,
        samples=samples,
        digest=digest,
    )


def with_short_names(conflict: Conflict) -> Conflict:
    """Return the conflict with names that can be repeated in a sentence; what is too long is cut, and shows it."""
    names = [
        *(maker.name for maker in conflict.decision_makers),
        *(words for option in conflict.options for words in (option.name, option.not_named)),
    ]
    if all(name == shortened(name) for name in names):
        return conflict
    makers = [
        replace(
            maker,
            name=shortened(maker.name),
            options=tuple(
                replace(option, name=shortened(option.name), not_named=shortened(option.not_named))
                for option in maker.options
            ),
        )
        for maker in conflict.decision_makers
    ]
    return conflict.replaced(decision_makers=makers)
