"""The model of a day: a conflict with only the elements that the rule of evidence admits.

An element without evidence is an assumption and is in the model on every day; one with evidence needs a statement in
force (`detente.model.evidence`). ``since`` and ``until`` bound both kinds. A dropped preference, weight, rule, merge or
one-way mark is removed. A dropped option is not taken in any state; but while an act of ``history`` has it taken, it is
not dropped. The status quo is that of the day. Every command and every page uses this model.

A party without preferences is treated as indifferent between all states, although its preferences are in fact unknown.
So every answer names such a party if it can move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from detente.errors import Fault, InputError, UnknownNameError
from detente.model.conditions import Not, Taken
from detente.model.conflict import Basis, Conflict
from detente.model.evidence import UNSUPPORTED, Account, DisputedElement, Dropped, Path, Support, Testimony
from detente.model.history import Act, taken_on
from detente.model.parts import DecisionMaker, NamedState, Rule, StatusQuo, View
from detente.model.preferences import Payoffs, Preferences, Ranking, StateReference
from detente.model.states import StateList, feasible_members
from detente.model.wording import names_in_words

#: The reason for dropping an element whose own dates exclude the day.
OUTSIDE_DATES = "outside-dates"


def deciding_elements(conflict: Conflict) -> Iterator[tuple[Path, Support]]:
    """Yield the elements that affect the answers; names of states and remarks on parties do not."""
    for at, support in conflict.supports():
        if at[0] in ("rules", "one_way", "merge", "views") or (at[0] == "decision_makers" and len(at) > 2):
            yield at, support


def model_of_day(conflict: Conflict, testimony: Testimony | None = None) -> Conflict:
    """Return the model of the day that questions about a conflict refer to (default: its ``as_of``).

    All disputed statements are believed, on both sides, unless ``testimony`` says otherwise. The result's
    ``solved_for``, a `Basis`, records how the model was derived. A model of a day is returned unchanged.

    Raises
    ------
    InputError
        If no state is feasible on the day, or a ranking or a list of payoffs no longer covers the states.
    """
    if conflict.solved_for is not None:
        return conflict
    basis = conflict.basis
    if not (conflict.history or conflict.all_statements or any(one.may_drop for _, one in conflict.supports())):
        return _with_feasible_names(conflict, replace(basis, infeasible=tuple(_infeasible_names(conflict))))
    testimony = testimony or conflict.testimony()
    account = testimony.account()
    acts = tuple(act for act in conflict.history if act_counts(act, account))
    evidence = {id for _, support in conflict.supports() for id in support.evidence}
    in_force = {id for id in evidence if account.reason_against(id, testimony.number) is None}
    told = _given(conflict, acts, in_force)
    differs = told.untaken or any(rule.support.may_drop for rule in conflict.rules)
    if differs and next(feasible_members(told), None) is None:
        named = ", ".join(f"'{rule}'" for rule in told.rules)
        without = f" without the options {', '.join(told.untaken)}" if told.untaken else ""
        raise InputError(
            [Fault(f"{_on(conflict)} no state is feasible{without}; check the rules {named}", at=("rules",))]
        )
    basis = replace(
        basis,
        dropped=tuple(_dropped_elements(conflict, account, acts)),
        infeasible=tuple(_infeasible_names(told)),
        without_date=_without_date(conflict, testimony),
        disputed=tuple(_disputed_elements(conflict, testimony)),
        skipped_acts=tuple(place for place, act in enumerate(conflict.history, start=1) if act not in acts),
    )
    return _with_feasible_names(told, basis)


def act_counts(act: Act, account: Account, day: int | None = None) -> bool:
    """Tell whether an act has no evidence, or some evidence that is in force on a day apart from the act's date.

    ``day`` is the number of a day; None means the testimony's own.
    """
    day = account.testimony.number if day is None else day
    reasons = [account.reason_against(id, day, dated=False) for id in act.support.evidence]
    return not reasons or None in reasons


def apply_dates(conflict: Conflict, acts: Sequence[Act]) -> Conflict:
    """Return the conflict with the status quo of its day, and without elements whose own dates exclude that day.

    ``acts`` are the acts of its history that count; the result has no history. Evidence is ignored.
    """
    day = conflict.solved_day
    # An option that an act has taken stays in the model, even if its evidence or its dates would drop it.
    held = taken_by_acts(acts, day, conflict.undated)
    makers = [
        replace(
            maker, options=tuple(replace(one, support=UNSUPPORTED) if one.id in held else one for one in maker.options)
        )
        for maker in conflict.decision_makers
    ]
    quo = conflict.status_quo
    if quo is not None and day is not None and acts:
        quo = StatusQuo(taken_on(quo.taken, acts, conflict.last_day, day, conflict.undated), quo.support)
    changed = conflict.replaced(decision_makers=makers, status_quo=quo, history=())
    return changed if day is None else _without(changed, lambda support: support.applies_on(day))


def taken_by_acts(acts: Sequence[Act], day: date | None, undated: str) -> frozenset[str]:
    """Return the options that acts have taken by a day and not dropped since."""
    held: frozenset[str] = frozenset()
    for act in acts:
        if day is None or act.day(undated) <= day:
            held = act.applied(held)
    return held


def model_given(conflict: Conflict, in_force: Collection[str], acts: Sequence[Act] | None = None) -> Conflict:
    """Return the model of a conflict's day if these statements are in force and these acts count (None: all).

    A named state or status quo that is infeasible in the model is removed.

    Raises
    ------
    InputError
        If a ranking or a list of payoffs does not cover the states.
    """
    told = _given(conflict, conflict.history if acts is None else acts, in_force)
    return _with_feasible_names(told, conflict.basis)


def _given(conflict: Conflict, acts: Sequence[Act], in_force: Collection[str]) -> Conflict:
    """Return the model, including any names of states that are infeasible in it."""

    def kept(support: Support) -> bool:
        return not support.evidence or any(id in in_force for id in support.evidence)

    told = _without(apply_dates(conflict, acts), kept)
    if acts:
        # An option that would be in the model without its acts keeps its evidence and its note.
        grounds = {one.id: one.support for one in conflict.options if kept(one.support)}
        grounds = {id: one for id, one in grounds.items() if one.applies_on(conflict.solved_day)}
        makers = [
            replace(
                maker, options=tuple(replace(one, support=grounds.get(one.id, one.support)) for one in maker.options)
            )
            for maker in told.decision_makers
        ]
        told = told.replaced(decision_makers=makers)
    return _over_states(conflict, told)


def _infeasible_names(told: Conflict) -> Iterator[tuple[Path, Rule]]:
    """Yield the named states, and the status quo, that a rule of the day forbids, each with that rule."""
    for state in told.states:
        if rule := told.breaks(state.taken):
            yield ("states", state.name), rule
    if told.status_quo and (rule := told.breaks(told.status_quo.taken)):
        yield ("status_quo",), rule


def _with_feasible_names(told: Conflict, basis: Basis) -> Conflict:
    infeasible = {at for at, _ in _infeasible_names(told)}
    return told.replaced(
        states=[state for state in told.states if ("states", state.name) not in infeasible],
        status_quo=None if ("status_quo",) in infeasible else told.status_quo,
        solved_for=basis,
    )


def _without(conflict: Conflict, kept: Callable[[Support], bool]) -> Conflict:
    """Return the conflict with only the kept elements; a dropped option is not taken in any state."""
    untaken = {option.id for option in conflict.options if not kept(option.support)} | set(conflict.untaken)
    quo = conflict.status_quo
    return conflict.replaced(
        decision_makers=[
            replace(maker, preferences=maker.preferences.kept(kept)) for maker in conflict.decision_makers
        ],
        rules=[rule for rule in conflict.rules if kept(rule.support)],
        untaken=[option.id for option in conflict.options if option.id in untaken],
        one_way=[mark for mark in conflict.one_way if kept(mark.support)],
        merge=[merge for merge in conflict.merge if kept(merge.support)],
        states=[NamedState(state.name, state.taken - untaken, state.support) for state in conflict.states],
        status_quo=None if quo is None else StatusQuo(quo.taken - untaken, quo.support),
        views=[_kept_view(view, kept) for view in conflict.views if kept(view.support)],
    )


def _kept_view(view: View, kept: Callable[[Support], bool]) -> View:
    """Return a view with only the kept beliefs; without a belief about a party, its real preferences are seen."""
    believed = [(id, preferences) for id, preferences in view.believes if kept(view.grounds_of(id))]
    return View(
        view.decision_maker,
        view.does_not_see,
        tuple((id, preferences.kept(kept)) for id, preferences in believed),
        view.support,
        {id: view.grounds_of(id) for id, _ in believed},
    )


def _over_states(written: Conflict, told: Conflict) -> Conflict:
    """Rewrite rankings and payoffs for the states that are feasible on the day.

    The preferences that another party is believed to have need not cover them; only questions about views require that.
    """
    makers, views = told.decision_makers, told.views
    lists = [*(maker.preferences for maker in makers), *(wanted for view in views for _, wanted in view.believes)]
    same = told.constraints == written.constraints and told.merge == written.merge
    if same or not any(isinstance(one, Ranking | Payoffs) for one in lists):
        return told
    over = _OverStates(written, told)
    for maker in makers:
        over.must_cover(maker)
    believed = [tuple((id, over.of_the_day(wanted)) for id, wanted in view.believes) for view in views]
    return told.replaced(
        decision_makers=[replace(maker, preferences=over.of_the_day(maker.preferences)) for maker in makers],
        views=[
            View(view.decision_maker, view.does_not_see, believes, view.support, view.grounds)
            for view, believes in zip(views, believed, strict=True)
        ],
    )


class _OverStates:
    """Maps the states that a list refers to onto the states of the day, and knows which of these no list can cover."""

    def __init__(self, written: Conflict, told: Conflict) -> None:
        self.written, self.before, self.after = written, StateList(written), StateList(told)
        pairs: set[tuple[int | None, int]] = set()
        for member in feasible_members(told):
            pattern = "".join("Y" if taken else "N" for taken in member)
            try:
                former = self.before.number_of(pattern)
            except UnknownNameError:
                former = None
            pairs.add((former, self.after.number_of(pattern)))
        # A merged state that has lost some members is the same state; a part of a split state, or a union of two, is
        # not.
        formers, numbers = (Counter(pair[side] for pair in pairs) for side in (0, 1))
        self.now = {
            former: number
            for former, number in pairs
            if former is not None and formers[former] == 1 and numbers[number] == 1
        }
        self._alike = Counter(state.pattern for state in self.after)

    def of_the_day(self, preferences: Preferences) -> Preferences:
        """Return a list for the states of the day; preferences in other forms are unchanged."""
        if isinstance(preferences, Ranking):
            return preferences.referring(self._referred)
        if isinstance(preferences, Payoffs):
            pairs = [(self._referred(one), value) for one, value in preferences.payoffs]
            return replace(preferences, payoffs=tuple((one, value) for one, value in pairs if one is not None))
        return preferences

    def must_cover(self, maker: DecisionMaker) -> None:
        """Raise an error if a decision maker's list does not cover the states of the day."""
        preferences = maker.preferences
        if not isinstance(preferences, Ranking | Payoffs) or len(self.now) == len(self.after):
            return
        covered = set(self.now.values())
        missing = [state.pattern for state in self.after if state.number not in covered]
        some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        does = "does" if isinstance(preferences, Ranking) else "do"
        message = f"{_on(self.written)} the {preferences.key} of '{maker.id}' {does} not cover the states: {some}"
        at: Path = ("decision_makers", maker.id, preferences.key)
        raise InputError([Fault(f"{message}. Enter its preferences as conditions", at=at)])

    def _referred(self, reference: StateReference) -> StateReference | None:
        number = self.now.get(self.before.number_of(reference))
        if number is None:
            return None
        pattern = self.after.numbered(number).pattern
        return pattern if self._alike[pattern] == 1 else number


