"""What the pages say: the table, the drawing, what-if, documents and questions, each beside what it is made from."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.equilibria import analyze
from detente.analysis.layout import LAYOUTS
from detente.analysis.what_if import WhatIfChanges, disbelieved_statements, what_if, with_changes
from detente.errors import InputError, UnknownNameError
from detente.model.parts import Rule
from detente.model.preferences import NO_PREFERENCES, Payoffs, Ranking
from detente.model.statements import Statement
from detente.present.outcomes import step_in_words
from detente.web import questions
from detente.web.documents import pieces
from detente.web.graph import MAX_DRAWN, MAX_MOVES_OF_ONE, MAX_WORTH, Moves, graph_data, neighbourhood_data, path_data
from detente.web.jobs import AnswerJob, Answers, JobInput, answer_question
from detente.web.state_table import StateTable, Wanted
from tests.examples import examples
from tests.strategies import conflicts
from tests.unit.web.serving import RIVER, Serving, river_folder, serving


@pytest.fixture(scope="module")
def elmira() -> StateTable:
    return StateTable.of(dt.example("elmira").analyze())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(river_folder(tmp_path_factory.mktemp("river"))) as found:
        yield found


@settings(max_examples=examples(25))
@given(conflicts())
def test_table_equals_the_analysis(conflict: dt.Conflict) -> None:
    analysis = analyze(conflict, ["nash", "seq"])
    rows = StateTable.of(analysis).rows(range(analysis.count))
    for concept in ("nash", "seq"):
        assert [row["number"] for row in rows if concept in row["equilibrium"]] == list(analysis.equilibria(concept))
        for player in analysis.players:
            stable = [row["number"] for row in rows if player in row["stable"][concept]]
            assert stable == list(analysis.stable(concept, player))


def test_table_is_filtered_and_sorted(elmira: StateTable) -> None:
    assert len(elmira.chosen(Wanted())) == len(elmira.states)
    taken = elmira.rows(elmira.chosen(Wanted(where="Y----")))
    assert taken
    assert all(row["state"][0] == "Y" for row in taken)
    best = elmira.rows(elmira.chosen(Wanted(sort="moe")))
    assert [row["ranks"]["moe"] for row in best] == sorted(row["ranks"]["moe"] for row in best)
    back = elmira.rows(elmira.chosen(Wanted(sort="moe", backwards=True)))
    assert back == best[::-1]
    assert [row["number"] for row in elmira.rows(elmira.chosen(Wanted(search="5")))] == [5]
    for wrong in (Wanted(sort="stranger"), Wanted(equilibria="nosh")):
        with pytest.raises(UnknownNameError):
            elmira.chosen(wrong)


def overlapping(data: dict[str, Any]) -> list[tuple[int, int]]:
    """The outcomes of a map whose boxes lie on each other."""
    width, height = data["box"]["width"], data["box"]["height"]
    return [
        (one["number"], other["number"])
        for one, other in combinations(data["states"], 2)
        if abs(one["x"] - other["x"]) < width and abs(one["y"] - other["y"]) < height
    ]


@settings(max_examples=examples(25))
@given(conflicts())
def test_drawn_states_do_not_overlap(conflict: dt.Conflict) -> None:
    table = StateTable.of(analyze(conflict, ["nash"]))
    for arrange in LAYOUTS:
        data = graph_data(table, Moves.of(table.analysis), arrange=arrange)
        assert overlapping(data) == []
        for one in data["states"]:
            assert one["moves_in_all"] == sum(arc.start == one["number"] for arc in table.analysis.solver.arcs())
            assert 0 < one["x"] < data["width"] and 0 < one["y"] < data["height"]
            assert len(one["lines"]) <= 4 and one["words"].startswith(f"State {one['number']}")
        if data["whole"]:
            assert len(data["states"]) == len(table.states) <= MAX_DRAWN
            assert len(data["moves"]) == len(list(table.analysis.solver.arcs()))
        ends = {(move["player"], *sorted((move["from"], move["to"]))) for move in data["moves"]}
        assert {(one["player"], *sorted((one["from"], one["to"]))) for one in data["curves"]} == ends


@settings(max_examples=examples(25))
@given(conflicts(), st.data())
def test_best_ways_have_the_fewest_concessions(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Compared with a search that looks through the moves one by one."""
    analysis = analyze(conflict, ["nash"])
    moves, start = Moves.of(analysis), draw.draw(st.integers(1, analysis.count))
    costs, least = moves.costs(start), {start: (0, 0)}
    arcs = list(analysis.solver.arcs())
    for _ in range(analysis.count):
        for arc in arcs:
            if arc.start in least:
                found = (least[arc.start][0] + (not arc.improvement), least[arc.start][1] + 1)
                least[arc.end] = min(found, least.get(arc.end, found))
    for number in range(1, analysis.count + 1):
        way = moves.way(number, costs)
        if number not in least or number == start:
            assert way == []
            continue
        assert set(way) <= set(arcs) and (way[0].start, way[-1].end) == (start, number)
        assert all(one.end == other.start for one, other in pairwise(way))
        assert (sum(not arc.improvement for arc in way), len(way)) == least[number]
    assert moves.steps(start).keys() == least.keys()


