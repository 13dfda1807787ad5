"""The shapes of a conflict file: what may stand where, and what is short for what.

These classes are the one place that says what the file looks like: they check it, and its published JSON Schema is
generated from them (`detente.io.yaml.schema`). All scalars arrive as the text that was written, or None.

The JSON Schema of the conflict file, generated from its shapes, so that editors can complete and check it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from detente.errors import ConditionError
from detente.io.yaml.fields import (
    TEXT,
    DateText,
    GivenDate,
    Number,
    Shape,
    SourceShape,
    StatementShape,
    Text,
    Texts,
    YesNo,
    also,
    as_list,
    as_yes,
    fault,
    one_of,
)
from detente.io.yaml.validate import FileKind
from detente.model.conditions import Condition, parse
from detente.model.parts import ATTITUDES, RULE_KINDS
from detente.model.preferences import ATTITUDES_TO_THE_UNKNOWN, GREAT_GAP, HALF, STRENGTHS, decimal, is_great_gap

FORMAT = "detente/1"


#: The forms in which preferences can be given.
PREFERENCE_FORMS = ("preferences", "ranking", "weights", "payoffs")


#: A condition may be this long: many times what anybody reads aloud.
MAX_CONDITION_LENGTH = 20_000


def _condition(value: Any) -> Condition:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, str):
        raise fault("a condition must be text, such as 'not sanction'")
    if len(value) > MAX_CONDITION_LENGTH:
        raise fault(
            f"a condition of {len(value):,} characters; the limit is {MAX_CONDITION_LENGTH:,}: split it into several"
        )
    try:
        return parse(value)
    except ConditionError as error:
        raise fault(error.message, column=error.column, suggestion=error.suggestion) from error


def _direction(value: Any) -> bool:
    ends = [as_yes(word) for word in value] if isinstance(value, list) else []
    if ends in ([False, True], [True, False]):
        return bool(ends[1])
    raise fault("a direction is [no, yes] (can only become taken) or [yes, no] (can only be dropped)")


def _groups(value: Any) -> Any:
    return [[item] if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


def _share(what: str, *, zero: bool) -> Callable[[Fraction], Fraction]:
    """Make a validator for a number between 0 and 1."""

    def check(value: Fraction) -> Fraction:
        if 0 < value <= 1 or (zero and value == 0):
            return value
        # 70 is what people write who mean 70 %.
        near = decimal(value / 100) if 1 < value <= 100 else None
        raise fault(f"{what} is {'at least' if zero else 'more than'} 0 and at most 1", suggestion=near)

    return check


def _chain(groups: list[list[str]]) -> list[list[str]]:
    gaps = [len(group) == 1 and is_great_gap(group[0]) for group in groups]
    if any(gap and (place in (0, len(gaps) - 1) or gaps[place - 1]) for place, gap in enumerate(gaps)):
        raise fault(f"'{GREAT_GAP}' stands between the states above it and those below", word=GREAT_GAP)
    return groups


def _mapped(key: str, value_key: str) -> Callable[[Any], Any]:
    """Make a validator that turns a mapping into a list of entries with these two keys."""

    def to_list(value: Any) -> Any:
        return [{key: name, value_key: item} for name, item in value.items()] if isinstance(value, dict) else value

    return to_list


def _payoffs(value: Any) -> Any:
    if isinstance(value, list):
        return [{"state": str(number), "payoff": item} for number, item in enumerate(value, start=1)]
    return _mapped("state", "payoff")(value)


def _options(value: Any) -> Any:
    if not isinstance(value, list):
        return {} if value is None else value
    options: dict[str, None] = {}
    for item in value:
        if not isinstance(item, str):
            raise fault("a list of options holds identifiers only; write 'id: name' to give names")
        if item in options:
            raise fault(f"option '{item}' is there twice", word=item)
        options[item] = None
    return options


_STATE = {"anyOf": [{"type": "integer"}, TEXT], "description": "A state's number, its Y/N string, or its name."}
ConditionText = Annotated[
    Condition,
    PlainValidator(_condition),
    WithJsonSchema({**TEXT, "description": "Options joined by and, or, not, if … then …, … iff … and parentheses."}),
]


class Supported(Shape):
    """What every element of a model may say of its grounds."""

    evidence: Texts = Field(default_factory=list)
    """Identifiers of the statements that speak for this."""
    against: Texts = Field(default_factory=list)
    """Identifiers of the statements that speak against this."""
    note: Text = ""
    """A remark in the analyst's own words."""


