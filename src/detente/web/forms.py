"""The data of the forms: every element of a dispute with its place in the file and its evidence.

Preferences are given in one of four forms; each comes with the other forms that it could be converted to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cached_property
from typing import Any

from detente.editing.convert import MAX_RANKED, ConversionLoss, conversion_loss
from detente.editing.structure import IF_THEN
from detente.errors import Fault, TooLargeError, UnknownNameError
from detente.io.conflict_file import grouped_warnings
from detente.io.yaml.schema import text_only
from detente.model.conditions import If
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import is_unaccepted, no_preferences_known
from detente.model.evidence import PROPOSED, Support
from detente.model.history import Act
from detente.model.option_names import OptionNames
from detente.model.parts import ATTITUDES, DecisionMaker, Option, Rule, View
from detente.model.preferences import (
    DEFAULT_THRESHOLDS,
    Payoffs,
    Preferences,
    Prioritising,
    Ranking,
    StateReference,
    Weights,
    decimal,
)
from detente.model.statements import Statement
from detente.model.states import StateList
from detente.present.basis import proposed_in_words
from detente.present.outcomes import condition_in_words, rule_in_words, wish_in_words
from detente.present.phrases import NOT_ACCEPTED, as_reported, with_tellers, withdrawal_in_brief, withdrawal_in_words
from detente.web.session import Version

#: The forms of preferences: title and hint on the page.
WAYS = {
    "preferences": ("a list", "most important first"),
    "ranking": ("a ranking of states", "states, best first"),
    "weights": ("weights", "the value of each condition that a state meets"),
    "payoffs": ("payoffs", "a number for each state; higher is better"),
}


class ListedStates:
    """The states of a dispute by their references in the file, if they are few enough to list."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict

    @cached_property
    def all(self) -> StateList | None:
        """Every state; None if there are too many to list."""
        try:
            return StateList(self.conflict, MAX_RANKED)
        except TooLargeError:
            return None

    def shown(self, reference: StateReference) -> dict[str, Any]:
        """Return a state as a page shows it: number, letters, name and the options taken."""
        written: dict[str, Any] = {"reference": reference, "number": None, "state": "", "name": None, "taken": []}
        if self.all is None:
            return written
        try:
            state = self.all.numbered(self.all.number_of(reference))
        except UnknownNameError:
            return written
        taken = [self.conflict.option(id).label for id in state.taken]
        return {**written, "number": state.number, "state": state.pattern, "name": state.name, "taken": taken}

    def missing(self, references: Iterable[StateReference]) -> list[dict[str, Any]]:
        """Return the states to which no reference leads."""
        if self.all is None:
            return []
        there = {self.all.number_of(one) for one in references}
        return [self.shown(state.number) for state in self.all if state.number not in there]


def preferences_data(
    maker: str, held: Preferences, at: list[str | int], grounds: Grounds, states: ListedStates, believed_by: str = ""
) -> dict[str, Any]:
    """Return preferences as the forms show them; ``at`` is the place of the decision maker or belief that has them."""
    at = [*at, held.key]
    title, hint = WAYS[held.key]
    statewise = isinstance(held, Ranking | Payoffs)
    listed = not statewise or states.all is not None
    return {
        "form": held.key,
        "title": title,
        "hint": hint,
        "of": {"maker": maker, **({"believed_by": believed_by} if believed_by else {})},
        "key": f"{believed_by}>{maker}" if believed_by else maker,
        # States that the form does not list are not sent either.
        "items": list(items(maker, held, at, grounds, states)) if listed else [],
        "at": at,
        "grounds": grounds.of(held.support) if isinstance(held, Ranking) else None,
        "shown": listed,
        "missing": states.missing(_references(held)),
        "removable": bool(believed_by) and statewise,
        "places": len(held.groups) if isinstance(held, Ranking) else 0,
        "turns": [_turn(held, form, states) for form in WAYS if form != held.key],
    }


