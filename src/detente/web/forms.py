"""A dispute as the forms show it: plain data, with the place of every element and what is said for and against it."""

from __future__ import annotations

from typing import Any

from detente.analysis.loading import told_together
from detente.conflict.attitudes import ATTITUDES
from detente.conflict.conditions import If
from detente.conflict.model import ConflictModel, DecisionMaker, Option, Rule
from detente.conflict.preferences import DEFAULT_THRESHOLDS, decimal
from detente.conflict.support import Support
from detente.conflict.views import View
from detente.dossier.current import testimony_of
from detente.errors import Fault
from detente.web.asking import Version
from detente.web.editing.structure import IF_THEN
from detente.web.file_keys import text_only
from detente.web.preference_forms import ListedStates, preferences_data

#: What a decision maker can make of preferences that are not known, in words.
FACING_UNKNOWN = {
    "a": "it tempts, and does not deter",
    "b": "it neither tempts nor deters",
    "c": "it tempts, and deters",
    "d": "it does not tempt, and deters",
}
#: What each threshold decides, in words.
THRESHOLDS = {
    "satisficing": "what is better to this degree tempts",
    "alpha": "what is better with a chance above 1 − alpha tempts",
    "beta": "what is better with a chance of 1 − beta at most deters",
    "gamma": "others answer by what is better for them with a chance above 1 − gamma",
}


def dispute_data(version: Version) -> dict[str, Any]:
    """Return everything that the forms show of a dispute."""
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
            {"at": ["rules", place], "place": place, **_rule(rule), **grounds.of(rule.support)}
            for place, rule in enumerate(conflict.rules)
        ],
        "merge": [
            {"at": ["merge", place], "place": place, "when": str(merge.condition), **grounds.of(merge.support)}
            for place, merge in enumerate(conflict.merge)
        ],
        "status_quo": {"at": ["status_quo"], "taken": sorted(quo.taken), **grounds.of(quo.support)} if quo else None,
        "states": [
            {
                "at": ["states", state.name],
                "name": state.name,
                "taken": sorted(state.taken),
                **grounds.of(state.support),
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
        "worth_a_look": [fault_data(fault) for fault in told_together(version.warnings)],
        "judgements": [fault_data(fault) for fault in version.judgements],
        "text_only": text_only(),
    }


class Grounds:
    """What elements rest on, with what is contested of it."""

    def __init__(self, conflict: ConflictModel) -> None:
        testimony = testimony_of(conflict)
        self._contested = set(testimony.disputed)
        self._testimony = testimony
        self._known = testimony.by_id
        self._speakers = conflict.all_speakers

    def of(self, support: Support) -> dict[str, Any]:
        """Return an element's grounds as plain data."""
        return {
            "evidence": [self._statement(id) for id in support.evidence],
            "against": [self._statement(id) for id in support.against],
            "note": support.note,
            "judgement": support.is_judgement and bool(self._known),
        }

    def teller(self, id: str) -> str | None:
        """Return who, in the source, says that something was said, if that is another than its speaker."""
        teller = self._testimony.teller(id)
        return None if teller is None or teller == self._known[id].speaker else self._speakers.get(teller, teller)

    def contested(self, id: str) -> bool:
        """Tell whether a statement is contested or left open."""
        return id in self._contested

    def _statement(self, id: str) -> dict[str, Any]:
        statement = self._known.get(id)
        who = statement.speaker if statement else None
        return {
            "id": id,
            "contested": id in self._contested,
            "speaker": self._speakers.get(who, who) if who else None,
            "kind": statement.kind if statement else None,
            "quote": statement.quote if statement else None,
        }


def _maker(conflict: ConflictModel, maker: DecisionMaker, grounds: Grounds, states: ListedStates) -> dict[str, Any]:
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
            for name, says in THRESHOLDS.items()
        ],
        "unsure": maker.facing_unknown != "b" or maker.thresholds != DEFAULT_THRESHOLDS,
    }


def _option(conflict: ConflictModel, maker: DecisionMaker, option: Option, grounds: Grounds) -> dict[str, Any]:
    mark = next((mark for mark in conflict.one_way if mark.option == option.id), None)
    return {
        "at": ["decision_makers", maker.id, "options", option.id],
        "id": option.id,
        "name": option.label,
        "own_name": option.own_name,
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


def _player(conflict: ConflictModel, maker: DecisionMaker) -> dict[str, Any]:
    """Return with whom somebody plays, and which other groups it could join."""
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


def _attitudes(conflict: ConflictModel, maker: DecisionMaker) -> dict[str, Any]:
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


def _view(conflict: ConflictModel, maker: DecisionMaker, grounds: Grounds, states: ListedStates) -> dict[str, Any]:
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