class Dated(Supported):
    """What every element that decides answers may say of its grounds, and of the days on which it applies."""

    since: DateText = None
    """The first day on which this is in the model."""
    until: DateText = None
    """The last day on which this is in the model."""


class OptionShape(Dated):
    """An option: its name, or a mapping."""

    short = "name"
    name: Text = ""
    """What the option is, for people."""


class PreferenceShape(Dated):
    """A preference: a condition that the decision maker would rather have true."""

    short = "when"
    when: ConditionText
    """The condition."""
    confidence: Annotated[Number, AfterValidator(_share("a confidence", zero=False))] = Fraction(1)
    """The chance that the decision maker holds this at all: more than 0, at most 1."""
    strength: Annotated[str, one_of(STRENGTHS, "strength"), WithJsonSchema({"enum": list(STRENGTHS)})] = "mild"
    """'strong' where what meets this is greatly preferred to what does not and is as good before."""
    unknown: YesNo = False
    """'yes' where the decision maker cares, and nobody knows which way."""


class WeightShape(Dated):
    """A condition and what it is worth."""

    when: ConditionText
    """The condition."""
    weight: Number
    """What a state gains by meeting it."""


class PayoffShape(Shape):
    """A state and what it is worth."""

    state: str
    payoff: Number


_CHAIN = {"type": "array", "items": {"anyOf": [*_STATE["anyOf"], {"type": "array", "items": _STATE}]}}
Chain = Annotated[
    list[list[str]],
    BeforeValidator(_groups),
    AfterValidator(_chain),
    WithJsonSchema(_CHAIN),
]


class RankingShape(Dated):
    """States or tied groups of states, best first."""

    short_list = "order"
    order: Chain | None = None
    """The states, best first; a list within is a tie, 'much better than' between two states a great gap."""
    known: list[Annotated[Chain, Field(min_length=1)]] | None = None
    """In place of 'order': several rankings, between which preference is unknown."""

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        if isinstance(data, dict):
            given = [key for key in ("order", "known") if data.get(key) is not None]
            if len(given) > 1:
                raise fault("a ranking has either 'order' or 'known', not both", word="known")
            if not given and not set(data) - set(cls.model_fields):
                raise fault("a ranking needs 'order', the states best first")
        return data


class ThresholdsShape(Shape):
    """From where on a degree or a chance of being better counts."""

    satisficing: Annotated[Number, AfterValidator(_share("'satisficing'", zero=False))] = HALF
    """The fuzzy satisficing threshold: more than 0, at most 1."""
    alpha: Annotated[Number, AfterValidator(_share("'alpha'", zero=True))] = HALF
    """A state tempts where it is better with a chance above 1 - alpha."""
    beta: Annotated[Number, AfterValidator(_share("'beta'", zero=True))] = HALF
    """A state deters where it is better with a chance of 1 - beta at most."""
    gamma: Annotated[Number, AfterValidator(_share("'gamma'", zero=True))] = HALF
    """A move sanctions credibly where it is better with a chance above 1 - gamma."""


def _none_is(empty: Callable[[], Any]) -> BeforeValidator:
    return BeforeValidator(lambda value: empty() if value is None else value)


