"""The answers that a report needs, each worked out once, and the reasons why some are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from detente.analysis.coalitions import COALITION_CONCEPTS, CoalitionAnalysis
from detente.analysis.equilibria import Analysis, StateGraph
from detente.analysis.evolution import Evolution
from detente.analysis.overview import Overview, overview_of
from detente.analysis.robustness import DEFAULT_SAMPLED, Robustness
from detente.analysis.timeline import Timeline
from detente.analysis.whose_word import WhoseWord
from detente.engine.progress import Stages
from detente.errors import DetenteError
from detente.io.scenarios import Scenario
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.questions import Progress, no_progress
from detente.model.wording import NO_STATUS_QUO, counted
from detente.present.phrases import shortened

_T = TypeVar("_T")

#: What the overview calls the questions that a report calls otherwise.
_IN_OVERVIEW = {"words": "disputed claims", "timeline": "periods"}
#: With more states than this, paths, coalitions, doubt and the picture are left out because they take too long.
MAX_ASKED = 4_096
#: With more equilibria than this no path to each is sought.
MAX_TARGETS = 64
#: The maximum of states times coalitions for which coalitions are examined.
MAX_COALITION_WORK = 8_192
#: The maximum of states times accounts for which disputed claims are examined.
MAX_ACCOUNT_WORK = 4_000_000
#: The maximum of states times dates for which positions and periods are worked out.
MAX_TIMELINE_WORK = 400_000
#: The maximum of states times profiles for which doubt about the preferences is examined.
MAX_PROFILE_WORK = 4_000_000
#: The same with a standing coalition: then each profile is decided by itself.
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
    timeline: Timeline | None
    overview: Overview
    unasked: Mapping[str, str]
    seed: int
    samples: int
    digest: str
    file: str = ""
    file_digest: str = ""
    #: The scenarios to show, and the dispute as written, which their changes are made to.
    scenarios: tuple[Scenario, ...] = ()
    written: Conflict | None = None


def ask(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    seed: int = 0,
    samples: int = 2_000,
    progress: Progress = no_progress,
) -> Findings:
    """Answer every question that a report covers."""
    digest = conflict.digest
    conflict = model_of_day(with_short_names(conflict))
    stages = Stages(progress, 1.0)
    stages.begin(0.2, "stability")
    analysis = conflict.analyze(concepts, engine, progress=stages)
    count, groups = analysis.count, 2 ** len(analysis.players) - 1
    names = [concept.id for concept in analysis.concepts]
    for_coalitions = [id for id in names if id in COALITION_CONCEPTS]
    sampled = [id for id in names if id in DEFAULT_SAMPLED]
    targets = len(analysis.numbers_of_equilibria) if count <= MAX_LISTED else 0
    disputed = len(conflict.testimony().disputed)
    dated = len({one.date_said for one in conflict.all_statements} | {one.date for one in conflict.all_sources}) - 1
    dated += len(conflict.history)
    day = conflict.basis.day
    together = any(len(members) > 1 for members in conflict.players)
    too_large = (count > MAX_ASKED, f"the model has {count:,} states, and this part covers at most {MAX_ASKED:,}")
    reasons: dict[str, list[tuple[bool, str]]] = {
        "picture": [too_large],
        "paths": [
            (analysis.status_quo is None, NO_STATUS_QUO),
            (targets > MAX_TARGETS, f"there are {targets:,} equilibria, too many to search for a path to each"),
            too_large,
        ],
        "coalitions": [
            (groups == 1, "there is only one party"),
            (not for_coalitions, "none of the concepts asked for is defined for coalitions"),
            (
                count * groups > MAX_COALITION_WORK,
                f"{count:,} states and {groups:,} coalitions take too long here; run ‘detente coalitions’",
            ),
            too_large,
        ],
        "timeline": [
            (not dated, "no statement has a date"),
            (
                count * dated > MAX_TIMELINE_WORK,
                f"{count:,} states on {dated:,} dates take too long here; run ‘detente timeline’",
            ),
            too_large,
        ],
        "words": [
            (
                count * 2 ** min(disputed, 13) > MAX_ACCOUNT_WORK,
                f"{counted(disputed, 'disputed statement makes', 'disputed statements make')} too many accounts of "
                f"{count:,} states for a report; run ‘detente whose-word’",
            ),
            too_large,
        ],
        "robustness": [
            (count * samples > MAX_PROFILE_WORK, f"{count:,} states take too long here; run ‘detente robust’"),
            (
                together and count * samples > MAX_LISTED_WORK,
                f"with a standing coalition, {samples:,} profiles of {count:,} states take too long here; run ‘detente "
                "robust’",
            ),
            (not sampled, "none of the concepts asked for can be decided for random preferences"),
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

    graph = asked("picture", 0.1, "state graph", lambda: conflict.graph(engine))
    evolution = asked(
        "paths",
        0.1,
        "paths from the status quo",
        lambda: conflict.evolve(by="improvements", concepts=names, engine=engine, progress=stages),
    )
    joint = asked(
        "coalitions",
        0.2,
        "coalitions",
        lambda: conflict.coalition_analysis(None, for_coalitions, engine=engine, progress=stages),
    )
    words = asked(
        "words",
        0.15,
        "disputed claims",
        lambda: conflict.whose_word(names, engine, by_speaker=True, seed=seed, progress=stages),
    )
    robustness = asked(
        "robustness",
        0.15,
        "doubt about the preferences",
        lambda: conflict.robustness(sampled, samples=samples, seed=seed, progress=stages),
    )
    course = asked(
        "timeline",
        0.1,
        "positions and periods",
        lambda: conflict.timeline(names, engine, last=day.isoformat() if day else None, undated=conflict.undated),
    )
    # What does not apply to the dispute is not missing from the overview.
    settled = {"picture"} | ({"timeline"} if not dated else set()) | ({"coalitions"} if groups == 1 else set())
    left_out = {_IN_OVERVIEW.get(what, what): reason for what, reason in unasked.items() if what not in settled}
    return Findings(
        conflict=conflict,
        analysis=analysis,
        graph=graph,
        evolution=evolution,
        coalitions=joint,
        words=words,
        robustness=robustness,
        timeline=course,
        overview=overview_of(analysis, evolution, joint, words, robustness, course, left_out=left_out),
        unasked=MappingProxyType(unasked),
        seed=seed,
        samples=samples,
        digest=digest,
    )


def with_short_names(conflict: Conflict) -> Conflict:
    """Return the conflict with names that can be repeated in a sentence; what is too long is cut, and shows it."""
    names = [
        *(maker.name for maker in conflict.decision_makers),
        *(words for option in conflict.options for words in (option.name, option.not_named, option.undone)),
    ]
    if all(name == shortened(name) for name in names):
        return conflict
    makers = [
        replace(
            maker,
            name=shortened(maker.name),
            options=tuple(
                replace(
                    option,
                    name=shortened(option.name),
                    not_named=shortened(option.not_named),
                    undone=shortened(option.undone),
                )
                for option in maker.options
            ),
        )
        for maker in conflict.decision_makers
    ]
    return conflict.replaced(decision_makers=makers)
