"""Conversion between the values of fields and the parts of a conflict, for parts that file and model represent
differently.

Everything else needs no code: an element is made from the values of its fields, and written from its attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.io.yaml.reading import ValueFault
from detente.lazy import dataclass
from detente.model.conditions import Condition, If
from detente.model.conflict import Conflict
from detente.model.evidence import Path, Support
from detente.model.option_names import OptionNames
from detente.model.parts import RULE_KINDS, DecisionMaker, NamedState, Option, Rule, StatusQuo, View
from detente.model.preferences import (
    GREAT_GAP,
    NO_PREFERENCES,
    Payoffs,
    Preferences,
    PreferenceStatement,
    Prioritising,
    Ranking,
    StateReference,
    Thresholds,
    Weight,
    Weights,
    as_reference,
    is_great_gap,
)
from detente.model.statements import Dossier, Statement

FORMAT, DOSSIER_FORMAT = "detente/1", "detente-dossier/1"
#: The forms in which preferences can be given.
PREFERENCE_FORMS = ("preferences", "ranking", "weights", "payoffs")
#: The keys for an element's evidence and for the dates between which it is in the model.
GROUNDS = ("evidence", "against", "note", "since", "until")

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class GivenState:
    """A state as given in the file: by the options taken, by its Y/N string, or by the name of another state."""

    name: str | None
    taken: tuple[str, ...] | None
    state: str | None
    support: Support


@dataclass(frozen=True)
class Belief:
    """The preferences that a party believes another (``of``) to have."""

    of: str
    preferences: Preferences
    support: Support


def build_conflict(values: Mapping[str, Any], dossiers: Sequence[Dossier]) -> Conflict:
    """Return a conflict from the values of its fields and its dossiers.

    Raises
    ------
    InputError
        With every fault that appears only when the parts are combined.
    """
    faults: list[Fault] = []
    options = [option.id for maker in values["decision_makers"] for option in maker.options]
    named: dict[str, GivenState] = {state.name: state for state in values["states"]}

    def taken(state: GivenState, at: Path, through: frozenset[str | None]) -> frozenset[str]:
        if state.taken is not None:
            return frozenset(state.taken)
        reference = state.state or ""
        if len(reference) == len(options) and set(reference) <= {"Y", "N"}:
            return frozenset(id for id, letter in zip(options, reference, strict=True) if letter == "Y")
        if reference in named and reference not in through:
            return taken(named[reference], ("states", reference), through | {reference})
        names = OptionNames.of_makers(values["decision_makers"])
        faults.append(_no_state(reference, options, names, list(named), at))
        return frozenset()

    quo: GivenState | None = values["status_quo"]
    parts = {name: value for name, value in values.items() if name not in ("format", "dossier")}
    parts["states"] = [
        NamedState(name, taken(state, ("states", name), frozenset({name})), state.support)
        for name, state in named.items()
    ]
    parts["status_quo"] = quo and StatusQuo(taken(quo, ("status_quo",), frozenset()), quo.support)
    try:
        conflict = Conflict(**parts, dossiers=dossiers)
    except InputError as error:
        raise InputError([*error.faults, *faults]) from error
    if faults:
        raise InputError(faults)
    return conflict


def _no_state(reference: str, options: list[str], named: OptionNames, names: list[str], at: Path) -> Fault:
    if reference in options or named.ids(reference):
        written = reference if reference in options else f'"{reference}"'
        message = f"'{reference}' is an option, not a state; write [{written}]"
        return Fault(message, at=at, word=reference)
    if reference and set(reference) <= set("YN-"):
        if "-" in reference:
            return Fault(f"'{reference}' is not a single state; write Y or N for every option", at=at, word=reference)
        message = f"'{reference}' has {len(reference)} letters, but there are {len(options)} options"
        return Fault(message, at=at, word=reference)
    message = f"'{reference}' is not a state; list the options taken, or write Y or N for each option"
    return Fault(message, at=at, word=reference, suggestion=nearest(reference, names))


def conflict_parts(conflict: Conflict) -> dict[str, Any]:
    """Return the values of those fields that the conflict represents differently."""

    def given(state: NamedState | StatusQuo, name: str | None) -> GivenState:
        in_order = tuple(option.id for option in conflict.options if option.id in state.taken)
        return GivenState(name, in_order, None, state.support)

    quo = conflict.status_quo
    return {
        "format": FORMAT,
        "status_quo": quo and given(quo, None),
        "states": tuple(given(state, state.name) for state in conflict.states),
        "dossier": tuple(dossier.path for dossier in conflict.dossiers),
    }


def dossier_parts(dossier: Dossier) -> dict[str, Any]:
    """Return the values of those fields that the dossier represents differently."""
    actors = {one.id for one in dossier.actors}
    names = {id: name for id, name in dossier.speakers.items() if id not in actors}
    return {"format": DOSSIER_FORMAT, "speakers": names}


def build_maker(
    id: str,
    name: str,
    options: tuple[Option, ...],
    facing_unknown: str,
    thresholds: Thresholds,
    attitudes: Mapping[str, str],
    support: Support,
    **forms: Any,
) -> DecisionMaker:
    """Return a decision maker from the values of its fields."""
    return DecisionMaker(id, name, options, _preferences(**forms), support, facing_unknown, thresholds, attitudes)


def maker_parts(maker: DecisionMaker) -> dict[str, Any]:
    """Return the values of a decision maker's fields."""
    forms = _forms(maker.preferences)
    return {**forms, "preferences": forms["preferences"] or None, "attitudes": dict(maker.attitudes)}