#: 'Hostile' is as many letters from 'positive' as from anything: only a slip of the pen is taken for a word.
AttitudeWord = Annotated[str, one_of(ATTITUDES, "attitude", likeness=0.75), WithJsonSchema({"enum": list(ATTITUDES)})]
WeightList = Annotated[
    list[WeightShape] | None,
    BeforeValidator(_mapped("when", "weight")),
    Field(json_schema_extra=also({"type": "object", "additionalProperties": {"type": "number"}})),
]
PayoffList = Annotated[
    list[PayoffShape] | None,
    BeforeValidator(_payoffs),
    Field(
        json_schema_extra=also(
            {"type": "object", "additionalProperties": {"type": "number"}},
            {"type": "array", "items": {"type": "number"}},
        )
    ),
]


class DecisionMakerShape(Supported):
    """Somebody who decides: name, options, and preferences in one of four forms."""

    short = "name"
    name: Text = ""
    """What the decision maker is called, for people."""
    options: Annotated[
        dict[str, OptionShape],
        BeforeValidator(_options),
    ] = Field(default_factory=dict, json_schema_extra=also({"type": "array", "items": TEXT}, {"type": "null"}))
    """The options, by identifier; identifiers are unique in the file."""
    preferences: list[PreferenceShape] | None = Field(default=None, json_schema_extra=also({"type": "object"}))
    """Preferences, most important first (option prioritising)."""
    ranking: RankingShape | None = None
    """States or tied groups, best first; complete."""
    weights: WeightList = None
    """Conditions and what each is worth; a state's score is the sum."""
    payoffs: PayoffList = None
    """A number for every state; more is better."""
    facing_unknown: Annotated[
        str,
        one_of(ATTITUDES_TO_THE_UNKNOWN, "attitude to the unknown"),
        WithJsonSchema({"enum": list(ATTITUDES_TO_THE_UNKNOWN)}),
    ] = "b"
    """What it makes of the unknown: a is tempted by it, b unmoved, c tempted and deterred, d deterred."""
    thresholds: ThresholdsShape | None = None
    """From where on a degree or a chance of being better counts."""
    attitudes: Annotated[dict[str, AttitudeWord], _none_is(dict)] = Field(default_factory=dict)
    """What it wishes others, and itself: positive, neutral or negative, by decision maker."""

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        inner = data.get("preferences")
        if isinstance(inner, dict):
            if len(inner) != 1 or next(iter(inner)) not in PREFERENCE_FORMS[1:]:
                raise fault("preferences must be a list of conditions, or hold one of ranking, weights and payoffs")
            data = {key: value for key, value in data.items() if key != "preferences"} | inner
        given = [form for form in PREFERENCE_FORMS if data.get(form) is not None]
        if len(given) > 1:
            raise fault(f"preferences are given twice, as {' and as '.join(given)}", word=given[1])
        return data


class RuleShape(Dated):
    """What makes a state infeasible: text is a condition that always holds."""

    short = "always"
    never: ConditionText | None = None
    """No feasible state meets this."""
    always: ConditionText | None = None
    """Every feasible state meets this."""
    at_most_one: list[ConditionText] | None = None
    """No two of these hold together."""
    at_least_one: list[ConditionText] | None = None
    """One or more of these hold."""
    exactly_one: list[ConditionText] | None = None
    """One and only one of these holds."""
    if_: ConditionText | None = Field(default=None, alias="if")
    """With 'then': wherever this holds, so does that."""
    then: ConditionText | None = None
    """With 'if'."""

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, data: Any) -> Any:
        if data is None:
            data = {}
        if not isinstance(data, dict):
            return data
        given = [kind for kind in (*RULE_KINDS, "if") if kind in data]
        if len(given) > 1:
            raise fault(f"one rule cannot be both {' and '.join(given)}: make two rules", word=given[1])
        others = set(data) - {"then", *Dated.model_fields}
        if not given and not others:
            raise fault(f"a rule needs one of {', '.join(RULE_KINDS)}, or 'if' and 'then'")
        if ("if" in data) != ("then" in data):
            raise fault("'if' and 'then' go together")
        for kind in (*given, *(["then"] if "then" in data else [])):
            value = data[kind]
            if kind in ("at_most_one", "at_least_one", "exactly_one"):
                if not isinstance(value, list):
                    raise fault(f"{kind} needs a list: {kind}: [a, b]", word=kind)
                if len(value) < (2 if kind == "at_most_one" else 1):
                    raise fault(f"{kind} needs a list of more conditions", word=kind)
            elif value is None:
                raise fault(f"{kind} needs a condition", word=kind)
        return data


