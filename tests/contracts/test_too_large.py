"""Questions that cannot be asked of a dispute with very many states say so before they begin, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import detente as dt
from benchmarks.disputes import dispute
from detente.analysis.comparison import compare
from detente.engine import must_have_few
from detente.engine.explicit.solver import ExplicitSolver
from detente.errors import TooLargeError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.render.export import export_text

#: 2^18 states.
LARGE = dispute(18, 3)
EARLIER = dispute(18, 3).replaced(title="as it was")

REFUSED: dict[str, Callable[[], object]] = {
    "evolve": lambda: LARGE.evolve(1, 2),
    "coalitions": lambda: LARGE.coalition_analysis(),
    "robust": lambda: LARGE.robustness(samples=100),
    "invert": lambda: LARGE.invert(1),
    "third party": lambda: LARGE.third_party(1),
    "perceive": lambda: LARGE.perceive(),
    "compare": lambda: compare(EARLIER, LARGE),
    "stability table": lambda: export_text(LARGE, "stability-csv"),
    "whose word": lambda: _disputed().whose_word(),
}


def _disputed() -> dt.Conflict:
    """The same with a preference that is contested."""
    text = re.sub(r"(preferences:\n +- )(.+)", r"\1{when: \2, evidence: [s1]}", dump_conflict(LARGE), count=1)
    text += (
        "sources: [{id: daily, title: The daily}]\n"
        "statements:\n"
        "- {id: s1, source: daily, speaker: d0, kind: claim, quote: a, contested_by: [s2]}\n"
        "- {id: s2, source: daily, speaker: d1, kind: claim, quote: b}\n"
    )
    conflict = ConflictFile.of(text, Path("large.conflict.yaml")).conflict
    assert isinstance(conflict, dt.Conflict)
    return conflict


@pytest.mark.parametrize("question", REFUSED)
def test_too_large_dispute_is_refused_early_with_a_reason(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[object] = []
    monkeypatch.setattr(ExplicitSolver, "stable", lambda *args, **others: decided.append(args))
    with pytest.raises(TooLargeError, match=r"262,144 states.* 'rules'") as refused:
        REFUSED[question]()
    assert "analyze --summary" in str(refused.value)
    assert not decided


def test_many_options_with_few_feasible_states_are_analysed() -> None:
    names = [option.id for option in LARGE.options]
    few = LARGE.replaced(rules=[dt.never(" or ".join(names[3:]))])
    must_have_few(few, 8, "for a test")
    with pytest.raises(TooLargeError, match="the conflict has 8 states; the limit for a test is 7"):
        must_have_few(few, 7, "for a test")
    assert few.invert(1).possible is not None
