"""Third-party intervention: the smallest sets of options that a third party would hold to make a state an equilibrium.

A third party that *holds* an option keeps it as it is at the wanted state: taken or not taken, whichever party it
belongs to. No party can then change it, and states in which it differs cannot be reached. (Third parties in the graph
model: Kinsara 2014; Sakamoto, Hagihara & Hipel 2005.)

Theory of operation. Holding more options is not always better, because a held option can no longer be used as a
sanction. So a set is *smallest* if the state is an equilibrium with it and with none of its proper subsets. Sets of one
option are tried first, then of two, and so on, each with the ordinary engine. With every option held no party can move,
so there is always an answer.

Cost: one analysis for each set of options tried.
"""

from __future__ import annotations

from dataclasses import field
from itertools import combinations
from math import comb
from typing import Any

from detente.analysis.fixed_options import member_left, with_fixed_options
from detente.analysis.inverse import inverse_concept
from detente.analysis.result import ConflictResult
from detente.concepts import Concept
from detente.engine import ListingSolver, listing
from detente.errors import TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED, MAX_OPTION_SETS
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

#: Default size up to which sets of options are tried.
LARGEST = 3


@dataclass(frozen=True)
class OptionSet:
    """A smallest set of options to hold, and whether each is held as taken (True) or as not taken (False).

    Attributes
    ----------
    options
        The options, and whether each is taken (True) or blocked (False).
    """

    options: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Intervention(ConflictResult):
    """The smallest sets of options that a third party could fix to make a state an equilibrium.

    Attributes
    ----------
    state
        The state.
    concept
        The stability concept.
    size
        The maximum number of options in a set.
    holdings
        The smallest sets; one empty set if the state is an equilibrium without them.
    complete
        Whether no larger set could be a smallest one.
    compiled
        The compiled conflict, for further questions.

    Examples
    --------
    >>> from detente import example
    >>> intervention = example("river-sharing").third_party("deal", "nash")
    >>> intervention.holdings
    (OptionSet(options=(('compensate', True),)),)
    """

    format = "detente-invert/1"
    question = "third_party"

    state: State
    concept: Concept
    size: int
    holdings: tuple[OptionSet, ...]
    complete: bool
    compiled: ListingSolver = field(compare=False, repr=False)

    @property
    def holds_already(self) -> bool:
        """Whether the state is already an equilibrium."""
        return self.holdings == (OptionSet(()),)

    def applied(self, holding: OptionSet) -> Conflict:
        """Return the conflict with these options held."""
        return with_fixed_options(self.conflict, dict(holding.options))

    def effect(self, holding: OptionSet) -> tuple[list[tuple[int, State]], int]:
        """Return the effect of a set of options on the improvements from the state.

        Returns the improvements that it removes, each with the player's index, and the number of others that it deters
        from.
        """
        options = dict(holding.options)
        fixed = listing(self.applied(holding))
        here = _counterpart(self.compiled, fixed, self.state, options)
        gone, deterred = [], 0
        for player in range(len(self.conflict.players)):
            open_moves = {arc.end for arc in fixed.arcs_from(here, player)} if here else set()
            for improvement in self.compiled.why(self.state.number, player, self.concept).improvements:
                if (
                    improvement.sanction is None
                    and _counterpart(self.compiled, fixed, improvement.to, options) in open_moves
                ):
                    deterred += 1
                elif improvement.sanction is None:
                    gone.append((player, improvement.to))
        return gone, deterred

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-invert/1``."""
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "question": "third party",
            "conflict": {"title": self.conflict.title, "digest": self.digest},
            "version": self.version,
            "state": {"number": self.state.number, "state": self.state.pattern, "name": self.state.name},
            "concept": self.concept.id,
            "holds_already": self.holds_already,
            "size": self.size,
            "complete": self.complete,
            "holdings": [
                {
                    "options": [
                        {"option": id, "owner": self.conflict.owner[id], "hold": "take" if taken else "block"}
                        for id, taken in holding.options
                    ],
                    "text": self.words.why(self, holding),
                }
                for holding in self.holdings
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each option of each set."""
        return [
            {"set": number, "option": id, "owner": self.conflict.owner[id], "hold": "take" if taken else "block"}
            for number, holding in enumerate(self.holdings, start=1)
            for id, taken in holding.options
        ]


def third_party(
    conflict: Conflict,
    state: StateReference,
    concept: str = "nash",
    *,
    size: int = LARGEST,
    progress: Progress = no_progress,
) -> Intervention:
    """Find the smallest sets of options that a third party could hold to make a state an equilibrium.

    The method `detente.Conflict.third_party` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    wanted = inverse_concept(concept)
    compiled = listing(conflict, MAX_LISTED, "for trying sets of options")
    here = compiled.state(compiled.number_of(state))
    # The options that could be held, as they are at the state: those that differ at some other state.
    options = [
        (name, letter == "Y")
        for (name, column), letter in zip(compiled.space.columns.items(), here.pattern, strict=True)
        if letter != "-" and not bool((column == (letter == "Y")).all())
    ]
    found: list[OptionSet] = []
    tried, largest = 0, 0
    for largest in range(len(options) + 1):
        if found and (largest > size or found == [OptionSet(())]):
            largest -= 1
            break
        tried += comb(len(options), largest)
        if tried > MAX_OPTION_SETS:
            raise TooLargeError(f"there are {tried:,} sets of options to try; the limit is {MAX_OPTION_SETS:,}")
        progress(largest / (len(options) + 1), f"sets of {largest}")
        for some in combinations(options, largest):
            if any(set(holding.options) <= set(some) for holding in found):
                continue
            fixed = listing(with_fixed_options(conflict, dict(some)))
            number = _counterpart(compiled, fixed, here, dict(some))
            if number is not None and number in fixed.equilibria(wanted):
                found.append(OptionSet(some))
    progress(1.0, "done")
    complete = found == [OptionSet(())] or largest == len(options)
    return Intervention(conflict, here, wanted, largest, tuple(found), complete, compiled)


def _counterpart(whole: ListingSolver, fixed: ListingSolver, state: State, options: dict[str, bool]) -> int | None:
    """Return the number of a state after some options are held; None if it is removed."""
    member = member_left(whole.space, state.number - 1, options)
    position = None if member is None else fixed.space.position_of_pattern(member)
    return None if position is None else position + 1
