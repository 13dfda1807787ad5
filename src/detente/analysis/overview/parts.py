"""The parts of an overview: parties, ways, outcomes and matters, each made from the answers of other questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import islice
from typing import Any

from detente.analysis.coalitions import CoalitionAnalysis, CoalitionImprovement
from detente.analysis.equilibria import Analysis, named_states
from detente.analysis.evolution import Evolution, Target
from detente.analysis.explanation import Explanation, explanation_of
from detente.analysis.inverse import INVERSE_CONCEPTS, Inversion, PreferenceChange, invert
from detente.analysis.result import state_data
from detente.analysis.robustness import Robustness
from detente.analysis.third_party import Intervention, OptionSet, third_party
from detente.analysis.timeline import Timeline, positions_on
from detente.analysis.timeline.positions import Position, stance_of
from detente.analysis.whose_word import ClaimSet, WhoseWord
from detente.concepts import CONCEPTS
from detente.engine.verdicts import ImprovementMove
from detente.errors import DetenteError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.evidence import Path
from detente.model.statements import AGAINST, CONDITIONAL, FOR, NO_STANCE
from detente.model.states import State
from detente.model.wording import listed, quoted

#: The maximum of states, and of options, for which changes that would make an outcome last are searched.
MAX_CHANGED_STATES, MAX_CHANGED_OPTIONS = 512, 12
#: The maximum of states times outcomes for which they are searched; one outcome is always within it.
MAX_CHANGED_WORK = 400
#: The maximum number of outcomes that are described one by one.
MAX_OUTCOMES = 6
#: The maximum number of moves of one party that are weighed.
MAX_MOVES = 4_096
#: The concepts whose sanctions say what holds a party back: those that only need improvements of the others first.
HOLDING = ("seq", "sseq", "smr", "gmr")

#: The kinds of ways, in the order in which ways that ask for as much are told.
MOVES, TOGETHER, PREFERENCES, THIRD_PARTY = WAY_KINDS = ("moves", "coalition", "preferences", "third party")


@dataclass(frozen=True)
class PartyOutlook:
    """What a party would do next from the status quo, and what holds it back.

    Attributes
    ----------
    player
        The party: a decision maker, or the members of a standing coalition joined by ``+``.
    would
        Its improvements from the status quo, with the preferences behind them (the Nash explanation).
    held
        The sanctions that cancel them, under the first concept of `HOLDING` under which it stays; None if it has no
        improvement, or stays under none of these.
    best
        The state that it likes best of those that its improvements lead to; None without one.
    """

    player: str
    would: Explanation
    held: Explanation | None
    best: State | None

    @property
    def improvement(self) -> ImprovementMove | None:
        """The improvement to the state that it likes best."""
        return self._to_best(self.would)

    @property
    def deterred(self) -> ImprovementMove | None:
        """The same improvement with the sanction that cancels it; None if nothing holds the party back."""
        return None if self.held is None else self._to_best(self.held)

    def _to_best(self, found: Explanation) -> ImprovementMove | None:
        return next((one for one in found.verdict.improvements if one.to == self.best), None)


@dataclass(frozen=True)
class Way:
    """A way to an outcome that lasts.

    Attributes
    ----------
    kind
        ``moves``: a path of moves. ``coalition``: a joint move after which every member is better off. ``preferences``:
        a smallest change of preferences. ``third party``: a smallest set of options that a third party controls.
    outcome
        The outcome.
    concepts
        The stability concepts under which it lasts, for the last two kinds after the change.
    asks
        Of whom the way asks what: the parties, each with the number of its concessions, changes or options.
    source, found
        The answer of the question that found the way, and the part of it that is the way.
    """

    kind: str
    outcome: State
    concepts: tuple[str, ...]
    asks: tuple[tuple[str, int], ...]
    source: Evolution | CoalitionAnalysis | Inversion | Intervention = field(compare=False, repr=False)
    found: Target | CoalitionImprovement | PreferenceChange | OptionSet

    @property
    def concessions(self) -> int:
        """How much the way asks of the parties, by which ways are ranked."""
        return sum(count for _, count in self.asks)


@dataclass(frozen=True)
class LastingOutcome:
    """An outcome that would last: an equilibrium other than the status quo.

    Attributes
    ----------
    state
        The state.
    concepts
        The stability concepts under which it is an equilibrium.
    concessions
        The fewest concessions of a path from the status quo; None if there is no path, or none was searched.
    conceded_by
        The parties that make them, each with their number.
    shares
        The lowest and the highest share of random preference profiles in which it is an equilibrium, over these
        concepts; None if none was drawn.
    claims
        For each of these concepts, the smallest sets of disputed statements with which it is an equilibrium (see
        `detente.Dependence.conditions`); None if that was not examined.
    leaving
        The coalitions that would leave it together; None if coalitions were not examined.
    """

    state: State
    concepts: tuple[str, ...]
    concessions: int | None
    conceded_by: tuple[tuple[str, int], ...]
    shares: tuple[float, float] | None
    claims: Mapping[str, tuple[ClaimSet, ...] | None] | None = field(hash=False)
    leaving: tuple[tuple[str, ...], ...] | None

    @property
    def in_every_account(self) -> bool | None:
        """Whether it lasts whichever disputed statements are believed; None if that was not examined."""
        if self.claims is None or None in self.claims.values():
            return None
        return all(sets == ((),) for sets in self.claims.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return {
            **state_data(self.state),
            "concepts": list(self.concepts),
            "concessions": self.concessions,
            "conceded_by": [{"party": party, "count": count} for party, count in self.conceded_by],
            "shares": None if self.shares is None else list(self.shares),
            "in_every_account": self.in_every_account,
            "claims": None
            if self.claims is None
            else {
                concept: None
                if sets is None
                else [[{"statement": id, "true": value} for id, value in each] for each in sets]
                for concept, sets in self.claims.items()
            },
            "leaving": None if self.leaving is None else [list(coalition) for coalition in self.leaving],
        }


@dataclass(frozen=True)
class Matter:
    """Who is for an option and who is against it, on the day of the overview.

    Attributes
    ----------
    option
        The option.
    positions
        The positions of that day; ``none`` after a withdrawal.
    silent
        The parties without a position on it.
    """

    option: str
    positions: tuple[Position, ...]
    silent: tuple[str, ...]

    def holding(self, stance: str) -> tuple[Position, ...]:
        """Return the positions with a stance."""
        return tuple(one for one in self.positions if one.stance == stance)

    @property
    def verdict(self) -> str:
        """Whether the parties agree: ``disputed``, ``agreed``, ``conditional``, ``unclear``, ``one side``, ``silent``.

        Disputed: one party is for and another against. Unclear: only one party speaks, for and against. Conditional: a
        party sets a condition. Agreed: two parties or more have the same stance, and none another one.
        """
        of = {stance: {one.holder for one in self.holding(stance)} for stance in (FOR, AGAINST, CONDITIONAL)}
        if of[FOR] and of[AGAINST]:
            return "unclear" if of[FOR] == of[AGAINST] and len(of[FOR]) == 1 else "disputed"
        if of[CONDITIONAL]:
            return "conditional"
        speaking = of[FOR] | of[AGAINST]
        return "agreed" if len(speaking) > 1 else "one side" if speaking else "silent"


def too_long(count: int, command: str) -> str:
    """Return the reason why a question is left out of an overview, and where it is answered."""
    where = f"on the page Analyses of the app or with ‘detente {command}’"
    return f"{count:,} states take too long here; ask it alone, {where}"


def way_order(way: Way) -> tuple[int, int, int, bool, int]:
    """Return the key by which ways are ranked: what they ask, under how many concepts they last, their kind."""
    return (
        way.concessions,
        -len(way.concepts),
        WAY_KINDS.index(way.kind),
        not way.outcome.name,
        way.outcome.number,
    )


def party_outlooks(analysis: Analysis) -> Iterator[PartyOutlook]:
    """Yield what each player would do next from the status quo, and what holds it back."""
    here, solver = analysis.status_quo, analysis.solver
    if here is None or analysis.count > MAX_LISTED:
        return
    for place, player in enumerate(analysis.players):
        if len(list(islice(solver.arcs_from(here.number, place), MAX_MOVES + 1))) > MAX_MOVES:
            continue
        would = explanation_of(solver, here.number, place, CONCEPTS["nash"])
        improvements, held = would.verdict.improvements, None
        if improvements:
            stays = (id for id in HOLDING if id in analysis.stability)
            holding = next((id for id in stays if here.number in analysis.stability[id][player]), None)
            held = explanation_of(solver, here.number, place, CONCEPTS[holding]) if holding else None
        yield PartyOutlook(player, would, held, _best(analysis, place, [one.to for one in improvements]))


def _best(analysis: Analysis, player: int, states: Sequence[State]) -> State | None:
    """Return the state that the first member of a player ranks highest."""
    if not states:
        return None
    makers = [maker.id for maker in analysis.conflict.decision_makers]
    ranks = analysis.solver.ranks(makers.index(analysis.conflict.players[player][0]))
    return min(states, key=lambda state: (ranks[state.number - 1], state.number))


def _asks(conflict: Conflict, counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return counts by party in the order of the parties."""
    order = [*conflict.player_ids, *(maker.id for maker in conflict.decision_makers)]
    return tuple((id, counts[id]) for id in dict.fromkeys(order) if counts.get(id))