def items(
    maker: str, held: Preferences, at: list[str | int], grounds: Grounds, states: ListedStates
) -> Iterator[dict[str, Any]]:
    """Yield each line of the preferences; ``when`` is the line as text, ``said`` a condition as a sentence."""
    if isinstance(held, Prioritising):
        for place, one in enumerate(held.statements):
            yield {
                "at": [*at, place],
                "place": place,
                "when": str(one.condition),
                "said": wish_in_words(states.conflict, maker, one.condition),
                "marks": one.marks,
                "confidence": "" if one.confidence == 1 else decimal(one.confidence),
                "strength": one.strength,
                "unknown": one.unknown,
                **grounds.of(one.support),
            }
    elif isinstance(held, Weights):
        for place, weight in enumerate(held.weights):
            condition, worth = str(weight.condition), decimal(weight.weight)
            yield {
                "at": [*at, place],
                "place": place,
                "when": f"{condition}: {worth}",
                "condition": condition,
                "said": wish_in_words(states.conflict, maker, weight.condition),
                "weight": worth,
                **grounds.of(weight.support),
            }
    elif isinstance(held, Ranking):
        gaps = {**dict.fromkeys(held.great, "great"), **dict.fromkeys(held.unknown, "unknown")}
        for place, group in enumerate(held.groups):
            yield {
                "at": at,
                "place": place,
                "when": " = ".join(map(str, group)),
                "states": [states.shown(one) for one in group],
                "gap": gaps.get(place, ""),
                **grounds.of(held.support),
            }
    elif isinstance(held, Payoffs):
        for place, (state, value) in enumerate(held.payoffs):
            yield {
                "at": at,
                "place": place,
                "when": f"{state}: {decimal(value)}",
                "state": states.shown(state),
                "payoff": decimal(value),
                **grounds.of(held.support),
            }


def _references(held: Preferences) -> list[StateReference]:
    if isinstance(held, Ranking):
        return [one for group in held.groups for one in group]
    return [state for state, _ in held.payoffs] if isinstance(held, Payoffs) else []


def _turn(held: Preferences, form: str, states: ListedStates) -> dict[str, Any]:
    listable = form not in ("ranking", "payoffs") or states.all is not None
    words = (
        _in_words(conversion_loss(held, form), held)
        if listable
        else f"Not possible: the dispute has more than {MAX_RANKED} states."
    )
    return {"form": form, "title": WAYS[form][0], "possible": listable, "words": words}


def _in_words(promise: ConversionLoss, held: Preferences) -> str:
    lost = f" Lost: {'; '.join(promise.lost)}." if promise.lost else ""
    if promise.same_order:
        return f"Keeps the order of the states.{lost}"
    if isinstance(held, Weights):
        return f"Orders the conditions by weight. Several light conditions can no longer outweigh a heavy one.{lost}"
    return f"Starts with no preferences.{lost}"


#: How a decision maker can treat unknown preferences, in words.
FACING_UNKNOWN = {
    "a": "they count as improvements, not as sanctions",
    "b": "they count neither as improvements nor as sanctions",
    "c": "they count as improvements and as sanctions",
    "d": "they count as sanctions, not as improvements",
}


#: The meaning of each threshold, in words.
_THRESHOLDS = {
    "satisficing": "a state preferred to this degree is an improvement",
    "alpha": "a state that is better with a probability above 1 − alpha is an improvement",
    "beta": "a state that is better with a probability of at most 1 − beta is a sanction",
    "gamma": "the other parties respond with moves that are better for them with a probability above 1 − gamma",
}


