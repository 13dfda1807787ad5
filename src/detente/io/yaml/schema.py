"""The table of all fields of conflict files and dossiers, and the published JSON Schema generated from it.

Parsing, building, writing, references and the forms of the pages all use this table. A new field is one row here, an
attribute of the model, and the code that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.io.yaml.build import (
    DOSSIER_FORMAT,
    FORMAT,
    GivenState,
    belief_parts,
    build_belief,
    build_maker,
    build_matter,
    build_payoff,
    build_ranking,
    build_rule,
    build_statement,
    build_view,
    check_belief,
    check_chain,
    check_maker,
    check_ranking,
    check_rule,
    check_state,
    conflict_parts,
    dossier_parts,
    listed_options,
    maker_parts,
    matter_parts,
    numbered_payoffs,
    payoff_parts,
    ranking_parts,
    rule_parts,
    statement_parts,
    view_parts,
)
from detente.io.yaml.fields import Element, Entries, Field, Items, Keyed, Kind, Names, Optional, Scalar, TextOnly
from detente.io.yaml.kinds import (
    CONDITION_TEXT,
    CONFIDENCE,
    DATE,
    DIRECTION,
    NUMBER,
    NUMBER_SCHEMA,
    SPANS,
    STRING,
    TEXT,
    TEXT_SCHEMA,
    WORD,
    YES_NO,
    Chain,
    RememberedElement,
    as_list,
    choice,
    file_format,
    one_group,
    option_meant,
    share,
    text,
    word,
    words,
)
from detente.lazy import lazy
from detente.model.history import Act
from detente.model.parts import ATTITUDES, Merge, OneWay, Option
from detente.model.preferences import (
    ATTITUDES_TO_THE_UNKNOWN,
    CERTAIN,
    DEFAULT_THRESHOLDS,
    HALF,
    STRENGTHS,
    PreferenceStatement,
    Thresholds,
    Weight,
)
from detente.model.statements import (
    LINK_KINDS,
    STANCES,
    STATEMENT_FORMS,
    STATEMENT_KINDS,
    Actor,
    Dossier,
    Link,
    Skipped,
    Source,
)

if TYPE_CHECKING:
    import json
else:
    json = lazy("json")

#: The file of the published schema.
PUBLISHED = Path(__file__).with_name("conflict.schema.json")

#: Reasons why some fields are changed in the text only.
_PROGRAM = TextOnly("format", "it identifies the format of the file and has a single value")
_DAYS = TextOnly("the first and the last day of an element: since, until", "few elements have dates of their own")
_DOSSIERS = TextOnly("dossier", "it names other files that are read with this one")
_SAID = TextOnly(
    "more about a statement: form, place, audience, about, addresses, note", "it is easiest to enter next to the quote"
)
_MACHINE = TextOnly(
    "how a statement was found: speaker_text, cue, confidence, speaker_confidence, kind_confidence",
    "the program that read the document wrote it",
)
_PUBLISHED = TextOnly("more about a source: language, url, digests, note", "it is entered once, with the source")
_SPELLING = TextOnly("a state as Y/N letters or by another state's name", "the forms list the options taken")

_STATE_REFERENCE = {"type": ["integer", "string"], "description": "A state's number, its Y/N string, or its name."}


def _listing(kind: Kind) -> Items:
    return Items(kind, block=True)


def _maybe(known: Scalar) -> Optional:
    return Optional(known, schema=known.schema)


_STATE_WORD = word(Names.STATE)
_CHAIN = Chain(
    Items(Items(_STATE_WORD, convert=one_group, single=True), block=True),
    check_chain,
    {"type": "array", "items": {"anyOf": [_STATE_REFERENCE, {"type": "array", "items": _STATE_REFERENCE}]}},
)
_GROUPS = Items(
    Items(word(Names.DECISION_MAKER), convert=one_group),
    block=True,
    schema={"type": "array", "items": {"anyOf": [STRING, {"type": "array", "items": STRING}]}},
)
_DOSSIER_FORMAT = file_format(DOSSIER_FORMAT, "a dossier is")
_CONDITIONS = Optional(Items(CONDITION_TEXT))
_NUMBERS = {"type": "object", "additionalProperties": NUMBER_SCHEMA}

# fmt: off
SUPPORT = (
    Field("evidence", words(Names.STATEMENT), "Identifiers of the statements that are evidence for this.", ()),
    Field("against", words(Names.STATEMENT), "Identifiers of the statements that are evidence against this.", ()),
    Field("note", TEXT, "A remark in the analyst's own words.", ""),
)
DATED = (
    *SUPPORT,
    Field("since", Optional(DATE), "The first day on which this is in the model.", None, text_only=_DAYS),
    Field("until", Optional(DATE), "The last day on which this is in the model.", None, text_only=_DAYS),
)

OPTION = Element(
    "Option", "An option: its name, or a mapping.",
    (
        Field("name", TEXT, "What the option is, for people: 'Withdraw its forces'.", ""),
        Field("not_named", TEXT,
              "What the party does if it does not take the option, in words behind its name: 'stays where it is'.", ""),
        Field("undone", TEXT,
              "What the party does if it drops the option after taking it: 'moves its forces back in'.", ""),
    ),
    Option, grounds=DATED, key="id", keys=Names.OPTION, short="name", plain="name",
)
PREFERENCE = Element(
    "Preference", "A preference: a condition that the decision maker would rather have true.",
    (
        Field("when", CONDITION_TEXT, "The condition.", attribute="condition"),
        Field("confidence", share("a confidence", zero=False),
              "The chance that the decision maker has this preference: more than 0, at most 1.", CERTAIN),
        Field("strength", choice(STRENGTHS, "strength"),
              "'strong' if meeting this is a great difference between states that tie so far.", "mild"),
        Field("unknown", YES_NO, "'yes' if the direction of the preference is unknown.", False),
    ),
    PreferenceStatement, grounds=DATED, short="when", plain="when",
)
WEIGHT = Element(
    "Weight", "A condition and its weight.",
    (
        Field("when", CONDITION_TEXT, "The condition.", attribute="condition"),
        Field("weight", NUMBER, "The score of a state that meets it."),
    ),
    Weight, grounds=DATED,
)
PAYOFF = Element(
    "Payoff", "A state and its payoff.", (Field("state", _STATE_WORD), Field("payoff", NUMBER)),
    build_payoff, payoff_parts,
)
RANKING = Element(
    "Ranking", "States or groups of tied states, best first.",
    (
        Field("order", Optional(_CHAIN),
              "The states, best first; a list within is a tie, 'much better than' between two states a great gap.",
              None),
        Field("known", Optional(_listing(_CHAIN)),
              "In place of 'order': several rankings, between which preference is unknown.", None),
    ),
    build_ranking, ranking_parts, grounds=DATED, short_list="order", plain="order", check=check_ranking,
)
THRESHOLDS = Element(
    "Thresholds", "The thresholds for degrees and chances of preference.",
    (
        Field("satisficing", share("'satisficing'", zero=False),
              "The fuzzy satisficing threshold: more than 0, at most 1.", HALF),
        Field("alpha", share("'alpha'", zero=True),
              "A state is an improvement if it is better with a chance above 1 - alpha.", HALF),
        Field("beta", share("'beta'", zero=True),
              "A state is a sanction if it is better with a chance of at most 1 - beta.", HALF),
        Field("gamma", share("'gamma'", zero=True),
              "A move is a credible sanction if it is better for its mover with a chance above 1 - gamma.", HALF),
    ),
    Thresholds, inline=True,
)


def _forms(preferences: str, ranking: str, weights: str, payoffs: str, *, nested: bool) -> tuple[Field, ...]:
    """Return the fields of the four forms in which preferences can be given, with what is said of each."""
    return (
        Field("preferences", Optional(_listing(PREFERENCE)), preferences, None, also=({"type": "object"},) * nested),
        Field("ranking", Optional(RANKING), ranking, None),
        Field("weights", Optional(Items(WEIGHT, pair=("when", "weight"), block=True)), weights, None, also=(_NUMBERS,)),
        Field("payoffs", Optional(Items(PAYOFF, convert=numbered_payoffs, pair=("state", "payoff"), block=True)),
              payoffs, None, also=(_NUMBERS, {"type": "array", "items": NUMBER_SCHEMA})),
    )


DECISION_MAKER = Element(
    "DecisionMaker", "A decision maker: name, options, and preferences in one of four forms.",
    (
        Field("name", TEXT, "The name of the decision maker.", ""),
        Field("options", Keyed(OPTION, convert=listed_options, kept=()),
              "The options, by identifier; identifiers are unique in the file.", (),
              also=({"type": "array", "items": STRING}, {"type": "null"})),
        *_forms(
            "Preferences, most important first (option prioritising).",
            "States or groups of tied states, best first; every state.",
            "Conditions and their weights; a state's score is the sum of those that it meets.",
            "A number for every state; higher is better.",
            nested=True,
        ),
        Field("facing_unknown", choice(ATTITUDES_TO_THE_UNKNOWN, "attitude to the unknown"),
              "How it treats unknown preferences: a tempted, b neither, c tempted and deterred, d deterred.", "b"),
        Field("thresholds", Optional(THRESHOLDS, DEFAULT_THRESHOLDS),
              "The thresholds for degrees and chances of preference.", DEFAULT_THRESHOLDS),
        # 'Hostile' is about as similar to 'positive' as to any word, so only close misspellings get a suggestion.
        Field("attitudes", Entries(choice(ATTITUDES, "attitude", 0.75), Names.DECISION_MAKER, inline=True),
              "Its attitude to others, and to itself: positive, neutral or negative, by decision maker.", {}),
    ),
    build_maker, maker_parts, grounds=SUPPORT, key="id", keys=Names.DECISION_MAKER, short="name", check=check_maker,
)
RULE = Element(
    "Rule", "A condition on feasible states; plain text is a condition that is always true.",
    (
        Field("never", Optional(CONDITION_TEXT), "No feasible state meets this.", None),
        Field("always", Optional(CONDITION_TEXT), "Every feasible state meets this.", None),
        Field("at_most_one", _CONDITIONS, "No two of these are true together.", None),
        Field("at_least_one", _CONDITIONS, "One or more of these are true.", None),
        Field("exactly_one", _CONDITIONS, "Exactly one of these is true.", None),
        Field("if", Optional(CONDITION_TEXT), "With 'then': if this is true, so is that.", None, "if_"),
        Field("then", Optional(CONDITION_TEXT), "With 'if'.", None),
    ),
    build_rule, rule_parts, grounds=DATED, short="always", plain="always", check=check_rule, is_whole=True,
)
ONE_WAY = Element(
    "OneWay", "The direction in which an option can be changed.",
    (Field("direction", DIRECTION, "[no, yes]: can only become taken; [yes, no]: can only be dropped.",
           attribute="to_taken"),),
    OneWay, grounds=DATED, key="option", keys=Names.OPTION, short_list="direction", plain="direction",
)
MERGE = Element(
    "Merge", "All states that meet the condition are one state.",
    (Field("when", CONDITION_TEXT, "The condition.", attribute="condition"),),
    Merge, grounds=DATED, short="when", plain="when",
)
STATE = Element(
    "State", "A state: the options taken in it, or its Y/N string.",
    (
        Field("taken", Optional(words(Names.OPTION)), "The options that are taken; all others are not.", None),
        Field("state", Optional(_STATE_WORD), "A Y/N string with a letter for each option, or the name of a state.",
              None, text_only=_SPELLING),
    ),
    GivenState, grounds=SUPPORT, key="name", short="state", short_list="taken", plain="taken", check=check_state,
)
ACT = Element(
    "Act", "Something that a decision maker did: options that it took, and others that it dropped.",
    (
        Field("date", DATE, "The date; a vague date counts from its last day."),
        Field("by", word(Names.DECISION_MAKER), "The decision maker."),
        Field("takes", words(Names.OPTION), "The options that it took.", ()),
        Field("drops", words(Names.OPTION), "The options that it dropped.", ()),
    ),
    Act, grounds=SUPPORT, is_whole=True,
)
BELIEF = Element(
    "Belief", "The preferences that one decision maker believes another to have, in one of four forms.",
    _forms(
        "Preferences, most important first.",
        "States or groups of tied states, best first; every state that the party sees.",
        "Conditions and their weights.",
        "A number for every state that the party sees.",
        nested=False,
    ),
    build_belief, belief_parts, grounds=DATED, key="of", keys=Names.DECISION_MAKER, short_list="preferences",
    check=check_belief,
)
VIEW = Element(
    "View", "How a decision maker perceives the dispute, if differently from this file.",
    (
        Field("does_not_see", words(Names.OPTION), "Options of others that it does not know of.", ()),
        Field("believes", Keyed(BELIEF), "The preferences that it believes others to have, by decision maker.", ()),
    ),
    build_view, view_parts, grounds=DATED, key="decision_maker", keys=Names.DECISION_MAKER,
)
SOURCE = Element(
    "Source", "A document in which statements were found.",
    (
        Field("id", WORD, "The identifier by which statements refer to it."),
        Field("title", text(), "The title.", None),
        Field("publisher", text(), "Who published it.", None),
        Field("date", Optional(DATE), "When it was published.", None),
        Field("language", text(), "The language it is in, as a code such as en or pt-BR.", None, text_only=_PUBLISHED),
        Field("url", text(), "The address of the publication.", None, text_only=_PUBLISHED),
        Field("file", text(), "The path of the file, relative to the folder of this file.", None),
        Field("sha256", text(), "The SHA-256 of the file, in hexadecimal digits.", None, text_only=_PUBLISHED),
        Field("text_sha256", text(), "The SHA-256 of the text read from the file (UTF-8), for which spans hold.", None,
              text_only=_PUBLISHED),
        Field("note", text(), "A remark.", None, text_only=_PUBLISHED),
    ),
    Source,
)
MATTER = Element(
    "Matter", "An option that a statement is about, and the stance that it expresses on it.",
    (
        Field("option", word(Names.OPTION), "The option."),
        Field("stance", Optional(choice(STANCES, "stance")),
              "for, against, conditional or none; if it is left out, it follows from the kind of statement.", None),
    ),
    build_matter, matter_parts, short="option", plain="option", text_only=_SAID,
)
_MATTERS = Items(
    MATTER, convert=lambda value: value if isinstance(value, dict) else as_list(value), pair=("option", "stance"),
    names=Names.OPTION,
)
STATEMENT = RememberedElement(
    "Statement", "Something that a party or another speaker said, as a source reports it.",
    (
        Field("id", WORD, "The identifier by which elements of the model refer to it."),
        Field("source", text(Names.SOURCE), "The source that reports it.", None),
        Field("speaker", text(Names.SPEAKER), "Who said it: a decision maker, or one of 'speakers'.", None),
        Field("speaker_text", text(), "The words by which the source names the speaker.", None, text_only=_MACHINE),
        Field("cue", text(), "The words by which the source says that it was said.", None, text_only=_MACHINE),
        Field("kind", _maybe(choice(STATEMENT_KINDS, "kind of statement")), "The kind of statement.", None),
        Field("form", _maybe(choice(STATEMENT_FORMS, "form")), "Whether the source quotes the speaker's words.", None,
              text_only=_SAID),
        Field("quote", text(), "The words, verbatim as in the source; ' … ' marks an interruption.", None),
        Field("spans", SPANS, "The position of the quote in the source's text, in characters from its beginning.", ()),
        Field("prefix", text(),
              "Some words before the quote, to find it again in another version of the text.", None),
        Field("suffix", text(), "Some words after the quote.", None),
        Field("reported_by", text(Names.SPEAKER), "The speaker who, in the source, reports it.", None),
        Field("date_said", Optional(DATE), "When it was said; not when it was published.", None),
        Field("place", text(), "Where it was said.", None, text_only=_SAID),
        Field("audience", text(), "To whom it was said.", None, text_only=_SAID),
        Field("nested_in", text(Names.STATEMENT), "The statement in which it is reported.", None),
        Field("about", _MATTERS, "The options that it speaks of; a mapping also gives the stance on each.", (),
              text_only=_SAID,
              also=(STRING, {"type": "object", "additionalProperties": {"enum": [*STANCES, None]}})),
        Field("addresses", words(Names.SPEAKER), "The decision makers that it is directed at.", (), text_only=_SAID),
        Field("contested_by", words(Names.STATEMENT), "Statements that contradict it.", ()),
        Field("withdrawn_by", words(Names.STATEMENT), "Statements that withdraw it.", ()),
        Field("in_doubt", YES_NO,
              "Whether the analyst marks it as disputed, although no other statement contradicts it.", False),
        Field("confidence", CONFIDENCE, "The reader's confidence that this was said, from 0 to 1.", None,
              text_only=_MACHINE),
        Field("note", text(), "A remark in the analyst's own words.", None, text_only=_SAID),
        Field("copy_of", text(Names.STATEMENT), "The statement that this one reprints.", None),
        Field("speaker_confidence", CONFIDENCE, "The reader's confidence in the speaker, from 0 to 1.", None,
              text_only=_MACHINE),
        Field("kind_confidence", CONFIDENCE, "The reader's confidence in the kind, from 0 to 1.", None,
              text_only=_MACHINE),
        Field("proposed", YES_NO, "Whether a program proposed this statement and no person has accepted it yet.",
              False),
    ),
    build_statement, statement_parts, knows_defaults=True,
)
SKIPPED = Element(
    "Skipped", "A passage that a source does not report as said.",
    (
        Field("source", word(Names.SOURCE), "The source."),
        Field("quote", TEXT, "The words of the passage, verbatim as in the source.", ""),
        Field("spans", SPANS, "The position of the words in the source's text, in characters from its beginning.", ()),
        Field("reason", TEXT, "Why the passage is not a statement.", ""),
        Field("speaker_text", text(), "The words by which the source names the speaker.", None),
        Field("cue", text(), "The words by which the source says that it was not said.", None),
    ),
    Skipped,
)
ACTOR = Element(
    "Actor", "A person or body that speaks in the documents.",
    (
        Field("id", WORD, "The identifier by which statements refer to it."),
        Field("name", TEXT, "Its name.", ""),
        Field("aliases", words(), "The words by which the documents name it.", ()),
        Field("speaks_for", text(Names.SPEAKER), "The party for which it speaks.", None),
        Field("offices", words(), "The offices that the documents give it.", ()),
        Field("confidence", CONFIDENCE,
              "The reader's confidence that these words mean one actor, and in its party, from 0 to 1.", None),
    ),
    Actor,
)
LINK = Element(
    "Link", "A relation that the reader proposes between two actors or two statements.",
    (
        Field("kind", choice(LINK_KINDS, "kind of link"), "same_as for actors; the others are for statements."),
        Field("first", word(Names.SPEAKER), "An actor, or the later statement."),
        Field("second", word(Names.SPEAKER), "Another actor, or the earlier statement."),
        Field("reason", TEXT, "Why it is proposed.", ""),
        Field("confidence", CONFIDENCE, "The reader's confidence, from 0 to 1.", None),
        Field("accepted", Optional(YES_NO), "'yes' or 'no' once a person has decided.", None),
    ),
    Link,
)
CONFLICT = Element(
    "Conflict", "A dispute: decision makers, options, rules, preferences, and their evidence.",
    (
        Field("format", file_format(FORMAT, "this program reads"), "The format of the file.", stand_in=FORMAT,
              text_only=_PROGRAM),
        Field("title", TEXT, "The title of the dispute.", stand_in="untitled"),
        Field("summary", TEXT, "One or two sentences about the dispute.", ""),
        Field("as_of", Optional(DATE), "The date that the model describes.", None),
        Field("citation", words(block=True), "The source of the model.", ()),
        Field("notes", TEXT, "Remarks.", ""),
        Field("decision_makers", Keyed(DECISION_MAKER, convert=lambda value: value, least=1, kept=("options",)),
              "The decision makers, by identifier, in the order of the states' letters."),
        Field("rules", _listing(RULE), "What makes a state infeasible.", ()),
        Field("one_way", Keyed(ONE_WAY, meant=option_meant), "Options that can be changed in one direction only.", ()),
        Field("merge", Items(MERGE, convert=as_list, block=True),
              "All states that meet one of these conditions are one state.", (), also=(STRING,)),
        Field("status_quo", Optional(STATE),
              "The current state of the dispute: the options taken on the day of ``as_of``.", None),
        Field("history", _listing(ACT), "Dated acts that led to the status quo, or that follow it, in order of date.",
              ()),
        Field("states", Keyed(STATE), "Names for states.", ()),
        Field("coalitions", _GROUPS,
              "Standing coalitions: groups of decision makers that play as one; every decision maker is in one group.",
              ()),
        Field("views", Keyed(VIEW),
              "How decision makers perceive the dispute; a decision maker without a view perceives it as it is.", ()),
        Field("dossier", words(),
              "Dossiers (``*.dossier.yaml``), beside this file, whose sources and statements count as its own.", (),
              text_only=_DOSSIERS),
        Field("speakers", Entries(TEXT), "Speakers who are not decision makers, with their names.", {}),
        Field("sources", _listing(SOURCE), "Documents.", ()),
        Field("statements", _listing(STATEMENT), "Who said what.", ()),
        Field("skipped", _listing(SKIPPED), "Passages that a person rejected as statements.", ()),
        Field("links", _listing(LINK), "Relations proposed between speakers or statements, and what was decided.", ()),
    ),
    dict, conflict_parts,
)
DOSSIER = Element(
    "Dossier", "Sources and statements that several conflict files share.",
    (
        Field("format", _DOSSIER_FORMAT, "The format of the file.", stand_in=DOSSIER_FORMAT),
        Field("title", TEXT, "What the dossier is about.", ""),
        Field("speakers", Entries(TEXT), "Speakers of whom only the name is given.", {}),
        Field("actors", _listing(ACTOR), "Who speaks, by what names and for whom.", ()),
        Field("sources", _listing(SOURCE), "Documents.", ()),
        Field("statements", _listing(STATEMENT), "Who said what.", ()),
        Field("skipped", _listing(SKIPPED), "What the reader left out: no source reports it as said.", ()),
        Field("links", _listing(LINK), "Proposed relations between actors and between statements.", ()),
    ),
    lambda format, **values: Dossier("", **values), dossier_parts,
)
# fmt: on

#: The elements of a conflict file, the file itself last.
ELEMENTS = (
    ACT, BELIEF, DECISION_MAKER, LINK, MATTER, MERGE, ONE_WAY, OPTION, PAYOFF, PREFERENCE, RANKING, RULE, SKIPPED,
    SOURCE, STATE, STATEMENT, THRESHOLDS, VIEW, WEIGHT, CONFLICT,
)  # fmt: skip


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the conflict file."""
    *parts, conflict = ELEMENTS
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:detente:conflict:1",
        "title": "Detente conflict file",
        "$defs": {f"{part.name}Shape": {**_with_short_forms(part), "title": f"{part.name}Shape"} for part in parts},
        **_long_form(conflict),
    }


