"""Corpora of attributions: passages whose speakers, cues and contents are marked.

Two forms are read: the inline marks of ``corpora/attribution`` (see its guideline), and brat standoff (``.txt`` beside
``.ann``), in which licensed corpora are usually kept.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from detente.errors import Fault, InputError, nearest
from detente.model.quotes import Span
from detente.model.statements import STATEMENT_KINDS
from detente.reading.attributions import Attribution, within

_MARK = re.compile(r"\{(\d+)([scq])\||\}")


@dataclass(frozen=True)
class Passage:
    """A text with its attributions, in the order in which their contents begin, and what else its file says of it."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]
    about: Mapping[str, Any] = field(default_factory=dict)


def read_corpus(folder: str | Path) -> list[Passage]:
    """Read every passage below a folder: marked passages (``*.yaml``), or brat standoff (``*.ann`` beside ``*.txt``).

    Raises
    ------
    InputError
        With every fault, each with its file and line.
    """
    folder = Path(folder)
    passages: list[Passage] = []
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*.yaml")):
        try:
            passages += _marked_file(path)
        except InputError as error:
            faults += error.faults
    for path in sorted(folder.rglob("*.ann")):
        try:
            passages.append(_standoff(path))
        except InputError as error:
            faults += error.faults
    seen: set[str] = set()
    for passage in passages:
        if passage.id in seen:
            faults.append(Fault(f"passage '{passage.id}' is there twice", str(folder)))
        seen.add(passage.id)
    if not passages and not faults:
        faults.append(Fault("no passages here: *.yaml with marked passages, or *.ann beside *.txt", str(folder)))
    if faults:
        raise InputError(faults)
    return passages


def _marked_file(path: Path) -> Sequence[Passage]:
    try:
        return _marked_passages(path, path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise InputError([Fault(f"not YAML: {' '.join(str(error).split())}", str(path))]) from error


@lru_cache(maxsize=256)
def _marked_passages(path: Path, text: str) -> Sequence[Passage]:
    """Return the passages of a file; parsing the same text again would take most of the time of reading a corpus."""
    data = YAML(typ="safe", pure=True).load(text)
    faults: list[Fault] = []
    passages = []
    for entry in data or []:
        where = f"{path}: {entry.get('id', '?') if isinstance(entry, dict) else '?'}"
        try:
            passages.append(_marked(entry))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
            faults.append(Fault(what, where))
    if faults:
        raise InputError(faults)
    return tuple(passages)


def _marked(entry: Any) -> Passage:
    # The lines of a passage that has a genre are a part of its form, and in some genres statements have no cue.
    genre = entry.get("genre")
    text, spans = unmarked(entry["text"], lines=bool(genre))
    said: dict[int, Any] = entry["statements"] or {}
    faults = [f"statement {number} is marked and not described" for number in sorted(set(spans) - set(said))]
    faults += [f"statement {number} is described and not marked" for number in sorted(set(said) - set(spans))]
    attributions = []
    for number in sorted(set(spans) & set(said)):
        own, about = spans[number], said[number]
        if len(own["c"]) != 1 and not (genre and not own["c"]):
            faults.append(f"statement {number} has {len(own['c'])} cues, not one")
        if not own["q"]:
            faults.append(f"statement {number} has no content")
        if len(own["s"]) > 1:
            faults.append(f"statement {number} has {len(own['s'])} speakers marked")
        if about["kind"] not in STATEMENT_KINDS:
            near = nearest(str(about["kind"]), STATEMENT_KINDS)
            faults.append(f"statement {number} has the unknown kind '{about['kind']}'" + (f": {near}?" if near else ""))
        if about["speaker"] is None and own["s"]:
            faults.append(f"statement {number} has a speaker marked and none named")
        attributions.append(
            Attribution(tuple(own["s"]), tuple(own["c"]), tuple(own["q"]), about["speaker"], about["kind"])
        )
    if faults:
        raise ValueError("; ".join(faults))
    about = {key: value for key, value in entry.items() if key not in ("id", "text", "statements")}
    return Passage(entry["id"], text, _in_order(attributions), about)


def unmarked(marked: str, *, lines: bool = False) -> tuple[str, dict[int, dict[str, list[Span]]]]:
    """Return a marked text without its marks, and the spans of every number by role (``s``, ``c``, ``q``).

    The lines of a paragraph are joined, unless ``lines`` keeps them.

    Raises
    ------
    ValueError
        For marks that are not closed, or braces that mark nothing.

    >>> unmarked("{1s|She} {1c|said} {1q|no}.")
    ('She said no.', {1: {'s': [(0, 3)], 'c': [(4, 8)], 'q': [(9, 11)]}})
    """
    if not lines:
        marked = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", marked.strip()))
    text, at = "", 0
    opened: list[tuple[int, str, int]] = []
    spans: dict[int, dict[str, list[Span]]] = {}
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark[1]:
            opened.append((int(mark[1]), mark[2], len(text)))
            continue
        if not opened:
            raise ValueError(f"a '}}' closes nothing after '{text[-30:]}'")
        number, role, start = opened.pop()
        roles = spans.setdefault(number, {"s": [], "c": [], "q": []})
        roles[role].append((start, len(text)))
    text += marked[at:]
    if opened:
        raise ValueError(f"mark {opened[-1][0]}{opened[-1][1]} is not closed")
    if set(text) & set("{}" if lines else "{}|"):
        raise ValueError("a brace or '|' that is no mark")
    for roles in spans.values():
        for own in roles.values():
            own.sort()
    return text, spans


def _standoff(path: Path) -> Passage:
    """Read brat standoff: text-bound ``T`` lines for spans, ``E`` or ``R`` lines that tie them together."""
    text_path = path.with_suffix(".txt")
    try:
        text = text_path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Fault("there is no text beside this file", str(path))]) from error
    spans: dict[str, tuple[str, tuple[Span, ...]]] = {}
    groups: list[dict[str, list[str]]] = []
    relations: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = line.split("\t")
        try:
            if line.startswith("T"):
                kind, _, ranges = fields[1].partition(" ")
                pairs = [part.split() for part in ranges.split(";")]
                spans[fields[0]] = (kind.lower(), tuple(sorted((int(a), int(b)) for a, b in pairs)))
            elif line.startswith("E"):
                roles: dict[str, list[str]] = {}
                for part in fields[1].split():
                    role, _, target = part.partition(":")
                    roles.setdefault(re.sub(r"\d+$", "", role).lower(), []).append(target)
                groups.append(roles)
            elif line.startswith("R"):
                first, second = (part.partition(":")[2] for part in fields[1].split()[1:3])
                relations.append((first, second))
        except (IndexError, ValueError) as error:
            raise InputError([Fault("this line is no brat standoff", str(path), number, 1)]) from error
    if not groups:
        groups = _related(spans, relations)
    attributions = [
        found for roles in groups if (found := _tied({key: set(value) for key, value in roles.items()}, spans))
    ]
    return Passage(path.stem, text, _in_order(attributions))