class OneWayShape(Dated):
    """The direction in which an option can be changed."""

    short_list = "direction"
    direction: Annotated[
        bool,
        PlainValidator(_direction),
        WithJsonSchema({"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 2, "maxItems": 2}),
    ]
    """[no, yes]: can only become taken; [yes, no]: can only be dropped."""


class MergeShape(Dated):
    """All states that meet the condition are one state."""

    short = "when"
    when: ConditionText
    """The condition."""


class StateShape(Supported):
    """A state: the options taken in it, or its Y/N string."""

    short = "state"
    short_list = "taken"
    taken: Texts | None = None
    """The options that are taken; all others are not."""
    state: str | None = None
    """A Y/N string with a letter for each option, or the name of a state."""

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        if isinstance(data, dict) and "taken" in data and "state" in data:
            raise fault("give either the options taken or the state, not both", word="state")
        if isinstance(data, dict) and not {"taken", "state"} & set(data) and not set(data) - set(cls.model_fields):
            raise fault("which options are taken? Write [] for none")
        return data


class BeliefShape(Dated):
    """The preferences that one decision maker takes another to have, in one of four forms."""

    short_list = "preferences"
    preferences: list[PreferenceShape] | None = None
    """Preferences, most important first."""
    ranking: RankingShape | None = None
    """States or tied groups, best first; every state that is seen."""
    weights: WeightList = None
    """Conditions and what each is worth."""
    payoffs: PayoffList = None
    """A number for every state that is seen."""

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any) -> Any:
        if isinstance(data, dict):
            given = [form for form in PREFERENCE_FORMS if data.get(form) is not None]
            if len(given) > 1:
                raise fault(f"preferences are given twice, as {' and as '.join(given)}", word=given[1])
            if not given and not set(data) - set(cls.model_fields):
                raise fault("what is believed of the preferences? Write a list of conditions, or [] for none")
        return data


class ActShape(Supported):
    """Something that a decision maker did: options that it took, and others that it dropped."""

    date: GivenDate
    """When; a vague date counts from its last day."""
    by: str
    """The decision maker."""
    takes: Texts = Field(default_factory=list)
    """The options that it took."""
    drops: Texts = Field(default_factory=list)
    """The options that it dropped."""


class ViewShape(Dated):
    """How a decision maker sees the dispute, where that is not how this file writes it down."""

    does_not_see: Texts = Field(default_factory=list)
    """Options of others that it does not know of."""
    believes: Annotated[dict[str, BeliefShape], BeforeValidator(lambda value: {} if value is None else value)] = Field(
        default_factory=dict
    )
    """The preferences that it takes others to have, by decision maker."""


def _format(value: str) -> str:
    if value != FORMAT:
        raise fault(f"the format is '{value}', and this program reads {FORMAT}", word=value, suggestion=FORMAT)
    return value


class ConflictShape(Shape):
    """A dispute: decision makers, options, rules, preferences, and what they rest on."""

    format: Annotated[str, AfterValidator(_format), WithJsonSchema({"const": FORMAT})]
    """The format of the file."""
    title: Text
    """What the dispute is called."""
    summary: Text = ""
    """One or two sentences on what it is about."""
    as_of: DateText = None
    """The date that the model describes."""
    citation: Texts = Field(default_factory=list)
    """Where the model comes from."""
    notes: Text = ""
    """Remarks."""
    decision_makers: Annotated[dict[str, DecisionMakerShape], Field(min_length=1)]
    """The decision makers, by identifier, in the order of the states' letters."""
    rules: Annotated[list[RuleShape], _none_is(list)] = Field(default_factory=list)
    """What makes a state infeasible."""
    one_way: Annotated[dict[str, OneWayShape], _none_is(dict)] = Field(default_factory=dict)
    """Options that can be changed in one direction only."""
    merge: Annotated[list[MergeShape], BeforeValidator(as_list)] = Field(
        default_factory=list, json_schema_extra=also(TEXT)
    )
    """All states that meet one of these conditions are one state."""
    status_quo: StateShape | None = None
    """The state that the dispute is in: the options taken on the day of ``as_of``."""
    history: Annotated[list[ActShape], _none_is(list)] = Field(default_factory=list)
    """Dated acts that led to the status quo, or that follow it, in order of date."""
    states: Annotated[dict[str, StateShape], _none_is(dict)] = Field(default_factory=dict)
    """Names for states."""
    coalitions: Annotated[
        list[list[str]],
        BeforeValidator(lambda value: _groups(value) or []),
        WithJsonSchema({"type": "array", "items": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}}),
    ] = Field(default_factory=list)
    """Standing coalitions: groups of decision makers that play as one; every decision maker is in one group."""
    views: Annotated[dict[str, ViewShape], _none_is(dict)] = Field(default_factory=dict)
    """How decision makers see the dispute, by decision maker; who is not named here sees it as it is."""
    dossier: Texts = Field(default_factory=list)
    """Dossiers (``*.dossier.yaml``), beside this file, whose sources and statements count as its own."""
    speakers: Annotated[dict[str, Text], _none_is(dict)] = Field(default_factory=dict)
    """Speakers that are no decision makers, with their names."""
    sources: Annotated[list[SourceShape], _none_is(list)] = Field(default_factory=list)
    """Documents."""
    statements: Annotated[list[StatementShape], _none_is(list)] = Field(default_factory=list)
    """Who said what."""


