"""Attributions of the GUM corpus (Zeldes 2017; annotations CC BY 4.0) in brat standoff.

    python -m training gum FOLDER_OF_GUM OUTPUT

Rhetorical relations of attribution say which unit attributes which; their signals name the speaker's words and the cue,
and the syntax gives the rest of the verb group and of the speaker's phrase. Only documents are taken whose texts are
licensed CC BY: news and interviews (Wikinews), court, academic. What GUM marks is less than Detente's guideline asks
for: clauses that a speaker says, thinks or knows, no noun phrases, and nothing without a unit of its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GENRES = ("news", "interview", "court", "academic")

Span = tuple[int, int]


@dataclass(frozen=True)
class Word:
    """A token: its place in the text, its part of speech, the token that it depends on, and how."""

    span: Span
    part: str
    head: int
    relation: str
    lemma: str


@dataclass(frozen=True)
class Unit:
    """An elementary discourse unit: its tokens (numbered through the document), its sentence, head and relation."""

    first: int
    last: int
    sentence: str
    head: int
    relation: str
    signals: str


@dataclass(frozen=True)
class Found:
    """An attribution, as tokens."""

    source: Sequence[int]
    cue: Sequence[int]
    content: Sequence[int]


def words(conllu: str) -> tuple[str, list[Word]]:
    """Return a document's text and its tokens."""
    text = ""
    found: list[Word] = []
    before, until, surface = 0, 0, (0, 0)
    for line in conllu.splitlines():
        if line.startswith("# newpar") and text:
            text = text.rstrip() + "\n\n"
        if line.startswith("# sent_id"):
            before = len(found)
        fields = line.split("\t")
        if len(fields) != 10 or "." in fields[0]:
            continue
        if "-" in fields[0]:
            # Words that are written as one: the surface is in this line, the tokens follow.
            surface, until = (len(text), len(text) + len(fields[1])), int(fields[0].partition("-")[2])
            text += fields[1] + _space(fields)
            continue
        if int(fields[0]) <= until:
            span = surface
            until = 0 if int(fields[0]) == until else until
        else:
            span = (len(text), len(text) + len(fields[1]))
            text += fields[1] + _space(fields)
        head = before + int(fields[6]) if fields[6] != "0" else 0
        found.append(Word(span, fields[3], head, fields[7], fields[2].lower()))
    return text.rstrip(), found


def _space(fields: Sequence[str]) -> str:
    return "" if "SpaceAfter=No" in fields[9] else " "


def units(rsd: str) -> list[Unit]:
    """Return the units of a document, in their order."""
    found, at = [], 1
    for line in rsd.splitlines():
        fields = line.split("\t")
        size = len(fields[1].split())
        sentence = re.search(r"sid=(\d+)", fields[5])
        found.append(Unit(at, at + size - 1, sentence[1] if sentence else "", int(fields[6]), fields[7], fields[9]))
        at += size
    return found


def signalled(signals: str, kind: str) -> list[int]:
    """Return the tokens that signals of a kind name."""
    numbers: list[int] = []
    for signal in signals.split(";"):
        found = re.match(rf"{kind}-([\d,-]+)-", signal)
        for part in found[1].split(",") if found else ():
            first, _, last = part.partition("-")
            if first.isdecimal():
                numbers += range(int(first), int(last or first) + 1)
    return numbers


def attributions(every: Sequence[Unit], tokens: Sequence[Word]) -> list[Found]:
    """Return the attributions of a document."""
    children: dict[int, list[int]] = {}
    for place, unit in enumerate(every, start=1):
        children.setdefault(unit.head, []).append(place)
    found = []
    for place, unit in enumerate(every, start=1):
        if not unit.relation.startswith("attribution") or not 1 <= unit.head <= len(every):
            continue
        named = signalled(unit.signals, "semantic-attribution_source")
        signs = signalled(unit.signals, "lexical-indicative_(?:word|phrase)")
        inside = [token for token in signs if unit.first <= token <= unit.last and token not in named]
        cue = _verb_group(
            [token for token in inside if tokens[token - 1].part in ("VERB", "NOUN", "ADJ", "ADP")], tokens
        )
        content = _content(place, every, children)
        if cue and content:
            found.append(Found([token for token in _phrase(named, tokens) if token not in cue], cue, content))
    return found


