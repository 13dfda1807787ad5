"""A report as PDF, set by Typst: tagged, and the same bytes for the same report.

The template is a program that reads the report as data; no text of a report is ever part of the program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from detente.errors import InputError
from detente.present.blocks import ReportDocument
from detente.render.data import document_data
from detente.render.links import Links
from detente.text import printable

#: Letters of these scripts are in the fonts that Typst brings along; for others the system's fonts are asked.
_SET_ANYWHERE = re.compile("[\\x00-\u052f\u1e00-\u214f\u2190-\u22ff\u2460-\u25ff\u2713\u2714\ufffd]*")
#: Longer than this, a word may be broken anywhere.
_LONG_WORD = re.compile(r"[^\s\u200b]{30,}")
#: Characters without a font that are named.
_MAX_MISSING = 60
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: In a picture the fonts of the page.
_FONTS = re.compile(r'font-family="[^"]*"')


def pdf_bytes(document: ReportDocument) -> bytes:
    """Return a document as PDF.

    Raises
    ------
    InputError
        When Typst is not installed: it comes with the ``report`` extra.
    """
    typst = _typst()
    try:
        made = _compiled(typst, document, "pdf", standards=("ua-1",))
    except typst.TypstError:
        # A letter that no font has cannot be read out, which PDF/UA does not allow; it is tagged all the same.
        made = _compiled(typst, document, "pdf")
    assert isinstance(made, bytes)
    return made


def pdf_warnings(document: ReportDocument) -> list[str]:
    """Return which characters of a document no font has: neither those that Typst brings along nor the system's.

    Typst names one of them at a time, and only for PDF/UA.
    """
    typst = _typst()
    text = "".join(_strings(readable(_linked(document))))
    left = sorted(
        {one for one in text if not _SET_ANYWHERE.fullmatch(one) and not one.isspace()} - set("\u200b\u200c\u200d")
    )
    missing: list[str] = []
    while left and len(missing) < _MAX_MISSING:
        program = '#set document(title: "x")\n#for one in sys.inputs.text.split(" ") [#one ]'
        try:
            typst.compile(program.encode(), sys_inputs={"text": " ".join(left)}, format="pdf", pdf_standards=["ua-1"])
            break
        except typst.TypstError as error:
            found = next((one for one in left if f'"{one}' in str(error)), None)
            if found is None:
                break
            missing.append(found)
            left.remove(found)
    if not missing:
        return []
    more = " and more" if len(missing) == _MAX_MISSING else ""
    return [f"no font on this machine has these characters, which the PDF shows as boxes: {' '.join(missing)}{more}"]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value


def page_pictures(document: ReportDocument, points_per_inch: float = 90) -> list[bytes]:
    """Return the pages of a document as PNG pictures."""
    made = _compiled(_typst(), document, "png", points_per_inch)
    return [made] if isinstance(made, bytes) else list(made)


def picture_pdf(svg: str) -> bytes:
    """Return a picture as PDF, of its own size, to be taken into a paper."""
    program = (
        b"#set page(width: auto, height: auto, margin: 0pt)\n#set document(date: none)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg")\n'
    )
    made = _typst().compile(
        program,
        sys_inputs={"svg": readable(svg, "svg")},
        ignore_system_fonts=_SET_ANYWHERE.fullmatch(svg) is not None,
        format="pdf",
        timestamp=int(_EPOCH.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _typst() -> Any:
    try:
        import typst
    except ImportError as error:
        raise InputError("a report as PDF needs Typst: install detente[report]") from error
    return typst


def _compiled(
    typst: Any, document: ReportDocument, form: str, points_per_inch: float | None = None, standards: Sequence[str] = ()
) -> Any:
    data = json.dumps(readable(_linked(document)), ensure_ascii=False)
    template = resources.files("detente.render").joinpath("templates", "report.typ").read_bytes()
    return typst.compile(
        template,
        sys_inputs={"document": data},
        # A machine's own fonts would make other bytes, so they are used only for letters that would be missing.
        ignore_system_fonts=_SET_ANYWHERE.fullmatch(data) is not None,
        format=form,
        ppi=points_per_inch,
        pdf_standards=list(standards),
        timestamp=int(_EPOCH.timestamp()),
    )


def _linked(document: ReportDocument) -> dict[str, Any]:
    """Return the data with the places that links lead to, and with texts in pieces where there are links in them."""
    links = Links.of(document.blocks)
    data = document_data(document)

    def said(text: str, listed: bool = False) -> Any:
        pieces = links.pieces(text, listed)
        return {"pieces": pieces} if any(place for _, place in pieces) else text

    for block in (*data["first"], *data["rest"]):
        if block["block"] == "paragraph":
            block["text"] = said(block["text"])
        elif block["block"] == "list":
            for item in block["items"]:
                item["text"], item["place"] = said(item["text"]), links.place(item["anchor"])
                item["points"] = [said(point) for point in item["points"]]
        elif block["block"] == "table":
            block["rows"] = [
                [said(cell, at in block["linked"]) for at, cell in enumerate(row)] for row in block["rows"]
            ]
            block["places"] = [links.place(name) for name in block["anchors"]]
    return data


def readable(value: Any, key: str = "") -> Any:
    """Return the data with text that a page can hold: nothing harmful, and long words that can be broken."""
    if isinstance(value, dict):
        return {name: readable(inner, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [readable(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    if key == "svg":
        return _FONTS.sub('font-family="Libertinus Serif"', value)
    return _LONG_WORD.sub(
        lambda found: "\u200b".join(found[0][i : i + 10] for i in range(0, len(found[0]), 10)), printable(value)
    )
