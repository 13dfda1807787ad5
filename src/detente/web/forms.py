"""A dispute as the forms show it: plain data, with the place of every element and what is said for and against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from detente.conflict.model import ConflictModel, DecisionMaker, Rule
from detente.conflict.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.conflict.support import Support
from detente.dossier.accounts import Hearing
from detente.errors import Fault
from detente.web.asking import Version


def dispute_data(version: Version) -> dict[str, Any]:
    """Return everything that the forms show of a dispute."""
    conflict = version.conflict
    grounds = Grounds(conflict)
    return {
        "name": version.name,
        "digest": version.digest,
        "editable": version.file is not None,
        "title": conflict.title,
        "summary": conflict.summary,
        "as_of": conflict.as_of,
        "notes": conflict.notes,
        "citation": list(conflict.citation),
        "decision_makers": [_maker(conflict, maker, grounds) for maker in conflict.decision_makers],
        "rules": [
            {
                "at": ["rules", place],
                "place": place,
                "kind": rule.kind,
                "when": _rule_text(rule),
                "text": str(rule),
                **grounds.of(rule.support),
            }
            for place, rule in enumerate(conflict.rules)
        ],
        "merge": [
            {"at": ["merge", place], "when": str(merge.condition), **grounds.of(merge.support)}
            for place, merge in enumerate(conflict.merge)
        ],
        "status_quo": {
            "at": ["status_quo"],
            "taken": sorted(conflict.status_quo.taken),
            **grounds.of(conflict.status_quo.support),
        }
        if conflict.status_quo
        else None,
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
        "warnings": [fault_data(fault) for fault in version.warnings],
        "judgements": [fault_data(fault) for fault in version.judgements],
    }


class Grounds:
    """What elements rest on, with what is contested of it."""

    def __init__(self, conflict: ConflictModel) -> None:
        hearing = Hearing(tuple(conflict.all_statements))
        self._contested = set(hearing.contested)
        self._known = hearing.by_id
        self._speakers = conflict.all_speakers

    def of(self, support: Support) -> dict[str, Any]:
        """Return an element's grounds as plain data."""
        return {
            "evidence": [self._statement(id) for id in support.evidence],
            "against": [self._statement(id) for id in support.against],
            "note": support.note,
            "judgement": support.is_judgement and bool(self._known),
        }

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


def _maker(conflict: ConflictModel, maker: DecisionMaker, grounds: Grounds) -> dict[str, Any]:
    ways = {True: "taken", False: "dropped", None: ""}
    return {
        "at": ["decision_makers", maker.id],
        "id": maker.id,
        "name": maker.label,
        **grounds.of(maker.support),
        "options": [
            {
                "at": ["decision_makers", maker.id, "options", option.id],
                "id": option.id,
                "name": option.label,
                "way": ways[conflict.direction.get(option.id)],
                **grounds.of(option.support),
            }
            for option in maker.options
        ],
        "form": maker.preferences.key,
        "preferences": list(_preferences(maker, grounds)),
    }


def _preferences(maker: DecisionMaker, grounds: Grounds) -> Iterable[dict[str, Any]]:
    preferences = maker.preferences
    at = ["decision_makers", maker.id, preferences.key]
    if isinstance(preferences, Prioritising):
        for place, one in enumerate(preferences.statements):
            yield {"at": [*at, place], "place": place, "when": str(one.condition), **grounds.of(one.support)}
    elif isinstance(preferences, Weights):
        for place, weight in enumerate(preferences.weights):
            text = f"{weight.condition}: {weight.weight}"
            yield {"at": [*at, place], "place": place, "when": text, **grounds.of(weight.support)}
    elif isinstance(preferences, Ranking):
        for place, group in enumerate(preferences.groups):
            yield {"at": at, "place": place, "when": " = ".join(map(str, group)), **grounds.of(preferences.support)}
    elif isinstance(preferences, Payoffs):
        for place, (state, value) in enumerate(preferences.payoffs):
            yield {"at": at, "place": place, "when": f"{state}: {value}", **grounds.of(preferences.support)}


def _rule_text(rule: Rule) -> str:
    return ", ".join(map(str, rule.conditions))


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
