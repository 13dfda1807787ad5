"""Running the command line in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from detente.cli import main


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Run:
    """Run ``detente`` with these arguments; a traceback would fail the test."""
    before = sys.argv
    sys.argv = ["detente", *arguments]
    try:
        main()
        code: object = 0
    except SystemExit as stopped:
        code = stopped.code or 0
    finally:
        sys.argv = before
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert isinstance(code, int)
    return Run(code, captured.out, captured.err)