def _with_short_forms(element: Element) -> dict[str, Any]:
    short: list[Mapping[str, Any]] = [TEXT_SCHEMA] if element.short else []
    short += [{"type": "array"}] if element.short_list else []
    return {"anyOf": [*short, _long_form(element)]} if short else _long_form(element)


def _long_form(element: Element) -> dict[str, Any]:
    required = [one.key for one in element.fields if one.is_required]
    return {
        "additionalProperties": False,
        "description": element.doc,
        "properties": {key: _property(one) for key, one in element.by_key.items()},
        **({"required": required} if required else {}),
        "type": "object",
    }


def _property(one: Field) -> dict[str, Any]:
    made = dict(one.kind.schema)
    if one.also:
        made = {"anyOf": [*made.get("anyOf", [made]), *one.also]}
    if not one.is_required and isinstance(one.kind, Items | Entries | Keyed):
        made = {"anyOf": [*made.get("anyOf", [made]), {"type": "null"}]}
    if not (isinstance(one.kind, Optional) and isinstance(one.kind.kind, Element)):
        made["title"] = one.key.replace("_", " ").title()
    if one.doc:
        made["description"] = one.doc
    if not one.is_required and isinstance(one.kind, Scalar | Optional):
        shown = one.kind.shown if isinstance(one.kind, Optional) else one.default
        made["default"] = str(shown) if isinstance(shown, Fraction) else shown
    return made


def schema_text() -> str:
    """Return the text of the published schema."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def text_only() -> list[TextOnly]:
    """Return the reasons why some fields are changed in the text only, each once."""
    fields = (one for element in reversed(ELEMENTS) for one in element.by_key.values())
    return list(dict.fromkeys(one.text_only for one in fields if one.text_only))


if __name__ == "__main__":
    from detente.io.files import write_text

    write_text(PUBLISHED, schema_text())
