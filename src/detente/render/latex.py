"""A report as LaTeX: a document that compiles by itself, with tables that can be taken into a paper.

Characters that an 8-bit engine does not know are declared for it, so that pdfLaTeX compiles whatever a name holds;
XeLaTeX and LuaLaTeX print them as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.present.blocks import (
    WRITTEN_TO_A_FILE,
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Item,
    Paragraph,
    Table,
)
from detente.present.phrases import MAX_UNBROKEN, unbroken
from detente.render.data import document_data
from detente.text import printable

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_\allowbreak{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "'": "'",
    "-": "-{}",
    "●": r"$\bullet$",
    "○": r"$\circ$",
    "·": r"$\cdot$",
    "✓": r"\checkmark{}",
    "–": "--",
    "—": "---",
    "‘": "`{}",
    "’": "'{}",
    "“": "``{}",
    "”": "''{}",
    "…": r"\ldots{}",
    "\u00a0": "~",
}
#: Longer than this, a word may be broken anywhere.
_LONG_WORD = 30

_PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \usepackage{textcomp}
\else
  \usepackage{fontspec}
\fi
\usepackage{amssymb}
\usepackage[margin=22mm]{geometry}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage[table]{xcolor}
\usepackage{graphicx}
\usepackage{caption}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash}p{#1}}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 1pt}
\setlength{\emergencystretch}{3em}
\setlength{\tabcolsep}{3pt}
\setcounter{secnumdepth}{0}
"""


def latex_text(document: Document, pictures: Sequence[str] = ()) -> str:
    """Return a document as LaTeX; ``pictures`` names files beside it that have the figures, in their order."""
    names = iter(pictures)
    parts = [_PREAMBLE, *_declared(document), r"\begin{document}", ""]
    parts += [rf"\section*{{{_escaped(document.title)}}}", rf"\emph{{{_escaped(document.subtitle)}}}", ""]
    if document.summary:
        parts += [_escaped(document.summary), ""]
    for block in document.first:
        parts += [*_block(block, names), ""]
    parts += [r"\clearpage", ""]
    for block in document.rest:
        parts += [*_block(block, names), ""]
    return "\n".join([*parts, r"\end{document}"]) + "\n"


def _escaped(text: str) -> str:
    r"""Return text that LaTeX prints as it is.

    >>> print(_escaped("50% of $x_1$"))
    50\% of \$x\_\allowbreak{}1\$
    """
    return " ".join(_word(word) for word in printable(text).split())


def _word(word: str) -> str:
    if len(word) <= MAX_UNBROKEN and any(together for _, together in unbroken(word)):
        return rf"\mbox{{{''.join(_SPECIAL.get(character, character) for character in word)}}}"
    letters = [_SPECIAL.get(character, character) for character in word]
    if len(letters) <= _LONG_WORD:
        return "".join(letters)
    pieces = ["".join(letters[place : place + 8]) for place in range(0, len(letters), 8)]
    return r"\allowbreak{}".join(pieces)


def _declared(document: Document) -> Iterator[str]:
    """Say how an 8-bit engine is to print the characters of the document that it does not know."""
    text = printable(str(document_data(document)))
    strange = sorted({character for character in text if ord(character) > 0x7F and character not in _SPECIAL})
    if not strange:
        return
    yield r"\ifPDFTeX"
    for character in strange:
        code = f"{ord(character):04X}"
        yield (
            rf"  \expandafter\ifx\csname u8:\detokenize{{{character}}}\endcsname\relax"
            rf"\DeclareUnicodeCharacter{{{code}}}{{\texttt{{[U+{code}]}}}}\fi"
        )
    yield r"\fi"


def _block(block: Block, names: Iterator[str]) -> Iterator[str]:
    if isinstance(block, Heading):
        command = "sub" * min(block.level - 1, 2) + "section"
        yield rf"\{command}{{{_escaped(block.text)}}}"
    elif isinstance(block, Paragraph):
        text = _led(block.lead, block.text)
        yield rf"{{\small {text}\par}}" if block.small else text
    elif isinstance(block, Bullets):
        yield from _list(block)
        yield from _more(block.more)
    elif isinstance(block, Facts):
        yield r"\begin{description}"
        yield from (rf"\item[{{{_escaped(name)}}}] {_escaped(value)}" for name, value in block.pairs)
        yield r"\end{description}"
    elif isinstance(block, Table):
        yield from _table(block.spread())
        yield from _more(block.more)
    elif isinstance(block, Figure):
        yield from _figure(block, next(names, None))


