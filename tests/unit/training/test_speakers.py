"""How well speakers are told apart, on a passage for which it is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.speakers import main

PASSAGE = """
- id: mill
  text: |
    {1s|Mayor Ida Holm} {1c|said} {1q|that the mill burns}. {2s|She} {2c|refused} {2q|to pay}.
    {3s|A neighbour} {3c|hums} {3q|all day}.
  statements:
    1: {speaker: Ida Holm, kind: claim}
    2: {speaker: Ida Holm, kind: refusal}
    3: {speaker: Ida Holm, kind: claim}
"""


def test_speakers_are_scored_on_marked_spans_and_from_the_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(PASSAGE, encoding="utf-8")
    main([str(tmp_path)])
    marked = capsys.readouterr().out
    # The neighbour is another actor than the mayor: two of three mentions go together.
    assert "3 mentions in 1 passages: B-cubed F1 0.714" in marked and "precision 1.000, recall 0.556" in marked
    main([str(tmp_path), "--from-text"])
    # What the reader does not find counts as a mention without an actor, so that nothing changes here.
    assert capsys.readouterr().out == marked
