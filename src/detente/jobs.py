"""Long work in processes: spread over this machine or a Dask cluster, or in the background with progress and cancel.

There is one way to start a process here, and two ways to use it.

`spread` has many items worked on and yields their results, in any order::

    for result in spread(work, items, workers=4):
        total += result

``work`` is a function of a module and called with one item. It must give the same result wherever it is called, and it
may be called twice: what is lost with a worker is done again. With ``scheduler`` a Dask cluster does the work.

`JobRunner` has one piece of work done in the background while something else goes on, such as serving pages::

    runner = JobRunner()
    job = runner.start(work, given, question="evolve", name="river.conflict.yaml")
    job.state, job.share, job.doing  # 'running', 0.4, 'looking for paths'
    runner.cancel(job.id)  # ends its process
    runner.get(job.id).result  # what work returned, once the state is 'done'
    runner.close()  # ends everything

Here ``work(given, progress)`` is called in a process of its own with a function that reports progress. A job that
fails has the reason in ``problem``. The runner remembers its latest jobs with their results.

Nothing is left behind: when the caller of `spread` stops early, by an error, Ctrl-C or closing the iterator, and when a
job is cancelled, the processes are ended and tasks on the cluster cancelled. Processes whose parent has died end
themselves.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Generic, TypeVar

from detente._version import __version__
from detente.errors import CannotCarryError, DetenteError, InputError, TooLargeError, WorkersError, one_line
from detente.lazy import lazy

distributed: Any = lazy("distributed")

_Item = TypeVar("_Item")
Outcome = TypeVar("Outcome")
#: Called with the share of the work that is done (0 to 1) and what is being done.
ProgressReport = Callable[[float, str], None]

#: How long a scheduler may take to answer, and its first worker to turn up.
_PATIENCE_SECONDS = 5.0
#: How the address of a scheduler may begin.
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
#: How often worker processes may be lost before it is taken to be no accident.
MAX_LOSSES = 3
#: How many jobs a runner works on at once, and how many it remembers.
MAX_RUNNING, MAX_REMEMBERED = 4, 40
#: How long a process that has stopped talking is given to say how it ended.
ENDING_SECONDS = 5.0
#: How often a job reports progress at most.
PROGRESS_SECONDS = 0.1
#: Keeps libraries for linear algebra to one thread, unless the user chose otherwise: the processes fill the machine.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

_log = logging.getLogger(__name__)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[_Item], Outcome],
    items: Sequence[_Item],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> Iterator[Outcome]:
    """Yield the result of every item, in the order in which they are done.

    Parameters
    ----------
    work
        A function of a module, so that a worker can import it.
    items
        What it is called with, one after the other; small enough to send.
    workers
        How many processes to start on this machine; with 1, or a single item, the work is done in this process.
    scheduler
        The address of the scheduler of a Dask cluster, which then does the work instead; needs the ``cluster`` extra.

    Raises
    ------
    InputError
        When a worker has another version of Detente.
    WorkersError
        When the scheduler cannot be reached or has no workers, when the workers lack Detente, or when workers are lost
        again and again.
    """
    if scheduler is not None:
        yield from _on_a_cluster(work, items, scheduler)
    elif min(workers, len(items)) <= 1:
        yield from map(work, items)
    else:
        yield from _in_processes(work, items, min(workers, len(items)))


# Processes of this machine


class _Process(SpawnProcess):
    """A process that leaves Ctrl-C to its parent, from its first moment on."""

    def start(self) -> None:
        # A blocked signal stays blocked in what is started meanwhile; to the parent it comes a moment later.
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _PoolProcess(_Process):
    """One of many processes: of one thread."""

    def start(self) -> None:
        added = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
        os.environ.update(added)
        try:
            super().start()
        finally:
            for name in added:
                del os.environ[name]


class _PoolContext(SpawnContext):
    """Starts processes for a pool, and knows which."""

    def __init__(self) -> None:
        self.started: list[_PoolProcess] = []

    def Process(self, *arguments: Any, **more: Any) -> _PoolProcess:  # type: ignore[override]  # noqa: N802
        process = _PoolProcess(*arguments, **more)
        self.started.append(process)
        return process


def _in_processes(work: Callable[[_Item], Outcome], items: Sequence[_Item], workers: int) -> Iterator[Outcome]:
    left = dict(enumerate(items))
    losses = 0
    while left:
        context = _PoolContext()
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_the_parent)
        finished = False
        try:
            futures = {pool.submit(work, item): place for place, item in left.items()}
            for future in as_completed(futures):
                result = future.result()
                del left[futures[future]]
                yield result
            finished = True
        except BrokenProcessPool as error:
            losses += 1
            if losses >= MAX_LOSSES:
                raise WorkersError(
                    f"worker processes ended {losses} times before their work was done: is there memory enough? "
                    "Fewer workers need less"
                ) from error
        finally:
            if not finished:
                # Not asked for a result any more, the pool would still wait for what is being worked on.
                for process in context.started:
                    process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


def _end_with_the_parent() -> None:
    """In a worker: end when the parent has."""
    parent = parent_process()

    def wait() -> None:
        assert parent is not None
        parent.join()
        os._exit(1)

    if parent is not None:
        threading.Thread(target=wait, daemon=True).start()


# One process in the background


@dataclass
class Job(Generic[Outcome]):
    """A piece of work in the background. ``state`` is running, done, failed or cancelled."""

    id: str
    question: str
    name: str
    state: str = "running"
    share: float = 0.0
    doing: str = "starting"
    result: Outcome | None = None
    problem: str = ""


class JobRunner(Generic[Outcome]):
    """Works on jobs in the background, each in a process of its own, so that it can always be ended."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job[Outcome]] = OrderedDict()
        self._processes: dict[str, _Process] = {}
        self._lock = threading.Lock()

    def start(
        self, work: Callable[[_Item, ProgressReport], Outcome], given: _Item, *, question: str, name: str
    ) -> Job[Outcome]:
        """Begin a piece of work.

        Parameters
        ----------
        work
            A function of a module, called with ``given`` and a function that reports progress.
        given
            What it is called with; it is sent to the process.
        question, name
            What is asked, and about which dispute: for messages.

        Raises
        ------
        TooLargeError
            When too many jobs are running already.
        """
        with self._lock:
            if len(self._processes) >= MAX_RUNNING:
                raise TooLargeError(f"{MAX_RUNNING} questions are being worked on: cancel one, or wait for its answer")
            # Who does not know the identifier cannot see or cancel the job.
            job: Job[Outcome] = Job(secrets.token_urlsafe(12), question, name)
            context = SpawnContext()
            ours, theirs = context.Pipe(duplex=False)
            process = _Process(target=_work_on, args=(theirs, work, given), daemon=True)
            self._jobs[job.id], self._processes[job.id] = job, process
            over = [id for id, one in self._jobs.items() if one.state != "running"]
            for id in over[: max(0, len(self._jobs) - MAX_REMEMBERED)]:
                del self._jobs[id]
        try:
            process.start()
        except Exception as error:
            # Without this the job would count as running for ever.
            self._fail(job, f"the work could not be started: {one_line(str(error)) or type(error).__name__}")
            with self._lock:
                self._processes.pop(job.id, None)
            ours.close()
            return job
        finally:
            theirs.close()
        threading.Thread(target=self._follow, args=(job, process, ours), daemon=True).start()
        return job

    def get(self, id: str) -> Job[Outcome] | None:
        """Return a job, or None if there is none with this identifier."""
        return self._jobs.get(id)

    def cancel(self, id: str) -> Job[Outcome] | None:
        """End a job that is running, and return it; None if there is none with this identifier."""
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

    def _follow(self, job: Job[Outcome], process: _Process, ours: Connection) -> None:
        """Take in what a process says until it has ended."""
        try:
            while job.state == "running":
                kind, *rest = ours.recv()
                if job.state != "running":
                    break
                if kind == "progress":
                    job.share, job.doing = rest
                elif kind == "done":
                    job.result, job.share, job.doing = rest[0], 1.0, ""
                    job.state = "done"
                elif kind == "failed":
                    job.problem, job.state = rest[0], "failed"
                else:
                    self._fail(job, *rest)
        except (EOFError, OSError):
            process.join(ENDING_SECONDS)
            self._fail(job, _how_it_ended(process.exitcode))
        except Exception as error:  # A result that cannot be taken in must not leave the page waiting.
            self._fail(job, _reason(error), traceback.format_exc())
        finally:
            self._end(job.id)
            ours.close()
            process.join()

    def _fail(self, job: Job[Outcome], reason: str, trace: str = "") -> None:
        """End a job that nobody has cancelled with a reason, which is logged as well."""
        if job.state == "running":
            job.problem, job.state = reason, "failed"
            _log.error(
                "The question '%s' about %s failed: %s%s", job.question, job.name, reason, trace and f"\n{trace}"
            )


