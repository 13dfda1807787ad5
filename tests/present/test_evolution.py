"""Views of an evolution: what can be reached, what it takes, and how."""

from __future__ import annotations

from itertools import pairwise

import detente as dt
from detente.analysis.evolution import cost
from detente.present.blocks import Bullets, Heading, Paragraph, Table
from detente.present.evolution import answer, view, why


def test_states_are_ordered_by_what_it_takes_to_reach_them() -> None:
    found = dt.example("ukraine-2023").evolve()
    first, _, states, _, told, paths, *_ = view(found)
    assert isinstance(told, Paragraph) and told.text.startswith("An outcome without a name is told by what differs")
    assert first == Paragraph(answer(found))
    assert isinstance(states, Table)
    rows = (*states.rows, *states.rest)
    fewest = [int(str(row[3])) for row in rows]
    assert all(one <= other for one, other in pairwise(fewest))
    targets = [one for one in found.by_cost() if one.state != found.start]
    for row, target in zip(rows, targets, strict=True):
        assert target.route is not None
        assert (str(row[2]), str(row[3])) == (str(len(target.route)), str(cost(target.route)))
    assert isinstance(paths, Bullets)
    said = [" ".join([item.lead, item.text, *item.points]) for item in (*paths.items, *paths.rest)]
    assert said == [why(found, target) for target in targets]


def test_evolve_without_a_target_says_only_that() -> None:
    (only,) = view(dt.example("chicken").evolve(1, 1, concepts=["nash"]))
    assert isinstance(only, Paragraph)
    assert only.text.startswith("No other state was asked for or is an equilibrium")


def test_states_between_start_and_end_of_a_path_are_tabulated() -> None:
    found = dt.example("ukraine-2023").evolve(to="withdrawal for neutrality")
    between = next(
        block
        for block, before in zip(view(found)[1:], view(found), strict=False)
        if isinstance(before, Heading) and before.text == "States in the middle of these paths"
    )
    (target,) = found.targets
    passed = {move.end.number for path in (target.paths[0], target.detour or ()) for move in path[:-1]}
    assert passed
    assert {row[0].number for row in between.rows} == passed  # type: ignore[union-attr]
    assert {row[1] for row in between.rows} == {"114"}  # type: ignore[union-attr]


def test_the_shortest_path_and_that_with_the_fewest_concessions_are_told_apart() -> None:
    found = dt.example("ukraine-2023").evolve(to="NNYNNYNYNYY")
    (target,) = found.targets
    words = why(found, target)
    assert "two paths. Fewest steps (2 steps, 2 concessions): Russia ends the “military operation”" in words
    assert "Fewest concessions (3 steps, 1 concession): Ukraine signs an agreement on neutrality" in words
    assert "Ukraine rules out talks with Russia again, withdraws from the agreement on neutrality" in words