def build_belief(of: str, support: Support, **forms: Any) -> Belief:
    """Return a belief from the values of its fields."""
    return Belief(of, _preferences(**forms), support)


def belief_parts(belief: Belief) -> dict[str, Any]:
    """Return the values of a belief's fields."""
    return _forms(belief.preferences)


def build_view(
    decision_maker: str, does_not_see: tuple[str, ...], believes: tuple[Belief, ...], support: Support
) -> View:
    """Return a view from the values of its fields."""
    preferences = [(belief.of, belief.preferences) for belief in believes]
    grounds = [(belief.of, belief.support) for belief in believes]
    return View(decision_maker, does_not_see, preferences, support, grounds)


def view_parts(view: View) -> dict[str, Any]:
    """Return the values of a view's fields."""
    believes = tuple(Belief(other, preferences, view.grounds_of(other)) for other, preferences in view.believes)
    return {"believes": believes}


def _preferences(
    preferences: tuple[PreferenceStatement, ...] | None,
    ranking: Ranking | None,
    weights: tuple[Weight, ...] | None,
    payoffs: tuple[tuple[StateReference, Fraction], ...] | None,
) -> Preferences:
    if preferences is not None:
        return Prioritising(preferences)
    if ranking is not None:
        return ranking
    if weights is not None:
        return Weights(weights)
    return NO_PREFERENCES if payoffs is None else Payoffs(payoffs)


def _forms(preferences: Preferences) -> dict[str, Any]:
    """Return preferences by the form in which the file gives them; all forms but one are None."""
    forms: dict[str, Any] = dict.fromkeys(PREFERENCE_FORMS)
    match preferences:
        case Prioritising():
            forms["preferences"] = preferences.statements
        case Ranking():
            forms["ranking"] = preferences
        case Weights():
            forms["weights"] = preferences.weights
        case Payoffs():
            forms["payoffs"] = preferences.payoffs
    return forms


def check_chain(groups: tuple[tuple[str, ...], ...]) -> None:
    """Refuse a great gap that does not stand between two states of a ranking."""
    gaps = [len(group) == 1 and is_great_gap(group[0]) for group in groups]
    if any(gap and (place in (0, len(gaps) - 1) or gaps[place - 1]) for place, gap in enumerate(gaps)):
        raise ValueFault(f"'{GREAT_GAP}' must stand between two states", word=GREAT_GAP)


def listed_options(value: Any) -> Any:
    """Return the mapping of options that a list of identifiers stands for."""
    if not isinstance(value, list):
        return {} if value is None else value
    options: dict[str, None] = {}
    for item in value:
        if not isinstance(item, str):
            raise ValueFault("a list of options holds identifiers only; write 'id: name' to give names")
        if item in options:
            raise ValueFault(f"option '{item}' appears twice", word=item)
        options[item] = None
    return options


def numbered_payoffs(value: Any) -> Any:
    """Give the payoffs of a list the numbers of the states, if they do not name their states."""
    if isinstance(value, list):
        long = {"state", "payoff"}
        return [
            item if isinstance(item, dict) and set(item) == long else {"state": str(number), "payoff": item}
            for number, item in enumerate(value, start=1)
        ]
    return value


def build_payoff(state: str, payoff: Fraction) -> tuple[StateReference, Fraction]:
    """Return a payoff from the values of its fields."""
    return as_reference(state), payoff


def payoff_parts(payoff: tuple[StateReference, Fraction]) -> dict[str, Any]:
    """Return the values of a payoff's fields."""
    return {"state": payoff[0], "payoff": payoff[1]}


def build_matter(option: str, stance: str | None) -> tuple[str, str | None]:
    """Make an option that a statement is about, with the stance on it, of the values of its fields."""
    return option, stance


def matter_parts(matter: tuple[str, str | None]) -> dict[str, Any]:
    """Return the values of the fields of an option that a statement is about."""
    return {"option": matter[0], "stance": matter[1]}


def build_statement(about: tuple[tuple[str, str | None], ...] = (), **values: Any) -> Statement:
    """Make a statement of the values of its fields; those that are omitted have their defaults."""
    stances = {option: stance for option, stance in about if stance is not None}
    values |= {"about": tuple([option for option, _ in about]), "stances": stances}
    return Statement.of(values)


def statement_parts(statement: Statement) -> dict[str, Any]:
    """Return the values of a statement's fields that are not simply its attributes."""
    return {"about": tuple((option, statement.stances.get(option)) for option in statement.about)}