@settings(max_examples=examples(25))
@given(conflicts())
def test_every_move_of_the_graph_has_its_own_words(conflict: dt.Conflict) -> None:
    table = StateTable.of(analyze(conflict, ["nash"]))
    data = graph_data(table, Moves.of(table.analysis))
    for move in data["moves"]:
        start, end = (table.states[move[key] - 1] for key in ("from", "to"))
        assert data["sentences"][move["does"]] == step_in_words(conflict, move["player"], start, end, last=False)


@pytest.fixture(scope="module")
def ukraine() -> StateTable:
    return StateTable.of(dt.example("ukraine-2023").analyze())


def test_map_of_hundreds_of_states_shows_what_is_worth_drawing(ukraine: StateTable) -> None:
    moves = Moves.of(ukraine.analysis)
    data = graph_data(ukraine, moves)
    numbers = {one["number"] for one in data["states"]}
    assert (data["whole"], data["arrange"]) == (False, "layers")
    assert len(numbers) <= MAX_WORTH
    assert {ukraine.status_quo, *(state.number for state in ukraine.states if state.name)} <= numbers
    assert data["said"].startswith(f"The map shows {len(numbers)} of 396 states: the status quo, the named outcomes")
    # Each state that stands on the map can be reached over it.
    reached, more = {ukraine.status_quo}, True
    while more:
        ends = {one["to"] for one in data["moves"] if one["from"] in reached} - reached
        more, reached = bool(ends), reached | ends
    assert reached == numbers
    assert [band["lines"][0] for band in data["bands"]] == [
        "the status quo", "1 move away", "2 moves away", "3 moves away",
    ]  # fmt: skip
    opened = graph_data(ukraine, moves, expand=["status quo"])
    near = {arc.end for arc in moves.arcs_from(ukraine.status_quo or 1)}
    assert near & {one["number"] for one in opened["states"]} > near & numbers
    assert opened["left_out"] == len(near - {one["number"] for one in opened["states"]})
    # What is asked for is there with the way to it.
    asked = graph_data(ukraine, moves, focus="7")
    assert 7 in {one["number"] for one in asked["states"]}
    with pytest.raises(UnknownNameError, match="from 1 to 396"):
        graph_data(ukraine, moves, expand=["999"])


