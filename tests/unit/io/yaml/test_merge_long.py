"""A change in a long list touches the entries concerned and nothing else."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.editing import edited_file
from detente.io.conflict_file import ConflictFile
from tests.examples import examples
from tests.unit.editing.corpus import lines_changed

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
        st.just({"do": "set", "at": ["decision_makers", "i", "name"], "value": "Another"}),
        st.just({"do": "set", "at": ["title"], "value": "Another"}),
    )


@settings(max_examples=examples(25), deadline=None)
@given(
    style=st.sampled_from(["lines", "lines of another layout", "brackets", "lines in brackets"]),
    remarks=st.frozensets(st.integers(0, COUNT - 1) | st.integers(1001, 1000 + COUNT), max_size=6),
    edit=edits(),
)
def test_change_in_a_long_list_touches_only_its_entries(
    style: str, remarks: frozenset[int], edit: dict[str, Any]
) -> None:
    file = opened(written(style, remarks))
    made = edited_file(file, edit)
    assert opened(made.text).conflict == made.conflict
    assert remarks_in(made.text.replace("title: Another", "title: Many")) == remarks_in(file.text)
    # A tie joins two lines; everything else replaces or moves one.
    assert lines_changed(file.text, made.text) <= 3
