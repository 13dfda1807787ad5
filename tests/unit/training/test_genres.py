"""The reader by genre: what it finds in the development half must not fall."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.genres import by_genre, load, main
from training.realtext import Tally

#: The lowest recall of a genre, a step below what is reached.
RECALL, PRECISION = 0.85, 0.85


@pytest.fixture(scope="module")
def dev() -> dict[str, list[Tally]]:
    return {genre: [one for _, one in own] for genre, own in by_genre("dev").items()}


def test_recall_and_precision_of_every_genre(dev: dict[str, list[Tally]]) -> None:
    sums = {
        genre: tuple(sum(getattr(one, field) for one in own) for field in ("there", "listed", "found"))
        for genre, own in dev.items()
    }
    assert len(sums) == 12
    assert {genre: found / there for genre, (there, _, found) in sums.items() if found / there < RECALL} == {}
    assert {genre: found / listed for genre, (_, listed, found) in sums.items() if found / listed < PRECISION} == {}


def test_speaker_and_kind_over_all_genres(dev: dict[str, list[Tally]]) -> None:
    every = [one for own in dev.values() for one in own]
    found, right, kinds, kinds_right = (
        sum(getattr(one, field) for one in every) for field in ("found", "with_speaker", "kinds", "kinds_right")
    )
    assert right / found >= 0.95
    assert kinds_right / kinds >= 0.84


def test_halves_have_the_same_genres_and_other_documents() -> None:
    halves = [load(half) for half in ("dev", "test")]
    dev, test = ([one.genre for one in half] for half in halves)
    assert set(dev) == set(test)
    assert sum(len(one.labels) for half in halves for one in half) >= 380
    assert not {one.text for one in halves[0]} & {one.text for one in halves[1]}


def test_lines_are_kept_and_differences_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.yaml").write_text(
        "- id: dev-x\n  genre: list\n  published: 2020-01-02\n  text: |\n    {1s|Ida Holm}\n    {1q|We | will.}\n"
        "  statements:\n    1: {speaker: Ida Holm, kind: demand}\n",
        encoding="utf-8",
    )
    (one,) = load("dev", tmp_path)
    assert (one.text, one.labels[0].said.cue) == ("Ida Holm\nWe | will.\n", ())
    monkeypatch.setattr("training.genres.load", lambda half, _: load(half, tmp_path))
    main(["--differences"])
    assert "dev, list: 1 texts, 1 statements" in (shown := capsys.readouterr().out) and "missed: [Ida Holm]" in shown
