"""The answer on one page: is the dispute stuck, why, what would unstick it, which outcomes would last, who agrees.

The overview computes nothing of its own that another question answers: it asks the other questions, each within bounds
that keep it quick, and merges their answers. What was left out stands in `Overview.left_out`, with the reason.

A *way* leads to an outcome that lasts (an equilibrium), or makes a named outcome one. Ways are ranked by what they ask
of the parties: concessions (moves to an outcome that the mover does not prefer), changes of preferences, and options
that a third party would control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from detente.analysis.coalitions import COALITION_CONCEPTS, CoalitionAnalysis
from detente.analysis.equilibria import Analysis
from detente.analysis.evolution import Evolution
from detente.analysis.overview.parts import (
    TOGETHER,
    LastingOutcome,
    Matter,
    PartyOutlook,
    Way,
    changes_needed,
    is_element,
    joint_moves,
    lasting_outcomes,
    matters_of,
    party_outlooks,
    paths_to_equilibria,
    too_long,
    way_order,
)
from detente.analysis.result import ConflictResult, state_data
from detente.analysis.robustness import DEFAULT_SAMPLED, Robustness
from detente.analysis.timeline import Period, Timeline
from detente.analysis.whose_word import WhoseWord
from detente.engine.progress import Stages
from detente.errors import DetenteError
from detente.lazy import dataclass
from detente.model.conflict import Conflict
from detente.model.day import model_of_day, no_preferences_known
from detente.model.evidence import Path, element_name
from detente.model.questions import Progress, no_progress
from detente.model.wording import NO_STATUS_QUO

_T = TypeVar("_T")

#: The maximum of states times players for which paths are searched.
MAX_PATH_WORK = 24_576
#: The maximum of states times coalitions for which coalitions are examined.
MAX_COALITION_WORK = 4_096
#: The maximum of states times accounts for which disputed claims are examined.
MAX_ACCOUNT_WORK = 40_000
#: The maximum of states times dates for which the periods are worked out.
MAX_TIMELINE_WORK = 40_000
#: How many random preference profiles are drawn, and the maximum of states times profiles.
SAMPLES, MAX_PROFILE_WORK = 200, 100_000


@dataclass(frozen=True)
class Overview(ConflictResult):
    """The answer on one page, merged from the answers of other questions.

    Attributes
    ----------
    analysis
        Which states are stable for whom.
    evolution, coalitions, whose_word, robustness, timeline
        The answers that the overview is made of; None where a question was left out.
    parties
        What each party would do next from the status quo, and what holds it back; empty without a status quo.
    ways
        What would unstick the dispute: what asks for the fewest concessions first.
    outcomes
        The outcomes that would last, at most `MAX_OUTCOMES`: stable under most concepts first, then those with a name,
        then by concessions.
    count
        How many outcomes would last; None if there are too many states to list them.
    matters
        For each option who is for it and who is against it.
    assumptions
        The places of the elements without evidence in the conflict that was analysed.
    left_out
        For each question that was left out, or answered in part, the reason.

    Examples
    --------
    >>> from detente import example
    >>> found = example("nile-dam").overview(["nash", "seq"])
    >>> found.stuck
    {'nash': True, 'seq': True}
    >>> [(way.kind, way.outcome.name, way.concessions) for way in found.ways]
    [('coalition', 'a binding agreement', 1), ('preferences', 'filling without an agreement', 1), \
('third party', 'filling without an agreement', 1)]
    """

    format = "detente-overview/1"
    question = "overview"

    analysis: Analysis = field(repr=False)
    evolution: Evolution | None = field(repr=False)
    coalitions: CoalitionAnalysis | None = field(repr=False)
    whose_word: WhoseWord | None = field(repr=False)
    robustness: Robustness | None = field(repr=False)
    timeline: Timeline | None = field(repr=False)
    parties: tuple[PartyOutlook, ...]
    ways: tuple[Way, ...]
    outcomes: tuple[LastingOutcome, ...]
    count: int | None
    matters: tuple[Matter, ...]
    assumptions: tuple[Path, ...]
    left_out: Mapping[str, str] = field(hash=False)

    @property
    def stuck(self) -> dict[str, bool | None]:
        """For each concept whether the status quo is an equilibrium; None where that cannot be said."""
        here = self.analysis.status_quo
        if here is None or no_preferences_known(self.conflict):
            return {one.id: None for one in self.analysis.concepts}
        stable = {one.id for one in self.analysis.concepts_of(here)}
        return {one.id: one.id in stable for one in self.analysis.concepts}

    @property
    def since(self) -> Period | None:
        """The first of the last periods in a row with the same verdict; None without dates or without a verdict."""
        if self.timeline is None or len(self.timeline.periods) < 2 or self.timeline.periods[-1].reason:
            return None
        now = self.timeline.periods[-1].stuck
        stuck = [id for id, value in now.items() if value]
        return self.timeline.since(stuck or list(now), wanted=bool(stuck))[0]

    def to_dict(self) -> dict[str, Any]:
        """Return the overview as plain data, format ``detente-overview/1``."""
        here, since = self.analysis.status_quo, self.since
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "conflict": {"title": self.conflict.title, "digest": self.digest},
            "version": self.version,
            "states": self.analysis.count,
            "status_quo": None if here is None else state_data(here),
            "stuck": self.stuck,
            "since": None
            if since is None
            else {
                "from": since.first and since.first.isoformat(),
                "because": list(since.because),
                "acts": list(since.acts),
            },
            "parties": [
                {
                    "player": one.player,
                    "would": one.would.to_dict()["improvements"],
                    "best": one.best and state_data(one.best),
                    "held_under": one.held and one.held.concept.id,
                    "held": one.held.to_dict()["improvements"] if one.held else [],
                }
                for one in self.parties
            ],
            "ways": [
                {
                    "kind": one.kind,
                    "to": state_data(one.outcome),
                    "concepts": list(one.concepts),
                    "concessions": one.concessions,
                    "asks": [{"party": party, "count": count} for party, count in one.asks],
                    "text": self.words.way_in_words(self, one),
                }
                for one in self.ways
            ],
            "count": self.count,
            "outcomes": [one.to_dict() for one in self.outcomes],
            "matters": [
                {
                    "option": one.option,
                    "owner": self.conflict.owner[one.option],
                    "verdict": one.verdict,
                    "positions": [position.to_dict() for position in one.positions],
                    "silent": list(one.silent),
                }
                for one in self.matters
            ],
            "assumptions": [element_name(at) for at in self.assumptions],
            "left_out": dict(self.left_out),
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each way."""
        return [
            {
                "kind": one.kind,
                "number": one.outcome.number,
                "state": one.outcome.pattern,
                "name": one.outcome.name or "",
                "concepts": " ".join(one.concepts),
                "concessions": one.concessions,
                "asks": "; ".join(f"{party} {count}" for party, count in one.asks),
            }
            for one in self.ways
        ]


