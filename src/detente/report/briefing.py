"""The report of a dispute: a briefing for a mediator's team, in the form that they want.

One content (`detente.present.blocks`) is made once; each form is a small renderer of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.errors import InputError, UnknownNameError
from detente.io.files import read_bytes, write_bytes
from detente.io.scenarios import Scenario
from detente.lazy import dataclass
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.questions import Progress, no_progress
from detente.model.wording import counted
from detente.present.blocks import Heading, Lanes, ReportDocument
from detente.present.phrases import shortened
from detente.render.data import document_data
from detente.render.html import fragment, html_text
from detente.render.latex import latex_text, latex_warnings
from detente.render.markdown import markdown_text
from detente.render.pdf import pdf_bytes, pdf_warnings, picture_pdf
from detente.render.svg import svg_text
from detente.report.chapters import chapters, first_page
from detente.report.findings import Findings, ask

#: The forms of a report, by the ending of their files.
FORMS = {".html": "a web page in one file", ".pdf": "PDF", ".md": "Markdown", ".tex": "LaTeX"}
#: The longest title that is printed.
MAX_TITLE = 300


@dataclass(frozen=True)
class Report:
    """A report that can be shown in several forms; ``findings`` has the results that it is made of."""

    document: ReportDocument
    findings: Findings

    def html(self) -> str:
        """Return the report as one self-contained HTML page, without scripts."""
        return html_text(self.document)

    def markdown(self) -> str:
        """Return the report as Markdown with tables."""
        return markdown_text(self.document)

    def latex(self) -> str:
        """Return the report as a LaTeX document whose tables can be taken into a paper."""
        return latex_text(self.document)

    def pdf(self) -> bytes:
        """Return the report as PDF; needs the ``report`` extra."""
        return pdf_bytes(self.document)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, format ``detente-report/1``."""
        return document_data(self.document) | self.findings.conflict.basis.to_dict()

    def rows(self) -> list[dict[str, str]]:
        """Return one record for every piece of text."""
        return self.document.rows()

    def warnings(self, suffix: str) -> list[str]:
        """Return which characters lack a font in the form of a file with this ending; only PDF and LaTeX need fonts."""
        forms = {".pdf": pdf_warnings, ".tex": latex_warnings}
        return forms[suffix](self.document) if suffix in forms else []

    def rendered(self, suffix: str) -> bytes:
        """Return the report in the form of a file with this ending.

        Raises
        ------
        UnknownNameError
            For an ending other than ``.html``, ``.pdf``, ``.md`` and ``.tex``.
        """
        forms: dict[str, Callable[[], str | bytes]] = {
            ".html": self.html,
            ".pdf": self.pdf,
            ".md": self.markdown,
            ".tex": self.latex,
        }
        if suffix not in forms:
            raise UnknownNameError("form of a report", suffix, FORMS)
        made = forms[suffix]()
        return made if isinstance(made, bytes) else made.encode("utf-8")

    def files(self, path: str | Path) -> dict[Path, bytes]:
        """Return what is written for a report of this name: pictures that stand beside it first, then the report.

        Markdown has its pictures as SVG, LaTeX as PDF, named after the report; the other forms contain theirs.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in (".md", ".tex"):
            return {path: self.rendered(suffix)}
        kind = ".svg" if suffix == ".md" else ".pdf"
        # A name that means nothing to LaTeX, Markdown or a browser.
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "report"
        figures = self.document.figures
        names = [f"{stem}-{'timeline' if isinstance(one.drawing, Lanes) else 'states'}{kind}" for one in figures]
        made = {
            path.with_name(name): svg.encode("utf-8") if kind == ".svg" else picture_pdf(svg)
            for name, svg in zip(names, map(svg_text, figures), strict=True)
        }
        text = (markdown_text if suffix == ".md" else latex_text)(self.document, names)
        return {**made, path: text.encode("utf-8")}

    def write(self, path: str | Path) -> tuple[Path, ...]:
        """Write the report to a file, whole or not at all; its ending sets the form.

        Returns the files that were written: the report, and before it the pictures that stand beside it.
        """
        path = Path(path)
        files = self.files(path)
        if not path.parent.is_dir():
            raise InputError(f"{path.parent}: there is no such folder")
        # The report is last, so that it never names what is not there.
        for each, content in files.items():
            write_bytes(each, content)
        return tuple(files)

    def _repr_html_(self) -> str:
        return fragment([Heading(self.document.title), *self.document.first])


def report(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    title: str | None = None,
    file: str | Path | None = None,
    seed: int = 0,
    samples: int = 2_000,
    scenarios: Iterable[Scenario] = (),
    progress: Progress = no_progress,
) -> Report:
    """Answer every question about a conflict, and put the answers together for people to read.

    Parameters
    ----------
    conflict
        The dispute.
    concepts
        Identifiers of stability concepts; the default ones when None.
    engine
        ``auto`` or the name of an engine.
    title
        What to print at the top; the conflict's title when None.
    file
        The file that the conflict was read from, whose name and digest are printed at the end.
    seed, samples
        For random draws: the seed, and how many random preference profiles.
    scenarios
        Scenarios to show in a chapter of their own: what each changes, and which equilibria it adds or removes.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    InputError
        When the conflict has no feasible state, preferences do not fit its states, or ``file`` cannot be read.
    TooLargeError
        When the engine cannot hold the states.
    """
    # Read before anything is worked out: a wrong name shows at once.
    digest = "" if file is None else sha256(read_bytes(file)).hexdigest()
    findings = ask(conflict, concepts, engine, seed=seed, samples=samples, progress=progress)
    findings = replace(findings, scenarios=tuple(scenarios), written=conflict)
    if file is not None:
        findings = replace(findings, file=Path(file).name, file_digest=digest)
    progress(1.0, "done")
    return Report(_document(findings, title), findings)


def _document(findings: Findings, title: str | None) -> ReportDocument:
    conflict = findings.conflict
    as_of = conflict.day or conflict.as_of
    day = f"As of {date_in_words(as_of)}. " if as_of else ""
    size = ", ".join(
        [
            counted(len(conflict.decision_makers), "party", "parties"),
            counted(len(conflict.options), "option"),
            counted(findings.analysis.count, "state"),
            counted(len(conflict.all_statements), "statement"),
            counted(len(conflict.all_sources), "source"),
        ]
    )
    return ReportDocument(
        shortened(title or conflict.title, MAX_TITLE),
        f"{day}{size[:1].upper()}{size[1:]}.",
        " ".join(conflict.summary.split()),
        tuple(first_page(findings)),
        tuple(chapters(findings)),
    )
