"""What a third party would have to hold: the smallest sets of options with which a state becomes an equilibrium.

A third party that *holds* an option sees to it that it is as it is at the state wanted: takes it, so that it stays
taken, or blocks it, so that it stays untaken, whoever it belongs to. Nobody can change it then, and no state with it
otherwise can be reached. (Third parties in the graph model: Kinsara 2014; Sakamoto, Hagihara & Hipel 2005.)

To hold more is not always to hold better: what is held can no longer be used as a sanction. So a set is *smallest*
when the state is an equilibrium with it and with none of its parts; sets of one option are tried first, then of two,
and so on. With every option held nobody can move, so that there is always an answer. Each set is put to the ordinary
engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Any

from detente.analysis.fixed_options import member_left, with_fixed_options
from detente.analysis.inverse import inverse_concept
from detente.analysis.result import ConflictResult
from detente.concepts import Concept
from detente.engine import ListingSolver, listing
from detente.errors import TooLargeError
from detente.limits import MAX_LISTED, MAX_OPTION_SETS
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

#: Sets of up to so many options are tried when nobody says otherwise.
LARGEST = 3


@dataclass(frozen=True)
class OptionSet:
    """A smallest set of options to fix.

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
        """Whether the state is an equilibrium as things are."""
        return self.holdings == (OptionSet(()),)

    def applied(self, holding: OptionSet) -> Conflict:
        """Return the conflict in which these options are held."""
        return with_fixed_options(self.conflict, dict(holding.options))

    def effect(self, holding: OptionSet) -> tuple[list[tuple[int, State]], int]:
        """Return what a holding does to the moves for which the state would be left.

        Returns the moves that it takes away, each with the player's place, and how many others it deters from.
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
        """Return one record for every option of every set."""
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
    # The options that could be held, as they are at the state: those that are not so at every state.
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
    """Return the number that a state has where some options are held; None where it is gone."""
    member = member_left(whole.space, state.number - 1, options)
    position = None if member is None else fixed.space.position_of_pattern(member)
    return None if position is None else position + 1