def paths_to_equilibria(evolution: Evolution | None) -> Iterator[Way]:
    """Yield the paths with the fewest concessions to the equilibria, one for each."""
    for target in evolution.targets if evolution is not None else ():
        assert evolution is not None
        if target.route is not None and target.state != evolution.start:
            conceded = Counter(move.player for move in target.route if not move.improvement)
            yield Way(MOVES, target.state, target.concepts, _asks(evolution.conflict, conceded), evolution, target)


def joint_moves(analysis: Analysis, found: CoalitionAnalysis | None) -> Iterator[Way]:
    """Yield the joint moves from the status quo to other equilibria that the other parties do not deter."""
    here = analysis.status_quo
    if found is None or here is None:
        return
    under: dict[tuple[State, tuple[str, ...]], list[CoalitionImprovement]] = {}
    for jump in found.jumps:
        if jump.start == here and not found.deterred(jump):
            under.setdefault((jump.end, jump.coalition), []).append(jump)
    for (end, _), jumps in under.items():
        conceded = Counter(jumps[0].path[place][0] for place in concession_places(analysis, jumps[0]))
        concepts = tuple(one.id for one in analysis.concepts_of(end))
        yield Way(TOGETHER, end, concepts, _asks(analysis.conflict, conceded), found, jumps[0])