def build_ranking(order: Groups | None, known: tuple[Groups, ...] | None, support: Support) -> Ranking:
    """Return a ranking from the values of its fields."""
    chains = known or (order or (),)
    referring = [[[as_reference(item) for item in group] for group in chain] for chain in chains]
    made = Ranking.of_chains(*([group[0] if len(group) == 1 else group for group in chain] for chain in referring))
    return replace(made, support=support)


def ranking_parts(ranking: Ranking) -> dict[str, Any]:
    """Return the values of a ranking's fields."""
    chains = []
    for stretches in ranking.chains():
        chain: list[tuple[StateReference, ...]] = []
        for stretch in stretches:
            chain += [*([(GREAT_GAP,)] if chain else []), *(ranking.groups[place] for place in stretch)]
        chains.append(tuple(chain))
    return {"known": tuple(chains), "order": None} if ranking.unknown else {"known": None, "order": chains[0]}


def build_rule(if_: Condition | None, then: Condition | None, support: Support, **kinds: Any) -> Rule:
    """Return a rule from the values of its fields."""
    if if_ is not None and then is not None:
        return Rule("always", If(if_, then), support)
    ((kind, given),) = ((kind, given) for kind, given in kinds.items() if given is not None)
    return Rule(kind, given, support)


def rule_parts(rule: Rule) -> dict[str, Any]:
    """Return the values of a rule's fields."""
    given = rule.conditions[0] if rule.kind in ("never", "always") else rule.conditions
    return {**dict.fromkeys(("if_", "then", *RULE_KINDS)), rule.kind: given}


def _one_form(data: Any) -> Any:
    if isinstance(data, dict):
        given = [form for form in PREFERENCE_FORMS if data.get(form) is not None]
        if len(given) > 1:
            raise ValueFault(f"preferences are given twice, as {' and as '.join(given)}", word=given[1])
    return data


def check_maker(data: Any) -> Any:
    """Check the form of a decision maker: preferences in one form, possibly nested under 'preferences'."""
    inner = data.get("preferences") if isinstance(data, dict) else None
    if isinstance(inner, dict):
        if len(inner) != 1 or next(iter(inner)) not in PREFERENCE_FORMS[1:]:
            raise ValueFault("preferences must be a list of conditions, or contain one of ranking, weights and payoffs")
        data = {key: value for key, value in data.items() if key != "preferences"} | inner
    return _one_form(data)


def check_belief(data: Any) -> Any:
    """Check the form of a belief: preferences in one form."""
    is_known = isinstance(data, dict) and set(data) <= {*PREFERENCE_FORMS, *GROUNDS}
    if is_known and all(data.get(form) is None for form in PREFERENCE_FORMS):
        raise ValueFault("the believed preferences are missing; write a list of conditions, or [] for none")
    return _one_form(data)


def check_ranking(data: Any) -> Any:
    """Check the form of a ranking: one order, or several."""
    if isinstance(data, dict):
        given = [key for key in ("order", "known") if data.get(key) is not None]
        if len(given) > 1:
            raise ValueFault("a ranking has either 'order' or 'known', not both", word="known")
        if not given and set(data) <= {"order", "known", *GROUNDS}:
            raise ValueFault("a ranking needs 'order', the states best first")
    return data


def check_state(data: Any) -> Any:
    """Check the form of a state: the options taken, or a reference."""
    if isinstance(data, dict):
        if "taken" in data and "state" in data:
            raise ValueFault("give either the options taken or the state, not both", word="state")
        if not {"taken", "state"} & set(data) and set(data) <= {"taken", "state", *GROUNDS[:3]}:
            raise ValueFault("the options taken are missing; write [] for none")
    return data


def check_rule(data: Any) -> Any:
    """Check the form of a rule: one kind, with its conditions."""
    data = {} if data is None else data
    if not isinstance(data, dict):
        return data
    given = [kind for kind in (*RULE_KINDS, "if") if kind in data]
    if len(given) > 1:
        raise ValueFault(f"one rule cannot be both {' and '.join(given)}; make two rules", word=given[1])
    if not given and set(data) <= {"then", *GROUNDS}:
        raise ValueFault(f"a rule needs one of {', '.join(RULE_KINDS)}, or 'if' and 'then'")
    if ("if" in data) != ("then" in data):
        raise ValueFault("'if' and 'then' must be used together")
    for kind in (*given, *(["then"] if "then" in data else [])):
        value = data[kind]
        if kind in ("at_most_one", "at_least_one", "exactly_one"):
            if not isinstance(value, list):
                raise ValueFault(f"{kind} needs a list, such as {kind}: [a, b]", word=kind)
            if len(value) < (2 if kind == "at_most_one" else 1):
                raise ValueFault(f"{kind} needs a list of two or more conditions", word=kind)
        elif value is None:
            raise ValueFault(f"{kind} needs a condition", word=kind)
    return data
