"""The chapter on what it would take: paths from the status quo, and who would go together."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.coalitions import CoalitionAnalysis, CoalitionImprovement
from detente.analysis.evolution import Evolution, Target
from detente.model.wording import capital, coalition_in_words, counted, listed, player_label
from detente.present.blocks import Block, Bullets, Column, Heading, Item, Paragraph, Table
from detente.present.phrases import state_name, way_in_words
from detente.report.findings import Findings

MAX_WAYS = 5
MAX_JUMPS = 3


def ways(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the chapter."""
    yield Heading("Ways from the status quo", 2)
    if findings.evolution is None:
        yield Paragraph(f"Not looked for: {findings.unasked['paths']}.")
    else:
        yield from _paths(findings, findings.evolution)
    yield Heading("Who would go together", 2)
    if findings.coalitions is None:
        yield Paragraph(f"Not looked for: {findings.unasked['coalitions']}.")
    else:
        yield from _jumps(findings)


def _paths(findings: Findings, evolution: Evolution) -> Iterator[Block]:
    yield Paragraph(evolution.answer)
    targets = [one for one in evolution.by_cost() if one.state != evolution.start]
    if not targets:
        return
    yield Table(
        (
            Column("No.", kind="number"),
            Column("State", kind="code"),
            Column("Name", 3),
            Column("Holds under", 4),
            Column("Steps", kind="number"),
            Column("No gain", kind="number"),
            Column("for", 3),
        ),
        tuple(_path_row(findings, one) for one in targets),
        "A way with the fewest moves that bring whoever makes them no gain by themselves (‘no gain’), and who that is. "
        "Nobody moves twice in a row.",
    )
    told = targets[:MAX_WAYS]
    more = f" The {len(told)} nearest in words:" if len(targets) > len(told) else " In words:"
    yield Paragraph(more.strip())
    yield Bullets(tuple(Item(_way(evolution, one), f"To {state_name(one.state)}:") for one in told))


def _way(evolution: Evolution, target: Target) -> str:
    if target.detour is None:
        return evolution.why(target)
    steps = ((move.player, move.start, move.end, move.improvement) for move in target.detour)
    return f"{capital(way_in_words(evolution.conflict, steps))}."


def _jump(found: CoalitionAnalysis, jump: CoalitionImprovement) -> str:
    starts = [jump.start, *(state for _, state in jump.path)]
    # Whether a step by itself is a gain to whoever makes it does not matter to those who go together.
    steps = ((player, start, end, True) for start, (player, end) in zip(starts, jump.path, strict=False))
    return capital(way_in_words(found.conflict, steps))


def _path_row(findings: Findings, one: Target) -> tuple[str, ...]:
    under = ", ".join(concept.title for concept in findings.concepts if concept.id in one.concepts)
    if one.detour is None:
        return (f"{one.state.number}", one.state.pattern, one.state.name or "", under, "–", "–", "no moves lead there")
    givers = list(dict.fromkeys(move.player for move in one.detour if not move.improvement))
    return (
        f"{one.state.number}",
        one.state.pattern,
        one.state.name or "",
        under,
        f"{len(one.detour)}",
        f"{one.fewest_sacrifices}",
        listed([player_label(findings.conflict, player) for player in givers]) or "–",
    )


def _jumps(findings: Findings) -> Iterator[Block]:
    found = findings.coalitions
    assert found is not None
    yield Paragraph(found.answer)
    here = findings.status_quo
    leaving = () if here is None else found.leaving(here)
    groups: dict[tuple[str, ...], dict[str, None]] = {}
    for jump in found.jumps:
        if jump.start == here:
            groups.setdefault(jump.coalition, {}).setdefault(_jump(found, jump))
    items = []
    for group, texts in groups.items():
        points = list(texts)
        more = [f"… and {counted(len(points) - MAX_JUMPS, 'more way')}."] if len(points) > MAX_JUMPS else []
        names = capital(coalition_in_words(findings.conflict, group))
        would = "would go together, each of them preferring where it leads:"
        could = "could go together, each of them preferring where it leads, but the others' answers deter them:"
        items.append(
            Item(
                would if group in leaving else could,
                names,
                (*(f"{text}." for text in points[:MAX_JUMPS]), *more),
            )
        )
    if items:
        yield Bullets(tuple(items))
