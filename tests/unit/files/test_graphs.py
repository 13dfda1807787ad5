"""The state graph for other programs: read back with their own parsers, hostile names included."""

from __future__ import annotations

import csv
import io

import networkx as nx
import pytest

import detente as dt
from detente.analysis.exporting import FORMATS, export_text

HOSTILE = 'x"; } <script>alert(1)</script> \\ \u202e & \u0007'


def pair(name: str = "Pair") -> dt.Conflict:
    return dt.Conflict(
        name,
        [
            dt.DecisionMaker("i", name, options={"a": name}, preferences=["b", "not a"]),
            dt.DecisionMaker("j", options=["b"], preferences=["a", "not b"]),
        ],
        states={name: ["a"]},
        status_quo=[],
    )


def test_graphml_is_read_by_networkx() -> None:
    graph = nx.parse_graphml(export_text(pair(), "graphml").text, force_multigraph=True)
    assert sorted(data["state"] for _, data in graph.nodes(data=True)) == ["NN", "NY", "YN", "YY"]
    assert graph.number_of_edges() == 8
    improvements = {
        (graph.nodes[start]["state"], graph.nodes[end]["state"], data["player"])
        for start, end, data in graph.edges(data=True)
        if data["improvement"]
    }
    assert improvements == {("YN", "NN", "i"), ("YY", "NY", "i"), ("NY", "NN", "j"), ("YY", "YN", "j")}
    equilibria = {data["state"] for _, data in graph.nodes(data=True) if "nash" in data["equilibrium"].split(",")}
    assert equilibria == {"NN"}


@pytest.mark.parametrize("name", ["Pair", HOSTILE, '"', "a\nb", "\\", "]]>"])
def test_hostile_names_stay_text(name: str) -> None:
    conflict = pair(name)
    graph = nx.parse_graphml(export_text(conflict, "graphml").text, force_multigraph=True)
    assert graph.number_of_nodes() == 4
    dot = export_text(conflict, "dot").text
    comment, _, rest = dot.partition("\n")
    assert comment.startswith("//")
    assert rest.startswith("digraph")
    assert balanced(rest)
    rows = list(csv.DictReader(io.StringIO(export_text(conflict, "states-csv").text, newline="")))
    assert [row["name"] for row in rows if row["state"] == "YN"] == [name]


def balanced(dot: str) -> bool:
    """Every quote that opens closes on its own: what is left outside holds no tag and as many { as }."""
    outside, inside, escaped = "", False, False
    for character in dot:
        if escaped:
            escaped = False
        elif inside and character == "\\":
            escaped = True
        elif character == '"':
            inside = not inside
        elif not inside:
            outside += character
    return not inside and "<" not in outside and outside.count("{") == outside.count("}")


def test_tables() -> None:
    rows = list(csv.DictReader(io.StringIO(export_text(pair(), "ranks-csv").text)))
    assert [row["i"] for row in rows] == ["3", "4", "1", "2"]
    rows = list(csv.DictReader(io.StringIO(export_text(pair(), "stability-csv").text)))
    assert [row["nash"] for row in rows] == ["1", "0", "0", "0"]


def test_the_normal_form() -> None:
    """The dilemma, with payoffs that are ranks: 4 best."""
    text = export_text(pair(), "nfg").text
    assert text.startswith('NFG 1 R "Pair"')
    numbers = [int(word) for word in text.rpartition("\n\n")[2].split()]
    # Gambit lists the profiles with the first player's strategy running fastest: 'a' before 'none'.
    assert numbers == [3, 3, 4, 1, 1, 4, 2, 2] or numbers == [2, 2, 1, 4, 4, 1, 3, 3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"merge": ["a"]}, "merged states"),
        ({"one_way": {"a": True}}, "one-way"),
        ({"coalitions": [["i", "j"]]}, "coalition"),
        ({"rules": [dt.never("a and b")]}, "exclude each other"),
    ],
)
def test_what_is_no_normal_form_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(dt.CannotCarryError, match=words):
        export_text(pair().replaced(**changes), "nfg")


def test_every_format_is_written() -> None:
    for format in FORMATS:
        assert export_text(pair(), format).text
    with pytest.raises(dt.UnknownNameError, match="did you mean 'graphml'"):
        export_text(pair(), "graphm")
