"""A conflict as the text of a conflict file, in the style of one that a person wrote."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from fractions import Fraction
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from detente.io.yaml.fields import DOSSIER_FORMAT
from detente.io.yaml.schema import FORMAT
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.history import Act
from detente.model.parts import DecisionMaker, Rule, View
from detente.model.preferences import (
    CERTAIN,
    DEFAULT_THRESHOLDS,
    GREAT_GAP,
    Payoffs,
    Preferences,
    PreferenceStatement,
    Prioritising,
    Ranking,
    Thresholds,
    Weights,
    decimal,
)
from detente.model.statements import Dossier, Skipped, Source, Statement

#: Lists of words up to this long are written on one line.
FLOW_WIDTH = 80


def conflict_text(conflict: Conflict) -> str:
    """Return a conflict as the text of a conflict file; reading it gives the same conflict."""
    return tree_text(conflict_tree(conflict))


def dossier_text(dossier: Dossier) -> str:
    """Return a dossier as the text of a dossier file; reading it gives the same dossier."""
    parts: dict[str, Any] = {
        "title": _scalar(dossier.title),
        "speakers": _mapping((id, _scalar(name)) for id, name in dossier.speakers.items()),
        "sources": _block(_source(source) for source in dossier.sources),
        "statements": _block(_statement(statement) for statement in dossier.statements),
        "skipped": _block(_statement(one) for one in dossier.skipped),
    }
    return tree_text(_mapping([("format", DOSSIER_FORMAT), *((key, value) for key, value in parts.items() if value)]))


def round_trip_yaml() -> YAML:
    """Return what reads and writes YAML with its comments, in the style of these files."""
    made = YAML()
    made.preserve_quotes = True
    made.width = 110
    made.indent(mapping=2, sequence=4, offset=2)
    made.allow_unicode = True
    return made


def tree_text(tree: Any) -> str:
    """Return a tree as text."""
    stream = StringIO()
    round_trip_yaml().dump(tree, stream)
    return stream.getvalue()


def conflict_tree(conflict: Conflict) -> CommentedMap:
    """Return a conflict as the tree of its file."""
    parts: dict[str, Any] = {
        "format": FORMAT,
        "title": _scalar(conflict.title),
        "summary": _scalar(conflict.summary),
        "as_of": _date(conflict.as_of),
        "citation": [_scalar(text) for text in conflict.citation],
        "notes": _scalar(conflict.notes),
        "decision_makers": _mapping((maker.id, _decision_maker(maker)) for maker in conflict.decision_makers),
        "rules": _block(_rule(rule) for rule in conflict.rules),
        "one_way": _mapping(
            (mark.option, _with(mark.support, "direction", _flow(["no", "yes"] if mark.to_taken else ["yes", "no"])))
            for mark in conflict.one_way
        ),
        "merge": _block(_with(merge.support, "when", str(merge.condition)) for merge in conflict.merge),
    }
    made = _mapping((key, value) for key, value in parts.items() if value or key in ("format", "title"))
    if conflict.status_quo is not None:
        quo = conflict.status_quo
        made["status_quo"] = _with(quo.support, "taken", _taken(conflict, quo.taken))
    later: dict[str, Any] = {
        "history": _block(_act(act) for act in conflict.history),
        "states": _mapping(
            (state.name, _with(state.support, "taken", _taken(conflict, state.taken))) for state in conflict.states
        ),
        "coalitions": _block(_flow(group) for group in conflict.coalitions),
        "views": _mapping((view.decision_maker, _view(view)) for view in conflict.views),
        "dossier": _flow([dossier.path for dossier in conflict.dossiers]),
        "speakers": _mapping((id, _scalar(name)) for id, name in conflict.speakers.items()),
        "sources": _block(_source(source) for source in conflict.sources),
        "statements": _block(_statement(statement) for statement in conflict.statements),
    }
    made.update({key: value for key, value in later.items() if value})
    return made


def _decision_maker(maker: DecisionMaker) -> CommentedMap:
    data = _mapping([("name", _scalar(maker.name))] if maker.name else [])
    if maker.options:
        data["options"] = _mapping(
            (option.id, _with(option.support, "name", _scalar(option.name))) for option in maker.options
        )
    _add_preferences(data, maker.preferences)
    if maker.facing_unknown != "b":
        data["facing_unknown"] = maker.facing_unknown
    if maker.thresholds != DEFAULT_THRESHOLDS:
        data["thresholds"] = _thresholds(maker.thresholds)
    if maker.attitudes:
        data["attitudes"] = _mapping(maker.attitudes)
        data["attitudes"].fa.set_flow_style()
    data.update(_grounds(maker.support))
    return data


def _view(view: View) -> CommentedMap:
    data = _mapping([("does_not_see", _flow(view.does_not_see))] if view.does_not_see else [])
    if view.believes:
        data["believes"] = _mapping(
            (other, _belief(preferences, view.grounds_of(other))) for other, preferences in view.believes
        )
    data.update(_grounds(view.support))
    return data


def _belief(preferences: Preferences, support: Support) -> CommentedMap:
    data = _mapping([])
    if isinstance(preferences, Prioritising) and not preferences.statements:
        data["preferences"] = _flow([])
    _add_preferences(data, preferences)
    data.update(_grounds(support))
    return data


def _add_preferences(data: CommentedMap, preferences: Preferences) -> None:
    if isinstance(preferences, Prioritising):
        if preferences.statements:
            data["preferences"] = _block(map(_preference, preferences.statements))
    elif isinstance(preferences, Ranking):
        chains = [_chain(preferences, stretches) for stretches in preferences.chains()]
        if preferences.unknown:
            data["ranking"] = _mapping([("known", _block(chains)), *_grounds(preferences.support).items()])
        else:
            data["ranking"] = _with(preferences.support, "order", chains[0])
    elif isinstance(preferences, Weights):
        weights = preferences.weights
        conditions = [str(weight.condition) for weight in weights]
        if len(set(conditions)) == len(weights) and not any(_grounds(weight.support) for weight in weights):
            data["weights"] = _mapping(
                (condition, _number(weight.weight)) for condition, weight in zip(conditions, weights, strict=True)
            )
        else:
            data["weights"] = _block(
                _mapping(
                    [
                        ("when", str(weight.condition)),
                        ("weight", _number(weight.weight)),
                        *_grounds(weight.support).items(),
                    ]
                )
                for weight in weights
            )
    elif isinstance(preferences, Payoffs):
        data["payoffs"] = _mapping((reference, _number(value)) for reference, value in preferences.payoffs)


def _preference(statement: PreferenceStatement) -> Any:
    marks: dict[str, Any] = {
        "confidence": _number(statement.confidence) if statement.confidence != CERTAIN else None,
        "strength": statement.strength if statement.strength != "mild" else None,
        "unknown": statement.unknown or None,
    }
    given = [(name, value) for name, value in marks.items() if value is not None]
    if not given:
        return _with(statement.support, "when", str(statement.condition))
    return _mapping([("when", str(statement.condition)), *given, *_grounds(statement.support).items()])


def _chain(ranking: Ranking, stretches: Iterable[Iterable[int]]) -> CommentedSeq:
    items: list[Any] = []
    for stretch in stretches:
        groups = [ranking.groups[place] for place in stretch]
        items += [
            *([GREAT_GAP] if items else []),
            *(group[0] if len(group) == 1 else _flow(group) for group in groups),
        ]
    chain = _block(items)
    if all(isinstance(item, int) for stretch in stretches for place in stretch for item in ranking.groups[place]):
        chain.fa.set_flow_style()
    return chain


def _thresholds(thresholds: Thresholds) -> CommentedMap:
    values = {name: getattr(thresholds, name) for name in thresholds.__dataclass_fields__}
    default = {name: getattr(DEFAULT_THRESHOLDS, name) for name in values}
    mapping = _mapping((name, _number(value)) for name, value in values.items() if value != default[name])
    mapping.fa.set_flow_style()
    return mapping


def _rule(rule: Rule) -> Any:
    if rule.kind == "always":
        return _with(rule.support, "always", str(rule.conditions[0]))
    if rule.kind == "never":
        value: Any = str(rule.conditions[0])
    else:
        value = _flow(str(condition) for condition in rule.conditions)
    return _mapping([(rule.kind, value), *_grounds(rule.support).items()])


def _act(act: Act) -> CommentedMap:
    values = {
        "date": _date(act.date),
        "by": act.by,
        **{key: _flow(options) for key, options in (("takes", act.takes), ("drops", act.drops)) if options},
    }
    return _mapping([*values.items(), *_grounds(act.support).items()])


def _source(source: Source) -> CommentedMap:
    values = {name: getattr(source, name) for name in source.__dataclass_fields__}
    return _mapping(
        (name, _date(value) if name == "date" else _scalar(value))
        for name, value in values.items()
        if value is not None
    )


def _statement(statement: Statement | Skipped) -> CommentedMap:
    values = {name: getattr(statement, name) for name in statement.__dataclass_fields__}
    return _mapping(
        (name, _statement_value(name, value)) for name, value in values.items() if value not in (None, (), False)
    )


def _statement_value(name: str, value: Any) -> Any:
    if name == "spans":
        return _flow(_flow(span) for span in value)
    if name == "date_said":
        return _date(value)
    if isinstance(value, tuple):
        return _flow(value)
    return _scalar(value) if isinstance(value, str) else value


def _grounds(support: Support) -> dict[str, Any]:
    grounds: dict[str, Any] = {}
    if support.evidence:
        grounds["evidence"] = _flow(support.evidence)
    if support.against:
        grounds["against"] = _flow(support.against)
    if support.note:
        grounds["note"] = _scalar(support.note)
    if support.since:
        grounds["since"] = _date(support.since)
    if support.until:
        grounds["until"] = _date(support.until)
    return grounds


def _with(support: Support, key: str, value: Any) -> Any:
    """Return an element in its short form, or as a mapping where it has grounds to show."""
    grounds = _grounds(support)
    return _mapping([(key, value), *grounds.items()]) if grounds else value


def _taken(conflict: Conflict, taken: frozenset[str]) -> CommentedSeq:
    return _flow(option.id for option in conflict.options if option.id in taken)


def _mapping(items: Iterable[tuple[Any, Any]]) -> CommentedMap:
    return CommentedMap(items)


def _block(items: Iterable[Any]) -> CommentedSeq:
    return CommentedSeq(items)


def _flow(items: Iterable[Any]) -> CommentedSeq:
    sequence = CommentedSeq(items)
    if sum(len(str(item)) + 2 for item in sequence) <= FLOW_WIDTH:
        sequence.fa.set_flow_style()
    return sequence


def _scalar(text: str) -> Any:
    """Write text of several lines as a block, where a block can hold it."""
    plain_lines = all(line == line.rstrip() and line.isprintable() for line in text.split("\n"))
    if "\n" in text and plain_lines and not text.startswith((" ", "\n")) and not text.endswith("\n\n"):
        return LiteralScalarString(text)
    return text


def _date(text: str | None) -> Any:
    """Write a whole date without quotes."""
    if text is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text)
    return text


def _number(value: Fraction) -> Any:
    """Write a number as a person would; as a fraction in quotes where decimals would not be exact."""
    if value.denominator == 1:
        return int(value)
    text = decimal(value)
    return str(value) if "/" in text else float(text)
