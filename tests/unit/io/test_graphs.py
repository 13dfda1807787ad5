"""The state graph for other programs: read back with their own parsers, hostile names included."""

from __future__ import annotations

import csv
import io

import networkx as nx
import pytest

import detente as dt
from detente.render.export import FORMATS, export_text

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
def test_hostile_names_are_kept_as_text_in_every_graph_format(name: str) -> None:
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


def test_tables_have_ranks_and_stability_of_every_state() -> None:
    rows = list(csv.DictReader(io.StringIO(export_text(pair(), "ranks-csv").text)))
    assert [row["i"] for row in rows] == ["3", "4", "1", "2"]
    rows = list(csv.DictReader(io.StringIO(export_text(pair(), "stability-csv").text)))
    assert [row["nash"] for row in rows] == ["1", "0", "0", "0"]


def test_normal_form_of_the_dilemma_has_its_payoffs() -> None:
    """The dilemma, with payoffs that are ranks: 4 best."""
    text = export_text(pair(), "nfg").text
    assert text.startswith('NFG 1 R "Pair"')
    numbers = [int(word) for word in text.rpartition("\n\n")[2].split()]
    # Gambit lists the profiles with the first player's strategy running fastest: 'a' before 'none'.
    assert numbers == [3, 3, 4, 1, 1, 4, 2, 2] or numbers == [2, 2, 1, 4, 4, 1, 3, 3]


NAMES = ["Pair", HOSTILE, '"', "a\nb", "\\", "ends with \\", 'a \\" b', "a \\\\ b", "C:\\new\\table", "\\\\\\", "Жук €"]


def labels(nfg: str) -> list[str]:
    """The quoted names of a file, as Gambit's reader (``games/file.cc``) takes them apart."""
    found, text = [], nfg
    while '"' in text:
        text = text.partition('"')[2]
        name, slash = "", False
        while text[0] != '"' or slash:
            if slash:
                name += '"' if text[0] == '"' else "\\" + text[0]
            elif text[0] != "\\":
                name += text[0]
            slash, text = text[0] == "\\", text[1:]
        found.append(name)
        text = text[1:]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_nfg_names_are_written_as_gambit_reads_them(name: str) -> None:
    """Gambit refuses control characters, spaces at the ends and several in a row; it cannot read every backslash."""
    done = export_text(pair(name), "nfg")
    title, player, *rest = labels(done.text)
    assert rest == ["j", "a", "none", "b", "none", ""]
    assert title == player == " ".join(title.split())
    assert title.isprintable()
    kept = "".join(c if c.isprintable() else " " for c in name).replace("\\", "/")
    assert title.split() == kept.split()
    assert any("backslash" in warning for warning in done.warnings) == ("\\" in name)


def game(text: str) -> tuple[list[list[str]], dict[tuple[int, ...], tuple[int, ...]]]:
    """The strategies and payoffs of a normal form: the first player's strategies run fastest."""
    players = 2
    block = text.partition("\n\n{ ")[2].partition('\n}\n""')[0]
    strategies = [labels(line) for line in block.splitlines()]
    numbers = list(map(int, text.rpartition("\n\n")[2].split()))
    sizes = [len(own) for own in strategies]
    payoffs = {}
    for place in range(len(numbers) // players):
        profile = (place % sizes[0], place // sizes[0])
        payoffs[profile] = tuple(numbers[place * players : (place + 1) * players])
    return strategies, payoffs


def pure_equilibria(payoffs: dict[tuple[int, ...], tuple[int, ...]]) -> set[tuple[int, ...]]:
    return {
        profile
        for profile, own in payoffs.items()
        if all(
            payoffs[other][player] <= own[player]
            for other in payoffs
            for player in range(len(profile))
            if all(other[place] == profile[place] for place in range(len(profile)) if place != player)
        )
    }


@pytest.mark.parametrize("names", [("none", "x"), ("x", "none"), ("none.", "none"), ("None", "nothing")])
def test_option_called_none_is_a_separate_strategy(names: tuple[str, str]) -> None:
    first = dt.DecisionMaker("a", options=names, preferences=dt.Ranking.of(1, 5, 2, 6, 3, 7, 4, 8))
    conflict = dt.Conflict("none", [first, dt.DecisionMaker("b", options=["y"], preferences=["not y"])])
    strategies, payoffs = game(export_text(conflict, "nfg").text)
    assert [len(set(own)) for own in strategies] == [4, 2]
    assert len(payoffs) == 8
    nothing = "none" if "none" not in names else "(none)"
    assert pure_equilibria(payoffs) == {tuple(own.index(nothing) for own in strategies)}
    assert list(conflict.analyze(["nash"]).equilibria("nash")) == [1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"merge": ["a"]}, "merged states"),
        ({"one_way": {"a": True}}, "one-way"),
        ({"coalitions": [["i", "j"]]}, "coalition"),
        ({"rules": [dt.never("a and b")]}, "exclude each other"),
    ],
)
def test_dispute_without_a_normal_form_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(dt.CannotCarryError, match=words):
        export_text(pair().replaced(**changes), "nfg")


def test_every_graph_format_is_written() -> None:
    for format in FORMATS:
        # One object a line: none where nothing was said.
        assert bool(export_text(pair(), format).text) is (format != "statements-jsonl")
    with pytest.raises(dt.UnknownNameError, match="did you mean 'graphml'"):
        export_text(pair(), "graphm")
