"""Phrases that the style sheet (`docs/style.md`) replaces, counted wherever a user or a maintainer reads them.

The number may only fall: whoever rewrites some of them lowers the limit in the same change.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: What is not said, as regular expressions. Each has an entry in the word list or the rules of the style sheet.
BANNED = (
    r"\botherwise than\b",
    r"\bis none\b",
    r"\bis no (?:equilibrium|improvement|sanction|longer that)\b",
    r"\bhangs? on\b",
    r"\brests? on\b",
    r"\bby lot\b",
    r"\bfor good\b",
    r"\bideas? of foresight\b",
    r"\b[Ss]o many (?:are|is|of|rows|points)\b",
    r"\bwhere (?:things|it) stands?\b",
    r"\bholds? for true\b",
    r"\blets? (?:it|them) be\b",
    r"\b[Ss]ees? to it\b",
    r"\bwhen left out\b",
    r"\btaken along\b",
    r"\b[Ww]homever\b",
    r"\bwhoever\b",
    r"\bsomebody\b",
    r"\b[Nn]obody\b",
)
#: How many there are today.
MAX_FOUND = 59

SUFFIXES = {".py", ".md", ".html", ".ts", ".j2", ".typ"}
FOLDERS = ("src/detente", "docs", "tests", "training", "benchmarks")
GENERATED = {"_build", "generated", "node_modules", "bundle", "__pycache__"}


def texts() -> list[Path]:
    """Every file that people read; the style sheet and this test name what they ban."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    for folder in FOLDERS:
        for parent, folders, names in os.walk(ROOT / folder):
            # Not gone into: thousands of files of other people.
            folders[:] = set(folders) - GENERATED
            found += [Path(parent, name) for name in names if Path(name).suffix in SUFFIXES]
    left_out = {ROOT / "docs" / "style.md", Path(__file__).resolve()}
    return sorted(path for path in found if path not in left_out)


def counts() -> dict[str, int]:
    """How often each phrase is found."""
    whole = "\n".join(path.read_text(encoding="utf-8") for path in texts())
    return {banned: count(banned, whole) for banned in BANNED}


def count(banned: str, text: str) -> int:
    """How often a phrase is found; a search that begins with a boundary of a word would take ten times as long."""
    exact = re.compile(banned)
    return sum(exact.match(text, at.start()) is not None for at in re.finditer(banned.removeprefix(r"\b"), text))


def test_banned_phrases_do_not_increase() -> None:
    found = counts()
    assert sum(found.values()) <= MAX_FOUND, found


def test_banned_phrase_is_found() -> None:
    assert re.search("|".join(BANNED), "the answer hangs on it")
    assert not re.search("|".join(BANNED), "the answer depends on it")
    assert count(r"\bhangs? on\b", "it hangs on this, and they hang on that: no changs on, no hang one") == 2
