"""How the longer questions are told: the answer first, nothing endless, and nothing lost or said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.analysis.robustness import Robustness
from detente.analysis.whose_word import WhoseWord
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, VARIANTS
from detente.model.wording import STUCK_UNSAID
from detente.present.comparison import identified
from detente.present.phrases import concepts_in_words
from detente.web.answers import MOST_REST, PAGE, Cell, Part, paragraphs, pointed, told
from detente.web.concept_choice import known_concept_ids, offered_groups
from detente.web.parties import taken_in_words
from detente.web.questions import QUESTIONS
from detente.web.telling import (
    tell_comparison,
    tell_what_holds,
)
from detente.web.telling_doubt import tell_robustness, tell_whose_word

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def seed() -> dt.Conflict:
    return dt.example("ukraine-2023")


@pytest.fixture(scope="module")
def robust(seed: dt.Conflict) -> Robustness:
    return seed.robustness(samples=400)


@pytest.fixture(scope="module")
def word(seed: dt.Conflict) -> WhoseWord:
    return seed.whose_word(["nash", "gmr", "smr", "seq"])


def named(parts: list[Part], heading: str) -> Part:
    return next(part for part in parts if part.heading == heading)


@given(st.integers(0, 200), st.integers(1, 30))
def test_what_is_not_told_at_once_is_at_hand(count: int, most: int) -> None:
    part = told("", ("n",), ((str(number),) for number in range(count)), most=most, more="{count} more")
    assert [*part.rows, *part.rest] == [(str(number),) for number in range(count)]
    assert len(part.rows) <= most + 2
    assert bool(part.rest) == bool(part.more)
    assert len(part.rest) != 1
    assert [row for start in range(0, count, PAGE) for row in part.page(start)] == list(part.rest)
    points = pointed("", map(str, range(count)), most=most)
    assert [*points.points, *(row[0] for row in points.rest)] == [str(number) for number in range(count)]


def test_a_rest_without_end_is_cut_and_says_so() -> None:
    part = told("", ("n",), ((str(number),) for number in range(MOST_REST + 100)), most=10)
    assert len(part.rest) == MOST_REST
    assert part.more == f"{MOST_REST + 90:,} more (the first {MOST_REST:,}; the data has all)"


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_stronger_colour_is_a_greater_share(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert Cell(share=low).heat <= Cell(share=high).heat
    assert (Cell(share=one).heat == 0) == (one == 0)
    assert (Cell(share=one).heat == 10) == (one == 1)


def test_a_text_is_taken_apart_at_its_points() -> None:
    assert paragraphs("It is not.\n- One would leave.\n- Two.\nThe smallest: none.") == (
        ("It is not.",),
        ("One would leave.", "Two."),
        ("The smallest: none.",),
    )


def test_robustness_says_first_how_sure_the_status_quo_is(robust: Robustness) -> None:
    parts = list(tell_robustness(robust))
    assert parts[0].text[0].startswith("The status quo, ‘as reported’ (state 323, YNYYNYNYNYY), is an equilibrium in")
    states = named(parts, "How often each state is an equilibrium")
    assert states.heat
    assert len(states.rows) <= 26
    first = states.rows[0][0]
    assert isinstance(first, Cell)
    assert first.number == 323
    # Every state that is ever an equilibrium has one row, each share is that of the answer, and the others are counted.
    rows = [*states.rows, *states.rest]
    numbers = [row[0].number for row in rows if isinstance(row[0], Cell)]
    assert len(set(numbers)) == len(rows)
    assert {number for number in numbers if number} == {s.number for s in robust.states if robust.ever(s)}
    assert f"{396 - len(rows)} other states in none of the profiles" in states.caption
    for row in rows:
        assert isinstance(row[0], Cell)
        for concept, cell in zip(robust.concepts, row[1:], strict=True):
            assert isinstance(cell, Cell)
            assert row[0].number is not None
            one = robust.share(row[0].number, concept.id)
            assert cell.share == one.share
            assert ("●" in cell.text) == one.as_written
            assert ("≈" in cell.text) == bool(one.near_threshold)


def test_robustness_tells_each_state_that_a_reader_looks_for_at_once(robust: Robustness) -> None:
    states = named(list(tell_robustness(robust)), "How often each state is an equilibrium")
    at_once = {row[0].number for row in states.rows if isinstance(row[0], Cell)}
    written = {one.state.number for c in robust.concepts for one in robust.shares(c.id) if one.as_written}
    assert written <= at_once


def test_robustness_without_a_status_quo_tells_the_states(seed: dt.Conflict) -> None:
    answer = seed.replaced(status_quo=None).robustness(["nash"], samples=100)
    parts = list(tell_robustness(answer))
    assert STUCK_UNSAID in parts[0].text[0]
    assert named(parts, "How often each state is an equilibrium").rows


def test_what_is_alike_under_several_concepts_is_told_once_and_nothing_else(word: WhoseWord) -> None:
    parts = list(tell_whose_word(word))
    assert (
        parts[0].text[0]
        == "Whomever one believes, the status quo, as it then is, is an equilibrium (under every concept)."
    )
    part = named(parts, "The equilibria, and what they hang on")
    ids = [concept.id for concept in word.concepts]
    titles = {concepts_in_words(some, ids): some for some in _subsets(ids)}
    told_of = set()
    for state, under, share, _ in (*part.rows, *part.rest):
        assert isinstance(state, Cell)
        assert isinstance(share, Cell)
        told_of |= {(id, state.pattern, share.share) for id in titles[str(under)]}
    assert told_of == {(one.concept.id, one.pattern, one.share) for one in word.dependences}
    first = part.rows[0][0]
    assert isinstance(first, Cell)
    assert first.pattern == word.status_quo
    assert any("[s17]" in str(row[3]) for row in part.rows)


def _subsets(ids: list[str]) -> Iterator[list[str]]:
    for mask in range(1, 2 ** len(ids)):
        yield [id for place, id in enumerate(ids) if mask >> place & 1]


def test_cited_statements_are_told_with_their_words(seed: dt.Conflict, robust: Robustness) -> None:
    found = QUESTIONS["robust"].told(robust)
    assert "s14" in found.words
    assert "After the Russia-Ukraine conflict broke out" in found.words["s14"]
    assert len(found.options) == len(seed.options)


def test_what_holds_is_counted_and_what_is_common_is_common(seed: dt.Conflict) -> None:
    analysis = seed.analyze(["nash", "gmr"])
    parts = list(tell_what_holds(analysis))
    assert parts[0].text[0].endswith("is an equilibrium under both concepts.")
    nash, gmr = named(parts, "How many states hold").rows
    assert [str(cell) for cell in nash[:2]] == ["Nash", "1"]
    states = analysis.equilibria("gmr")
    assert gmr[1] == str(len(states))
    for option in seed.options:
        places = {state.pattern[seed.options.index(option)] for state in states}
        assert (f"not ‘{option.label}’" in str(gmr[4])) == (places == {"N"})
    talks = next(state for state in seed.states if state.name == "talks under way")
    away = seed.replaced(status_quo=talks.taken).analyze(["nash", "gmr"])
    nearest = named(list(tell_what_holds(away)), "The equilibria nearest to the status quo")
    found = {row[0].number for row in nearest.rows if isinstance(row[0], Cell)}
    assert found == {s.number for id in ("nash", "gmr") for s in away.nearest(id).states}  # type: ignore[union-attr]


def test_a_comparison_counts_its_changes(seed: dt.Conflict) -> None:
    from detente.analysis.comparison import compare

    earlier = seed.replaced(rules=seed.rules[:-1])
    answer = compare(earlier, seed, ["nash", "gmr"])
    parts = list(tell_comparison(answer))
    assert parts[0].text[0].startswith("1 change from")
    assert next(iter(tell_comparison(compare(seed, seed, ["nash"])))).text[0].startswith("Nothing changed from")
    went = set(answer.went("gmr"))
    if went:
        come_and_go = named(parts, "Which equilibria come and go")
        gone = {row[0].pattern for row in come_and_go.rows if isinstance(row[0], Cell) and str(row[2]) == "−"}
        assert gone == went


def test_a_comparison_says_what_is_taken_to_be_the_same_and_why_it_cannot_tell() -> None:
    other = dt.Conflict("other", [dt.DecisionMaker("j", "I", {"b": "A", "c": "New"}), dt.DecisionMaker("k")])
    first = dt.Conflict("one", [dt.DecisionMaker("i", options={"a": "a"}, preferences=dt.Ranking.of(1, 2))])
    answer = first.compare(other, ["nash"])
    page = QUESTIONS["compare"].told(answer)
    what, same = page.parts[0].text
    assert what.startswith(
        "3 changes from ‘one’ to ‘other’. What each change does by itself cannot be said: the preferences of I list"
    )
    assert same == identified(answer)
    assert [(option["owner"], option["label"]) for option in page.options] == [("I", "a"), ("I", "New")]


@pytest.mark.parametrize(
    ("ids", "asked", "words"),
    [
        ((), ("nash",), "–"),
        (("nash",), ("nash",), "Nash"),
        (("nash", "gmr"), ("nash", "gmr"), "both concepts"),
        (("gmr", "smr", "seq"), ("nash", "gmr", "smr", "seq"), "every concept but Nash"),
        (("nash", "seq"), ("nash", "gmr", "smr", "seq"), "Nash, SEQ"),
    ],
)
def test_concepts_are_named_in_a_word_where_they_are_all(ids: Any, asked: Any, words: str) -> None:
    assert concepts_in_words(ids, asked) == words


def test_every_concept_is_offered_once_and_the_usual_ones_first(seed: dt.Conflict) -> None:
    groups = offered_groups(seed, ["seq", "fuzzy_nash"])
    assert tuple(choice.concept.id for choice in groups[0].choices) == DEFAULT_CONCEPTS
    ids = [choice.concept.id for group in groups for choice in group.choices]
    assert len(ids) == len(set(ids))
    assert {*CONCEPTS, *VARIANTS} <= set(ids)
    assert {choice.concept.id for group in groups for choice in group.choices if choice.ticked} == {"seq", "fuzzy_nash"}
    by_title = {group.title: group for group in groups}
    assert by_title["Fuzzy preferences"].ticked
    assert by_title["Unknown preferences"].lacks == "The file leaves no preference unknown."
    # Three decision makers: who would move next is open.
    refused = {choice.concept.id for choice in by_title["Looking further ahead"].choices if choice.refused}
    assert "limited_move_2" in refused
    assert "maximin_2" not in refused


def test_what_a_file_says_of_its_preferences_is_not_missed() -> None:
    groups = {group.title: group for group in offered_groups(dt.example("lake-gisborne"))}
    assert groups["Unknown preferences"].lacks == ""
    assert groups["Strength of preference"].lacks
    assert not any(choice.refused for choice in offered_groups(dt.example("river-sharing"))[2].choices)


def test_every_concept_that_is_offered_can_be_asked() -> None:
    conflict = dt.example("river-sharing")
    ids = [c.concept.id for group in offered_groups(conflict) for c in group.choices if not c.refused]
    assert set(known_concept_ids(ids)) == set(ids)
    conflict.analyze(ids)


def test_unknown_concepts_are_left_out_and_the_usual_order_kept() -> None:
    assert known_concept_ids(["seq", "nosh", "maximin_3", "nash"]) == ("nash", "seq", "maximin_3")


def test_a_state_is_read_out_as_what_is_taken() -> None:
    options = [
        {"owner": "Upstream", "label": "Divert"},
        {"owner": "Upstream", "label": "Pay"},
        {"owner": "Downstream", "label": "Sanction"},
    ]
    assert taken_in_words("YNY", options) == "Upstream: Divert; Downstream: Sanction"
    assert taken_in_words("NNN", options) == "no option is taken"