def test_bands_say_what_their_outcomes_have_in_common(ukraine: StateTable) -> None:
    moves = Moves.of(ukraine.analysis)
    fields = graph_data(ukraine, moves, arrange="options", across="russia", down="ukraine")
    for one in fields["states"]:
        inside = [band for band in fields["bands"] if holds(band, one)]
        assert [band["row"] for band in inside] == [False, True]
        column, row = (" ".join(band["lines"]) for band in inside)
        assert column.startswith("Russia ") and row.startswith("Ukraine ")
        assert ("continues the “military operation”" in column) == (one["state"][0] == "Y")
    ranked = graph_data(ukraine, moves, arrange="preference", by="ukraine")
    assert len(ranked["bands"]) <= 8
    assert " ".join(ranked["bands"][0]["lines"]).startswith("Best for Ukraine: rank")
    inside = [[one["ranks"]["ukraine"] for one in ranked["states"] if holds(band, one)] for band in ranked["bands"]]
    assert all(max(better) < min(worse) for better, worse in pairwise(inside))


def holds(band: dict[str, Any], outcome: dict[str, Any]) -> bool:
    """Whether an outcome stands in a band."""
    across = band["x"] <= outcome["x"] <= band["x"] + band["width"]
    return bool(across and band["y"] <= outcome["y"] <= band["y"] + band["height"])


def test_curves_in_a_row_go_around_the_boxes_between_their_ends() -> None:
    table = StateTable.of(dt.example("nile-dam").analyze(["nash"]))
    data = graph_data(table, Moves.of(table.analysis))
    at = {one["number"]: (one["x"], one["y"]) for one in data["states"]}
    half = data["box"]["width"] / 2, data["box"]["height"] / 2
    checked = 0
    for curve in data["curves"]:
        (x0, y0), (x3, y3) = at[curve["from"]], at[curve["to"]]
        between = [(x, y) for x, y in at.values() if (y == y0 == y3 and x0 < x < x3) or (x == x0 == x3 and y0 < y < y3)]
        (a, b), (c, d), (e, f), (g, h) = curve["points"]
        middle = ((a + 3 * c + 3 * e + g) / 8, (b + 3 * d + 3 * f + h) / 8)
        for x, y in between:
            checked += 1
            assert abs(middle[0] - x) > half[0] or abs(middle[1] - y) > half[1]
    assert checked > 20


def test_outcome_words_without_a_status_quo_are_what_is_taken() -> None:
    from benchmarks.disputes import dispute

    table = StateTable.of(dispute(3, 2, seed=1).analyze(["nash"]))
    assert table.status_quo is None
    by_state = {one["state"]: one for one in graph_data(table, Moves.of(table.analysis))["states"]}
    assert by_state["NNN"]["words"] == "State 1: no option taken."
    assert by_state["YNN"]["words"] == "State 2: d0: ‘o0’."


def test_map_of_a_large_dispute_is_made_quickly() -> None:
    from benchmarks.disputes import dispute

    table = StateTable.of(dispute(12, 12, seed=1).analyze(["nash"]))
    before = time.perf_counter()
    data = graph_data(table, Moves.of(table.analysis))
    # About a second on two busy cores; listing every move as an object took twelve.
    assert time.perf_counter() - before < 6
    assert len(data["states"]) <= MAX_WORTH and overlapping(data) == []


@settings(max_examples=examples(40))
@given(conflicts(max_options=4), st.data())
def test_moves_from_a_state_agree_for_unlistable_disputes(conflict: dt.Conflict, draw: st.DataObject) -> None:
    analysis = analyze(conflict, ["nash"])
    focus = draw.draw(st.integers(1, analysis.count))
    data = neighbourhood_data(analysis.solver, analysis.players, focus)
    mine = {(m["from"], m["to"], m["player"], m["improvement"]) for m in data["moves"]}
    arcs = {(arc.start, arc.end, analysis.players[arc.player], arc.improvement) for arc in analysis.solver.arcs()}
    assert mine <= arcs
    assert {move for move in mine if move[0] == focus} == {arc for arc in arcs if arc[0] == focus}
    numbers = {state["number"] for state in data["states"]}
    assert numbers == {focus} | {move[1] for move in mine if move[0] == focus}
    assert {move for move in arcs if {move[0], move[1]} <= numbers} == mine
    assert overlapping(data) == []
    equilibria = {state.number for state in analysis.equilibria("nash")}
    assert {state["number"] for state in data["states"] if state["equilibrium"]} == equilibria & numbers