def _work_on(sender: Connection, work: Callable[[Any, ProgressReport], Any], given: Any) -> None:
    """In the process of a job: do the work and send what becomes of it."""
    _end_with_the_parent()
    last = 0.0

    def progress(share: float, doing: str) -> None:
        nonlocal last
        if time.monotonic() - last > PROGRESS_SECONDS:
            last = time.monotonic()
            sender.send(("progress", share, doing))

    try:
        sender.send(("done", work(given, progress)))
    except DetenteError as error:
        sender.send(("failed", str(error)))
    except Exception as error:  # Whatever went wrong, the job says what, and the log where.
        sender.send(("crashed", _reason(error), traceback.format_exc()))
    finally:
        sender.close()


def _how_it_ended(code: int | None) -> str:
    """Say how a process ended that sent no result."""
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
    """Say in one line why a job has no result."""
    if isinstance(error, MemoryError):
        return "there is not enough memory to answer this question"
    if isinstance(error, ValueError) and str(error):
        return one_line(str(error))
    return f"an error in Detente itself: {type(error).__name__}: {one_line(str(error))}"


# A cluster


def _on_a_cluster(work: Callable[[_Item], Outcome], items: Sequence[_Item], scheduler: str) -> Iterator[Outcome]:
    client = _connected(scheduler)
    try:
        with _cluster_faults(scheduler):
            # A worker that cannot import the module would be restarted again and again over its first item.
            client.run(exec, f"import {work.__module__}")
        # A worker that is lost takes its items with it; the scheduler has them done again elsewhere.
        futures = client.map(partial(_in_version, __version__, work), items, pure=False, retries=MAX_LOSSES)
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                with _cluster_faults(scheduler):
                    result = future.result()
                future.release()
                yield result
        finally:
            client.cancel(futures, force=True)
    finally:
        client.close(timeout=_PATIENCE_SECONDS)


