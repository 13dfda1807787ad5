"""The briefing: which views, in which order. The answer comes first, on one page; then everything behind it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile

from detente._version import __version__
from detente.analysis.equilibria import Analysis
from detente.analysis.result import Result
from detente.limits import MAX_LISTED
from detente.model.wording import listed
from detente.present import basis, equilibria, lanes, listings, overview, parties, positions, timeline
from detente.present.blocks import Block, Bullets, Facts, Heading, Item, Paragraph, nested, unfolded
from detente.present.graph import picture
from detente.present.phrases import concepts_spelled_out, meanings, state_name
from detente.present.what_if import scenarios_view
from detente.report.findings import Findings

#: The maximum number of rows of a table that are printed.
MAX_PRINTED = 40


def first_page(findings: Findings) -> Iterator[Block]:
    """Yield the first page, in the words of the overview."""
    told = overview.view(findings.overview, brief=True)
    # What the model is of, and what is not in it, stands below the concepts.
    place = 1 + told.index(concepts_spelled_out(findings.analysis.concepts))
    yield from told[:place]
    if dropped := tuple(map(Item, basis.dropped_in_words(findings.conflict))):
        yield Bullets(dropped)
    yield from told[place:]
    yield Paragraph(
        "This report takes no side: every claim is its speaker's. It shows what follows from the statements and the "
        "analyst's assumptions in the file. It makes no forecast.",
        small=True,
    )


def chapters(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of all chapters."""
    analysis, here = findings.analysis, findings.analysis.status_quo
    yield Heading("Parties, options and preferences")
    yield from nested(parties.view(analysis))
    yield Heading("Stability of the states")
    yield from meanings(analysis.concepts)
    if analysis.count > MAX_LISTED:
        yield listings.sets_table(analysis)
    else:
        yield equilibria.states_table(analysis, by_option=True)
    yield Heading("State graph", 2)
    if findings.graph is None:
        yield Paragraph(f"No picture: {findings.unasked['picture']}.")
    else:
        yield picture(findings.graph, analysis, findings.evolution)
    yield Heading("Reasons to stay, and ways out")
    if here is not None and findings.graph is not None:
        yield Heading(f"Reasons to stay at {state_name(here)}", 2)
        yield from parties.reasons_in_full(findings.conflict, parties.situations_at(analysis, here))
    if findings.overview.ways:
        yield Heading("Ways to outcomes that would last", 2)
        yield Bullets(tuple(overview.ways(findings.overview)[:MAX_PRINTED]))
        if left_out := overview.left_out_of_ways(findings.overview).strip():
            yield Paragraph(left_out)
    yield from _part(findings, "Paths from the status quo", "paths", findings.evolution)
    yield from _part(findings, "Coalitions", "coalitions", findings.coalitions)
    if any(one.positions for one in findings.overview.matters):
        yield Heading("Agreed and disputed")
        yield positions.agreement_table(findings.overview.conflict, findings.overview.matters)
    if (course := findings.timeline) is not None and len(course.periods) > 1:
        yield Heading("How it came to this")
        yield Paragraph(timeline.story(course))
        yield from timeline.vague_dates(course)
        yield from timeline.without_acts(course)
        yield lanes.picture(course)
        # The first page says whether the dispute is stuck.
        tables = dropwhile(lambda block: not isinstance(block, Heading), timeline.view(course))
        yield from unfolded(nested(tables), MAX_PRINTED)
    yield Heading("How certain the answer is")
    yield from _part(findings, "Whose claims the answer depends on", "words", findings.words)
    yield from _part(findings, "Doubt about the preferences", "robustness", findings.robustness)
    if findings.scenarios:
        yield Heading("Scenarios")
        yield Paragraph("What the analyst tried: in each scenario, some elements of the model are changed.")
        tried = scenarios_view(findings.written or findings.conflict, analysis, findings.scenarios)
        yield from unfolded(nested(tried), MAX_PRINTED)
    yield Heading("Appendix: evidence and assumptions")
    yield from nested(basis.view(findings.conflict))
    yield from _again(findings)


def _part(findings: Findings, heading: str, question: str, found: Result | None) -> Iterator[Block]:
    """Yield the view of a question below a heading, or why it was not asked."""
    yield Heading(heading, 2)
    if found is None:
        yield Paragraph(f"Not examined: {findings.unasked[question]}.")
    else:
        # The report spells each concept out before.
        again = concepts_spelled_out(()).lead
        blocks = [one for one in found.words.view(found) if not isinstance(one, Paragraph) or one.lead != again]
        yield from unfolded(nested(blocks, 2), MAX_PRINTED)


def _engines(analysis: Analysis) -> str:
    """Name the engines that decided an analysis."""
    by_engine: dict[str, list[str]] = {}
    for concept in analysis.concepts if analysis.engines else ():
        by_engine.setdefault(analysis.engines[concept.id].engine, []).append(concept.title)
    named = (f"{engine} engine for {listed(titles)}" for engine, titles in by_engine.items())
    return "; ".join(named) or f"{analysis.engine} engine"


def _again(findings: Findings) -> Iterator[Block]:
    yield Heading("Reproducing this report", 2)
    yield Paragraph("The same file, version and seed give the same report.")
    concepts = " ".join(f"--concept {one.id}" for one in findings.analysis.concepts)
    pairs = [
        ("Model, SHA-256", findings.digest),
        ("File", findings.file),
        ("File, SHA-256", findings.file_digest),
        ("Detente", f"{__version__}, {_engines(findings.analysis)}"),
        ("Command", f"detente report FILE {concepts} --seed {findings.seed}"),
        ("Seed", f"{findings.seed}"),
    ]
    if findings.robustness is not None:
        pairs.append(("Random profiles", f"{findings.robustness.samples}"))
    yield Facts(tuple((name, value) for name, value in pairs if value))
    yield Heading("Method", 2)
    yield Paragraph(
        "The graph model for conflict resolution (Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993). Preferences "
        "by prioritised conditions follow Peng (1999); paths Li, Kilgour & Hipel (2005); coalitions Kilgour, Hipel, "
        "Fang & Peng (2001) and Inohara & Hipel (2008)."
    )
    items = tuple(
        Item(f"{one.plain} {_source_of(one.source)}", f"{one.title}: {one.name}.") for one in findings.analysis.concepts
    )
    yield Bullets(items)


def _source_of(source: str) -> str:
    return f"[{source}]" if source else ""
