"""What stands behind the first page of a report, chapter by chapter, each made of views."""

from __future__ import annotations

from collections.abc import Iterator

from detente._version import __version__
from detente.analysis.equilibria import Analysis
from detente.limits import MAX_LISTED
from detente.model.wording import listed
from detente.present import equilibria, parties, positions, sources
from detente.present.blocks import Block, Bullets, Facts, Heading, Item, Paragraph, nested
from detente.present.graph import picture
from detente.present.phrases import state_name
from detente.report.doubts import doubts
from detente.report.findings import Findings
from detente.report.ways import ways


def chapters(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of all chapters."""
    analysis, here = findings.analysis, findings.status_quo
    yield Heading("Who decides, and about what")
    yield from nested(parties.view(analysis))
    yield Heading("Which states hold, and for whom")
    yield from equilibria.meanings(analysis)
    if analysis.count > MAX_LISTED:
        yield equilibria.sets_table(analysis)
    else:
        yield equilibria.states_table(analysis, by_option=True)
    yield Heading("The states drawn", 2)
    if findings.graph is None:
        yield Paragraph(f"Not drawn: {findings.unasked['picture']}.")
    else:
        yield picture(findings.graph, analysis, findings.evolution)
    yield Heading("What holds things where they are, and what it would take to move")
    if here is not None and findings.graph is not None:
        yield Heading(f"What speaks for staying at {state_name(here)}", 2)
        yield from positions.view(findings.conflict, positions.positions(analysis, findings.graph, here))
    yield from ways(findings)
    yield Heading("How far to trust it")
    yield from doubts(findings)
    yield Heading("Appendix: what all this rests on")
    yield from nested(sources.view(findings.conflict))
    yield from _again(findings)


def _engines(analysis: Analysis) -> str:
    """Name the engines that decided an analysis."""
    by_engine: dict[str, list[str]] = {}
    for concept in analysis.concepts if analysis.engines else ():
        by_engine.setdefault(analysis.engines[concept.id].engine, []).append(concept.title)
    named = (f"{engine} engine for {listed(titles)}" for engine, titles in by_engine.items())
    return "; ".join(named) or f"{analysis.engine} engine"


def _again(findings: Findings) -> Iterator[Block]:
    yield Heading("To make this report again", 2)
    yield Paragraph(
        "Every figure follows from the file, the versions and the seed given here; the same ones give the same report."
    )
    concepts = " ".join(f"--concept {one.id}" for one in findings.concepts)
    pairs = [
        ("Model, SHA-256 of all that decides the answers", findings.digest),
        ("File", findings.file),
        ("File, SHA-256", findings.file_digest),
        ("Detente", f"{__version__}, {_engines(findings.analysis)}"),
        ("Asked with", f"detente report FILE {concepts} --seed {findings.seed}"),
        ("Seed", f"{findings.seed}"),
    ]
    if findings.robustness is not None:
        pairs.append(("Profiles", f"{findings.robustness.samples}"))
    yield Facts(tuple((name, value) for name, value in pairs if value))
    yield Heading("Method", 2)
    yield Paragraph(
        "The graph model for conflict resolution (Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993). Preferences "
        "by prioritised conditions follow Peng (1999); paths Li, Kilgour & Hipel (2005); coalitions Kilgour, Hipel, "
        "Fang & Peng (2001) and Inohara & Hipel (2008)."
    )
    items = tuple(
        Item(f"{one.plain} {_source_of(one.source)}", f"{one.title}: {one.name}.") for one in findings.concepts
    )
    yield Bullets(items)


def _source_of(source: str) -> str:
    return f"[{source}]" if source else ""
