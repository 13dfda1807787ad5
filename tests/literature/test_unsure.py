"""Published cases, and worked examples by hand, of uncertain preferences.

The Lake Gisborne model is recalled from Li, Hipel, Kilgour & Fang (2004), who are said to find states 4, 6 and 8 as the
equilibria; what is found here under each concept was computed apart from Detente. The other two are worked examples
made for these tests from the definitions, for no publication with complete data could be read; their answers are worked
out by hand in the comments and agree with the brute force over the definitions.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import detente as dt
from tests.reference.unsure import Unsure

GISBORNE = {
    "nash": ([], [4, 6], [], [4, 6]),
    "gmr": ([], [4, 6, 8], [4, 6, 8], [4, 6, 8]),
    "smr": ([], [4, 6, 8], [4, 6, 8], [4, 6, 8]),
    "seq": ([], [4, 6, 8], [4, 6], [4, 6, 8]),
}


@pytest.mark.parametrize("kind", GISBORNE)
def test_lake_gisborne_has_the_published_equilibria(kind: str) -> None:
    concepts = [f"{kind}_{letter}" for letter in "abcd"]
    analysis = dt.example("lake-gisborne").analyze(concepts)
    assert [list(analysis.equilibria(concept)) for concept in concepts] == list(GISBORNE[kind])


def test_lake_gisborne_equilibria_are_4_6_and_8() -> None:
    concepts = [f"{kind}_{letter}" for kind in GISBORNE for letter in "abcd"]
    analysis = dt.example("lake-gisborne").analyze(concepts)
    assert {int(state) for concept in concepts for state in analysis.equilibria(concept)} == {4, 6, 8}


def test_each_completion_of_lake_gisborne_keeps_one_nash_equilibrium() -> None:
    """Each completion of the unknown preference keeps just one of the two Nash equilibria."""
    for id, found in (("lake-gisborne-economy", [4]), ("lake-gisborne-environment", [6])):
        assert list(dt.example(id).analyze(["nash"]).equilibria("nash")) == found


def both(name: str, first: object, second: object) -> dt.Conflict:
    return dt.Conflict(
        name,
        [
            dt.DecisionMaker("row", options=["r"], preferences=first),
            dt.DecisionMaker("column", options=["c"], preferences=second),
        ],
    )


def agrees(conflict: dt.Conflict, *concepts: str) -> dt.Analysis:
    """The analysis, after it was compared with the brute force."""
    analysis = conflict.analyze(concepts)
    assert analysis.to_dict()["stability"] == Unsure(conflict).stability(concepts)
    return analysis


def test_strength_of_preference_decides_chicken_as_worked_by_hand() -> None:
    """Worked example: both drivers mind a crash far more than anything else.

    Swerving is Y. Row: only the other swerves (NY), both (YY), only Row (YN), and far below a crash (NN). At YY Row's
    one improvement is NY; the other can only answer with NN, a crash, and that is much worse: strongly GMR stable.
    From there Row could still swerve to YN, which is mildly worse than YY: symmetrically, only weakly stable. For the
    other would not improve by a crash: not sequentially stable at all. The one that swerves alone has no improvement.
    """
    conflict = both("chicken", dt.Ranking.of("NY", "YY", "YN", ">>", "NN"), dt.Ranking.of("YN", "YY", "NY", ">>", "NN"))
    analysis = agrees(conflict, "gmr", "strong_gmr", "smr", "strong_smr", "seq", "strong_seq")
    found = {c.id: [state.pattern for state in analysis.equilibria(c.id)] for c in analysis.concepts}
    assert found["gmr"] == found["strong_gmr"] == found["smr"] == ["YN", "NY", "YY"]
    assert found["strong_smr"] == found["seq"] == found["strong_seq"] == ["YN", "NY"]
    text = str(analysis.why("YY", "row", "strong_gmr"))
    assert "which is much worse for row than staying" in text


def test_strong_preference_statement_makes_cooperation_strongly_stable() -> None:
    """Worked example: mutual cooperation holds strongly when the other's cooperation matters greatly."""
    for strength, held in (("strong", True), ("mild", False)):
        makers = [
            [dt.PreferenceStatement(dt.parse(other), strength=strength), f"not {own}"] for own, other in ("rc", "cr")
        ]
        analysis = agrees(both("dilemma", *makers), "seq", "strong_seq", "strong_smr")
        assert "YY" in {state.pattern for state in analysis.equilibria("seq")}
        assert ("YY" in {state.pattern for state in analysis.equilibria("strong_seq")}) is held
        assert ("YY" in {state.pattern for state in analysis.equilibria("strong_smr")}) is held


