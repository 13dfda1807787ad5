"""Different eyes: cases by hand, words and data."""

from __future__ import annotations

import pytest

import detente as dt
from detente.present import perception as words
from tests.unit.cli.running import run


def numbers(states: tuple[dt.State, ...]) -> list[int]:
    return [int(state) for state in states]


def test_village_hypergame_is_solved_as_by_hand() -> None:
    """By hand: with open eyes the village does not sue, for the factory would move away; as it sees it, it does."""
    found = dt.example("unforeseen-relocation").perceive(["seq"])
    assert numbers(found.true_equilibria["seq"]) == [1, 6]
    assert numbers(found.equilibria["seq"]) == [6]
    assert numbers(found.expected["seq"]["factory"]) == [1, 6]
    assert numbers(found.expected["seq"]["village"]) == [5]
    (surprise,) = found.surprises
    assert (surprise.decision_maker, surprise.kind, surprise.looks_like) == ("village", "unseen", 4)
    assert words.surprise_in_words(found, surprise) == (
        "Village does not know of ‘Move away’; to Village this looks like the outcome in which, unlike in the status "
        "quo, Village goes to court (state 4)."
    )
    assert {(one.state.number, one.decision_maker, one.leaving) for one in found.mistakes} == {
        (1, "factory", ("village",)),
        (5, "village", ("factory",)),
    }
    village = next(eyes for eyes in found.eyes if eyes.decision_maker == "village")
    assert village.count == 4
    assert numbers(village.hidden) == [3, 6]


def test_explanation_uses_the_perceived_game() -> None:
    found = dt.example("unforeseen-relocation").perceive(["seq"])
    assert "is not SEQ stable for Village" in found.why("noise", "village", "seq")
    assert "looks like NNY" in found.why("relocation", "village", "seq")
    assert "is not SEQ stable for Factory" in found.why("compensation", "factory", "seq")
    with pytest.raises(dt.UnknownNameError, match="did you mean 'village'"):
        found.why("noise", "vilage", "seq")


def test_wrong_belief_about_a_threat_makes_a_state_stable() -> None:
    """A thief that believes the judge would like to punish stays; the judge would not, and the thief need not have."""
    thief = dt.DecisionMaker("thief", options=["steal"], preferences=["not jail", "steal"])
    judge = dt.DecisionMaker("judge", options=["jail"], preferences=["not jail"])
    conflict = dt.Conflict("T", [thief, judge])
    assert numbers(conflict.perceive(["seq"]).equilibria["seq"]) == [2]
    afraid = conflict.replaced(views=[dt.View("thief", believes={"judge": ["steal iff jail"]})])
    found = afraid.perceive(["seq"])
    assert numbers(found.equilibria["seq"]) == [1, 2]
    assert numbers(found.true_equilibria["seq"]) == [2]
    # The judge, who sees things as they are, did not expect the thief to stay.
    assert ("judge", "unexpected", 1) in {(one.decision_maker, one.kind, int(one.state)) for one in found.surprises}
    assert "did not expect it" in words.surprise_in_words(found, found.surprises[0])


def test_state_without_a_place_in_a_partys_view_is_a_surprise() -> None:
    conflict = dt.Conflict(
        "T",
        [dt.DecisionMaker("a", options=["x", "y"], preferences=["x"]), dt.DecisionMaker("b", options=["z"])],
        rules=[dt.exactly_one("x", "y")],
        views=[dt.View("b", does_not_see=["x"])],
    )
    found = conflict.perceive(["nash"])
    assert {one.looks_like for one in found.surprises} == {None}
    assert "does not exist, so there is no move from it" in found.why(1, "b", "nash")
    assert "does not exist in the view of b" in words.surprise_in_words(found, found.surprises[0])


def test_digest_includes_the_views() -> None:
    conflict = dt.example("unforeseen-relocation")
    assert conflict.digest != conflict.replaced(views=[]).digest
    with pytest.raises(dt.InputError, match="in the view of 'village'"):
        conflict.replaced(rules=["relocate"]).perceive()
    with pytest.raises(dt.InputError, match="standing coalition"):
        conflict.replaced(coalitions=[["factory", "village"]]).perceive()


def test_perception_result_has_the_documented_data() -> None:
    data = dt.example("unforeseen-relocation").perceive(["seq"]).to_dict()
    assert data["format"] == "detente-perceive/1"
    assert data["views"][1]["does_not_see"] == ["relocate"]
    assert data["equilibria"]["seq"]["expected"]["village"] == [{"number": 5, "state": "YNY", "name": "compensation"}]
    assert data["surprises"][0]["looks_like"] == {"number": 4, "state": "NNY", "name": None}
    assert data["mistakes"][0]["leaving"]


def test_perceive_command_prints_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "perceive", "example:unforeseen-relocation", "-c", "seq").out
    assert "‘relocation’ (state 6), under SEQ: Village does not know of ‘Move away’" in out
    assert (
        "Village would expect ‘compensation’ (state 5) to be an equilibrium under SEQ. It is not: Factory would "
        "move away." in " ".join(out.split())
    )
    assert "has no ‘views’" in run(capsys, "perceive", "example:chicken", "-c", "seq").out


def test_replaced_preferences_keep_other_settings() -> None:
    """A view, a smallest change and a held option leave a decision maker's other settings as they are."""
    from detente.analysis.fixed_options import with_fixed_options
    from detente.analysis.inverse import PreferenceChange
    from detente.analysis.perception import seen_by
    from detente.model.parts import View
    from detente.model.preferences import Prioritising

    settings = {"facing_unknown": "d", "attitudes": {"b": "negative"}}
    conflict = dt.Conflict(
        "Two",
        [dt.DecisionMaker("a", options=["x"], preferences=["x"], **settings), dt.DecisionMaker("b", options=["y"])],
    )
    for changed in (
        seen_by(conflict, View("b", believes=(("a", Prioritising()),))),
        PreferenceChange((), {"a": Prioritising()}).applied(conflict),
        with_fixed_options(conflict, {"y": True}),
    ):
        assert changed.decision_maker("a").facing_unknown == "d"
        assert changed.decision_maker("a").attitude("b") == "negative"
