"""What few disputes need, changed by forms: the other ways to give preferences, doubt, attitudes, views, coalitions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.editing import CHANGES, edited
from detente.errors import DetenteError, InputError, TooLargeError, UnknownNameError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.model.evidence import Support
from detente.model.parts import View
from detente.model.preferences import Payoffs, Prioritising, Ranking
from detente.model.states import StateList
from tests.unit.editing.test_edit import EDITS as RIVER_EDITS
from tests.unit.web.serving import PLANT

IN_COMPANY = ["decision_makers", "company", "preferences", 0]
BELIEVED = {"maker": "company", "believed_by": "village"}

#: Of each change one or more, and what is then to be found in the text.
EDITS: list[tuple[dict[str, Any], str]] = [
    ({"do": "mark preference", "maker": "company", "place": 0, "confidence": "0.25"}, "confidence: 0.25"),
    ({"do": "mark preference", "maker": "company", "place": 0, "strength": "strong"}, "strength: strong"),
    ({"do": "mark preference", "maker": "company", "place": 1, "unknown": True}, "unknown: true"),
    ({"do": "mark preference", "maker": "company", "place": 1, "confidence": ""}, "- not pay\n"),
    ({"do": "facing unknown", "maker": "company", "facing": "a"}, "facing_unknown: a"),
    ({"do": "threshold", "maker": "bank", "threshold": "gamma", "value": "1/3"}, "thresholds: {gamma: 1/3}"),
    ({"do": "attitude", "maker": "company", "towards": "bank", "attitude": "positive"}, "bank: positive}"),
    ({"do": "attitude", "maker": "company", "towards": "village", "attitude": ""}, "facing_unknown: d"),
    ({"do": "add weight", "maker": "ministry", "when": "pay", "weight": "-0.5"}, "      pay: -0.5"),
    ({"do": "change weight", "maker": "ministry", "place": 0, "weight": "7"}, "not protest: 7 "),
    ({"do": "change weight", "maker": "ministry", "place": 0, "when": "protest"}, "      protest: 3"),
    ({"do": "remove weight", "maker": "ministry", "place": 1}, "not protest: 3"),
    ({"do": "change payoff", "maker": "bank", "place": 1, "payoff": "9"}, "2: 9,"),
    ({"do": "move group", "maker": "village", "place": 4, "to": 0}, "    ranking:\n      - YNN\n      - deal"),
    ({"do": "place state", "maker": "village", "state": "5", "position": "1"}, "ranking:\n      - YNY\n      - deal"),
    ({"do": "pay state", "maker": "bank", "state": "deal", "payoff": "9"}, "3: 9,"),
    ({"do": "tie group", "maker": "village", "place": 1}, "- [deal, YYY]"),
    ({"do": "untie state", "maker": "village", "place": 2, "member": 0}, "      - NNY\n      - NNN\n"),
    ({"do": "part group", "maker": "village", "place": 2, "gap": ""}, "      - YYY\n      - [NNN, NNY]"),
    ({"do": "part group", "maker": "village", "place": 4, "gap": "unknown"}, "    ranking:\n      known:"),
    ({"do": "give preferences otherwise", "maker": "company", "form": "ranking"}, "    ranking:\n      - "),
    ({"do": "give preferences otherwise", "maker": "village", "form": "payoffs"}, "      deal: 4\n"),
    ({"do": "give preferences otherwise", "maker": "ministry", "form": "preferences"}, "      - not protest\n"),
    ({"do": "play together", "maker": "bank", "with": "village"}, "[village, bank]"),
    ({"do": "play together", "maker": "ministry", "with": ""}, "speakers:"),
    ({"do": "unseen options", "maker": "ministry", "unseen": ["build"]}, "does_not_see: [build]"),
    ({"do": "unseen options", "maker": "village", "unseen": []}, "believes:"),
    ({"do": "believe otherwise", "believed_by": "company", "maker": "village"}, "        ranking:"),
    ({"do": "see as it is", **BELIEVED}, "does_not_see: [pay]"),
    ({"do": "add preference", **BELIEVED, "when": "protest"}, "[not build, pay, protest]"),
    ({"do": "move preference", **BELIEVED, "place": 1, "to": 0}, "[pay, not build]"),
    ({"do": "mark preference", **BELIEVED, "place": 1, "unknown": True}, "unknown: true"),
    ({"do": "give preferences otherwise", **BELIEVED, "form": "weights"}, "not build: 2"),
    ({"do": "note", "at": IN_COMPANY, "note": "Both times."}, "note: Both times."),
    ({"do": "note", "at": ["views", "village"], "note": "So it is told."}, "note: So it is told."),
    ({"do": "note", "at": ["decision_makers", "village", "ranking"], "note": "In spring."}, "      order:"),
    ({"do": "note", "at": ["decision_makers", "ministry", "weights", 1], "note": "Wages."}, "note: Wages."),
    ({"do": "note", "at": ["views", "village", "believes", "company", "preferences", 0], "note": "Ah."}, "note: Ah."),
    ({"do": "note", "at": ["views", "village", "believes", "company"], "note": "So it fears."}, "note: So it fears."),
    ({"do": "add speaker", "name": "The priest"}, "the-priest: The priest"),
    ({"do": "rename speaker", "speaker": "mayor", "name": "Madam"}, "mayor: Madam"),
    ({"do": "remove speaker", "speaker": "mayor"}, "views:"),
    ({"do": "add decision maker", "name": "The court"}, "[the-court]"),
    ({"do": "remove decision maker", "maker": "bank"}, "[[company, ministry], [village]]"),
    ({"do": "change rule", "place": 0, "kind": "if_then", "when": "pay", "then": "build or build"}, "or build"),
    ({"do": "status quo", "taken": None}, "states:"),
    ({"do": "move decision maker", "maker": "bank", "to": 0}, "decision_makers:\n  bank:"),
    ({"do": "move option", "maker": "company", "place": 0, "to": 1}, "{pay: Pay the village, build: Build the plant}"),
    ({"do": "identify decision maker", "maker": "village", "id": "hamlet"}, "attitudes: {hamlet: negative}"),
    ({"do": "identify option", "option": "build", "id": "construct"}, "deal: [construct, pay]"),
]  # fmt: skip
#: What is said of something that is no longer there, or no longer so, goes with it.
GONE = {
    "give preferences otherwise": {"# said twice", "# beyond doubt", "# all the same to it", "# elections"},
    "part group": {"# beyond doubt", "# all the same to it"},
    "untie state": {"# all the same to it"},
    "tie group": {"# beyond doubt"},
    "note": {"# elections"},
    "change weight": {"# elections"},
    "mark preference": {"# said twice"},
    "play together": {"# as they vote"},
    "remove decision maker": {"# millions"},
    "remove speaker": {"# speaks for herself"},
    "status quo": {"# nothing yet"},
    "unseen options": {"# of all things"},
}


@pytest.fixture
def file(tmp_path: Path) -> ConflictFile:
    return ConflictFile.of(PLANT, tmp_path / "plant.conflict.yaml")


def comments(text: str) -> set[str]:
    return set(re.findall(r"#.*$", text, re.MULTILINE))


@pytest.mark.parametrize(("edit", "found"), EDITS, ids=lambda value: value["do"] if isinstance(value, dict) else "")
def test_a_change_is_made_and_comments_survive(file: ConflictFile, edit: dict[str, Any], found: str) -> None:
    text = edited(file, edit)
    assert found in text
    assert comments(PLANT) - comments(text) <= GONE.get(edit["do"], set()), text
    assert ConflictFile.of(text, file.path).conflict != file.conflict


def test_every_change_is_tried() -> None:
    tried = {edit["do"] for edit, _ in (*EDITS, *RIVER_EDITS)}
    tried |= {"remove decision maker", "remove option", "remove rule", "remove statement", "remove source"}
    tried |= {"change merge", "remove merge", "rank state", "unrank state", "add payoff", "remove payoff"}
    assert set(CHANGES) == tried


def opened(text: str, file: ConflictFile) -> ConflictFile:
    return ConflictFile.of(text, file.path)


def after(file: ConflictFile, *edits: dict[str, Any]) -> ConflictFile:
    for edit in edits:
        file = opened(edited(file, edit), file)
    return file


def test_merged_states_are_changed_and_taken_out(tmp_path: Path) -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b]}\nmerge: [a]   # why not\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    changed = after(file, {"do": "change merge", "place": 0, "when": "a and b"})
    assert str(changed.conflict.merge[0].condition) == "a and b"
    assert "# why not" in changed.text
    assert after(changed, {"do": "remove merge", "place": 0}).conflict.merge == ()


def ranked(file: ConflictFile, *edits: dict[str, Any]) -> Ranking:
    preferences = after(file, *({"maker": "village", **edit} for edit in edits)).conflict.decision_makers[1].preferences
    assert isinstance(preferences, Ranking)
    return preferences


def test_gaps_go_with_the_places_between_which_they_stand(file: ConflictFile) -> None:
    assert ranked(file, {"do": "tie group", "place": 1}).great == (1,)
    assert ranked(file, {"do": "tie group", "place": 2}).great == ()
    assert ranked(file, {"do": "tie group", "place": 4}).great == (2,)
    assert ranked(file, {"do": "untie state", "place": 2, "member": 1}).great == (2,)
    untied = ranked(file, {"do": "tie group", "place": 1}, {"do": "untie state", "place": 0, "member": 1})
    assert (untied.groups[:2], untied.great) == ((("deal",), ("YYY",)), (2,))
    parted = ranked(file, {"do": "part group", "place": 2, "gap": "unknown"})
    assert (parted.great, parted.unknown) == ((), (2,))
    # One chain less, where the two chains meet in a tie.
    assert (
        ranked(file, {"do": "part group", "place": 2, "gap": "unknown"}, {"do": "tie group", "place": 2}).unknown == ()
    )


def test_a_state_is_brought_to_a_place_and_leaves_its_tie(file: ConflictFile) -> None:
    moved = ranked(file, {"do": "place state", "state": "NNY", "position": 2})
    assert moved.groups == (("deal",), ("NNY",), ("YYY",), ("NNN",), ("YNY",), ("YNN",))
    assert moved.great == (2,)


def test_states_of_a_long_ranking_stay_in_place_when_rules_change(tmp_path: Path) -> None:
    """Of more states than are shown one by one, too, none is taken for another by its number."""
    numbers = ", ".join(map(str, range(1, 257)))
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options: [a, b, c, d, e, f, g, h]\n"
    text += f"    ranking: [{numbers}]\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    less = after(file, {"do": "add rule", "kind": "never", "when": "a"})
    more = after(less, {"do": "change rule", "place": 0, "kind": "never", "when": "b"})
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


def test_a_state_that_is_not_seen_can_be_left_out_of_what_is_believed(file: ConflictFile) -> None:
    believed = {"maker": "bank", "believed_by": "village"}
    begun = after(file, {"do": "believe otherwise", **believed})
    edits = [{"do": "remove payoff", **believed, "place": 2}, {"do": "remove payoff", **believed, "place": 4}]
    held = after(begun, *edits).conflict.views[0].believed("bank")
    assert isinstance(held, Payoffs)
    assert [state for state, _ in held.payoffs] == [1, 2, 4, 5]
    back = after(begun, *edits, {"do": "add payoff", **believed, "state": "deal", "payoff": "-3"})
    assert dict(back.conflict.views[0].believed("bank").payoffs)["deal"] == -3  # type: ignore[union-attr]
    as_ranking = after(begun, *edits, {"do": "give preferences otherwise", **believed, "form": "ranking"})
    ranked = as_ranking.conflict.views[0].believed("bank")
    assert ranked == Ranking(((2,), (1, 5), (4,)))
    more = after(as_ranking, {"do": "rank state", **believed, "state": "3"})
    assert more.conflict.views[0].believed("bank") == Ranking(((2,), (1, 5), (4,), (3,)))
    less = after(more, {"do": "unrank state", **believed, "place": 3, "member": 0})
    assert less.conflict.views[0].believed("bank") == ranked
    with pytest.raises(InputError, match="1 of 6 states are not ranked"):
        edited(less, {"do": "unrank state", **believed, "place": 0, "member": 0})


def test_what_is_believed_begins_as_it_is_and_without_its_grounds(file: ConflictFile) -> None:
    noted = after(file, {"do": "note", "at": IN_COMPANY, "note": "So they wrote."})
    begun = after(noted, {"do": "believe otherwise", "maker": "company", "believed_by": "bank"})
    held = begun.conflict.views[1].believed("company")
    assert isinstance(held, Prioritising)
    assert [str(one) for one in held.statements] == ["build", "not pay (confidence 0.8)"]
    assert all(not one.support.note for one in held.statements)
    with pytest.raises(InputError, match="written down already"):
        edited(begun, {"do": "believe otherwise", "maker": "company", "believed_by": "bank"})


def test_all_that_is_believed_rests_on_something_and_keeps_it(file: ConflictFile) -> None:
    said = "statements:\n  - {id: s1, speaker: village, kind: claim, quote: they will not build}\n"
    text = (
        PLANT.replace("      company: [not build, pay]", "      company: {preferences: [not build], evidence: [s1]}")
        + said
    )
    told = opened(text, file)
    whole = {"at": ["views", "village", "believes", "company"]}
    assert told.conflict.views[0].grounds_of("company").evidence == ("s1",)
    # Each single preference is the analyst's only where the whole belief rests on nothing.
    assert not any("what 'company' prefers" in one.message for one in told.judgements)
    assert not any("nothing rests on" in one.message for one in told.warnings)
    unlinked = after(told, {"do": "unlink", "statement": "s1", **whole})
    assert any("what 'company' prefers" in one.message for one in unlinked.judgements)
    assert "company: {preferences: [not build]}" in unlinked.text
    # A full rewrite keeps it, and so does whatever else is done to the belief or to whom it is about.
    assert ConflictFile.of(dump_conflict(told.conflict), file.path).conflict == told.conflict
    changed = after(
        told,
        {"do": "note", "note": "Two said so.", **whole},
        {"do": "add preference", **BELIEVED, "when": "protest"},
        {"do": "identify decision maker", "maker": "company", "id": "firm"},
    )
    assert changed.conflict.views[0].grounds_of("firm") == Support(("s1",), (), "Two said so.")
    gone = after(changed, {"do": "see as it is", "maker": "firm", "believed_by": "village"})
    assert gone.conflict.views[0].grounds == ()
    with pytest.raises(UnknownNameError, match="belief"):
        edited(gone, {"do": "note", "note": "x", "at": ["views", "village", "believes", "bank"]})
    with pytest.raises(InputError, match="unknown statement 's9'"):
        edited(told, {"do": "link", "statement": "s9", **whole})
    with pytest.raises(InputError, match="not believed, of bank"):
        View("village", grounds={"bank": Support(note="x")})


def test_a_view_that_is_the_dispute_as_it_is_goes(file: ConflictFile) -> None:
    made = after(file, {"do": "see as it is", **BELIEVED}, {"do": "unseen options", "maker": "village", "unseen": []})
    assert made.conflict.views == ()
    assert "views:" not in made.text


def test_who_plays_with_whom(file: ConflictFile) -> None:
    groups = after(file, {"do": "play together", "maker": "company", "with": "village"}).conflict.coalitions
    assert groups == (("company", "village"), ("ministry",), ("bank",))
    alone = after(file, {"do": "play together", "maker": "company", "with": ""}).conflict
    assert alone.coalitions == ()
    together = after(file, {"do": "play together", "maker": "bank", "with": "ministry"}).conflict
    assert together.coalitions == (("company", "ministry", "bank"), ("village",))


def test_nobody_who_is_gone_is_left_anywhere(file: ConflictFile) -> None:
    gone = after(file, {"do": "remove decision maker", "maker": "bank"}).conflict
    assert gone.coalitions == (("company", "ministry"), ("village",))
    with pytest.raises(InputError, match="‘The village’ is used in 2 places: weight 1 of The ministry: not protest"):
        edited(file, {"do": "remove decision maker", "maker": "village"})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"do": "mark preference", "maker": "company", "place": 0, "confidence": "70"}, "more than 0 and at most 1"),
        ({"do": "mark preference", "maker": "company", "place": 0, "confidence": "sure"}, "a confidence is a number"),
        ({"do": "mark preference", "maker": "village", "place": 0, "unknown": True}, "by a ranking, not by a list"),
        ({"do": "change weight", "maker": "ministry", "place": 0, "weight": "1/0"}, "a weight is a number"),
        ({"do": "change weight", "maker": "ministry", "place": 0, "weight": "inf"}, "a weight is a number"),
        ({"do": "change weight", "maker": "ministry", "place": 0, "weight": "1e99999"}, "too large or too small"),
        ({"do": "mark preference", "maker": "company", "place": 0, "confidence": "1e400"}, "at most 1"),
        ({"do": "change payoff", "maker": "bank", "place": 9, "payoff": "1"}, "no number 10"),
        ({"do": "threshold", "maker": "bank", "threshold": "alpha", "value": "2"}, "alpha is at least 0 and at most 1"),
        ({"do": "tie group", "maker": "village", "place": 0}, "nothing above"),
        ({"do": "place state", "maker": "village", "state": "1", "position": "0"}, "a place is a number from 1 to 6"),
        ({"do": "place state", "maker": "village", "state": "deal", "position": "6"}, "a number from 1 to 5"),
        ({"do": "place state", "maker": "village", "state": "deal", "position": "top"}, "a number from 1 to 5"),
        ({"do": "place state", "maker": "village", "state": "deal"}, "does not fit"),
        ({"do": "place state", "maker": "bank", "state": "deal", "position": "1"}, "by payoffs, not by a ranking"),
        ({"do": "pay state", "maker": "bank", "state": "deal", "payoff": "much"}, "a payoff is a number"),
        ({"do": "untie state", "maker": "village", "place": 0, "member": 0}, "tied with nothing"),
        ({"do": "part group", "maker": "village", "place": 0, "gap": "great"}, "none above the first"),
        ({"do": "unrank state", "maker": "village", "place": 0, "member": 0}, "1 of 6 states are not ranked"),
        ({"do": "rank state", "maker": "village", "state": "deal"}, "is ranked twice"),
        ({"do": "rank state", "maker": "village", "state": " "}, "which state"),
        ({"do": "play together", "maker": "bank", "with": "bank"}, "cannot join itself"),
        ({"do": "unseen options", "maker": "village", "unseen": ["protest"]}, "sees what it can do"),
        ({"do": "believe otherwise", "maker": "bank", "believed_by": "bank"}, "knows its own preferences"),
        ({"do": "add preference", "maker": "bank", "believed_by": "company", "when": "pay"}, "as they are"),
        ({"do": "add rule", "kind": "if_then", "when": "pay", "then": " "}, "what holds then"),
        ({"do": "add merge", "when": "pai"}, "unknown option 'pai'"),
        ({"do": "add speaker", "name": ""}, "a name is needed"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused(file: ConflictFile, edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(file, edit)


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "give preferences otherwise", "maker": "company", "form": "feelings"},
        {"do": "threshold", "maker": "company", "threshold": "delta", "value": "1"},
        {"do": "attitude", "maker": "company", "towards": "bank", "attitude": "hostile"},
        {"do": "attitude", "maker": "company", "towards": "nobody", "attitude": "neutral"},
        {"do": "mark preference", "maker": "company", "place": 0, "strength": "huge"},
        {"do": "facing unknown", "maker": "company", "facing": "e"},
        {"do": "play together", "maker": "bank", "with": "nobody"},
        {"do": "rename speaker", "speaker": "nobody", "name": "x"},
        {"do": "place state", "maker": "village", "state": "7", "position": "1"},
        {"do": "pay state", "maker": "bank", "state": "NYN", "payoff": "1"},
        {"do": "note", "at": ["decision_makers", "bank", "payoffs", 0], "note": "x"},
    ],
)
def test_a_change_of_nothing_names_the_nearest(file: ConflictFile, edit: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError):
        edited(file, edit)


def test_too_many_states_are_not_put_in_order_one_by_one(tmp_path: Path) -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b, c, d, e, f, g, h], preferences: [a]}\n"
    file = ConflictFile.of(text, tmp_path / "t.conflict.yaml")
    with pytest.raises(TooLargeError, match="more than 200 states"):
        edited(file, {"do": "give preferences otherwise", "maker": "i", "form": "ranking"})


WORDS = ["", "company", "village", "deal", "build", "1/0", "\0"]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.sampled_from(WORDS), st.just({}),
    st.lists(st.sampled_from(["company", "build", "views", "ranking", 0, 1]), max_size=4),
)  # fmt: skip
TRIED = [*(edit for edit, _ in EDITS), *({**edit, "maker": "company"} for edit, _ in RIVER_EDITS)]


@given(st.sampled_from(TRIED), st.data())
def test_nonsense_is_refused_in_words(edit: dict[str, Any], data: st.DataObject) -> None:
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