def _content(place: int, every: Sequence[Unit], children: dict[int, list[int]]) -> list[int]:
    """Return the tokens of what a unit attributes: the unit it depends on, and what depends on that in its sentence."""
    head = every[place - 1].head
    content: list[int] = []
    waiting = [head]
    while waiting:
        here = waiting.pop()
        own = every[here - 1]
        if own.sentence == every[head - 1].sentence:
            content += range(own.first, own.last + 1)
            waiting += [child for child in children.get(here, ()) if child != place]
    return sorted(content)


def _verb_group(signs: Sequence[int], tokens: Sequence[Word]) -> list[int]:
    """Return the last verb among the signs with its auxiliaries, negation and adverbs before it."""
    if not signs:
        return []
    verbs = [token for token in signs if tokens[token - 1].part == "VERB"]
    core = (verbs or signs)[-1]
    first = core
    while first > 1 and (
        tokens[first - 2].head == core
        and (
            tokens[first - 2].relation.startswith(("aux", "cop"))
            or (tokens[first - 2].relation == "advmod" and tokens[first - 2].part in ("ADV", "PART"))
        )
    ):
        first -= 1
    last = core
    while last < len(tokens) and tokens[last].head == core and tokens[last].relation == "compound:prt":
        last += 1
    return list(range(first, last + 1))


def _phrase(named: Sequence[int], tokens: Sequence[Word]) -> list[int]:
    """Return the whole phrase of the last tokens that name a speaker and follow each other."""
    if not named:
        return []
    run = [named[-1]]
    while run[0] - 1 in named:
        run.insert(0, run[0] - 1)
    heads = [token for token in run if tokens[token - 1].head not in run]
    if len(heads) != 1 or tokens[heads[0] - 1].part not in ("NOUN", "PROPN"):
        return run
    whole = {heads[0]}
    grown = True
    while grown:
        more = {
            place
            for place, token in enumerate(tokens, start=1)
            if abs(place - heads[0]) < 40
            and place not in whole
            and token.head in whole
            and not token.relation.startswith(("acl", "punct", "parataxis", "advcl"))
        }
        grown = bool(more)
        whole |= more
    first = last = heads[0]
    while first - 1 in whole:
        first -= 1
    while last + 1 in whole:
        last += 1
    return list(range(min(first, run[0]), max(last, run[-1]) + 1))


def standoff(text: str, tokens: Sequence[Word], found: Sequence[Found]) -> str:
    """Return attributions in brat standoff."""
    lines, number = [], 0
    for event, one in enumerate(found, start=1):
        roles = []
        for name, group in (("Source", one.source), ("Cue", one.cue), ("Content", one.content)):
            if not group:
                continue
            number += 1
            parts = ranges(text, tokens, group)
            written = ";".join(f"{start} {end}" for start, end in parts)
            lines.append(f"T{number}\t{name} {written}\t{' '.join(text[start:end] for start, end in parts)}")
            roles.append(f"{name}:T{number}")
        lines.append(f"E{event}\t{' '.join(roles)}")
    return "\n".join(lines) + "\n"


def ranges(text: str, tokens: Sequence[Word], group: Sequence[int]) -> list[Span]:
    """Return the spans of tokens, those that follow each other as one, without a full stop at the end."""
    found: list[Span] = []
    last = 0
    for token in group:
        start, end = tokens[token - 1].span
        if found and token == last + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
        last = token
    start, end = found[-1]
    if end - start > 1 and text[end - 1] in ".;,":
        found[-1] = (start, end - 1)
    return found


def main(gum: Path, output: Path) -> None:
    """Write every document of the chosen genres."""
    output.mkdir(parents=True, exist_ok=True)
    count = attributed = 0
    for path in sorted((gum / "rst" / "dependencies").glob("GUM_*.rsd")):
        if path.stem.split("_")[1] not in GENRES:
            continue
        text, tokens = words((gum / "dep" / f"{path.stem}.conllu").read_text(encoding="utf-8"))
        every = units(path.read_text(encoding="utf-8"))
        if every[-1].last != len(tokens):
            print(
                f"{path.stem}: {every[-1].last} tokens in units and {len(tokens)} in sentences: left out",
                file=sys.stderr,
            )
            continue
        found = attributions(every, tokens)
        (output / f"{path.stem}.txt").write_text(text, encoding="utf-8")
        (output / f"{path.stem}.ann").write_text(standoff(text, tokens, found), encoding="utf-8")
        count += 1
        attributed += len(found)
    print(f"{count} documents, {attributed} attributions", file=sys.stderr)
