"""The same analysis for many disputes.

This process reads all files, so workers need no access to them. Every dispute is one item for `detente.jobs`, processed
in this process, in several, or on a Dask cluster. A fault in one dispute is reported with that dispute and does not
stop the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente._version import __version__
from detente.analysis.equilibria import analyze
from detente.analysis.result import Result
from detente.concepts import DEFAULT_CONCEPTS, Concept, chosen
from detente.errors import DetenteError, Fault, InputError
from detente.io.conflict_file import conflict_files, load
from detente.jobs import cores, spread
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress
from detente.verification.verify import Verification, verify

#: Number of combinations of options, over all disputes, from which several processes are worth starting.
_WORTH_PROCESSES = 2**18


@dataclass(frozen=True)
class BatchItem:
    """One dispute of a batch, and the answer.

    Attributes
    ----------
    file
        The file as it was named; None for a conflict that was built in code.
    title
        The title; None if the file could not be read.
    digest
        A code that is equal for equal conflicts; None if the file could not be read.
    equilibria
        By concept, the number of equilibria and whether the status quo is one (None without a status quo).
    left_out
        The concepts that were not decided, with the reason.
    verification
        What was verified, if asked for.
    faults
        The faults of the file.
    analysis
        The answer as plain data, format ``detente-analysis/1``; None if there are faults.
    """

    file: str | None
    title: str | None
    digest: str | None
    equilibria: Mapping[str, tuple[int, bool | None]] = field(default_factory=dict, hash=False)
    left_out: Mapping[str, str] = field(default_factory=dict, hash=False)
    verification: Verification | None = None
    faults: tuple[Fault, ...] = ()
    analysis: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the dispute in output: its file, or its title."""
        return self.file or self.title or ""


@dataclass(frozen=True)
class Batch(Result):
    """The stable states of each of many disputes, in the order in which they were given.

    Attributes
    ----------
    version
        The version of Detente.
    concepts
        The stability concepts.
    conflicts
        The disputes.

    Examples
    --------
    >>> import detente as dt
    >>> games = dt.analyze_all(["example:deadlock", "example:chicken"], ["nash"])
    >>> [(one.file, one.equilibria["nash"]) for one in games.conflicts]
    [('example:deadlock', (1, True)), ('example:chicken', (2, None))]
    """

    question = "batch"

    version: str
    concepts: tuple[Concept, ...]
    conflicts: tuple[BatchItem, ...]

    @property
    def complete(self) -> bool:
        """Whether every dispute was analysed and no concept was left out."""
        return not any(one.faults or one.left_out for one in self.conflicts)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of all disputes."""
        return tuple(fault for one in self.conflicts for fault in one.faults)

    def to_dict(self) -> dict[str, Any]:
        """Return the answers as plain data, format ``detente-analyses/1``."""
        return {
            "format": "detente-analyses/1",
            "version": self.version,
            "conflicts": [
                {
                    "file": one.file,
                    "title": one.title,
                    "digest": one.digest,
                    "status_quo_holds": {concept: holds for concept, (_, holds) in one.equilibria.items()},
                    "left_out": dict(one.left_out),
                    "faults": [_fault_dict(fault) for fault in one.faults],
                    "analysis": one.analysis,
                }
                for one in self.conflicts
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each dispute: its states, its equilibria by concept, and whether its status quo is
        one.
        """
        rows = []
        for one in self.conflicts:
            found = one.analysis or {}
            row = {
                "file": one.file or "",
                "title": one.title or "",
                "engine": found.get("engine", ""),
                "states": found.get("count", ""),
                "status quo": found.get("status_quo") or "",
            }
            for concept in self.concepts:
                count, holds = one.equilibria.get(concept.id, ("", None))
                row[concept.id] = count
                row[f"{concept.id}: status quo"] = {True: "holds", False: "does not hold", None: ""}[holds]
            rows.append({**row, "fault": "; ".join(map(str, one.faults))})
        return rows


@dataclass(frozen=True)
class _Question:
    """A dispute and the question about it, as sent to a worker."""

    place: int
    conflict: Conflict
    concepts: tuple[str, ...] | None
    engine: str
    summary: bool
    verify: bool