def test_moves_that_change_least_are_drawn_beyond_the_limit() -> None:
    from benchmarks.disputes import dispute

    solver = dispute(18, 2, seed=1).analyze(["nash"]).solver
    data = neighbourhood_data(solver, ["d0", "d1"], "status quo" if solver.conflict.status_quo else 1)
    assert data["left_out"] == 2 * (2**9 - 1 - MAX_MOVES_OF_ONE)
    assert data["states"][0]["moves_in_all"] == 2 * (2**9 - 1)
    assert len(data["states"]) == 2 * MAX_MOVES_OF_ONE + 1
    centre = data["states"][0]["state"]
    apart = [sum(a != b for a, b in zip(one["state"], centre, strict=True)) for one in data["states"][1:]]
    assert max(apart) == 2


def test_only_possible_moves_between_drawn_states_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 40 options every state has hundreds of moves: to look through those of all players takes a while."""
    from benchmarks.disputes import dispute

    solver = dispute(18, 3, seed=1).analyze(["nash"]).solver
    asked: list[tuple[int, int]] = []
    plain = solver.arcs_from
    monkeypatch.setattr(
        solver, "arcs_from", lambda state, player: asked.append((state, player)) or plain(state, player)
    )
    data = neighbourhood_data(solver, ["d0", "d1", "d2"], 1)
    assert len(asked) == 3 + len(data["states"]) - 1


def test_too_large_page_says_what_to_do(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.web.pages.MAX_LISTED", 3)
    monkeypatch.setattr("detente.web.api.MAX_LISTED", 3)
    monkeypatch.setattr("detente.web.api.MAX_STATES", 3)
    page = server.client.get("/states/river.conflict.yaml").text
    assert "The dispute has 6 states; a table lists at most 3." in page
    assert "Add rules" in page
    graph = server.client.get("/api/graph/river.conflict.yaml").json()
    assert graph["arrange"] == "around"
    refused = server.client.post("/api/what-if/river.conflict.yaml", json={"off": []}, headers={"Origin": server.base})
    assert refused.status_code == 413
    assert "Add rules" in refused.json()["message"]


def test_path_is_played_from_the_status_quo(elmira: StateTable) -> None:
    path = path_data(elmira, "5")
    assert path["from"] == elmira.status_quo
    assert path["steps"][-1]["to"] == 5


@settings(max_examples=examples(25))
@given(conflicts())
def test_unchanged_what_if_has_no_difference(conflict: dt.Conflict) -> None:
    before = analyze(conflict, ["nash", "gmr"])
    data = what_if(before, conflict, WhatIfChanges()).to_dict()
    assert with_changes(conflict, WhatIfChanges()) == conflict
    assert all(not one["came"] and not one["went"] for one in data["concepts"])


@settings(max_examples=examples(25))
@given(conflicts())
def test_rule_switched_off_equals_a_file_without_it(conflict: dt.Conflict) -> None:
    """Come and gone are what the two analyses differ by."""
    assume(conflict.options)
    # A ranking of the states one by one fits no other states.
    makers = [
        replace(maker, preferences=NO_PREFERENCES) if isinstance(maker.preferences, Ranking | Payoffs) else maker
        for maker in conflict.decision_makers
    ]
    rules = [*conflict.rules, Rule("never", conflict.options[0].id)]
    conflict = conflict.replaced(decision_makers=makers, rules=rules, states=[], status_quo=None)
    try:
        before = analyze(conflict, ["gmr"])
    except InputError:
        return
    without = conflict.replaced(rules=conflict.rules[:-1])
    data = what_if(before, conflict, WhatIfChanges(off=[("rules", len(conflict.rules) - 1)])).to_dict()
    (one,) = data["concepts"]
    had, has = (
        {state.pattern for state in analysis.equilibria("gmr")} for analysis in (before, analyze(without, ["gmr"]))
    )
    assert {state["state"] for state in one["came"]} == has - had
    assert {state["state"] for state in one["went"]} == had - has
    assert {state["state"] for state in one["stay"]} == had & has
    # A state has another number, or none, where there are others: its row in the file's own table is found.
    for state in (*one["came"], *one["went"], *one["stay"]):
        listed = [known.number for known in before.states() if known.pattern == state["state"]]
        # A merged state may be written otherwise in the file, where it has fewer members.
        if listed or not conflict.merge:
            assert [state["in_file"]] == (listed or [None])


def test_doubted_statement_drops_statements_nested_in_it() -> None:
    conflict = dt.example("ukraine-2023")
    assert disbelieved_statements(conflict, ["s17"]) == {"s17", "s17a"}
    assert disbelieved_statements(conflict, []) == frozenset()
    told = with_changes(conflict, WhatIfChanges(doubted=["s21", "s17"]))
    assert len(told.decision_maker("ukraine").preferences.statements) < 9  # type: ignore[attr-defined]


def test_unswitchable_element_is_refused() -> None:
    conflict = dt.example("river-sharing")
    with pytest.raises(UnknownNameError):
        with_changes(conflict, WhatIfChanges(off=[("rules", 99)]))
    with pytest.raises(UnknownNameError):
        with_changes(conflict, WhatIfChanges(doubted=["stranger"]))
    with pytest.raises(InputError):
        with_changes(conflict, WhatIfChanges(order={"upstream": [0, 0]}))


def test_document_is_split_at_statement_boundaries() -> None:
    text = "They said no. She said never, never."
    found = pieces(
        text,
        [Statement("a", quote="said no"), Statement("b", quote="no. She said never"), Statement("c", quote="gone")],
    )
    assert "".join(piece.text for piece in found) == text
    assert [(piece.text, piece.statements) for piece in found if piece.statements] == [
        ("said ", ("a",)),
        ("no", ("a", "b")),
        (". She said never", ("b",)),
    ]


def test_every_page_has_a_documented_json_twin(server: Serving) -> None:
    paths = server.client.get("/api/openapi.json").json()["paths"]
    for page in ("dispute", "sources", "states", "graph", "what-if"):
        assert f"/api/{page}/{{name}}" in paths
    assert "/api/jobs" in paths
    assert server.client.get("/docs").status_code == 404
    for path in ("dispute", "sources", "states", "graph", "analyze", "text"):
        assert server.client.get(f"/api/{path}/river.conflict.yaml").status_code == 200
    analysis = server.client.get("/api/analyze/river.conflict.yaml", params={"concept": "nash"}).json()
    assert analysis["format"] == "detente-analysis/1"
    assert analysis["equilibria"] == {"nash": [3]}
    why = server.client.get("/api/explain/river.conflict.yaml", params={"state": 3, "player": "upstream"}).json()
    assert why["stable"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/dispute/rivre.conflict.yaml", 404),
        ("/api/dispute/daily.txt", 404),
        ("/api/explain/river.conflict.yaml?state=99&player=upstream", 404),
        ("/api/explain/river.conflict.yaml?state=1&player=stranger", 404),
        ("/api/states/river.conflict.yaml?limit=100000", 422),
        ("/api/graph/river.conflict.yaml?arrange=ball", 404),
        ("/api/jobs/none", 404),
        ("/parts/why/river.conflict.yaml?state=99&player=upstream", 404),
        ("/states/rivre.conflict.yaml", 404),
    ],
)
def test_missing_page_or_state_is_reported(server: Serving, path: str, status: int) -> None:
    answer = server.client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    if path.endswith("rivre.conflict.yaml") and path.startswith("/api"):
        assert answer.json()["faults"][0]["suggestion"] == "river.conflict.yaml"


def test_saving_keeps_changes_of_another_program(server: Serving) -> None:
    path = server.folder / "river.conflict.yaml"
    opened = server.client.get("/api/text/river.conflict.yaml").json()
    path.write_text(RIVER + "# theirs\n", encoding="utf-8")
    mine = {"text": RIVER + "# mine\n", "was": opened["digest"]}
    assert server.client.put("/api/dispute/river.conflict.yaml", json=mine).status_code == 409
    assert path.read_text(encoding="utf-8").endswith("# theirs\n")
    path.write_text(RIVER, encoding="utf-8")
    assert server.client.put("/api/dispute/river.conflict.yaml", json=mine).status_code == 200
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
    path.write_text(RIVER, encoding="utf-8")


def start(jobs: Answers, asked: JobInput) -> AnswerJob:
    return jobs.start(answer_question, asked, question=asked.question, name=asked.path.name)


def test_question_is_answered_and_another_cancelled(tmp_path: Path) -> None:
    from benchmarks.disputes import dispute
    from detente.io.conflict_file import dump_conflict

    jobs = Answers()
    small = start(jobs, JobInput("coalitions", tmp_path / "a.conflict.yaml", RIVER, {}))
    text = dump_conflict(dispute(14, 4, seed=1))
    large = start(jobs, JobInput("coalitions", tmp_path / "b.conflict.yaml", text, {}))
    wrong = start(jobs, JobInput("evolve", tmp_path / "a.conflict.yaml", RIVER, {"to": "nowhere"}))
    assert jobs.cancel(large.id) is large
    for _ in range(600):
        if small.state != "running" and wrong.state != "running":
            break
        time.sleep(0.1)
    assert (small.state, large.state, wrong.state) == ("done", "cancelled", "failed")
    assert small.result is not None
    assert small.result.data["format"] == "detente-coalitions/1"
    assert small.result.blocks
    assert "nowhere" in wrong.problem
    assert jobs.cancel("none") is None
    jobs.close()


def test_questions_whose_modules_are_missing_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(questions.QUESTIONS["evolve"], module="detente.analysis.not_there")
    monkeypatch.setitem(questions.QUESTIONS, "evolve", gone)
    assert "evolve" not in [one.id for one in questions.available()]
    with pytest.raises(UnknownNameError):
        questions.question("evolve")


def many(first: str, second: str) -> str:
    """Write down a dispute of 64 states between two who can do three things each."""
    makers = (("A", "abc", first), ("B", "def", second))
    lines = ["format: detente/1", "title: Many", "decision_makers:"]
    for name, letters, wants in makers:
        options = ", ".join(f"{letter}: {letter.upper()}" for letter in letters)
        lines.append(f"  {name}: {{options: {{{options}}}, preferences: [{wants}]}}")
    return "\n".join((*lines, "status_quo: []", ""))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", "any"),
        ("?equilibria=all", None),
        ("?equilibria=nash", "nash"),
        ("?equilibria=stranger", None),
        ("?find=7", None),
        ("?find=7&equilibria=any", "any"),
    ],
)
def test_large_table_begins_with_the_equilibria(server: Serving, asked: str, shown: str | None) -> None:
    (server.folder / "many.conflict.yaml").write_text(many("a, b, c", "not d"), encoding="utf-8")
    page = server.client.get(f"/states/many.conflict.yaml{asked}").text
    assert re.findall(r'<option value="(\w+)" selected>', page) == ([shown] if shown else [])


def test_table_without_equilibria_begins_with_all_states(server: Serving) -> None:
    never = many("a iff d", "not (a iff d)")
    (server.folder / "restless.conflict.yaml").write_text(never, encoding="utf-8")
    page = server.client.get("/states/restless.conflict.yaml?concept=nash").text
    assert "Nash <b>0</b>" in page
    assert " selected>" not in page


def test_small_table_begins_with_all_states(server: Serving) -> None:
    assert " selected>" not in server.client.get("/states/river.conflict.yaml").text