def dispute_data(version: Version) -> dict[str, Any]:
    """Return all data of the forms of a dispute."""
    conflict = version.conflict
    grounds = Grounds(conflict)
    states = ListedStates(conflict)
    quo = conflict.status_quo
    return {
        "name": version.name,
        "digest": version.digest,
        "editable": version.file is not None,
        "title": conflict.title,
        "summary": conflict.summary,
        "as_of": conflict.as_of,
        "notes": conflict.notes,
        "citation": list(conflict.citation),
        "decision_makers": [_maker(conflict, maker, grounds, states) for maker in conflict.decision_makers],
        "rules": [
            {
                "at": ["rules", place],
                "place": place,
                "said": rule_in_words(conflict, rule),
                **_rule(rule),
                **grounds.of(rule.support),
            }
            for place, rule in enumerate(conflict.rules)
        ],
        "merge": [
            {
                "at": ["merge", place],
                "place": place,
                "when": str(merge.condition),
                "said": condition_in_words(conflict, merge.condition),
                **grounds.of(merge.support),
            }
            for place, merge in enumerate(conflict.merge)
        ],
        "status_quo": {"at": ["status_quo"], "taken": sorted(quo.taken), **grounds.of(quo.support)} if quo else None,
        "history": [_act(conflict, act, place, grounds) for place, act in enumerate(conflict.history)],
        "states": [
            {
                "at": ["states", state.name],
                "name": state.name,
                "taken": sorted(state.taken),
                # A name that an analyst gives is no assumption.
                **grounds.of(state.support) | {"judgement": False},
            }
            for state in conflict.states
        ],
        "coalitions": [list(group) for group in conflict.coalitions],
        "players": [_player(conflict, maker) for maker in conflict.decision_makers],
        "attitudes": [_attitudes(conflict, maker) for maker in conflict.decision_makers],
        "views": [_view(conflict, maker, grounds, states) for maker in conflict.decision_makers],
        "dossiers": [dossier.path for dossier in conflict.dossiers],
        "speakers": [{"id": id, "name": name} for id, name in conflict.speakers.items()],
        "warnings": [fault_data(fault) for fault in version.warnings],
        "worth_a_look": [fault_data(fault) for fault in grouped_warnings(version.warnings)],
        "judgements": [fault_data(fault) for fault in version.judgements],
        "text_only": [asdict(one) for one in text_only()],
        "steps": steps(conflict),
        "draft": proposed_in_words(conflict),
        "choices": choices(conflict),
    }


def steps(conflict: Conflict) -> list[dict[str, Any]]:
    """Return the steps from an empty dispute to an answer: what each is, where, and whether it is done."""
    movers = [maker for maker in conflict.decision_makers if maker.options]
    model = [
        ("Name the parties", "dispute", "parties", len(conflict.decision_makers) > 1),
        ("Give their options", "dispute", "parties", bool(movers)),
        ("Give their preferences", "dispute", "parties", bool(movers) and not no_preferences_known(conflict)),
        ("Say what is the case today", "dispute", "status-quo", conflict.status_quo is not None),
    ]
    answer = ("Read the answer", "overview", "", all(done for *_, done in model))
    listed = [("Add documents", "sources", "", bool(conflict.all_sources)), *model, answer]
    return [{"text": text, "page": page, "part": part, "done": done} for text, page, part, done in listed]


def choices(conflict: Conflict) -> list[dict[str, str]]:
    """Return the options by the names from which a condition is built."""
    names = OptionNames.of(conflict)
    return [
        {
            "id": option.id,
            "name": option.own_name,
            "label": f"{maker.label}: {option.own_name}",
            "quoted": names.quoted(option.id),
        }
        for maker in conflict.decision_makers
        for option in maker.options
    ]