def dilemma(**limits: object) -> dt.Conflict:
    """Cooperation of the other is wanted with confidence 0.8, not to cooperate oneself with confidence 0.9.

    YY to NY for Row: only the second statement tells them apart, so NY is better with 0.9 and YY with 0: strength 0.9.
    YY to NN: the first speaks for YY with 0.8; if it is not held, the second for NN: 0.2 * 0.9 = 0.18, strength -0.62.
    NY to NN for Column: only its second statement tells them apart: better with 0.9.
    """
    makers = [
        [
            dt.PreferenceStatement(dt.parse(other), confidence=0.8),
            dt.PreferenceStatement(dt.parse(f"not {own}"), confidence=0.9),
        ]
        for own, other in ("rc", "cr")
    ]
    conflict = both("doubtful dilemma", *makers)
    return conflict.replaced(
        decision_makers=[
            dt.DecisionMaker(m.id, options=m.options, preferences=m.preferences, thresholds=dt.Thresholds(**limits))
            for m in conflict.decision_makers
        ]
    )


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("threshold", "nash", "seq"),
    [
        (0.5, ["NN"], ["NN", "YY"]),
        (0.9, ["NN"], ["NN", "YY"]),
        ("9000000001/10000000000", ["NN", "YN", "NY", "YY"], ["NN", "YN", "NY", "YY"]),
    ],
)
def test_fuzzy_degree_equal_to_the_threshold_is_an_improvement(
    threshold: object, nash: list[str], seq: list[str]
) -> None:
    """Worked example: a degree that equals the threshold is enough, and one that is below it by a hair is not."""
    analysis = agrees(dilemma(satisficing=threshold), "fuzzy_nash", "fuzzy_gmr", "fuzzy_smr", "fuzzy_seq")
    assert [state.pattern for state in analysis.equilibria("fuzzy_nash")] == nash
    assert [state.pattern for state in analysis.equilibria("fuzzy_seq")] == seq
    why = analysis.why("YY", "row", "fuzzy_seq")
    if threshold == 0.5:
        (one,) = why.verdict.improvements
        assert one.degrees[0].strength == Fraction(9, 10)
        assert one.sanction is not None
        assert one.sanction.degrees[0].strength == Fraction(-62, 100)
        assert "to a degree of 0.9 (0.5 is enough)" in str(why)
        assert "only to a degree of -0.62 (0.5 would be enough)" in str(why)


@pytest.mark.parametrize(
    ("alpha", "beta", "gamma", "held"),
    [
        (0.5, 0.5, 0.5, True),
        (0.1, 1, 0, True),  # better with 0.9, and that is not above 1 - 0.1
        (0.2, 0.82, 0.2, True),  # a chance of 0.18 deters just where it is no more than 1 - 0.82
        (0.2, 0.83, 0.2, False),
        (0.2, 0.5, 0.1, False),  # the other does not answer: 0.9 is not above 1 - 0.1
    ],
)
def test_probabilistic_seq_region_of_the_dilemma_is_as_worked_by_hand(
    alpha: float, beta: float, gamma: float, held: bool
) -> None:
    """Worked example: where mutual cooperation is (α, β, γ)-SEQ stable."""
    conflict = dilemma(alpha=alpha, beta=beta, gamma=gamma)
    analysis = agrees(conflict, *(f"probabilistic_{kind}" for kind in ("nash", "gmr", "smr", "seq")))
    assert ("YY" in {state.pattern for state in analysis.equilibria("probabilistic_seq")}) is held
