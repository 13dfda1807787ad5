"""Where on the pages each key of a conflict file is changed, or why it is changed in the text only.

The keys are those of the published JSON Schema, part by part; a test holds this list against it, so that a new key is
given a form or a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class By:
    """Changed by a form; ``changes`` are the names of the changes that it makes."""

    changes: tuple[str, ...]

    def __init__(self, *changes: str) -> None:
        object.__setattr__(self, "changes", changes)


@dataclass(frozen=True)
class InText:
    """Changed in the text only, and why; ``called`` is what the page calls it."""

    called: str
    reason: str


_LINKED = By("link", "unlink")
_GROUNDS: dict[str, By | InText] = {"evidence": _LINKED, "against": _LINKED, "note": By("note")}
_DATES = InText("the first and the last day of an element: since, until", "few elements have days of their own")
_DATED: dict[str, By | InText] = {**_GROUNDS, "since": _DATES, "until": _DATES}
_ACTS = InText("dated acts: history", "they are written in order of date, each with what was taken and dropped")
_TURN = "give preferences otherwise"
_STATEMENTS = By("add preference", "change preference", "move preference", "remove preference", _TURN)
_WEIGHTS = By("add weight", "change weight", "remove weight", _TURN)
_PAYOFFS = By("change payoff", "pay state", "add payoff", "remove payoff", _TURN)
_GROUPS = By("move group", "place state", "tie group", "untie state", "rank state", "unrank state", _TURN)
_WAYS = {"preferences": _STATEMENTS, "ranking": _GROUPS, "weights": _WEIGHTS, "payoffs": _PAYOFFS}
_RULES = By("add rule", "change rule", "remove rule")
_SAID = InText(
    "more about a statement: form, place, audience, about, addresses, note",
    "it is written beside the words that it is about",
)
_MACHINE = InText(
    "how a statement was found: speaker_text, cue, confidence, speaker_confidence, kind_confidence",
    "the program that read the document has written it",
)
_PUBLISHED = InText("more about a source: language, url, sha256, note", "it is written once, when a source is entered")
_SPELLING = InText("a state as Y/N letters or by another state's name", "the forms list the options taken")

#: For each part of the file, by its name in the schema (the file itself is ''), where its keys are changed.
KEYS: Mapping[str, Mapping[str, By | InText]] = {
    "": {
        "format": InText("format", "it says which program can read the file, and has one value"),
        "title": By("describe"),
        "summary": By("describe"),
        "as_of": By("describe"),
        "citation": By("describe"),
        "notes": By("describe"),
        "decision_makers": By(
            "add decision maker", "identify decision maker", "move decision maker", "remove decision maker"
        ),
        "rules": _RULES,
        "one_way": By("one way"),
        "merge": By("add merge", "change merge", "remove merge"),
        "status_quo": By("status quo"),
        "states": By("add state", "change state", "remove state"),
        "history": _ACTS,
        "coalitions": By("play together"),
        "views": By("unseen options", "believe otherwise", "see as it is"),
        "dossier": InText("dossier", "it names other files, which are read with this one"),
        "speakers": By("add speaker", "rename speaker", "remove speaker"),
        "sources": By("add source", "remove source"),
        "statements": By("add statement", "add statements", "remove statement"),
    },
    "DecisionMakerShape": {
        **_GROUNDS,
        **_WAYS,
        "name": By("rename decision maker"),
        "options": By("add option", "identify option", "move option", "remove option"),
        "facing_unknown": By("facing unknown"),
        "thresholds": By("threshold"),
        "attitudes": By("attitude"),
    },
    "OptionShape": {**_DATED, "name": By("rename option")},
    "PreferenceShape": {
        **_DATED,
        "when": By("add preference", "change preference"),
        "confidence": By("mark preference"),
        "strength": By("mark preference"),
        "unknown": By("mark preference"),
    },
    "RankingShape": {**_DATED, "order": _GROUPS, "known": By("part group")},
    "WeightShape": {**_DATED, "when": _WEIGHTS, "weight": _WEIGHTS},
    "PayoffShape": {"state": By("add payoff", "remove payoff"), "payoff": By("change payoff")},
    "ThresholdsShape": dict.fromkeys(("satisficing", "alpha", "beta", "gamma"), By("threshold")),
    "RuleShape": {
        **_DATED,
        **dict.fromkeys(("never", "always", "at_most_one", "at_least_one", "exactly_one", "if", "then"), _RULES),
    },
    "OneWayShape": {**_DATED, "direction": By("one way")},
    "MergeShape": {**_DATED, "when": By("add merge", "change merge")},
    "ActShape": dict.fromkeys(("date", "by", "takes", "drops", "evidence", "against", "note"), _ACTS),
    "StateShape": {**_GROUNDS, "taken": By("status quo", "change state"), "state": _SPELLING},
    "ViewShape": {
        **_DATED,
        "does_not_see": By("unseen options"),
        "believes": By("believe otherwise", "see as it is"),
    },
    "BeliefShape": {**_DATED, **_WAYS},
    "SourceShape": {
        "id": By("add source"),
        "file": By("add source"),
        "title": By("add source", "change source"),
        **dict.fromkeys(("publisher", "date"), By("change source")),
        **dict.fromkeys(("language", "url", "sha256", "note"), _PUBLISHED),
    },
    "StatementShape": {
        **dict.fromkeys(("id", "source", "quote", "spans", "prefix", "suffix"), By("add statement")),
        **dict.fromkeys(("speaker", "kind"), By("add statement", "change statement")),
        **dict.fromkeys(
            ("reported_by", "date_said", "nested_in", "contested_by", "withdrawn_by", "copy_of", "proposed"),
            By("change statement"),
        ),
        "in_doubt": By("leave open"),
        **dict.fromkeys(("speaker_text", "cue", "confidence", "speaker_confidence", "kind_confidence"), _MACHINE),
        **dict.fromkeys(("form", "place", "audience", "about", "addresses", "note"), _SAID),
    },
}  # fmt: skip


def text_only() -> list[dict[str, str]]:
    """Return what is changed in the text only, each once, with the reason."""
    found = {key: None for part in KEYS.values() for key in part.values() if isinstance(key, InText)}
    return [{"called": one.called, "reason": one.reason} for one in found]