class Grounds:
    """The evidence of elements, with the disputed statements marked."""

    def __init__(self, conflict: Conflict) -> None:
        testimony = conflict.testimony()
        every, original, disputed = testimony.statements, testimony.original, set(testimony.disputed)
        # A denial disputes what it denies; it gives no doubt of its own to what it reports.
        self._contested = {
            one.id
            for one in every
            for at in with_tellers(one, every)
            if original[at.id] in disputed and (at is one or at.kind != "denial")
        }
        self._testimony = testimony
        self._known = testimony.by_id
        self._speakers = conflict.all_speakers

    def of(self, support: Support) -> dict[str, Any]:
        """Return an element's evidence as plain data."""
        return {
            "evidence": [self._statement(id) for id in support.evidence],
            "against": [self._statement(id) for id in support.against],
            "note": support.note,
            "proposed": support.note.startswith(PROPOSED),
            "judgement": support.is_judgement and bool(self._known),
        }

    def teller(self, id: str) -> str | None:
        """Return the party that reports a statement in its source; None if that is the speaker."""
        teller = self._testimony.teller(id)
        return None if teller is None or teller == self._known[id].speaker else self._speakers.get(teller, teller)

    def contested(self, id: str) -> bool:
        """Tell whether a statement is disputed: contradicted or marked so, itself or one that reports it."""
        return id in self._contested

    def marks(self, id: str) -> list[str]:
        """Return what stands beside a statement wherever it is evidence: that it is disputed, or not yet accepted."""
        itself = self._testimony.original.get(id) in self._testimony.disputed
        doubt = "disputed" if itself else "in a disputed statement" if self.contested(id) else ""
        return list(filter(None, (doubt, NOT_ACCEPTED if is_unaccepted(self._testimony, id) else "")))

    def marked(self, id: str) -> str:
        """Name a statement that is evidence, with its marks."""
        marks = self.marks(id)
        return f"{id} ({', '.join(marks)})" if marks else id

    def _statement(self, id: str) -> dict[str, Any]:
        statement = self._known.get(id)
        who = statement.speaker if statement else None
        return {
            "id": id,
            "contested": id in self._contested,
            "marks": self.marks(id),
            "speaker": self._speakers.get(who, who) if who else None,
            "kind": statement.kind if statement else None,
            "quote": statement.quote if statement else None,
        }


def _maker(conflict: Conflict, maker: DecisionMaker, grounds: Grounds, states: ListedStates) -> dict[str, Any]:
    at: list[str | int] = ["decision_makers", maker.id]
    wishes = preferences_data(maker.id, maker.preferences, at, grounds, states)
    return {
        "at": at,
        "id": maker.id,
        "name": maker.label,
        "own_name": maker.own_name,
        **grounds.of(maker.support),
        "options": [_option(conflict, maker, option, grounds) for option in maker.options],
        "form": maker.preferences.key,
        "preferences": wishes["items"],
        "wishes": wishes,
        "facing_unknown": maker.facing_unknown,
        "thresholds": [
            {"name": name, "value": decimal(getattr(maker.thresholds, name)), "says": says}
            for name, says in _THRESHOLDS.items()
        ],
        "unsure": maker.facing_unknown != "b" or maker.thresholds != DEFAULT_THRESHOLDS,
    }


