"""Large dossiers: what `analyze` and `timeline` take for 10,000 and 100,000 statements, beside the parser alone.

    python -m benchmarks.dossiers [--sizes 10000 100000] [--forms yaml json own] [--markdown FILE]

A made-up dispute has a dossier as `read` writes it: seven of eight statements are about an option, one in fifty is
withdrawn, reports another or is a copy, and the days are spread over ten years. ``own`` puts the statements into the
conflict file. Seconds are processor time of a fresh process, less that of the same command on a small dispute. "Parser"
is the time in which the YAML parser in C delivers the events of the file, without making anything of them.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

HEADS = ["statements", "form", "MB", "parser, s", "analyze, s", "timeline, s"]
KINDS = ("claim", "claim", "demand", "offer", "refusal", "threat", "commitment", "condition")
PARTIES = ("upstream", "downstream", "basin")
OPTIONS = ("divert", "compensate", "sanction", "appeal", "monitor", "share_data")
WORDS = "the river was promised to nobody and its water will be shared when talks begin again this year".split()  # noqa: SIM905

CONFLICT = """\
format: detente/1
title: A river in a large dossier
as_of: 2023-12-31
{dossier}decision_makers:
  upstream:
    options:
      divert: {{name: Divert the river, evidence: [s3]}}
      compensate: Pay compensation
    preferences: [{{when: divert, evidence: [s2, s40]}}, not sanction, {{when: not compensate, evidence: [s7]}}]
  downstream:
    options: {{sanction: Impose sanctions, appeal: {{name: Go to court, evidence: [s11, s12]}}}}
    preferences: [{{when: not divert, evidence: [s5]}}, compensate, {{when: not sanction, evidence: [s25]}}]
  basin:
    options: {{monitor: Send monitors, share_data: Publish its data}}
    preferences: [monitor iff divert, {{when: share_data, evidence: [s9]}}]
status_quo: [divert]
history:
  - {{date: 2016-05, by: upstream, takes: [divert]}}
{statements}"""


def statements(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Make the statements of a dossier, in no order of time."""
    chance = random.Random(seed * 1_000_003 + count)
    first, sources, made = date(2014, 1, 1), max(1, count // 20), []
    for number in range(1, count + 1):
        day = (first + timedelta(days=chance.randrange(3650))).isoformat()
        one: dict[str, Any] = {
            "id": f"s{number}",
            "source": f"d{chance.randrange(sources) + 1}",
            "speaker": chance.choice(PARTIES),
            "kind": chance.choice(KINDS),
            "quote": " ".join(chance.choices(WORDS, k=chance.randint(5, 16))),
            "date_said": chance.choice((day, day, day[:7])),
        }
        if chance.randrange(8):
            one["about"] = [chance.choice(OPTIONS)]
        made.append(one)
    for place, one in enumerate(made[100:], start=100):
        # Links lead to earlier entries, so they form no circle.
        other, link = made[chance.randrange(place - 100, place)], chance.randrange(150)
        if link == 0:
            one["nested_in"] = other["id"]
        elif link == 1 and "copy_of" not in other:
            one |= {"copy_of": other["id"], "speaker": other["speaker"]}
        elif link == 2:
            one |= {"withdrawn_by": [other["id"]], "speaker": other["speaker"]}
    for one in made[20:22]:
        one["contested_by"] = [made[30]["id"]]
    return made


def block(data: dict[str, Any]) -> str:
    """Return one statement as the lines of a file."""
    lines = []
    for key, value in data.items():
        if isinstance(value, list):
            value = f"[{', '.join(value)}]"
        lines.append(f"{'    ' if lines else '  - '}{key}: {value}\n")
    return "".join(lines)


def written(folder: Path, count: int, form: str, seed: int = 0) -> tuple[Path, Path]:
    """Write a dispute and its dossier; return the conflict file and the file with the statements."""
    conflict, name = (
        folder / f"{form}-{count}.conflict.yaml",
        f"{form}-{count}.dossier.{'json' if form == 'json' else 'yaml'}",
    )
    made = statements(count, seed)
    sources = [{"id": f"d{number}", "title": f"Report {number}"} for number in range(1, max(1, count // 20) + 1)]
    listed = "statements:\n" + "".join(map(block, made))
    documents = "sources:\n" + "".join(map(block, sources))
    if form == "own":
        conflict.write_text(CONFLICT.format(dossier="", statements=documents + listed), encoding="utf-8")
        return conflict, conflict
    dossier = folder / name
    data = {"format": "detente-dossier/1", "sources": sources, "statements": made}
    text = (
        json.dumps(data, ensure_ascii=False, indent=1)
        if form == "json"
        else f"format: detente-dossier/1\n{documents}{listed}"
    )
    dossier.write_text(text, encoding="utf-8")
    conflict.write_text(CONFLICT.format(dossier=f"dossier: {name}\n", statements=""), encoding="utf-8")
    return conflict, dossier


def seconds(*arguments: object) -> float:
    """Return the processor time of a command of Detente in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "detente", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def floor(path: Path) -> float:
    """Return the processor time in which the parser in C delivers the events of a file."""
    text, start = path.read_text(encoding="utf-8"), time.process_time()
    parser = yaml.cyaml.CParser(text)
    while parser.get_event() is not None:
        pass
    return time.process_time() - start


def rows(sizes: list[int], forms: list[str], commands: list[str]) -> Iterator[list[str]]:
    """Measure every size and form."""
    with tempfile.TemporaryDirectory() as name:
        small, _ = written(Path(name), 50, "yaml")
        start = {command: min(seconds(command, small, "--concept", "nash") for _ in range(3)) for command in commands}
        for count in sizes:
            for form in forms:
                conflict, dossier = written(Path(name), count, form)
                took = {one: seconds(one, conflict, "--concept", "nash") - start[one] for one in commands}
                figures = [f"{took[one]:.2f}" if one in took else "" for one in ("analyze", "timeline")]
                yield [f"{count:,}", form, f"{dossier.stat().st_size / 1e6:.1f}", f"{floor(dossier):.2f}", *figures]


def main() -> None:
    """Print the table, and write it as Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--forms", nargs="+", default=["yaml", "json", "own"])
    parser.add_argument("--commands", nargs="+", default=["analyze", "timeline"])
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    table, lines = Table(*HEADS), [f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    for row in rows(given.sizes, given.forms, given.commands):
        table.add_row(*row)
        lines.append(f"| {' | '.join(row)} |")
    Console().print(table)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
