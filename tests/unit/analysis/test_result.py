"""Results as a library hands them out: frozen, comparable, and able to show themselves."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pandas
import pytest

import detente as dt
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def river() -> dt.Analysis:
    return dt.example("river-sharing").analyze()


def test_analysis_is_frozen_and_comparable(river: dt.Analysis) -> None:
    with pytest.raises(FrozenInstanceError):
        river.count = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        river.stability["nash"] = {}  # type: ignore[index]
    assert river == dt.example("river-sharing").analyze()
    assert river != dt.example("river-sharing").analyze(["nash"])
    assert river != dt.example("chicken").analyze()


def test_analysis_tables_list_states_and_stability(river: dt.Analysis) -> None:
    table = river.table()
    assert isinstance(table, pandas.DataFrame)
    assert len(table) == river.count
    assert list(table.index) == list(range(1, river.count + 1))
    nash = [int(number) for number in table.index[table["nash"]]]
    assert nash == [int(state) for state in river.equilibria("nash")]


def test_analysis_json_has_the_documented_keys(river: dt.Analysis) -> None:
    assert json.loads(river.to_json()) == river.to_dict()
    summary = river.to_dict(summary=True)
    assert summary["states"] is None
    for concept in DEFAULT_CONCEPTS:
        found = summary["equilibria"][concept]
        assert found["count"] == len(river.equilibria(concept))
        assert sum(2 ** pattern.count("-") for pattern in found["patterns"]) == found["count"]


def test_notebook_output_escapes_names() -> None:
    conflict = dt.Conflict(
        HOSTILE,
        [dt.DecisionMaker("i", HOSTILE, options={"a": HOSTILE}, preferences=["a"])],
        states={HOSTILE: ["a"]},
        status_quo=[],
    )
    analysis = conflict.analyze()
    for shown in (analysis._repr_html_(), analysis.why(1, "i", "nash")._repr_html_()):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown


def test_explanation_names_improvement_and_sanction(river: dt.Analysis) -> None:
    why = river.why("stand-off", "upstream", "seq")
    assert why.stable == ("stand-off" in {state.name for state in river.stable("seq", "upstream")})
    assert str(why).startswith(why.words.headline(why))
    data = why.to_dict()
    assert data["concept"] == "seq"
    assert data["stable"] == why.stable
    json.dumps(data)


def test_unknown_name_is_refused_with_a_suggestion(river: dt.Analysis) -> None:
    with pytest.raises(dt.UnknownNameError, match="did you mean 'nash'"):
        river.equilibria("nsh")
    with pytest.raises(dt.UnknownNameError, match="did you mean 'upstream'"):
        river.stable("nash", "upstreem")
    with pytest.raises(dt.UnknownNameError, match="this concept was not analysed"):
        river.equilibria("seq_then_sim")
    with pytest.raises(dt.UnknownNameError, match="did you mean"):
        river.conflict.analyze(["ssseq"])  # type: ignore[attr-defined]
    with pytest.raises(dt.UnknownNameError, match="engine"):
        river.conflict.analyze(engine="steam")  # type: ignore[attr-defined]


def test_unlistable_analysis_is_described_by_counts_and_patterns() -> None:
    makers = [
        dt.DecisionMaker(f"d{place}", options=[f"o{place}{number}" for number in range(9)], preferences=[f"o{place}0"])
        for place in range(2)
    ]
    analysis = dt.Conflict("wide", makers).analyze(["nash", "seq"])
    assert analysis.count == 2**18
    data = analysis.to_dict()
    assert data["states"] is None
    assert data["equilibria"]["nash"] == {"count": 2**16, "patterns": ["Y--------Y--------"]}
    with pytest.raises(dt.TooLargeError, match="262,144"):
        analysis.equilibria("nash")
    assert 2**18 in analysis.equilibrium_set("nash")


def test_explanation_of_every_concept_is_a_sentence(river: dt.Analysis) -> None:
    for concept in CONCEPTS:
        for state in river.states():
            for player in river.players:
                text = str(river.why(state, player, concept))
                assert text.splitlines()[0].endswith(".")
                assert "None" not in text
                assert "  " not in text


def test_graph_lists_every_move(river: dt.Analysis) -> None:
    graph = dt.example("chicken").graph()
    assert len(graph.states) == 4
    assert len(graph.arcs) == 8
    improvements = {(arc.start, arc.end) for arc in graph.arcs if arc.improvement}
    assert improvements
    assert all((end, start) not in improvements for start, end in improvements)