def _option(conflict: Conflict, maker: DecisionMaker, option: Option, grounds: Grounds) -> dict[str, Any]:
    mark = next((mark for mark in conflict.one_way if mark.option == option.id), None)
    return {
        "at": ["decision_makers", maker.id, "options", option.id],
        "id": option.id,
        "name": option.label,
        "own_name": option.own_name,
        "not_named": option.not_named,
        "undone": option.undone,
        "way": "" if mark is None else "taken" if mark.to_taken else "dropped",
        "way_grounds": {"at": ["one_way", option.id], **grounds.of(mark.support)} if mark else None,
        **grounds.of(option.support),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as its kind, and the conditions as one line; an 'if … then …' as its two halves."""
    condition = rule.conditions[0]
    if rule.kind == "always" and isinstance(condition, If):
        halves = {"when": str(condition.premise), "then": str(condition.consequence)}
        return {"kind": IF_THEN, **halves, "text": str(rule)}
    return {"kind": rule.kind, "when": ", ".join(map(str, rule.conditions)), "then": "", "text": str(rule)}


def _act(conflict: Conflict, act: Act, place: int, grounds: Grounds) -> dict[str, Any]:
    maker = conflict.decision_maker(act.by)
    return {
        "at": ["history", place],
        "place": place,
        "date": act.date,
        "by": act.by,
        "name": maker.label,
        "options": [{"id": option.id, "name": option.label} for option in maker.options],
        "takes": list(act.takes),
        "drops": list(act.drops),
        **grounds.of(act.support),
    }


def _player(conflict: Conflict, maker: DecisionMaker) -> dict[str, Any]:
    """Return the coalition of a decision maker, and the others that it could join."""
    others = [tuple(one for one in group if one != maker.id) for group in conflict.players]
    return {
        "id": maker.id,
        "name": maker.label,
        "with": next(
            group[0] if group else ""
            for group, whole in zip(others, conflict.players, strict=True)
            if maker.id in whole
        ),
        "groups": [
            (group[0], "with " + " and ".join(conflict.decision_maker(id).label for id in group))
            for group in others
            if group
        ],
    }


def _attitudes(conflict: Conflict, maker: DecisionMaker) -> dict[str, Any]:
    given = dict(maker.attitudes)
    return {
        "id": maker.id,
        "name": maker.label,
        "towards": [
            {
                "id": other.id,
                "name": "itself" if other is maker else other.label,
                "attitude": given.get(other.id, ""),
                "usual": "positive" if other is maker else "neutral",
                "all": list(ATTITUDES),
            }
            for other in conflict.decision_makers
        ],
    }


def _view(conflict: Conflict, maker: DecisionMaker, grounds: Grounds, states: ListedStates) -> dict[str, Any]:
    found = next((view for view in conflict.views if view.decision_maker == maker.id), None)
    view = found or View(maker.id)
    at: list[str | int] = ["views", maker.id]
    label = {other.id: other.label for other in conflict.decision_makers}
    return {
        "at": at,
        "id": maker.id,
        "name": maker.label,
        "written": found is not None,
        "unseen": list(view.does_not_see),
        "options": [
            {"id": option.id, "name": option.label}
            for other in conflict.decision_makers
            if other is not maker
            for option in other.options
        ],
        "believes": [
            {
                "id": other,
                "name": label[other],
                "wishes": preferences_data(other, held, [*at, "believes", other], grounds, states, maker.id),
                "at": [*at, "believes", other],
                **grounds.of(view.grounds_of(other)),
            }
            for other, held in view.believes
        ],
        "others": [
            {"id": other.id, "name": other.label}
            for other in conflict.decision_makers
            if other is not maker and view.believed(other.id) is None
        ],
        **grounds.of(view.support),
    }


def fault_data(fault: Fault, own: str = "") -> dict[str, Any]:
    """Return a fault as plain data; a fault in another file than ``own`` names it."""
    return {
        "message": fault.message,
        "line": fault.line,
        "column": fault.column,
        "suggestion": fault.suggestion,
        "word": fault.word,
        "at": list(fault.at),
        "file": None if fault.file is None or not own or fault.file.endswith(own) else fault.file.rpartition("/")[2],
    }


def told_of(conflict: Conflict, statement: Statement, grounds: Grounds) -> dict[str, str]:
    """Return in words when a statement was said, who reports it, and whether and according to whom it was withdrawn."""
    names, others = conflict.all_speakers, conflict.all_statements
    reporter = names.get(statement.reported_by or "", statement.reported_by) or grounds.teller(statement.id)
    told = as_reported(reporter) if reporter and statement.reported_by != statement.speaker else ""
    reports = any(one.id in statement.withdrawn_by and one.reported_by for one in others)
    return {
        "said_on": date_in_words(statement.date_said) if statement.date_said else "",
        "told": told,
        "gone": withdrawal_in_brief(statement, others),
        "withdrawal": withdrawal_in_words(statement, names, others) if reports else "",
    }


def denies(here: Statement, there: Statement | None) -> str:
    """Say which of two statements that contradict each other denies the other; nothing if neither is a denial."""
    if there is None or (here.kind == "denial") == (there.kind == "denial"):
        return ""
    return "denies" if here.kind == "denial" else "denied by"


def of_a_report(key: str, here: Statement, there: Statement) -> str:
    """Say of a link to a report that it is one; nothing where the words of the link are right."""
    if key == "withdrawn_by" and there.reported_by and there.reported_by != there.speaker:
        return "reported as withdrawn:"
    # What a source adds to the words of a speaker is not reported by that speaker.
    adds = key == "nested_in" and here.reported_by and here.reported_by not in (there.speaker, there.reported_by)
    return "goes with" if adds else ""