def _on(conflict: Conflict) -> str:
    return f"on {conflict.solved_day.isoformat()}" if conflict.solved_day else "with the statements in force"


def _dropped_elements(conflict: Conflict, account: Account, acts: Sequence[Act]) -> Iterator[Dropped]:
    day = conflict.solved_day
    held = taken_by_acts(acts, day, conflict.undated)
    for at, support in deciding_elements(conflict):
        if at[2:3] == ("options",) and at[3] in held:
            continue
        # Copies are one statement, named by the original.
        evidence = tuple(dict.fromkeys(account.testimony.original[id] for id in support.evidence))
        if not support.applies_on(day):
            yield Dropped(at, evidence, OUTSIDE_DATES)
            continue
        reasons = [account.reason_against(id, account.testimony.number) for id in evidence]
        if reasons and None not in reasons:
            yield Dropped(at, evidence, str(reasons[0]))


def _without_date(conflict: Conflict, testimony: Testimony) -> tuple[str, ...]:
    if conflict.solved_day is None:
        return ()
    used = {testimony.original.get(id) for _, support in deciding_elements(conflict) for id in support.evidence}
    return tuple(id for id in testimony.without_date if id in used)


def _disputed_elements(conflict: Conflict, testimony: Testimony) -> Iterator[DisputedElement]:
    """Yield the elements whose presence in the model depends on whether some disputed statements are believed."""
    disputed = frozenset(testimony.disputed)
    if not disputed:
        return
    day = testimony.number
    accounts: dict[frozenset[str], Account] = {}

    def in_model(support: Support, doubted: frozenset[str]) -> bool:
        if doubted not in accounts:
            accounts[doubted] = testimony.account(disputed - doubted)
        return any(accounts[doubted].reason_against(id, day) is None for id in support.evidence)

    for at, support in deciding_elements(conflict):
        if not support.evidence or not support.applies_on(conflict.solved_day):
            continue
        tied = [id for id in testimony.tied(*support.evidence) if id in disputed]
        now = in_model(support, frozenset())
        single = [id for id in tied if in_model(support, frozenset([id])) != now]
        if single or (tied and in_model(support, frozenset(tied)) != now):
            yield DisputedElement(at, tuple(single or tied))


