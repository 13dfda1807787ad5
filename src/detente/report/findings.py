"""Everything that a report asks of a conflict, asked once; what could not be asked, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from detente.analysis.coalitions import COALITION_CONCEPTS
from detente.analysis.equilibria import Analysis
from detente.analysis.robustness import CONCEPTS, robustness
from detente.engine.progress import Stages
from detente.errors import DetenteError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.questions import Progress, no_progress
from detente.model.wording import NO_STATUS_QUO, counted
from detente.present.phrases import shortened

if TYPE_CHECKING:
    from detente.analysis.coalitions import CoalitionAnalysis
    from detente.analysis.equilibria import StateGraph
    from detente.analysis.evolution import Evolution
    from detente.analysis.whose_word import WhoseWord

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
    robustness: Any
    unasked: Mapping[str, str]
    seed: int
    samples: int
    digest: str
    file: str = ""
    file_digest: str = field(default="")


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
    asker = _Asker(conflict, analysis, engine, seed, samples, stages)
    return Findings(
        conflict,
        analysis,
        asker.asked("picture", lambda: conflict.graph(engine), 0.1, "the moves"),
        asker.evolution(),
        asker.coalitions(),
        asker.words(),
        asker.robustness(),
        MappingProxyType(dict(asker.unasked)),
        seed,
        samples,
        digest,
    )


class _Asker:
    """Asks one question after the other and keeps account of those that cannot be asked."""

    def __init__(
        self, conflict: Conflict, analysis: Analysis, engine: str, seed: int, samples: int, stages: Stages
    ) -> None:
        self.conflict, self.analysis, self.engine = conflict, analysis, engine
        self.seed, self.samples, self.stages = seed, samples, stages
        self.unasked: dict[str, str] = {}

    def asked(self, what: str, question: Any, effort: float, doing: str) -> Any:
        """Return the answer, or None with the reason kept; ``effort`` is its share of the work."""
        self.stages.begin(effort, doing)
        if self.analysis.count > MAX_ASKED:
            self.unasked[what] = f"{self.analysis.count:,} states are more than the {MAX_ASKED:,} that it is told for"
            return None
        try:
            return question()
        except DetenteError as error:
            self.unasked[what] = str(error)
            return None

    def evolution(self) -> Evolution | None:
        if self.analysis.status_quo is None:
            self.unasked["paths"] = f"{NO_STATUS_QUO} to begin from"
            return None
        count = len(self.analysis.concepts_by_state) if self.analysis.count <= MAX_LISTED else 0
        if count > MAX_TARGETS:
            self.unasked["paths"] = f"there are {count:,} equilibria, too many to look for the ways to each"
            return None
        names = [concept.id for concept in self.analysis.concepts]
        found: Evolution | None = self.asked(
            "paths",
            lambda: self.conflict.evolve(by="improvements", concepts=names, engine=self.engine, progress=self.stages),
            0.1,
            "the ways from the status quo",
        )
        return found

    def coalitions(self) -> CoalitionAnalysis | None:
        names = [one.id for one in self.analysis.concepts if one.id in COALITION_CONCEPTS]
        players = len(self.analysis.players)
        if players < 2:
            self.unasked["coalitions"] = "there is only one who decides"
            return None
        if not names:
            self.unasked["coalitions"] = "no concept asked for has a form for coalitions"
            return None
        work = self.analysis.count * (2**players - 1)
        if work > MAX_COALITION_WORK:
            self.unasked["coalitions"] = (
                f"{self.analysis.count:,} states and {2**players - 1:,} groups are many: ask with detente coalitions"
            )
            return None
        found: CoalitionAnalysis | None = self.asked(
            "coalitions",
            lambda: self.conflict.coalition_analysis(None, names, engine=self.engine, progress=self.stages),
            0.2,
            "who would leave together",
        )
        return found

    def words(self) -> WhoseWord | None:
        names = [concept.id for concept in self.analysis.concepts]
        contested = len(self.conflict.testimony().disputed)
        if self.analysis.count * 2 ** min(contested, 13) > MAX_ACCOUNT_WORK:
            self.unasked["words"] = (
                f"{counted(contested, 'contested statement')} make many accounts of {self.analysis.count:,} states: "
                "ask with detente whose-word"
            )
            return None
        found: WhoseWord | None = self.asked(
            "words",
            lambda: self.conflict.whose_word(names, self.engine, by_speaker=True, seed=self.seed, progress=self.stages),
            0.2,
            "on whose word it hangs",
        )
        return found

    def robustness(self) -> Any:
        """Ask how much survives doubt about the preferences."""
        names = [one.id for one in self.analysis.concepts if one.id in CONCEPTS]
        if self.analysis.count * self.samples > MAX_PROFILE_WORK:
            self.unasked["robustness"] = f"{self.analysis.count:,} states are many: ask with detente robust"
            return None
        together = any(len(members) > 1 for members in self.conflict.players)
        if together and self.analysis.count * self.samples > MAX_LISTED_WORK:
            self.unasked["robustness"] = (
                f"with a coalition that moves together each of {self.samples:,} profiles of {self.analysis.count:,} "
                "states has to be decided by itself: ask with detente robust, which takes its time"
            )
            return None
        if not names:
            self.unasked["robustness"] = "no concept asked for is decided for random preferences"
            return None
        return self.asked(
            "robustness",
            lambda: robustness(self.conflict, names, samples=self.samples, seed=self.seed, progress=self.stages),
            0.2,
            "how much survives doubt",
        )


def with_short_names(conflict: Conflict) -> Conflict:
    """Return the conflict with names that can be repeated in a sentence; what is too long is cut, and shows it."""
    names = [*(maker.name for maker in conflict.decision_makers), *(option.name for option in conflict.options)]
    if all(name == shortened(name) for name in names):
        return conflict
    makers = [
        replace(
            maker,
            name=shortened(maker.name),
            options=tuple(replace(option, name=shortened(option.name)) for option in maker.options),
        )
        for maker in conflict.decision_makers
    ]
    made = conflict.replaced(decision_makers=makers)
    assert isinstance(made, Conflict)
    return made
