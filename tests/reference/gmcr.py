"""A .gmcr model as a conflict, for tests of the engine that must not lean on the importer."""

from __future__ import annotations

from typing import Any

import detente as dt
from detente.model.conditions import And, Condition, Not, Or, Taken


def conflict_of(data: dict[str, Any]) -> dt.Conflict:
    """Turn a model of the validation set, in which names are unique, into a conflict."""
    names = [option["name"] for option in data["options"]]

    def simple(pairs: list) -> Condition:
        parts = tuple(Taken(names[index]) if letter == "Y" else Not(Taken(names[index])) for index, letter in pairs)
        return parts[0] if len(parts) == 1 else And(parts)

    def statement(item: Any) -> Condition:
        if isinstance(item, list):
            return simple(item)
        parts = tuple(simple(member) for member in item["members"])
        return parts[0] if len(parts) == 1 else Or(parts)

    makers = []
    for maker in data["decisionMakers"]:
        if data["useManualPreferenceRanking"]:
            preferences: Any = dt.Ranking.of(*maker["preferenceRanking"])
        else:
            preferences = [statement(item) for item in maker["preferences"]]
        makers.append(
            dt.DecisionMaker(maker["name"], options=[names[i] for i in maker["options"]], preferences=preferences)
        )
    groups = [item if isinstance(item, list) else [item] for item in data["coalitions"]]
    standing = any(len(group) > 1 for group in groups)
    return dt.Conflict(
        title="validation",
        decision_makers=makers,
        rules=[dt.never(simple(item)) for item in data["infeasibles"]],
        one_way={
            option["name"]: option["permittedDirection"] == "fwd"
            for option in data["options"]
            if option["permittedDirection"] != "both"
        },
        coalitions=[[makers[i].id for i in group] for group in groups] if standing else [],
    )
