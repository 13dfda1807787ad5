"""Whatever is damaged in a document, reading it ends: with a text, or with one clear line.

A few seconds in the test suite; ``DETENTE_FUZZ_DOCUMENTS=50000 pytest tests/fuzz/test_documents.py`` reads more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.mutating import KINDS, made

COUNT = int(os.environ.get("DETENTE_FUZZ_DOCUMENTS", "300"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_document_is_read_or_refused_within_its_limits(kind: str) -> None:
    """An exception, a hang or too much memory would end the process before it is done."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.mutating", kind, "0", str(COUNT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = ["none", *done.stdout.split()][-1]
    assert last == "done", (
        f"document {last}: exit {done.returncode}. Make it with: python -m tests.fuzz.mutating {kind} {last} FILE\n"
        f"{done.stderr[-2000:]}"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_mutations_reach_text_and_refusals_of_many_kinds(kind: str) -> None:
    """Mutations that are all refused at the first byte, or that change nothing, would test nothing."""
    seeds, *_ = KINDS[kind]
    documents = [made(kind, seed) for seed in range(60)]
    assert len(set(documents)) > 50
    assert len({len(document) for document in documents}) > 20
    assert sum(document not in seeds for document in documents) > 50
