"""A change put into a text that is laid out otherwise: made, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.files.text_merging import changed_like

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=8)


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(LINES, LINES)
def test_a_text_that_is_laid_out_alike_becomes_the_other(before: list[str], after: list[str]) -> None:
    assert changed_like(text(before), text(before), text(after)) == text(after)


@given(LINES, LINES)
def test_without_a_change_nothing_changes(mine: list[str], before: list[str]) -> None:
    assert changed_like(text(mine), text(before), text(before)) == text(mine)


@given(LINES, LINES, LINES)
def test_every_line_that_comes_is_there_and_none_is_lost_on_the_way(
    mine: list[str], before: list[str], after: list[str]
) -> None:
    made = changed_like(text(mine), text(before), text(after)).splitlines()
    assert set(made) <= set(mine) | set(after)
    # What both have, and the change does not touch, is there.
    for line in set(after) - set(before):
        assert made.count(line) >= after.count(line)


@given(st.lists(st.text("abc ", min_size=1, max_size=12), max_size=8), st.data())
def test_lines_laid_out_otherwise_are_changed_whole(paragraphs: list[str], data: st.DataObject) -> None:
    """Each paragraph stands on one line in a person's text, and on one for each letter in the program's."""
    numbered = [f"{place}{one}" for place, one in enumerate(paragraphs)]

    def spread(all: list[str]) -> str:
        return "".join(f"{one[0]}{letter}\n" for one in all for letter in one)

    changed = [one for one in numbered if data.draw(st.booleans())]
    made = changed_like(text(numbered), spread(numbered), spread(changed))
    # Whatever is kept is kept as the person wrote it, or stands there as the program would.
    assert all(line in numbered or len(line) == 2 for line in made.splitlines())
    for one in changed:
        assert f"{one}\n" in made or spread([one]) in made