def concession_places(analysis: Analysis, jump: CoalitionImprovement) -> Iterator[int]:
    """Yield the places of the steps of a joint move that are not improvements for their movers."""
    at: int = jump.start.number
    for place, (player, end) in enumerate(jump.path):
        arcs = analysis.solver.arcs_from(at, analysis.players.index(player))
        if not any(arc.end == end.number and arc.improvement for arc in arcs):
            yield place
        at = end.number


def changes_needed(analysis: Analysis, left_out: dict[str, str]) -> Iterator[Way]:
    """Yield the smallest changes with which named outcomes that would not last become equilibria.

    Of more outcomes than there is time for, those that most parties prefer to the status quo are examined.
    """
    conflict, here = analysis.conflict, analysis.status_quo
    asked = [one.id for one in analysis.concepts if one.id in INVERSE_CONCEPTS]
    if here is None or not asked:
        return
    named = [one for one in named_states(analysis.solver) if one != here and not analysis.concepts_of(one)]
    if named and (analysis.count > MAX_CHANGED_STATES or len(conflict.options) > MAX_CHANGED_OPTIONS):
        left_out["changes"] = too_long(analysis.count, "invert")
        return
    ranks = [analysis.solver.ranks(place) for place in range(len(conflict.decision_makers))] if named else []

    def wanting(state: State) -> int:
        return sum(of[state.number - 1] < of[here.number - 1] for of in ranks)

    # An outcome that no party prefers to the status quo is no way out of it.
    wanted = sorted((one for one in named if wanting(one)), key=lambda one: (-wanting(one), one.number))
    if not wanted:
        return
    most = max(1, MAX_CHANGED_WORK // analysis.count)
    if len(wanted) > most:
        tried = listed([quoted(one.name or "") for one in wanted[:most]])
        was = "was" if most == 1 else "were"
        as_many = wanting(wanted[most]) == wanting(wanted[most - 1])
        why = f"as {'some of the outcomes' if as_many else 'those'} that most parties prefer to the status quo"
        if most == 1:
            why = f"as {'one of the outcomes' if as_many else 'the outcome'} that most parties prefer to the status quo"
        left_out["changes"] = (
            f"only {tried} {was} tried, {why}; try others with ‘detente invert’, or on the page Analyses"
        )
    # What is Nash stable is stable under the other concepts, too.
    concept = "nash" if "nash" in asked else asked[0]
    for state in wanted[:most]:
        try:
            inversion = invert(conflict, state.number, concept, limit=1)
            for change in inversion.changes[:1]:
                edits = Counter(edit.decision_maker for edit in change.edits)
                yield Way(PREFERENCES, state, (concept,), _asks(conflict, edits), inversion, change)
        except DetenteError as error:
            left_out["changes of preferences"] = str(error)
        try:
            intervention = third_party(conflict, state.number, concept, size=1)
            for holding in intervention.holdings[:1]:
                owners = Counter(conflict.owner[id] for id, _ in holding.options)
                yield Way(THIRD_PARTY, state, (concept,), _asks(conflict, owners), intervention, holding)
        except DetenteError as error:
            left_out["a third party"] = str(error)


def lasting_outcomes(
    analysis: Analysis,
    evolution: Evolution | None,
    coalitions: CoalitionAnalysis | None,
    whose_word: WhoseWord | None,
    robustness: Robustness | None,
) -> tuple[tuple[LastingOutcome, ...], int | None]:
    """Return the outcomes that would last, the best first, and how many there are."""
    if analysis.count > MAX_LISTED:
        return (), None
    targets = {one.state: one for one in evolution.targets} if evolution is not None else {}
    found = []
    for state, concepts in analysis.concepts_by_state.items():
        if state == analysis.status_quo:
            continue
        target = targets.get(state)
        path = target.route if target is not None else None
        conceded = Counter(move.player for move in path or () if not move.improvement)
        found.append(
            LastingOutcome(
                state,
                tuple(one.id for one in concepts),
                None if path is None else sum(conceded.values()),
                _asks(analysis.conflict, conceded),
                None,
                None,
                None,
            )
        )
    found.sort(
        key=lambda one: (
            -len(one.concepts),
            not one.state.name,
            float("inf") if one.concessions is None else one.concessions,
            one.state.number,
        )
    )
    made = (
        replace(
            one,
            shares=_shares(robustness, one),
            claims=_claims(whose_word, one),
            leaving=_leaving(coalitions, one),
        )
        for one in found[:MAX_OUTCOMES]
    )
    return tuple(made), len(found)


def _shares(robustness: Robustness | None, one: LastingOutcome) -> tuple[float, float] | None:
    sampled = [] if robustness is None else [id.id for id in robustness.concepts if id.id in one.concepts]
    if robustness is None or not sampled:
        return None
    shares = [robustness.share(one.state.number, id).share for id in sampled]
    return min(shares), max(shares)


def _claims(whose_word: WhoseWord | None, one: LastingOutcome) -> dict[str, tuple[ClaimSet, ...] | None] | None:
    if whose_word is None:
        return None
    return {
        dependence.concept.id: dependence.conditions
        for dependence in whose_word.dependences
        if dependence.pattern == one.state.pattern and dependence.concept.id in one.concepts
    }


def _leaving(coalitions: CoalitionAnalysis | None, one: LastingOutcome) -> tuple[tuple[str, ...], ...] | None:
    if coalitions is None or not any(one.state in states for states in coalitions.equilibria.values()):
        return None
    return coalitions.leaving(one.state)


def matters_of(conflict: Conflict, timeline: Timeline | None) -> Iterator[Matter]:
    """Yield for every option of the model the positions of the day and who is silent."""
    held: dict[str, list[Position]] = {}
    for one in positions_on(conflict, timeline):
        held.setdefault(one.matter, []).append(one)
    for option in conflict.options:
        if option.id in conflict.untaken:
            continue
        positions = tuple(upheld(conflict, one) for one in held.get(option.id, ()))
        speaking = {one.holder for one in positions if one.stance != NO_STANCE}
        silent = tuple(maker.id for maker in conflict.decision_makers if maker.id not in speaking)
        yield Matter(option.id, positions, silent)


def upheld(conflict: Conflict, one: Position) -> Position:
    """Return for a withdrawal that others report, and that the party denies, the position that it upholds."""
    if one.stance != NO_STANCE or not one.told_by_others_only:
        return one
    testimony = conflict.testimony()
    by_id = testimony.by_id
    own = {id for id, said in by_id.items() if conflict.party_of.get(said.speaker or "") == one.holder}
    own = {id for id in own if not by_id[id].reported_by}
    reports = {*one.statements, *(teller for id in one.statements if (teller := by_id[id].nested_in))}
    denied = any(
        by in own and by_id[by].kind == "denial"
        for pair in testimony.rivals
        for by in pair
        if reports.intersection(pair) and by not in reports
    )
    stances = {
        id: stance
        for id, by in testimony.withdrawals.items()
        if id in own and not reports.isdisjoint(by) and one.matter in by_id[id].about
        if (stance := stance_of(conflict, by_id[id], one.matter)) and stance != NO_STANCE
    }
    if not denied or not stances:
        return one
    last = list(stances.values())[-1]
    upheld = tuple(id for id, stance in stances.items() if stance == last)
    return replace(one, stance=last, statements=upheld, told_by=(one.holder,), spokespersons=(), change="repeats")


def is_element(conflict: Conflict, at: Path) -> bool:
    """Tell whether a place is that of an element that makes the model, and not of a container or a name."""
    if at[0] == "decision_makers":
        return len(at) > 2 and at[-1] not in conflict.untaken
    return at[0] in ("rules", "one_way", "merge", "status_quo")