def statements_behind(first: Basis, second: Basis) -> tuple[str, ...]:
    """Return the statements because of which elements of one file are in one of two models and not in the other.

    For a withdrawn element these are the withdrawals; for others, the statements that are its evidence.
    """
    found: list[str] = []
    known = {at for at, _ in deciding_elements(first.written)}
    before, after = ({one.at: one for one in basis.dropped if one.at in known} for basis in (first, second))
    for at, _ in deciding_elements(second.written):
        one, basis = (before.get(at), first) if at in before else (after.get(at), second)
        if one is None or at not in known or (at in before and at in after) or one.reason == OUTSIDE_DATES:
            continue
        testimony = basis.written.testimony()
        account = testimony.account()
        for id in one.statements:
            by = [
                other
                for other in testimony.withdrawals.get(testimony.original[id], ())
                if account.in_force(other, testimony.number)
            ]
            found += by or [testimony.original[id]]
    return tuple(dict.fromkeys(found))


#: What the model uses a statement for: as evidence for a part of it, or against one; or because it reports, contradicts
#: or withdraws such a statement.
EVIDENCE, COUNTER_EVIDENCE, BEARING, UNUSED = USES = ("evidence", "against", "bearing", "unused")


def statement_uses(conflict: Conflict) -> dict[str, str]:
    """Return what the model uses each statement for, one of `USES`; copies are one statement, named by the original."""
    testimony = conflict.all_testimony
    original, copies, withdrawals = testimony.original, testimony.copies, testimony.withdrawals
    supports = [support for _, support in conflict.supports()]
    uses = {original[id]: COUNTER_EVIDENCE for one in supports for id in one.against if id in original}
    uses |= {original[id]: EVIDENCE for one in supports for id in one.evidence if id in original}
    contradicting: dict[str, list[str]] = {}
    for first, second in testimony.rivals:
        contradicting.setdefault(first, []).append(second)
        contradicting.setdefault(second, []).append(first)
    waiting = list(uses)
    while waiting:
        id = waiting.pop()
        tellers = (original[one.nested_in] for one in copies[id] if one.nested_in in original and one.nested_in)
        for other in (*contradicting.get(id, ()), *withdrawals[id], *tellers):
            if other not in uses:
                uses[other] = BEARING
                waiting.append(other)
    return {id: uses.get(id, UNUSED) for id in copies}


