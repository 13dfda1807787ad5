"""Questions that are worked on while the page waits: each in a process of its own, so that it can always be ended."""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import signal
import threading
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from detente.errors import DetenteError, TooLargeError, one_line
from detente.web.answers import Told

#: So many are worked on at once; so many answers are kept.
MAX_RUNNING = 4
MAX_KEPT = 40
#: A process that has stopped talking is given so many seconds to say how it ended.
ENDING_SECONDS = 5.0

#: Printed on the terminal of 'detente serve'.
_log = logging.getLogger(__name__)


@dataclass
class Job:
    """One question being worked on. Its identifier is known only to the tab that asked."""

    id: str
    question: str
    name: str
    state: str = "running"
    share: float = 0.0
    doing: str = "starting"
    answer: dict[str, Any] | None = None
    told: Told = field(default_factory=Told)
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return how far it is, and the answer when it is there."""
        return {
            "format": "detente-job/1",
            "id": self.id,
            "question": self.question,
            "name": self.name,
            "state": self.state,
            "share": round(self.share, 4),
            "doing": self.doing,
            "problem": self.problem,
            "answer": self.answer,
        }


@dataclass(frozen=True)
class JobInput:
    """What a process needs to know to answer: the texts, not the objects made of them."""

    question: str
    path: Path
    text: str
    given: Mapping[str, Any]
    other: tuple[Path, str] | None = None
    document: Path | None = None


class Jobs:
    """The jobs of a server."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._processes: dict[str, BaseProcess] = {}
        self._lock = threading.Lock()
        self._context = multiprocessing.get_context("spawn")

    def start(self, asked: JobInput, name: str) -> Job:
        """Begin to work on a question.

        Raises
        ------
        TooLargeError
            When too many are being worked on already.
        """
        with self._lock:
            if len(self._processes) >= MAX_RUNNING:
                raise TooLargeError(f"{MAX_RUNNING} questions are being worked on: cancel one, or wait for its answer")
            job = Job(secrets.token_urlsafe(12), asked.question, name)
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._context.Process(target=_work, args=(theirs, asked), daemon=True)
            self._jobs[job.id] = job
            self._processes[job.id] = process
            while len(self._jobs) > MAX_KEPT:
                oldest = next((id for id, one in self._jobs.items() if one.state != "running"), None)
                if oldest is None:
                    break
                del self._jobs[oldest]
        try:
            process.start()
        except Exception as error:
            # Without this the job would count as running for ever.
            self._crashed(job, f"the work could not be started: {one_line(str(error)) or type(error).__name__}")
            with self._lock:
                self._processes.pop(job.id, None)
            ours.close()
            return job
        finally:
            theirs.close()
        threading.Thread(target=self._follow, args=(job, process, ours), daemon=True).start()
        return job

    def get(self, id: str) -> Job | None:
        """Return a job, or None where there is none of this name."""
        return self._jobs.get(id)

    def cancel(self, id: str) -> Job | None:
        """End the work on a question; one that has been answered stays answered."""
        job = self._jobs.get(id)
        if job is not None and job.state == "running":
            job.state, job.doing = "cancelled", ""
            self._end(id)
        return job

    def close(self) -> None:
        """End everything."""
        for id in list(self._processes):
            self.cancel(id)

    def _end(self, id: str) -> None:
        with self._lock:
            process = self._processes.pop(id, None)
        if process is not None and process.is_alive():
            process.terminate()

    def _follow(self, job: Job, process: BaseProcess, ours: Connection) -> None:
        try:
            while job.state == "running":
                kind, *rest = ours.recv()
                if job.state != "running":
                    break
                if kind == "progress":
                    job.share, job.doing = rest
                elif kind == "done":
                    job.answer, job.told = rest
                    job.share, job.doing = 1.0, ""
                    job.state = "done"
                elif kind == "failed":
                    job.problem, job.state = rest[0], "failed"
                else:
                    self._crashed(job, *rest)
        except (EOFError, OSError):
            process.join(ENDING_SECONDS)
            self._crashed(job, _ending(process.exitcode))
        except Exception as error:  # An answer that cannot be taken in must not leave the page waiting.
            self._crashed(job, _reason(error), traceback.format_exc())
        finally:
            self._end(job.id)
            ours.close()
            process.join()

    def _crashed(self, job: Job, reason: str, trace: str = "") -> None:
        """End a job that nobody has cancelled with a reason, which its page and the log give."""
        if job.state != "running":
            return
        job.problem, job.state = reason, "failed"
        _log.error("The question '%s' about %s failed: %s%s", job.question, job.name, reason, trace and f"\n{trace}")


def _ending(code: int | None) -> str:
    """Say how a process ended that sent no answer."""
    if code is None or code >= 0:
        return f"the process ended without an answer (exit code {code})"
    if -code == signal.SIGKILL:
        return "the process was killed (SIGKILL): most likely there was not enough memory"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"the process crashed ({name})"


def _reason(error: BaseException) -> str:
    """Say in one line why a question has no answer."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to answer this question"
    if isinstance(error, ValueError) and str(error):
        return one_line(str(error))
    return f"an error in Detente itself: {type(error).__name__}: {one_line(str(error))}"


def _work(sender: Connection, asked: JobInput) -> None:
    """Answer a question, in a process of its own."""
    import time

    last = 0.0

    def progress(share: float, doing: str) -> None:
        nonlocal last
        if time.monotonic() - last > 0.1:
            last = time.monotonic()
            sender.send(("progress", share, doing))

    def opened(path: Path, text: str) -> Any:
        if path.suffix == ".gmcr":
            from detente.io.conflict_file import open_conflict

            return open_conflict(path).conflict
        from detente.io.conflict_file import ConflictFile

        return ConflictFile.of(text, path).conflict

    try:
        from detente.web.questions import question

        known = question(asked.question)
        given = dict(asked.given)
        if asked.other:
            given["other"] = opened(*asked.other)
        given |= {"document": asked.document, "path": asked.path}
        answer = known.ask(opened(asked.path, asked.text), given, progress)
        sender.send(("done", answer.to_dict(), known.told(answer)))
    except DetenteError as error:
        sender.send(("failed", str(error)))
    except Exception as error:  # Whatever went wrong, the page says what, and the log where.
        sender.send(("crashed", _reason(error), traceback.format_exc()))
    finally:
        sender.close()