#: Which shape stands where, and how to read on where something is faulty.
CONFLICT_FILE = FileKind(
    ConflictShape,
    what="a conflict file",
    format=FORMAT,
    shapes={
        (): ConflictShape,
        ("decision_makers", "*"): DecisionMakerShape,
        ("decision_makers", "*", "options", "*"): OptionShape,
        ("decision_makers", "*", "preferences", "*"): PreferenceShape,
        ("decision_makers", "*", "weights", "*"): WeightShape,
        ("decision_makers", "*", "ranking"): RankingShape,
        ("decision_makers", "*", "thresholds"): ThresholdsShape,
        ("rules", "*"): RuleShape,
        ("one_way", "*"): OneWayShape,
        ("merge", "*"): MergeShape,
        ("status_quo",): StateShape,
        ("history", "*"): ActShape,
        ("states", "*"): StateShape,
        ("views", "*"): ViewShape,
        ("views", "*", "believes", "*"): BeliefShape,
        ("views", "*", "believes", "*", "preferences", "*"): PreferenceShape,
        ("views", "*", "believes", "*", "weights", "*"): WeightShape,
        ("views", "*", "believes", "*", "ranking"): RankingShape,
        ("sources", "*"): SourceShape,
        ("statements", "*"): StatementShape,
    },
    stand_ins={("format",): FORMAT, ("title",): "untitled"},
    whole=("rules", "history"),
    lost=("decision_makers",),
    names=(("decision_makers",), ("decision_makers", "*", "options")),
)


#: The schema as it is published with the package.
PUBLISHED = Path(__file__).with_name("conflict.schema.json")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the conflict file."""
    generated = ConflictShape.model_json_schema(by_alias=True)
    generated.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:detente:conflict:1",
        "title": "Detente conflict file",
        **generated,
    }


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from detente.io.files import write_text

    write_text(PUBLISHED, schema_text())
