"""Questions as jobs: each is answered in its own process, from the text that the page has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente.io.conflict_file import ConflictFile, open_conflict
from detente.jobs import Job, JobRunner, ProgressReport
from detente.model.conflict import Conflict
from detente.web.forms import fault_data
from detente.web.questions import Answer, question
from detente.web.session import OWN_DAY, Day

AnswerJob = Job[Answer]
Answers = JobRunner[Answer]


@dataclass(frozen=True)
class JobInput:
    """The input of the process that answers: texts, not the objects made from them."""

    question: str
    path: Path
    text: str
    given: Mapping[str, Any]
    other: tuple[Path, str] | None = None
    documents: Mapping[str, Path] = field(default_factory=dict)
    day: Day = OWN_DAY


def answer_question(asked: JobInput, progress: ProgressReport) -> Answer:
    """Answer a question; called in its own process."""
    given = {**asked.given, "documents": asked.documents, "path": asked.path}
    if asked.other:
        given["other"] = asked.day.of(_conflict(*asked.other))
    conflict = asked.day.of(_conflict(asked.path, asked.text))
    return replace(question(asked.question).answer(conflict, given, progress), day=asked.day.query)


def _conflict(path: Path, text: str) -> Conflict:
    return open_conflict(path).conflict if path.suffix == ".gmcr" else ConflictFile.of(text, path).conflict


def job_data(job: AnswerJob) -> dict[str, Any]:
    """Return the progress of a job, and its answer once it is done."""
    return {
        "format": "detente-job/1",
        "id": job.id,
        "question": job.question,
        "name": job.name,
        "state": job.state,
        "share": round(job.share, 4),
        "doing": job.doing,
        "problem": job.problem,
        "faults": [fault_data(fault) for fault in job.faults],
        "answer": job.result.data if job.result else None,
    }
