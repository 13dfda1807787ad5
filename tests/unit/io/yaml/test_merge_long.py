"""What a change leaves alone in a long list is kept out of the way, which changes nothing but the time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.editing import edited_file
from detente.io.conflict_file import ConflictFile
from detente.io.yaml import merge
from detente.io.yaml.merge import shorten_values
from tests.examples import examples

OPTIONS = "abcdefgh"
COUNT = 2 ** len(OPTIONS)


def opened(text: str) -> ConflictFile:
    return ConflictFile.of(text, "x.conflict.yaml")


def written(style: str, remarks: frozenset[int]) -> str:
    """A dispute of two who rank and rate 256 states: in lines of their own, or between brackets; with remarks."""

    def remark(place: int) -> str:
        return f"   # on {place}" if place in remarks else ""

    order = [(7 * place) % COUNT + 1 for place in range(COUNT)]
    if style in ("lines", "lines of another layout"):
        dash = "\n      -" if style == "lines" else "\n    -"
        ranking = "".join(f"{dash} {one}{remark(place)}" for place, one in enumerate(order))
        payoffs = "".join(f"\n      {one}:  {one / 4}{remark(one + 1000)}" for one in range(1, COUNT + 1))
    elif style == "brackets":
        ranking = " [" + ", ".join(map(str, order)) + "]   # on 0"
        payoffs = " {" + ", ".join(f"{one}: {one / 4}" for one in range(1, COUNT + 1)) + "}"
    else:
        ranking = " [" + "".join(f"{one},{remark(place)}\n      " for place, one in enumerate(order)) + "]"
        payoffs = " {" + "".join(f"{one}: {one / 4},{remark(one + 1000)}\n      " for one in range(1, COUNT + 1)) + "}"
    return (
        f"# before\nformat:   detente/1\ntitle: Many # t\ndecision_makers:\n  i:\n    options: [{', '.join(OPTIONS)}]\n"
        f"    # the ranking\n    ranking:{ranking}\n  # the payoffs\n  j:\n    payoffs:{payoffs}\n# the end\n"
    )


def remarks_in(text: str) -> list[str]:
    return sorted(re.findall(r"#.*$", text, re.MULTILINE))


def edits() -> st.SearchStrategy[dict[str, Any]]:
    place = st.integers(0, COUNT - 1)
    ranking, payoffs = ["decision_makers", "i", "ranking"], ["decision_makers", "j", "payoffs"]
    return st.one_of(
        st.builds(lambda one, to: {"do": "move", "at": [*ranking, one], "to": to}, place, place),
        st.builds(lambda one: {"do": "tie", "at": [*ranking, one]}, st.integers(1, COUNT - 1)),
        st.builds(lambda one: {"do": "set", "at": [*payoffs, one, "payoff"], "value": "999"}, place),
        st.just({"do": "set", "at": ["decision_makers", "i", "options", "c", "name"], "value": "Another"}),
        st.just({"do": "set", "at": ["title"], "value": "Another"}),
    )


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    style=st.sampled_from(["lines", "lines of another layout", "brackets", "lines in brackets"]),
    remarks=st.frozensets(st.integers(0, COUNT - 1) | st.integers(1001, 1000 + COUNT), max_size=6),
    edit=edits(),
)
def test_shortened_merge_equals_the_full_merge(
    monkeypatch: pytest.MonkeyPatch, style: str, remarks: frozenset[int], edit: dict[str, Any]
) -> None:
    file = opened(written(style, remarks))
    made = edited_file(file, edit)
    if edit["do"] != "tie":
        # What is tied is written within one pair of brackets, where there is no room for a remark.
        assert remarks_in(made.text.replace("title: Another", "title: Many")) == remarks_in(file.text)
    with monkeypatch.context() as without:
        without.setattr(merge, "shorten_values", lambda text, old, new: None)
        long = edited_file(file, edit)
    assert made.conflict == long.conflict
    if "brackets" not in style:
        assert made.text == long.text


def test_unchanged_entries_are_not_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    carried = merge._carried

    def watched(text: str, *others: Any) -> Any:
        seen.append(len(text))
        return carried(text, *others)

    monkeypatch.setattr(merge, "_carried", watched)
    for style in ("lines", "brackets"):
        file = opened(written(style, frozenset({3, 1003})))
        seen.clear()
        edited_file(file, {"do": "move", "at": ["decision_makers", "i", "ranking", 200], "to": 20})
        assert len(seen) == 1
        assert seen[0] < 600


def test_anchored_and_aliased_entries_are_not_shortened() -> None:
    numbers = ", ".join(map(str, range(2, 200)))
    data = {"a": [str(one) for one in range(1, 200)]}
    for first in ("&one 1", "*one"):
        text = f"b: &one 1\na: [{first}, {numbers}]\n"
        found = shorten_values(text, {"b": "1", **data}, {"b": "1", **data})
        assert found is None


def test_lost_or_repeated_placeholder_is_detected() -> None:
    text = "a: [" + ", ".join(map(str, range(200))) + "]\n"
    data = [str(one) for one in range(200)]
    found = shorten_values(text, {"a": list(data)}, {"a": list(data)})
    assert found is not None
    assert len(found.text) < 40
    assert found.restored(found.text) == text
    assert found.restored("a: []\n") is None
    assert found.restored(found.text * 2) is None