def is_unaccepted(testimony: Testimony, id: str) -> bool:
    """Tell whether a program proposed a statement, and no person has accepted it or a copy of it."""
    copies = testimony.copies.get(testimony.original.get(id, ""), ())
    return bool(copies) and all(one.proposed for one in copies)


def unaccepted_elements(conflict: Conflict, in_force: Collection[str] | None = None) -> Iterator[tuple[Path, Support]]:
    """Yield the elements of which all evidence in force is statements that no person has accepted.

    The rule of evidence uses such statements like any other, so `check` and every answer name them.
    """
    testimony = conflict.testimony()
    # Most disputes have no such statement.
    if not any(one.proposed for one in testimony.statements):
        return
    in_force = testimony.in_force() if in_force is None else in_force
    for at, support in conflict.supports():
        evidence = tuple(id for id in support.evidence if id in in_force)
        if evidence and all(is_unaccepted(testimony, id) for id in evidence):
            yield at, replace(support, evidence=evidence)


def without_preferences(conflict: Conflict) -> tuple[DecisionMaker, ...]:
    """Return the decision makers without preferences that can move, alone or in a standing coalition."""
    settled = {
        option
        for condition in conflict.constraints
        for part in condition.conjuncts()
        if isinstance(part, Taken) or (isinstance(part, Not) and isinstance(part.part, Taken))
        for option in part.options()
    }
    movers = {conflict.owner[option.id] for option in conflict.options if option.id not in settled}
    moving = {id for members in conflict.players if movers.intersection(members) for id in members}
    return tuple(one for one in conflict.decision_makers if one.id in moving and one.preferences.is_empty)


def no_preferences_known(conflict: Conflict, of: Sequence[DecisionMaker] | None = None) -> str:
    """Return a phrase that names the parties that can move but have no known preferences; empty if there are none.

    ``of`` names the parties to report; None means all of `without_preferences`.

    >>> maker = DecisionMaker("up", "Upstream", options=["divert"])
    >>> no_preferences_known(Conflict("A river", [maker]))
    'no preferences known for Upstream: every state counts as equally good for it'
    """
    makers = without_preferences(conflict) if of is None else of
    if not makers:
        return ""
    names = names_in_words(conflict, [maker.id for maker in makers])
    them = "it" if len(makers) == 1 else "them"
    return f"no preferences known for {names}: every state counts as equally good for {them}"