def _in_version(version: str, work: Callable[[_Item], Outcome], item: _Item) -> Outcome:
    """In a worker: do the work if this is the version of Detente that asks."""
    if version != __version__:
        raise InputError(f"a worker has Detente {__version__}, but is asked by Detente {version}")
    return work(item)


def _connected(scheduler: str) -> Any:
    """Return a client of a scheduler that has workers."""
    kind, separator, _ = scheduler.partition("://")
    if separator and kind not in SCHEMES:
        raise WorkersError(f"'{scheduler}' is no address of a scheduler: it would begin with {' or '.join(SCHEMES)}")
    try:
        rpc, connect = distributed.core.rpc, distributed.Client
    except ImportError as error:
        raise CannotCarryError("a cluster needs the 'cluster' extra: install detente[cluster]") from error

    async def identity() -> str:
        async with rpc(scheduler, timeout=_PATIENCE_SECONDS) as other:
            answer = await asyncio.wait_for(other.identity(), _PATIENCE_SECONDS)
        return str(answer.get("type"))

    # Asked first whether it is there: a client that finds nobody takes ten more seconds to give up.
    try:
        with ThreadPoolExecutor(1) as aside:
            what = aside.submit(asyncio.run, identity()).result()
    except ValueError as error:
        raise WorkersError(f"'{scheduler}' is no address of a scheduler: {error}") from error
    except (OSError, TimeoutError) as error:
        raise WorkersError(
            f"no scheduler answers at {scheduler} within {_PATIENCE_SECONDS:.0f} seconds: is it running there?"
        ) from error
    if what != "Scheduler":
        raise WorkersError(f"what answers at {scheduler} is no scheduler but a {what.lower()}")
    client = connect(scheduler, timeout=_PATIENCE_SECONDS, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
    except TimeoutError as error:
        client.close(timeout=_PATIENCE_SECONDS)
        raise WorkersError(f"the scheduler at {scheduler} has no workers") from error
    return client


@contextmanager
def _cluster_faults(scheduler: str) -> Iterator[None]:
    """Say what happens to a cluster in words of ours."""
    try:
        yield
    except distributed.KilledWorker as error:
        raise WorkersError(
            f"the cluster at {scheduler} lost one worker after the other over a piece of work"
        ) from error
    except CancelledError as error:
        raise WorkersError(f"the scheduler at {scheduler} was lost, or gave up the work") from error
    except ImportError as error:
        raise WorkersError(
            f"the cluster at {scheduler} lacks something: {error}. Every worker needs Detente"
        ) from error