def _related(spans: dict[str, tuple[str, tuple[Span, ...]]], relations: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Group spans by their cue, which relations tie to the speaker and the content."""
    groups: dict[str, dict[str, list[str]]] = {}
    for first, second in relations:
        cue = next((id for id in (first, second) if id in spans and spans[id][0] == "cue"), None)
        if cue is None:
            continue
        roles = groups.setdefault(cue, {"cue": [cue]})
        for id in (first, second):
            if id != cue and id in spans:
                roles.setdefault(spans[id][0], []).append(id)
    return list(groups.values())


_NAMES = {"source": ("source", "speaker"), "cue": ("cue",), "content": ("content", "quote", "quotation")}


def _tied(roles: dict[str, set[str]], spans: dict[str, tuple[str, tuple[Span, ...]]]) -> Attribution | None:
    found: dict[str, tuple[Span, ...]] = {}
    for role, names in _NAMES.items():
        ids = {id for name in names for id in roles.get(name, ())} & set(spans)
        found[role] = tuple(sorted(span for id in ids for span in spans[id][1]))
    if not found["content"]:
        return None
    return Attribution(found["source"], found["cue"], found["content"])


def _in_order(attributions: list[Attribution]) -> tuple[Attribution, ...]:
    return tuple(sorted(attributions, key=lambda one: (one.content, one.cue)))


def main(arguments: list[str]) -> int:
    """Check corpora, and count what is in them."""
    for folder in arguments:
        try:
            passages = read_corpus(folder)
        except InputError as error:
            print(error, file=sys.stderr)
            return 1
        every = [one for passage in passages for one in passage.attributions]
        kinds = Counter(one.kind for one in every if one.kind)
        words = sum(len(passage.text.split()) for passage in passages)
        nested = sum(
            any(within(one, other) for other in passage.attributions)
            for passage in passages
            for one in passage.attributions
        )
        print(f"{folder}: {len(passages)} passages, {words:,} words, {len(every):,} attributions, {nested} nested")
        print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    return 0
