"""State graphs for other programs, as GraphML and DOT. Names are escaped, whatever characters they contain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from detente.lazy import lazy

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]
    import networkx
else:
    graphviz, networkx = lazy("graphviz"), lazy("networkx")


def graphml_text(
    title: str, nodes: Iterable[Mapping[str, Any]], edges: Iterable[tuple[int, int, Mapping[str, Any]]]
) -> str:
    """Return a state graph as GraphML.

    Each node is a mapping with ``number`` and further plain values; each edge is start, end and plain values.
    """
    graph: Any = networkx.MultiDiGraph(title=_legal(title))
    for node in nodes:
        graph.add_node(node["number"], **{key: _legal(value) for key, value in node.items()})
    for start, end, values in edges:
        graph.add_edge(start, end, **{key: _legal(value) for key, value in values.items()})
    stream = BytesIO()
    networkx.write_graphml(graph, stream)
    return stream.getvalue().decode("utf-8")


def dot_text(
    title: str,
    nodes: Iterable[Mapping[str, Any]],
    edges: Iterable[tuple[int, int, Mapping[str, Any]]],
    players: Sequence[str],
) -> str:
    """Return a state graph as DOT, with a colour for each player and solid lines for improvements."""
    graph = graphviz.Digraph(
        comment=" ".join(_legal(title).split()), graph_attr={"label": _label(title), "rankdir": "LR"}
    )
    for node in nodes:
        lines = [str(node["number"]), node["state"], node["name"]]
        label = "\n".join(line for line in lines if line)
        graph.node(str(node["number"]), label=_label(label), peripheries="2" if node.get("equilibrium") else "1")
    for start, end, values in edges:
        colour = COLOURS[players.index(values["player"]) % len(COLOURS)]
        style = "solid" if values["improvement"] else "dashed"
        graph.edge(str(start), str(end), color=colour, style=style, tooltip=_label(values["player"]))
    return str(graph.source)


#: Colours of twelve parties, on white and on black, that people with any kind of colour blindness can distinguish.
COLOURS = (
    "#0a5fa5", "#b54708", "#7e3a74", "#560618", "#3c57fa", "#945262",
    "#0f0e77", "#9b1605", "#0f08df", "#480246", "#2726a2", "#781c3c",
)  # fmt: skip
COLOURS_ON_DARK = (
    "#6fb5f0", "#f2965c", "#8b82fe", "#fdf711", "#bde4a5", "#cfa7ab",
    "#8dd7f5", "#da781c", "#4f9bc6", "#bf8479", "#ccf5fb", "#edca38",
)  # fmt: skip
#: The dashes and gaps of their lines; the first is drawn through.
DASHES = ("", "8 3", "2 3", "10 3 2 3", "1 4", "14 4", "6 2 1 2 1 2", "4 4", "12 2 4 2", "3 1", "16 3 1 3 1 3", "2 6")


def _legal(value: Any) -> Any:
    """Replace characters that XML does not allow."""
    if not isinstance(value, str):
        return value
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if character in "\ufffe\uffff" or (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t")
        else character
        for character in value
    )


def _label(text: str) -> str:
    """Escape a label: no backslash codes, and never parsed as HTML, as a label within <…> would be."""
    return str(graphviz.escape(_legal(text).replace("\n", " · ")))