def overview(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    changes: bool = True,
    seed: int = 0,
    progress: Progress = no_progress,
) -> Overview:
    """Answer on one page whether a dispute is stuck, why, and what would unstick it.

    The method `detente.Conflict.overview` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    stages = Stages(progress, 1.0)
    stages.begin(0.3, "stability")
    analysis = conflict.analyze(concepts, engine, progress=stages)
    names = [one.id for one in analysis.concepts]
    count, groups = analysis.count, 2 ** len(analysis.players) - 1
    testimony = conflict.testimony()
    accounts = 2 ** min(len(testimony.disputed), 20)
    dates = 1 + len(conflict.basis.written.all_statements) + len(conflict.basis.written.history)
    day = conflict.basis.day
    left_out: dict[str, str] = {}

    def asked(what: str, doing: str, work: int, most: int, question: Callable[[], _T], command: str) -> _T | None:
        """Return an answer, or None with the reason kept."""
        stages.begin(0.12, doing)
        if work > most:
            left_out[what] = too_long(count, command)
            return None
        try:
            return question()
        except DetenteError as error:
            left_out[what] = str(error)
        return None

    evolution = timeline = whose = together = robustness = None
    if analysis.status_quo is None:
        left_out["paths"] = NO_STATUS_QUO
    else:
        evolution = asked(
            "paths", "paths", count * len(analysis.players), MAX_PATH_WORK,
            lambda: conflict.evolve(by="improvements", concepts=names, engine=engine), "evolve",
        )  # fmt: skip
    for_coalitions = [id for id in names if id in COALITION_CONCEPTS]
    if groups > 1 and for_coalitions:
        together = asked(
            "coalitions", "coalitions", count * groups, MAX_COALITION_WORK,
            lambda: conflict.coalition_analysis(None, for_coalitions, engine=engine), "coalitions",
        )  # fmt: skip
    if testimony.disputed:
        whose = asked(
            "disputed claims", "disputed claims", count * accounts, MAX_ACCOUNT_WORK,
            lambda: conflict.whose_word(names, engine, seed=seed), "whose-word",
        )  # fmt: skip
    if sampled := [id for id in names if id in DEFAULT_SAMPLED]:
        robustness = asked(
            "robustness", "doubt about the preferences", count * SAMPLES, MAX_PROFILE_WORK,
            lambda: conflict.robustness(sampled, samples=SAMPLES, seed=seed), "robust",
        )  # fmt: skip
    if dates > 1:
        timeline = asked(
            "periods", "periods", count * dates, MAX_TIMELINE_WORK,
            lambda: conflict.timeline(names, engine, last=day.isoformat() if day else None, undated=conflict.undated),
            "timeline",
        )  # fmt: skip
    stages.begin(0.1, "changes that would make an outcome last")
    found = overview_of(analysis, evolution, together, whose, robustness, timeline, left_out=left_out, changes=changes)
    progress(1.0, "done")
    return found


def overview_of(
    analysis: Analysis,
    evolution: Evolution | None,
    coalitions: CoalitionAnalysis | None,
    whose_word: WhoseWord | None,
    robustness: Robustness | None,
    timeline: Timeline | None,
    *,
    left_out: Mapping[str, str],
    changes: bool = True,
) -> Overview:
    """Merge answers about one model into an overview; with ``changes``, ask also what would make an outcome last."""
    conflict, reasons = analysis.conflict, dict(left_out)
    ways = [*joint_moves(analysis, coalitions), *paths_to_equilibria(evolution)]
    joint = {(one.outcome, one.asks) for one in ways if one.kind == TOGETHER}
    ways = [one for one in ways if one.kind == TOGETHER or (one.outcome, one.asks) not in joint]
    outcomes, count = lasting_outcomes(analysis, evolution, coalitions, whose_word, robustness)
    found = Overview(
        conflict,
        analysis,
        evolution,
        coalitions,
        whose_word,
        robustness,
        timeline,
        tuple(party_outlooks(analysis)),
        tuple(sorted(ways, key=way_order)),
        outcomes,
        count,
        tuple(matters_of(conflict, timeline)),
        tuple(at for at, support in conflict.supports() if support.is_judgement and is_element(conflict, at)),
        MappingProxyType(reasons),
    )
    return with_preference_changes(found) if changes else found


def with_preference_changes(found: Overview) -> Overview:
    """Return an overview with the changes that would make a named outcome last among its ways."""
    reasons = dict(found.left_out)
    ways = [*found.ways, *changes_needed(found.analysis, reasons)]
    return replace(found, ways=tuple(sorted(ways, key=way_order)), left_out=MappingProxyType(reasons))


__all__ = ["LastingOutcome", "Matter", "Overview", "PartyOutlook", "Way", "overview"]
