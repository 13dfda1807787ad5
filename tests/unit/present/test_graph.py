"""The state graph as a picture: everything is there, nothing lies on anything else, and names stay text."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

import detente as dt
from detente.analysis.layout import fitted, wrapped
from detente.examples import catalogue
from detente.io.graphs import DASHES
from detente.present.equilibria import shown_states
from detente.present.graph import MAX_LINES, MAX_MOVES_WHOLE, MAX_STATES_WHOLE, picture
from detente.render.svg import svg_text
from tests.examples import examples
from tests.strategies import conflicts
from tests.unit.report.disputes import hostile, large

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    root = etree.fromstring(svg.encode("utf-8"))
    found = []
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        found.append(tuple(float(rect.get(key)) for key in ("x", "y", "width", "height")))
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("name", catalogue())
def test_states_do_not_overlap_and_are_inside_the_picture(name: str) -> None:
    conflict = dt.example(name)
    svg = svg_text(picture(conflict.graph()))
    root = etree.fromstring(svg.encode("utf-8"))
    width, height = (float(root.get(key)) for key in ("width", "height"))
    found = boxes(svg)
    for x, y, w, h in found:
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
    for (x1, y1, w, h), (x2, y2, _, _) in itertools.combinations(found, 2):
        assert abs(x1 - x2) >= w or abs(y1 - y2) >= h


@settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(conflict=conflicts(max_options=4))
def test_small_graph_is_drawn_whole(conflict: dt.Conflict) -> None:
    graph = conflict.graph()
    if len(graph.states) > MAX_STATES_WHOLE or len(graph.arcs) > MAX_MOVES_WHOLE:
        return
    svg = svg_text(picture(graph))
    assert len(boxes(svg)) == len(graph.states)
    pairs = {(min(arc.start, arc.end), max(arc.start, arc.end), arc.player) for arc in graph.arcs}
    assert len(re.findall(r'<path class="p\d+" .*? d="M\S+ \S+C', svg)) == len(pairs)
    heads = re.findall(r'<polygon class="p\d+ (full|open)"', svg)
    assert heads.count("full") == sum(arc.improvement for arc in graph.arcs)
    assert len(heads) == len(graph.arcs)


def test_large_graph_shows_status_quo_equilibria_and_neighbours() -> None:
    conflict = dt.example("ukraine-2023")
    analysis = conflict.analyze()
    made = picture(conflict.graph(), analysis, conflict.evolve(by="improvements"))
    svg = svg_text(made)
    titles = re.findall(r'<g class="state"><title>(.*?)</title>', svg)
    for state in shown_states(analysis):
        assert any(f"state {state.number}" in title for title in titles), state
    assert len(titles) < 40
    assert len(re.findall(r'<path class="p\d+" .*? d="M\S+ \S+C', svg)) <= MAX_LINES
    assert "Of 396 states" in made.caption
    assert sum("the status quo" in title for title in titles) == 1


def test_equilibria_are_marked_by_more_than_colour() -> None:
    conflict = dt.example("chicken")
    svg = svg_text(picture(conflict.graph()))
    equilibria = {
        state for concept in conflict.analyze().concepts for state in conflict.analyze().equilibria(concept.id)
    }
    # One more stands in the key.
    assert svg.count('class="inner"') == len(equilibria) + 1
    assert f'stroke-dasharray="{DASHES[1]}"' in svg


def test_hostile_names_are_escaped() -> None:
    svg = svg_text(picture(hostile().graph()))
    root = etree.fromstring(svg.encode("utf-8"))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "g", "text", "path", "polygon", "circle",
    }  # fmt: skip


@pytest.mark.slow
def test_small_graph_is_shown_in_a_notebook() -> None:
    graph = dt.example("elmira").graph()
    assert svg_text(picture(graph)) in graph._repr_html_()
    assert "8,192 states and" in large(13).graph()._repr_html_()
    assert "<svg" not in large(13).graph()._repr_html_()


def test_boxes_have_words_instead_of_letters() -> None:
    svg = svg_text(picture(dt.example("nile-dam").graph()))
    root = etree.fromstring(svg.encode("utf-8"))
    written = [" ".join(text.text for text in group.iter(f"{SVG}text")) for group in root.iter(f"{SVG}g")]
    assert any("Ethiopia" in words or "Egypt" in words for words in written)
    assert not any(re.search(r"\b[YN]{3,}\b", words) for words in written)
    assert "1 move away" in svg


def test_list_is_shortened_by_whole_clauses() -> None:
    assert fitted(["Egypt signs", "Sudan signs"], 2, 30) == ("Egypt signs; Sudan signs",)
    assert fitted(["A does so", "B does so", "C does so", "D does so"], 2, 20) == ("A does so; B does", "so; +2 more")
    (first, second) = fitted(["x" * 90, "y"], 2, 20)
    assert first.endswith("…") and second == "+1 more"


def test_letters_of_double_width_take_two_places() -> None:
    assert wrapped("国" * 20, 1, 10) == ("国国国国…",)


def test_long_labels_are_cut() -> None:
    assert wrapped("x" * 50, 2, 10) == ("xxxxxxxxx…",)
    assert wrapped("", 2) == ()
