"""What few disputes need, changed by forms: the other ways to give preferences, doubt, attitudes, views, coalitions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.editing import VERBS, edited_file
from detente.editing.preferences import ORDER_NOTE
from detente.errors import DetenteError, InputError, TooLargeError, UnknownNameError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.model.evidence import Support
from detente.model.parts import View
from detente.model.preferences import Payoffs, Prioritising, Ranking
from detente.model.states import StateList
from tests.unit.editing.test_edit import EDITS as RIVER_EDITS
from tests.unit.web.serving import PLANT

VILLAGE = ["decision_makers", "village", "ranking"]
IN_COMPANY = ["decision_makers", "company", "preferences", 0]

#: Of each change one or more, and what is then to be found in the text.
EDITS: list[tuple[dict[str, Any], str]] = [
    ({"do": "order", "at": ["decision_makers", "company", "preferences"], "to": [1, 0]}, ORDER_NOTE),
    (
        {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "confidence"], "value": "0.25"},
        "confidence: 0.25",
    ),
    (
        {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "strength"], "value": "strong"},
        "strength: strong",
    ),
    ({"do": "set", "at": ["decision_makers", "company", "preferences", 1, "unknown"], "value": True}, "unknown: true"),
    ({"do": "set", "at": ["decision_makers", "company", "preferences", 1, "confidence"], "value": ""}, "- not pay\n"),
    ({"do": "set", "at": ["decision_makers", "company", "facing_unknown"], "value": "a"}, "facing_unknown: a"),
    (
        {"do": "set", "at": ["decision_makers", "bank", "thresholds", "gamma"], "value": "1/3"},
        "thresholds: {gamma: 1/3}",
    ),
    ({"do": "set", "at": ["decision_makers", "company", "attitudes", "bank"], "value": "positive"}, "bank: positive}"),
    ({"do": "set", "at": ["decision_makers", "company", "attitudes", "village"], "value": ""}, "facing_unknown: d"),
    (
        {"do": "add", "at": ["decision_makers", "ministry", "weights"], "when": "pay", "weight": "-0.5"},
        "      pay: -0.5",
    ),
    ({"do": "set", "at": ["decision_makers", "ministry", "weights", 0, "weight"], "value": "7"}, "not protest: 7 "),
    (
        {"do": "set", "at": ["decision_makers", "ministry", "weights", 0, "when"], "value": "protest"},
        "      protest: 3",
    ),
    ({"do": "remove", "at": ["decision_makers", "ministry", "weights", 1]}, "not protest: 3"),
    ({"do": "set", "at": ["decision_makers", "bank", "payoffs", 1, "payoff"], "value": "9"}, "2: 9,"),
    (
        {"do": "move", "at": ["decision_makers", "village", "ranking", 4], "to": 0},
        "    ranking:\n      - YNN\n      - deal",
    ),
    (
        {"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "5", "position": "1"},
        "ranking:\n      - YNY\n      - deal",
    ),
    ({"do": "pay", "at": ["decision_makers", "bank", "payoffs"], "state": "deal", "payoff": "9"}, "3: 9,"),
    ({"do": "tie", "at": ["decision_makers", "village", "ranking", 1]}, "- [deal, YYY]"),
    ({"do": "untie", "at": ["decision_makers", "village", "ranking", 2, 0]}, "      - NNY\n      - NNN\n"),
    ({"do": "gap", "at": ["decision_makers", "village", "ranking", 2], "value": ""}, "      - YYY\n      - [NNN, NNY]"),
    (
        {"do": "gap", "at": ["decision_makers", "village", "ranking", 4], "value": "unknown"},
        "    ranking:\n      known:",
    ),
    ({"do": "convert", "at": ["decision_makers", "company"], "form": "ranking"}, "    ranking:\n      - "),
    ({"do": "convert", "at": ["decision_makers", "village"], "form": "payoffs"}, "      deal: 4\n"),
    ({"do": "convert", "at": ["decision_makers", "ministry"], "form": "preferences"}, "      - not protest\n"),
    ({"do": "join", "maker": "bank", "with": "village"}, "[village, bank]"),
    ({"do": "join", "maker": "ministry", "with": ""}, "speakers:"),
    ({"do": "set", "at": ["views", "ministry", "does_not_see"], "value": ["build"]}, "does_not_see: [build]"),
    ({"do": "set", "at": ["views", "village", "does_not_see"], "value": []}, "believes:"),
    ({"do": "believe", "at": ["views", "company", "believes", "village"]}, "        ranking:"),
    ({"do": "remove", "at": ["views", "village", "believes", "company"]}, "does_not_see: [pay]"),
    (
        {"do": "add", "at": ["views", "village", "believes", "company", "preferences"], "when": "protest"},
        "[not build, pay, protest]",
    ),
    ({"do": "move", "at": ["views", "village", "believes", "company", "preferences", 1], "to": 0}, "[pay, not build]"),
    (
        {"do": "set", "at": ["views", "village", "believes", "company", "preferences", 1, "unknown"], "value": True},
        "unknown: true",
    ),
    ({"do": "convert", "at": ["views", "village", "believes", "company"], "form": "weights"}, "not build: 2"),
    ({"do": "set", "at": [*IN_COMPANY, "note"], "value": "Both times."}, "note: Both times."),
    ({"do": "set", "at": ["views", "village", "note"], "value": "So it is told."}, "note: So it is told."),
    ({"do": "set", "at": ["decision_makers", "village", "ranking", "note"], "value": "In spring."}, "      order:"),
    ({"do": "set", "at": ["decision_makers", "ministry", "weights", 1, "note"], "value": "Wages."}, "note: Wages."),
    (
        {"do": "set", "at": ["views", "village", "believes", "company", "preferences", 0, "note"], "value": "Ah."},
        "note: Ah.",
    ),
    (
        {"do": "set", "at": ["views", "village", "believes", "company", "note"], "value": "So it fears."},
        "note: So it fears.",
    ),
    ({"do": "add", "at": ["speakers"], "name": "The priest"}, "the-priest: The priest"),
    ({"do": "set", "at": ["speakers", "mayor"], "value": "Madam"}, "mayor: Madam"),
    ({"do": "remove", "at": ["speakers", "mayor"]}, "views:"),
    ({"do": "add", "at": ["decision_makers"], "name": "The court"}, "[the-court]"),
    ({"do": "remove", "at": ["decision_makers", "bank"]}, "[[company, ministry], [village]]"),
    ({"do": "rule", "at": ["rules", 0], "kind": "if_then", "when": "pay", "then": "build or build"}, "or build"),
    ({"do": "set", "at": ["status_quo"], "value": None}, "states:"),
    ({"do": "move", "at": ["decision_makers", "bank"], "to": 0}, "decision_makers:\n  bank:"),
    (
        {"do": "move", "at": ["decision_makers", "company", "options", "build"], "to": 1},
        "{pay: Pay the village, build: Build the plant}",
    ),
    ({"do": "rename", "at": ["decision_makers", "village"], "to": "hamlet"}, "attitudes: {hamlet: negative}"),
    (
        {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "construct"},
        "deal: [construct, pay]",
    ),
]
#: What is said of something that is no longer there, or no longer so, goes with it.
GONE = {
    "convert": {"# said twice", "# beyond doubt", "# all the same to it", "# elections"},
    "gap ranking": {"# beyond doubt", "# all the same to it"},
    "untie ranking": {"# all the same to it"},
    "tie ranking": {"# beyond doubt"},
    "set note": {"# elections"},
    "set weight": {"# elections"},
    "set when": {"# elections"},
    "set confidence": {"# said twice"},
    "set strength": {"# said twice"},
    "join": {"# as they vote"},
    "remove bank": {"# millions"},
    "remove mayor": {"# speaks for herself"},
    "set status_quo": {"# nothing yet"},
    "set does_not_see": {"# of all things"},
}


def kind(edit: dict[str, Any]) -> str:
    """Say what an edit does, and to what."""
    last = [step for step in edit.get("at", []) if isinstance(step, str)][-1:]
    return " ".join([edit["do"], *([] if edit["do"] == "convert" else last)])


@pytest.fixture
def file(tmp_path: Path) -> ConflictFile:
    return ConflictFile.of(PLANT, tmp_path / "plant.conflict.yaml")


def comments(text: str) -> set[str]:
    return set(re.findall(r"#.*$", text, re.MULTILINE))


@pytest.mark.parametrize(("edit", "found"), EDITS, ids=lambda value: value["do"] if isinstance(value, dict) else "")
def test_edit_changes_preferences_and_keeps_comments(file: ConflictFile, edit: dict[str, Any], found: str) -> None:
    text = edited(file, edit)
    assert found in text
    assert comments(PLANT) - comments(text) <= GONE.get(kind(edit), set()), text
    assert ConflictFile.of(text, file.path).conflict != file.conflict


def test_every_preference_edit_has_a_case() -> None:
    tried = {edit["do"] for edit, _ in (*EDITS, *RIVER_EDITS)}
    # Nothing in these disputes is proposed: 'accept' and 'review' are tried with what a reader found.
    assert set(VERBS) == tried | {"accept", "review"}


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


def opened(text: str, file: ConflictFile) -> ConflictFile:
    return ConflictFile.of(text, file.path)


def after(file: ConflictFile, *edits: dict[str, Any]) -> ConflictFile:
    for edit in edits:
        file = opened(edited(file, edit), file)
    return file


def test_merged_states_are_edited_and_removed(tmp_path: Path) -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b]}\nmerge: [a]   # why not\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    changed = after(file, {"do": "set", "at": ["merge", 0, "when"], "value": "a and b"})
    assert str(changed.conflict.merge[0].condition) == "a and b"
    assert "# why not" in changed.text
    assert after(changed, {"do": "remove", "at": ["merge", 0]}).conflict.merge == ()


def ranked(file: ConflictFile, *edits: dict[str, Any]) -> Ranking:
    preferences = (
        after(file, *({**edit, "at": [*VILLAGE, *edit.get("at", [])]} for edit in edits))
        .conflict.decision_makers[1]
        .preferences
    )
    assert isinstance(preferences, Ranking)
    return preferences


def test_gaps_move_with_their_neighbouring_places(file: ConflictFile) -> None:
    assert ranked(file, {"do": "tie", "at": [1]}).great == (1,)
    assert ranked(file, {"do": "tie", "at": [2]}).great == ()
    assert ranked(file, {"do": "tie", "at": [4]}).great == (2,)
    assert ranked(file, {"do": "untie", "at": [2, 1]}).great == (2,)
    untied = ranked(file, {"do": "tie", "at": [1]}, {"do": "untie", "at": [0, 1]})
    assert (untied.groups[:2], untied.great) == ((("deal",), ("YYY",)), (2,))
    parted = ranked(file, {"do": "gap", "at": [2], "value": "unknown"})
    assert (parted.great, parted.unknown) == ((), (2,))
    # One chain less, where the two chains meet in a tie.
    assert ranked(file, {"do": "gap", "at": [2], "value": "unknown"}, {"do": "tie", "at": [2]}).unknown == ()


def test_moved_state_leaves_its_tie(file: ConflictFile) -> None:
    moved = ranked(file, {"do": "rank", "state": "NNY", "position": 2})
    assert moved.groups == (("deal",), ("NNY",), ("YYY",), ("NNN",), ("YNY",), ("YNN",))
    assert moved.great == (2,)


def test_long_ranking_keeps_its_states_when_rules_change(tmp_path: Path) -> None:
    """Of more states than are shown one by one, too, none is taken for another by its number."""
    numbers = ", ".join(map(str, range(1, 257)))
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options: [a, b, c, d, e, f, g, h]\n"
    text += f"    ranking: [{numbers}]\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    less = after(file, {"do": "rule", "at": ["rules"], "kind": "never", "when": "a"})
    more = after(less, {"do": "rule", "at": ["rules", 0], "kind": "never", "when": "b"})
    for one, old in ((less, 128), (more, 64)):
        held = one.conflict.decision_makers[0].preferences
        assert isinstance(held, Ranking)
        states = StateList(one.conflict)
        order = [states.pattern_of(group[0]) for group in held.groups[:old]]
        # Those that were infeasible before are not compared with the rest.
        assert [len(group) for group in held.groups[old:]] == ([] if one is less else [64])
        # The binary value, the first option lowest, is the order of old.
        values = [int(pattern[::-1].replace("Y", "1").replace("N", "0"), 2) for pattern in order]
        assert values == sorted(values)


def test_unseen_state_can_be_removed_from_a_believed_ranking(file: ConflictFile) -> None:
    begun = after(file, {"do": "believe", "at": ["views", "village", "believes", "bank"]})
    edits = [
        {"do": "remove", "at": ["views", "village", "believes", "bank", "payoffs", 2]},
        {"do": "remove", "at": ["views", "village", "believes", "bank", "payoffs", 4]},
    ]
    held = after(begun, *edits).conflict.views[0].believed("bank")
    assert isinstance(held, Payoffs)
    assert [state for state, _ in held.payoffs] == [1, 2, 4, 5]
    back = after(
        begun,
        *edits,
        {"do": "pay", "at": ["views", "village", "believes", "bank", "payoffs"], "state": "deal", "payoff": "-3"},
    )
    assert dict(back.conflict.views[0].believed("bank").payoffs)["deal"] == -3  # type: ignore[union-attr]
    as_ranking = after(
        begun, *edits, {"do": "convert", "at": ["views", "village", "believes", "bank"], "form": "ranking"}
    )
    ranked = as_ranking.conflict.views[0].believed("bank")
    assert ranked == Ranking(((2,), (1, 5), (4,)))
    more = after(as_ranking, {"do": "rank", "at": ["views", "village", "believes", "bank", "ranking"], "state": "3"})
    assert more.conflict.views[0].believed("bank") == Ranking(((2,), (1, 5), (4,), (3,)))
    less = after(more, {"do": "remove", "at": ["views", "village", "believes", "bank", "ranking", 3, 0]})
    assert less.conflict.views[0].believed("bank") == ranked
    with pytest.raises(InputError, match="1 of 6 states are not ranked"):
        edited(less, {"do": "remove", "at": ["views", "village", "believes", "bank", "ranking", 0, 0]})


def test_new_belief_copies_the_preferences_without_evidence(file: ConflictFile) -> None:
    noted = after(file, {"do": "set", "at": [*IN_COMPANY, "note"], "value": "So they wrote."})
    begun = after(noted, {"do": "believe", "at": ["views", "bank", "believes", "company"]})
    held = begun.conflict.views[1].believed("company")
    assert isinstance(held, Prioritising)
    assert [str(one) for one in held.statements] == ["build", "not pay (confidence 0.8)"]
    assert all(not one.support.note for one in held.statements)
    with pytest.raises(InputError, match="the view already says what"):
        edited(begun, {"do": "believe", "at": ["views", "bank", "believes", "company"]})


def test_belief_keeps_its_evidence(file: ConflictFile) -> None:
    said = "statements:\n  - {id: s1, speaker: village, kind: claim, quote: they will not build}\n"
    text = (
        PLANT.replace("      company: [not build, pay]", "      company: {preferences: [not build], evidence: [s1]}")
        + said
    )
    told = opened(text, file)
    whole = {"at": ["views", "village", "believes", "company"]}
    assert told.conflict.views[0].grounds_of("company").evidence == ("s1",)
    # A single preference is an assumption only if the whole belief has no evidence.
    assert not any("what 'company' prefers" in one.message for one in told.judgements)
    assert not any("does not use" in one.message for one in told.warnings)
    unlinked = after(told, {"do": "unlink", "statement": "s1", **whole})
    assert any("what 'company' prefers" in one.message for one in unlinked.judgements)
    assert "company: {preferences: [not build]}" in unlinked.text
    # A full rewrite keeps it, and so does whatever else is done to the belief or to whom it is about.
    assert ConflictFile.of(dump_conflict(told.conflict), file.path).conflict == told.conflict
    changed = after(
        told,
        {"do": "set", "at": ["views", "village", "believes", "company", "note"], "value": "Two said so."},
        {"do": "add", "at": ["views", "village", "believes", "company", "preferences"], "when": "protest"},
        {"do": "rename", "at": ["decision_makers", "company"], "to": "firm"},
    )
    assert changed.conflict.views[0].grounds_of("firm") == Support(("s1",), (), "Two said so.")
    gone = after(changed, {"do": "remove", "at": ["views", "village", "believes", "firm"]})
    assert gone.conflict.views[0].grounds == ()
    with pytest.raises(UnknownNameError, match="belief"):
        edited(gone, {"do": "set", "at": ["views", "village", "believes", "bank", "note"], "value": "x"})
    with pytest.raises(InputError, match="unknown statement 's9'"):
        edited(told, {"do": "link", "statement": "s9", **whole})
    with pytest.raises(InputError, match="does not have, about bank"):
        View("village", grounds={"bank": Support(note="x")})


def test_view_equal_to_the_dispute_is_removed(file: ConflictFile) -> None:
    made = after(
        file,
        {"do": "remove", "at": ["views", "village", "believes", "company"]},
        {"do": "set", "at": ["views", "village", "does_not_see"], "value": []},
    )
    assert made.conflict.views == ()
    assert "views:" not in made.text


def test_coalition_is_set_and_dissolved(file: ConflictFile) -> None:
    groups = after(file, {"do": "join", "maker": "company", "with": "village"}).conflict.coalitions
    assert groups == (("company", "village"), ("ministry",), ("bank",))
    alone = after(file, {"do": "join", "maker": "company", "with": ""}).conflict
    assert alone.coalitions == ()
    together = after(file, {"do": "join", "maker": "bank", "with": "ministry"}).conflict
    assert together.coalitions == (("company", "ministry", "bank"), ("village",))


def test_removed_party_is_mentioned_nowhere(file: ConflictFile) -> None:
    gone = after(file, {"do": "remove", "at": ["decision_makers", "bank"]}).conflict
    assert gone.coalitions == (("company", "ministry"), ("village",))
    with pytest.raises(InputError, match="‘The village’ is used in 2 places: weight 1 of The ministry: not protest"):
        edited(file, {"do": "remove", "at": ["decision_makers", "village"]})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "confidence"], "value": "70"},
            "more than 0 and at most 1",
        ),
        (
            {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "confidence"], "value": "sure"},
            "'sure' is not a number",
        ),
        (
            {"do": "set", "at": ["decision_makers", "village", "preferences", 0, "unknown"], "value": True},
            "are a ranking, not a list",
        ),
        (
            {"do": "set", "at": ["decision_makers", "ministry", "weights", 0, "weight"], "value": "1/0"},
            "'1/0' is not a number",
        ),
        (
            {"do": "set", "at": ["decision_makers", "ministry", "weights", 0, "weight"], "value": "inf"},
            "'inf' is not a number",
        ),
        (
            {"do": "set", "at": ["decision_makers", "ministry", "weights", 0, "weight"], "value": "1e99999"},
            "too large or too small",
        ),
        (
            {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "confidence"], "value": "1e400"},
            "at most 1",
        ),
        ({"do": "set", "at": ["decision_makers", "bank", "payoffs", 9, "payoff"], "value": "1"}, "no entry 10"),
        (
            {"do": "set", "at": ["decision_makers", "bank", "thresholds", "alpha"], "value": "2"},
            "'alpha' must be at least 0 and at most 1",
        ),
        ({"do": "tie", "at": ["decision_makers", "village", "ranking", 0]}, "cannot be tied with one above"),
        (
            {"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "1", "position": "0"},
            "the place must be a number from 1 to 6",
        ),
        (
            {"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "deal", "position": "6"},
            "a number from 1 to 5",
        ),
        (
            {"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "deal", "position": "top"},
            "a number from 1 to 5",
        ),
        ({"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "deal"}, "is already ranked"),
        (
            {"do": "rank", "at": ["decision_makers", "bank", "ranking"], "state": "deal", "position": "1"},
            "are payoffs, not a ranking",
        ),
        (
            {"do": "pay", "at": ["decision_makers", "bank", "payoffs"], "state": "deal", "payoff": "much"},
            "a payoff must be a number",
        ),
        ({"do": "untie", "at": ["decision_makers", "village", "ranking", 0, 0]}, "this state is not tied"),
        (
            {"do": "gap", "at": ["decision_makers", "village", "ranking", 0], "value": "great"},
            "the first group has none above it",
        ),
        ({"do": "remove", "at": ["decision_makers", "village", "ranking", 0, 0]}, "1 of 6 states are not ranked"),
        ({"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": " "}, "choose a state"),
        ({"do": "join", "maker": "bank", "with": "bank"}, "cannot join itself"),
        ({"do": "set", "at": ["views", "village", "does_not_see"], "value": ["protest"]}, "sees its own options"),
        ({"do": "believe", "at": ["views", "bank", "believes", "bank"]}, "knows its own preferences"),
        ({"do": "rule", "at": ["rules"], "kind": "if_then", "when": "pay", "then": " "}, "enter the second condition"),
        ({"do": "add", "at": ["merge"], "when": "pai"}, "unknown option 'pai'"),
        ({"do": "add", "at": ["speakers"], "name": ""}, "enter a name"),
        (
            {"do": "set", "at": ["decision_makers", "company", "attitudes", "bank"], "value": "hostile"},
            "unknown attitude 'hostile'",
        ),
        (
            {"do": "set", "at": ["decision_makers", "company", "attitudes", "stranger"], "value": "neutral"},
            "unknown decision maker 'stranger'",
        ),
        (
            {"do": "set", "at": ["decision_makers", "company", "preferences", 0, "strength"], "value": "huge"},
            "unknown strength 'huge'",
        ),
        (
            {"do": "set", "at": ["decision_makers", "company", "facing_unknown"], "value": "e"},
            "unknown attitude to the unknown 'e'",
        ),
    ],
)
def test_impossible_preference_edit_is_refused(file: ConflictFile, edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(file, edit)


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "convert", "at": ["decision_makers", "company"], "form": "feelings"},
        {"do": "set", "at": ["decision_makers", "company", "thresholds", "delta"], "value": "1"},
        {"do": "join", "maker": "bank", "with": "stranger"},
        {"do": "add", "at": ["views", "company", "believes", "bank", "preferences"], "when": "pay"},
        {"do": "set", "at": ["speakers", "stranger"], "value": "x"},
        {"do": "rank", "at": ["decision_makers", "village", "ranking"], "state": "7", "position": "1"},
        {"do": "pay", "at": ["decision_makers", "bank", "payoffs"], "state": "NYN", "payoff": "1"},
        {"do": "set", "at": ["decision_makers", "bank", "payoffs", 0, "note"], "value": "x"},
    ],
)
def test_preference_edit_of_an_unknown_element_suggests_the_nearest(file: ConflictFile, edit: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError):
        edited(file, edit)


def test_ranking_of_too_many_states_is_refused(tmp_path: Path) -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b, c, d, e, f, g, h], preferences: [a]}\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    with pytest.raises(TooLargeError, match="more than 200 states"):
        edited(file, {"do": "convert", "at": ["decision_makers", "i"], "form": "ranking"})


WORDS = ["", "company", "village", "deal", "build", "1/0", "\0"]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.sampled_from(WORDS),
    st.just({}),
    st.lists(st.sampled_from(["company", "build", "views", "ranking", 0, 1]), max_size=4),
)
TRIED = [*(edit for edit, _ in EDITS), *({**edit, "maker": "company"} for edit, _ in RIVER_EDITS)]


@given(st.sampled_from(TRIED), st.data())
def test_malformed_edit_is_refused_with_a_message(edit: dict[str, Any], data: st.DataObject) -> None:
    file = ConflictFile.of(PLANT, "plant.conflict.yaml")
    spoilt = dict(edit)
    for key in data.draw(st.lists(st.sampled_from(sorted(edit)), min_size=1, max_size=2)):
        spoilt[key] = data.draw(JUNK)
    try:
        text = edited(file, spoilt)
    except DetenteError as error:
        assert str(error)
    else:
        ConflictFile.of(text, file.path)


def test_order_of_preferences_is_noted_as_the_analysts() -> None:
    place = ["decision_makers", "downstream", "preferences"]
    before = dt.example("river-sharing")
    held = [str(one) for one in before.decision_maker("downstream").preferences.conditions()]
    to = list(range(len(held)))[::-1]
    file = ConflictFile.of(dump_conflict(before), "river.conflict.yaml")
    made = edited_file(
        edited_file(file, {"do": "order", "at": place, "to": to}), {"do": "order", "at": place, "to": to}
    )
    assert [str(one) for one in made.conflict.decision_maker("downstream").preferences.conditions()] == held
    assert made.conflict.decision_maker("downstream").support.note == ORDER_NOTE
    with pytest.raises(InputError, match="have changed"):
        edited_file(file, {"do": "order", "at": place, "to": [0]})
