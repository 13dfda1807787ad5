"""What commands answer about the catalogue stays what it was: a digest of each answer's data, without its sentences.

Where an answer is meant to change: python -m tests.golden.test_frozen_answers
"""

from __future__ import annotations

import hashlib
import io
import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main

ANSWERS = Path(__file__).parent / "answers.json"
FROZEN: dict[str, dict[str, str]] = json.loads(ANSWERS.read_text(encoding="utf-8"))
#: Keys of sentences, which may be worded anew, and of what differs from one version of the program to the next.
NOT_FROZEN = {
    "text",
    "answer",
    "headline",
    "reasons",
    "where",
    "basis",
    "conditions",
    "meaning",
    "why",
    "version",
    "digest",
}


def data_of(answer: Any) -> Any:
    """An answer without what is not frozen."""
    if isinstance(answer, dict):
        return {key: data_of(value) for key, value in answer.items() if key not in NOT_FROZEN}
    return [data_of(value) for value in answer] if isinstance(answer, list) else answer


def digest(answer: str) -> str:
    """What stands for the data of an answer in JSON."""
    return hashlib.sha256(json.dumps(data_of(json.loads(answer)), sort_keys=True).encode()).hexdigest()[:16]


def answered(commands: Iterator[str] | dict[str, str]) -> dict[str, str]:
    """The digest of what each command prints."""
    found = {}
    before = sys.argv
    for command in commands:
        out = io.StringIO()
        sys.argv = ["detente", *shlex.split(command), "--format", "json"]
        try:
            with redirect_stdout(out), redirect_stderr(io.StringIO()):
                main()
        except SystemExit as stopped:
            assert not stopped.code, command
        finally:
            sys.argv = before
        found[command] = digest(out.getvalue())
    return found


def test_every_dispute_and_question_has_a_frozen_answer() -> None:
    commands = [command for group in FROZEN.values() for command in group]
    assert len(commands) > 200
    assert {command.split()[0] for command in commands} == {
        "analyze", "check", "coalitions", "compare", "evolve", "explain", "invert", "perceive", "robust", "states",
        "whose-word",
    }  # fmt: skip


@pytest.mark.parametrize("id", FROZEN)
def test_answers_equal_the_frozen_ones(id: str) -> None:
    assert answered(FROZEN[id]) == FROZEN[id]


if __name__ == "__main__":
    made = {id: answered(commands) for id, commands in FROZEN.items()}
    ANSWERS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