def analyze_all(
    conflicts: Iterable[str | Path | Conflict] | str | Path,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    summary: bool = False,
    verify: bool = False,
    as_of: str | None = None,
    undated: str = "latest",
    workers: int | None = 1,
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> Batch:
    """Decide for many conflicts which states are stable for which players.

    Parameters
    ----------
    conflicts
        Conflict files, ``.gmcr`` files, ``example:ID``, folders (with all their conflict files), or conflicts.
    concepts, engine
        As for `Conflict.analyze`.
    summary
        Whether to count and describe states by patterns instead of listing them.
    verify
        Whether to check every answer, as `verify` does.
    as_of, undated
        The day to answer for (None: each conflict's own), and the reading of vague dates; see `Conflict.at`.
    workers
        The number of processes. Default (None): as many as are worthwhile. In a script, more than one require the usual
        ``if __name__ == "__main__":``.
    scheduler
        The address of a Dask scheduler, whose cluster then does the work; needs the ``cluster`` extra.
    progress
        Called with the share of the work done and a description of the current step.

    Raises
    ------
    UnknownNameError
        For an unknown concept.
    InputError
        For a folder without conflict files. The faults of a single file are part of the result.
    WorkersError
        If a cluster cannot be reached, or workers are lost repeatedly.
    """
    asked = None if concepts is None else tuple(one.id for one in chosen(concepts))
    wanted = chosen(DEFAULT_CONCEPTS if asked is None else asked)
    if workers is not None and workers < 1:
        raise InputError(f"the number of workers is {workers}; it must be at least 1")
    progress(0.0, "reading the conflicts")
    found = [_opened(one) for one in _given(conflicts)]
    pieces = [
        _Question(place, one.replaced(day=as_of or one.day, undated=undated), asked, engine, summary, verify)
        for place, (_, one) in enumerate(found)
        if isinstance(one, Conflict)
    ]
    answers = {
        place: BatchItem(name, None, None, faults=one)
        for place, (name, one) in enumerate(found)
        if isinstance(one, tuple)
    }
    if workers is None:
        workers = _worth(pieces)
    for done, (place, answer) in enumerate(spread(analyze_item, pieces, workers=workers, scheduler=scheduler), start=1):
        name = found[place][0]
        answers[place] = replace(answer, file=name, faults=tuple(_placed(fault, name) for fault in answer.faults))
        progress(done / len(pieces), f"{done:,} of {len(pieces):,} conflicts")
    return Batch(__version__, wanted, tuple(answers[place] for place in range(len(found))))


def analyze_item(question: _Question) -> tuple[int, BatchItem]:
    """Analyse one dispute, in any process; its faults are part of the answer."""
    item = BatchItem(None, question.conflict.title, question.conflict.digest)
    try:
        analysis = analyze(question.conflict, question.concepts, question.engine)
        data = analysis.to_dict(summary=question.summary)
        here = data["status_quo"]
        equilibria = {}
        for concept in analysis.concepts:
            states = analysis.equilibrium_set(concept.id)
            equilibria[concept.id] = (states.count, None if here is None else here in states)
        verification = verify(analysis) if question.verify else None
    except InputError as error:
        return question.place, replace(item, faults=error.faults)
    except DetenteError as error:
        return question.place, replace(item, faults=(Fault(str(error)),))
    return question.place, replace(
        item,
        digest=analysis.digest,
        equilibria=equilibria,
        left_out=dict(analysis.left_out),
        verification=verification,
        analysis=data,
    )


def _given(conflicts: Iterable[str | Path | Conflict] | str | Path) -> list[str | Conflict]:
    """Return the conflicts and the names of files, each file once; a folder stands for its conflict files."""
    found: list[str | Conflict] = []
    seen: set[str] = set()
    for one in [conflicts] if isinstance(conflicts, str | Path) else conflicts:
        if isinstance(one, Conflict):
            found.append(one)
            continue
        new = [name for name in conflict_files(one) if name not in seen]
        seen.update(new)
        found += new
    return found


def _opened(given: str | Conflict) -> tuple[str | None, Conflict | tuple[Fault, ...]]:
    """Return a name and its conflict, or its faults."""
    if isinstance(given, Conflict):
        return None, given
    try:
        return given, load(given)
    except InputError as error:
        return given, error.faults
    except DetenteError as error:
        return given, (Fault(str(error), file=given),)
    except OSError as error:
        return given, (Fault(error.strerror or str(error), file=given),)


def _placed(fault: Fault, name: str | None) -> Fault:
    """Return a fault with the name of its file, if it has one."""
    return fault if fault.file or name is None else replace(fault, file=name)


def _worth(pieces: Sequence[_Question]) -> int:
    """Return the number of processes that are worth starting."""
    size = sum(2 ** min(24, len(piece.conflict.options)) for piece in pieces)
    return cores() if len(pieces) > 1 and size >= _WORTH_PROCESSES else 1


def _fault_dict(fault: Fault) -> dict[str, Any]:
    return {
        "message": fault.message,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "suggestion": fault.suggestion,
    }


__all__ = ["Batch", "BatchItem", "analyze_all"]
