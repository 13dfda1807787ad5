"""A report as LaTeX: a document that compiles by itself, with tables that can be taken into a paper.

The source asks for the fonts of the scripts that it has: by encoding for pdfLaTeX (Cyrillic, Greek), by the first font
that is there for XeLaTeX and LuaLaTeX. Other characters that pdfLaTeX does not know are declared for it, so that it
compiles whatever a name holds, and shows their code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from detente.lazy import dataclass
from detente.present.blocks import (
    WRITTEN_TO_A_FILE,
    Block,
    Bullets,
    Column,
    Facts,
    Figure,
    Heading,
    Item,
    Paragraph,
    ReportDocument,
    Table,
)
from detente.render.data import document_data
from detente.text import MAX_UNBROKEN, printable, unbroken

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
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
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
  \IfFileExists{cmap.sty}{\usepackage{cmap}}{}
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


def latex_text(document: ReportDocument, pictures: Sequence[str] = ()) -> str:
    """Return a document as LaTeX; ``pictures`` names files beside it that have the figures, in their order."""
    names = iter(pictures)
    text = _text_of(document)
    parts = [_PREAMBLE, *_asked(_scripts_of(text)), *_declared(text), r"\begin{document}", ""]
    parts += [rf"\section*{{{_escaped(document.title)}}}", rf"\emph{{{_escaped(document.subtitle)}}}", ""]
    if document.summary:
        parts += [_escaped(document.summary), ""]
    for block in document.first:
        parts += [*_block(block, names), ""]
    parts += [r"\clearpage", ""]
    for block in document.rest:
        parts += [*_block(block, names), ""]
    return "\n".join([*parts, r"\end{document}"]) + "\n"


@dataclass(frozen=True)
class Script:
    """A script that the main font of LaTeX lacks: its characters, the fonts that have it, and its 8-bit encoding."""

    name: str
    characters: str
    fonts: tuple[str, ...]
    encoding: str | None = None
    right_to_left: bool = False


_EUROPEAN = ("CMU Serif", "NewCM10-Regular.otf", "Libertinus Serif", "FreeSerif", "DejaVu Serif")
_SCRIPTS = (
    Script("Cyrillic", "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f", _EUROPEAN, "T2A"),
    Script("Greek", "\u0370-\u03ff\u1f00-\u1fff", _EUROPEAN, "LGR"),
    Script("Armenian", "\u0531-\u058f", ("Noto Serif Armenian", "FreeSerif", "DejaVu Serif")),
    Script("Georgian", "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f", ("Noto Serif Georgian", "FreeSerif", "DejaVu Serif")),
    Script("Hebrew", "\u0590-\u05ff\ufb1d-\ufb4f", ("Noto Serif Hebrew", "FreeSerif", "DejaVu Sans"), None, True),
    Script(
        "Arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
        ("Amiri", "Noto Naskh Arabic", "FreeSerif", "DejaVu Sans"), right_to_left=True,
    ),
    Script(
        "Devanagari", "\u0900-\u097f\ua8e0-\ua8ff",
        ("Noto Serif Devanagari", "Lohit Devanagari", "NewCM10-Regular.otf", "FreeSerif"),
    ),
    Script("Bengali", "\u0980-\u09ff", ("Noto Serif Bengali", "Lohit Bengali", "FreeSerif")),
    Script("Tamil", "\u0b80-\u0bff", ("Noto Serif Tamil", "Lohit Tamil", "FreeSerif")),
    Script("Thai", "\u0e00-\u0e7f", ("Noto Serif Thai", "Norasi", "FreeSerif")),
    Script("Ethiopic", "\u1200-\u139f\u2d80-\u2ddf", ("Noto Serif Ethiopic", "Abyssinica SIL", "FreeSerif")),
    Script(
        "Chinese", "\u2e80-\u2fdf\u3000-\u30ff\u31c0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff",
        ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "FandolSong-Regular.otf", "IPAexMincho"),
    ),
    Script("Korean", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", ("Noto Serif CJK KR", "Noto Sans CJK KR", "UnBatang")),
)  # fmt: skip
#: What belongs to the letter before it.
_WITHIN = "\u0300-\u036f\u200c\u200d"
_RUN = re.compile(
    "|".join(
        rf"(?P<{one.name}>[{one.characters}](?:[{one.characters}{_WITHIN}]|[ ](?=[{one.characters}]))*)"
        for one in _SCRIPTS
    )
)


def _text_of(document: ReportDocument) -> str:
    return printable(json.dumps(document_data(document), ensure_ascii=False, default=str))


def _scripts_of(text: str) -> list[Script]:
    """Return the scripts of a text, in a fixed order."""
    return [one for one in _SCRIPTS if re.search(f"[{one.characters}]", text)]


def _asked(scripts: Sequence[Script]) -> Iterator[str]:
    """Ask for the fonts of scripts: 8-bit engines by encoding, the others by the first font that is there."""
    encodings = [one for one in scripts if one.encoding]
    if encodings:
        yield r"\ifPDFTeX"
        for one in encodings:
            load = rf"\usepackage[{one.encoding},T1]{{fontenc}}\newcommand\script{one.name}"
            use = rf"{load}{{\fontencoding{{{one.encoding}}}\selectfont}}"
            yield rf"  \IfFileExists{{{str(one.encoding).lower()}enc.def}}{{{use}}}{{\newcommand\script{one.name}{{}}}}"
        yield r"\fi"
    others = [one for one in scripts if not one.encoding]
    if others:
        yield "".join([r"\ifPDFTeX", *(rf"\newcommand\script{one.name}{{}}" for one in others), r"\fi"])
    if any(one.right_to_left for one in scripts):
        yield r"\ifXeTeX\TeXXeTstate=1\newcommand\righttoleft[1]{\beginR#1\endR}\fi"
        yield r"\ifLuaTeX\newcommand\righttoleft[1]{\bgroup\textdir TRT#1\egroup}\fi"
        yield r"\ifPDFTeX\newcommand\righttoleft[1]{#1}\fi"
    if scripts:
        yield r"\ifPDFTeX\else"
        yield r"  \ifLuaTeX\defaultfontfeatures{Renderer=HarfBuzz}\fi"
        for one in scripts:
            missing = rf"\newcommand\script{one.name}{{}}\typeout{{No font for {one.name}: install {one.fonts[0]}}}"
            for font in reversed(one.fonts):
                family = rf"\newfontfamily\script{one.name}{{{font}}}"
                missing = rf"\IfFontExistsTF{{{font}}}{{{family}}}{{{missing}}}"
            yield f"  {missing}"
        yield r"\fi"


def latex_warnings(document: ReportDocument) -> list[str]:
    """Return what to know before a document is compiled: the characters that an engine has no font for."""
    text = _text_of(document)
    others = [one for one in _scripts_of(text) if one.encoding is None]
    found = []
    if others:
        shown = sorted({letter for one in others for letter in re.findall(f"[{one.characters}]", text)})
        fonts = ", ".join(f"{one.name} ({one.fonts[0]} or another)" for one in others)
        instead = f"compile with XeLaTeX or LuaLaTeX, which need a font for {fonts}"
        found.append(f"pdfLaTeX has no font for {' '.join(shown[:40])}; {instead}")
    known = "".join(one.characters for one in _SCRIPTS)
    no_script = rf"[^\x00-\u036f\u1e00-\u22ff\u25a0-\u25ff\u2713{_WITHIN}{known}]"
    rest = sorted(set(re.findall(no_script, text)))
    if rest:
        found.append(f"the LaTeX source asks for no font with {' '.join(rest[:40])}")
    return found


def _escaped(text: str) -> str:
    r"""Return text that LaTeX prints as it is, with the font of each script.

    >>> print(_escaped("50% of $x_1$"))
    50\% of \$x\_\allowbreak{}1\$
    >>> print(_escaped("Спор о воде, 2024"))
    {\scriptCyrillic Спор о воде}, 2024
    """
    text = " ".join(printable(text).split())
    pieces, done = [], 0
    for run in _RUN.finditer(text):
        script = next(one for one in _SCRIPTS if one.name == run.lastgroup)
        words = " ".join(map(_word, run[0].split(" ")))
        set_in = rf"{{\script{script.name} {words}}}"
        pieces += [_plain(text[done : run.start()]), rf"\righttoleft{{{set_in}}}" if script.right_to_left else set_in]
        done = run.end()
    return "".join([*pieces, _plain(text[done:])])


def _plain(text: str) -> str:
    return " ".join(_word(word) if word else "" for word in text.split(" "))


@lru_cache(maxsize=2**14)
def _word(word: str) -> str:
    if len(word) <= MAX_UNBROKEN and any(together for _, together in unbroken(word)):
        return rf"\mbox{{{''.join(_SPECIAL.get(character, character) for character in word)}}}"
    letters = [_SPECIAL.get(character, character) for character in word]
    if len(letters) <= _LONG_WORD:
        return "".join(letters)
    pieces = ["".join(letters[place : place + 8]) for place in range(0, len(letters), 8)]
    return r"\allowbreak{}".join(pieces)


def _declared(text: str) -> Iterator[str]:
    """Say how an 8-bit engine is to print the characters of a document's text that it does not know."""
    strange = sorted(character for character in set(text) if ord(character) > 0x7F and character not in _SPECIAL)
    if not strange:
        return
    yield r"\ifPDFTeX"
    for character in strange:
        code = f"{ord(character):04X}"
        if character in "\u200c\u200d":
            yield rf"  \DeclareUnicodeCharacter{{{code}}}{{}}"
            continue
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