def _more(more: str) -> Iterator[str]:
    if more:
        yield rf"\ldots{{}} {_escaped(more)}.\par"


def _figure(figure: Figure, name: str | None) -> Iterator[str]:
    if name is None:
        yield rf"\emph{{{_escaped(figure.alternative)} {WRITTEN_TO_A_FILE}}}"
        return
    yield r"\begin{figure}[htbp]"
    yield r"\centering"
    yield rf"\includegraphics[width=\linewidth,height=0.9\textheight,keepaspectratio]{{{name}}}"
    yield rf"\caption*{{{_escaped(figure.caption)}}}"
    yield r"\end{figure}"


def _led(lead: str, text: str) -> str:
    return rf"\textbf{{{_escaped(lead)}}} {_escaped(text)}" if lead else _escaped(text)


def _list(block: Bullets) -> Iterator[str]:
    kind = "enumerate" if block.numbered else "itemize"
    yield rf"\begin{{{kind}}}"
    for item in block.items:
        yield from _item(item)
    yield rf"\end{{{kind}}}"


def _item(item: Item) -> Iterator[str]:
    yield rf"\item {{}}{_led(item.lead, item.text)}"
    if item.points:
        yield r"\begin{itemize}"
        yield from (rf"\item {{}}{_escaped(point)}" for point in item.points)
        yield r"\end{itemize}"


def _table(table: Table) -> Iterator[str]:
    yield r"{\small"
    yield rf"\begin{{longtable}}{{@{{}}{''.join(_columns(table))}@{{}}}}"
    yield r"\toprule"
    if table.groups:
        yield (
            " & ".join(
                rf"\multicolumn{{{span}}}{{@{{\hspace{{3pt}}}}L{{{_span_width(table, span)}}}}}{{{_escaped(text)}}}"
                for text, span in table.groups
            )
            + r" \\"
        )
    yield " & ".join(_escaped(column.head) for column in table.columns) + r" \\"
    yield r"\midrule \endhead"
    yield r"\bottomrule \endfoot"
    shares = table.shares
    for place, row in enumerate(table.rows):
        texts = [_escaped(str(cell)) for cell in row]
        cells = [rf"\textbf{{{text}}}" if place in table.strong and text else text for text in texts]
        if shares:
            cells = [_shade(share) + cell for share, cell in zip(shares[place], cells, strict=True)]
        yield " & ".join(cells) + r" \\"
    yield r"\end{longtable}"
    if table.caption:
        yield rf"\emph{{{_escaped(table.caption)}}}\par"
    yield "}"


def _shade(share: float | None) -> str:
    """Return the ground of a cell of a heat map: grey on which black can be read."""
    return rf"\cellcolor{{black!{max(1, round(40 * share))}}}" if share else ""


def _columns(table: Table) -> Iterator[str]:
    shares = sum(column.width for column in table.columns)
    left = _left(table)
    for column in table.columns:
        if column.width:
            yield rf"L{{{left * column.width / shares:.3f}\linewidth}}"
        else:
            yield {"number": "r", "mark": "c", "code": "l"}.get(column.kind, "l")


def _left(table: Table) -> float:
    """Return how much of the line is left for the columns that wrap: the others take what stands in them."""
    fixed = sum(_ems(table, place, column) for place, column in enumerate(table.columns) if not column.width)
    gaps = 0.8 * len(table.columns)
    return max(0.3, 0.98 - (fixed + gaps) / 86)


def _ems(table: Table, place: int, column: Column) -> float:
    longest = max((len(str(row[place])) for row in table.rows), default=0)
    return min(40.0, max(longest, len(column.head)) * (1.15 if column.kind != "code" else 1.4))


def _span_width(table: Table, span: int) -> str:
    return f"{max(1.2, 1.15 * span):.1f}em"
