"""Long work in processes: in parallel on this machine or a Dask cluster, or in the background with progress and cancel.

`spread` works on many items and yields their results, in any order::

    for result in spread(work, items, workers=4):
        total += result

``work`` is a module-level function of one item. It must give the same result wherever it is called, and it may be
called twice for an item: if a worker is lost, its items are repeated. With ``scheduler`` a Dask cluster does the work.

`JobRunner` does one piece of work in the background, for example while pages are being served::

    runner = JobRunner()
    job = runner.start(work, given, question="evolve", name="river.conflict.yaml")
    job.state, job.share, job.doing  # 'running', 0.4, 'looking for paths'
    runner.cancel(job.id)  # ends its process
    runner.get(job.id).result  # what work returned, once the state is 'done'
    runner.close()  # ends all jobs

Here ``work(given, progress)`` is called in a process of its own, with a function that reports progress. A failed job
gives the reason in ``problem``. The runner keeps its latest jobs with their results.

No process is left behind. If the caller of `spread` stops early (an error, Ctrl-C, a closed iterator) or a job is
cancelled, the processes are ended and the tasks on the cluster cancelled. A process whose parent has died ends itself.
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
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Generic, TypeVar

from detente._version import __version__
from detente.errors import CannotCarryError, DetenteError, Fault, InputError, TooLargeError, WorkersError, one_line
from detente.lazy import dataclass, lazy

distributed: Any = lazy("distributed")

_Item = TypeVar("_Item")
Outcome = TypeVar("Outcome")
#: Called with the share of the work that is done (0 to 1) and a description of the current step.
ProgressReport = Callable[[float, str], None]

#: How long a scheduler may take to answer, and its first worker to register.
_PATIENCE_SECONDS = 5.0
#: Valid schemes in the address of a scheduler.
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
#: Losses of worker processes after which the work is given up.
MAX_LOSSES = 3
#: Maximum number of concurrent jobs of a runner, and of jobs that it keeps.
MAX_RUNNING, MAX_REMEMBERED = 4, 40
#: How long to wait for the exit code of a process that has closed its connection.
ENDING_SECONDS = 5.0
#: Minimum time between two progress reports of a job.
PROGRESS_SECONDS = 0.1
#: Limits linear algebra libraries to one thread, unless the user set another number: the processes use all cores.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

_log = logging.getLogger(__name__)


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[_Item], Outcome],
    items: Sequence[_Item],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> Iterator[Outcome]:
    """Yield the result of every item, in the order of completion.

    Parameters
    ----------
    work
        A function of a module, so that a worker can import it.
    items
        The arguments of the calls; small enough to send to another process.
    workers
        Number of processes to start on this machine; with 1, or a single item, this process does the work.
    scheduler
        The address of the scheduler of a Dask cluster, which then does the work; needs the ``cluster`` extra.

    Raises
    ------
    InputError
        If a worker has another version of Detente.
    WorkersError
        If the scheduler cannot be reached or has no workers, if the workers lack Detente, or if workers are lost
        `MAX_LOSSES` times.
    """
    if scheduler is not None:
        yield from _on_a_cluster(work, items, scheduler)
    elif min(workers, len(items)) <= 1:
        yield from map(work, items)
    else:
        yield from _in_processes(work, items, min(workers, len(items)))


# Processes of this machine


class _Process(SpawnProcess):
    """A process that ignores Ctrl-C, so that its parent handles it, from the moment it starts."""

    def start(self) -> None:
        # The child inherits the blocked signal; the parent receives it a moment later, when it is unblocked.
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _PoolProcess(_Process):
    """A worker process of a pool, limited to one thread."""

    def start(self) -> None:
        added = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
        os.environ.update(added)
        try:
            super().start()
        finally:
            for name in added:
                del os.environ[name]


class _PoolContext(SpawnContext):
    """A multiprocessing context that keeps a list of the processes it started, so that they can be ended."""

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
                    f"worker processes ended {losses} times before their work was done, probably for lack of memory. "
                    "Use fewer workers"
                ) from error
        finally:
            if not finished:
                # Without this, shutting the pool down would wait for the items being worked on.
                for process in context.started:
                    process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


def _end_with_the_parent() -> None:
    """End this worker process when its parent has ended."""
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
    #: The faults of an input that was refused.
    faults: tuple[Fault, ...] = ()


class JobRunner(Generic[Outcome]):
    """Works on jobs in the background, each in a process of its own, so that it can always be ended."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job[Outcome]] = OrderedDict()
        self._processes: dict[str, _Process] = {}
        self._lock = threading.Lock()

    def start(
        self, work: Callable[[_Item, ProgressReport], Outcome], given: _Item, *, question: str, name: str
    ) -> Job[Outcome]:
        """Start a job.

        Parameters
        ----------
        work
            A module-level function, called with ``given`` and a function that reports progress.
        given
            The first argument of ``work``; it is sent to the process.
        question, name
            The question and the name of the dispute, for messages.

        Raises
        ------
        TooLargeError
            If `MAX_RUNNING` jobs are running already.
        """
        with self._lock:
            if len(self._processes) >= MAX_RUNNING:
                raise TooLargeError(
                    f"{MAX_RUNNING} jobs are running, which is the limit: cancel one, or wait until one is done"
                )
            # The identifier is secret: only a client that knows it can see or cancel the job.
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
            # If the process did not start, nothing else would end the job.
            self._fail(job, f"the job could not be started: {one_line(str(error)) or type(error).__name__}")
            with self._lock:
                self._processes.pop(job.id, None)
            ours.close()
            return job
        finally:
            theirs.close()
        threading.Thread(target=self._follow, args=(job, process, ours), daemon=True).start()
        return job

    def get(self, id: str) -> Job[Outcome] | None:
        """Return the job with this identifier, or None."""
        return self._jobs.get(id)

    def cancel(self, id: str) -> Job[Outcome] | None:
        """Cancel the job with this identifier if it is running, and return it; None for an unknown identifier."""
        job = self._jobs.get(id)
        if job is not None and job.state == "running":
            job.state, job.doing = "cancelled", ""
            self._end(id)
        return job

    def close(self) -> None:
        """Cancel all running jobs."""
        for id in list(self._processes):
            self.cancel(id)

    def _end(self, id: str) -> None:
        with self._lock:
            process = self._processes.pop(id, None)
        if process is not None and process.is_alive():
            process.terminate()

    def _follow(self, job: Job[Outcome], process: _Process, ours: Connection) -> None:
        """Receive the messages of a job's process until it has ended."""
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
                    job.problem, job.faults = rest
                    job.state = "failed"
                else:
                    self._fail(job, *rest)
        except (EOFError, OSError):
            process.join(ENDING_SECONDS)
            self._fail(job, _how_it_ended(process.exitcode))
        except Exception as error:  # A result that cannot be unpickled must not leave the page waiting.
            self._fail(job, _reason(error), traceback.format_exc())
        finally:
            self._end(job.id)
            ours.close()
            process.join()

    def _fail(self, job: Job[Outcome], reason: str, trace: str = "") -> None:
        """Mark a running job as failed and log the reason; a cancelled job stays cancelled."""
        if job.state == "running":
            job.problem, job.state = reason, "failed"
            _log.error(
                "The question '%s' about %s failed: %s%s", job.question, job.name, reason, trace and f"\n{trace}"
            )


def _work_on(sender: Connection, work: Callable[[Any, ProgressReport], Any], given: Any) -> None:
    """Run a job in its process and send the result or the reason for its failure."""
    _end_with_the_parent()
    last = 0.0

    def progress(share: float, doing: str) -> None:
        nonlocal last
        if time.monotonic() - last > PROGRESS_SECONDS:
            last = time.monotonic()
            sender.send(("progress", share, doing))

    # The other end of the pipe is closed when the job is cancelled.
    with suppress(BrokenPipeError), sender:
        try:
            sender.send(("done", work(given, progress)))
        except DetenteError as error:
            sender.send(("failed", str(error), error.faults if isinstance(error, InputError) else ()))
        except Exception as error:  # The job shows the reason; the log gets the traceback.
            sender.send(("crashed", _reason(error), traceback.format_exc()))


def _how_it_ended(code: int | None) -> str:
    """Explain the exit code of a process that sent no result."""
    if code is None or code >= 0:
        return f"the process ended without an answer (exit code {code})"
    if -code == signal.SIGKILL:
        return "the process was killed (SIGKILL): probably the memory was not sufficient"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"the process crashed ({name})"


def _reason(error: BaseException) -> str:
    """Return in one line why a job failed."""
    if isinstance(error, MemoryError):
        return "the memory is not sufficient to answer this question"
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
        # If a worker is lost, the scheduler repeats its items elsewhere.
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
    """Do the work if the worker has the given version of Detente."""
    if version != __version__:
        raise InputError(
            f"a worker has Detente {__version__}, but this is Detente {version}. Install the same version everywhere"
        )
    return work(item)


def _connected(scheduler: str) -> Any:
    """Return a client of a scheduler that has at least one worker."""
    kind, separator, _ = scheduler.partition("://")
    if separator and kind not in SCHEMES:
        raise WorkersError(f"'{scheduler}' is not a scheduler's address: it must begin with {' or '.join(SCHEMES)}")
    try:
        rpc, connect = distributed.core.rpc, distributed.Client
    except ImportError as error:
        raise CannotCarryError("a cluster needs the 'cluster' extra: install detente[cluster]") from error

    async def identity() -> str:
        async with rpc(scheduler, timeout=_PATIENCE_SECONDS) as other:
            answer = await asyncio.wait_for(other.identity(), _PATIENCE_SECONDS)
        return str(answer.get("type"))

    # Check first that the scheduler answers: a client without one takes ten more seconds to give up.
    try:
        with ThreadPoolExecutor(1) as aside:
            what = aside.submit(asyncio.run, identity()).result()
    except ValueError as error:
        raise WorkersError(f"'{scheduler}' is not a scheduler's address: {error}") from error
    except (OSError, TimeoutError) as error:
        raise WorkersError(
            f"no scheduler answered at {scheduler} within {_PATIENCE_SECONDS:.0f} seconds. Check that it is running"
        ) from error
    if what != "Scheduler":
        raise WorkersError(f"{scheduler} is the address of a {what.lower()}, not of a scheduler")
    client = connect(scheduler, timeout=_PATIENCE_SECONDS, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
    except TimeoutError as error:
        client.close(timeout=_PATIENCE_SECONDS)
        raise WorkersError(f"the scheduler at {scheduler} has no workers") from error
    return client


@contextmanager
def _cluster_faults(scheduler: str) -> Iterator[None]:
    """Turn errors of the cluster into `WorkersError`."""
    try:
        yield
    except distributed.KilledWorker as error:
        raise WorkersError(
            f"the cluster at {scheduler} lost several workers while they worked on the same item"
        ) from error
    except CancelledError as error:
        raise WorkersError(
            f"the connection to the scheduler at {scheduler} was lost, or it cancelled the work"
        ) from error
    except ImportError as error:
        raise WorkersError(
            f"a worker of the cluster at {scheduler} lacks a module: {error}. Install Detente on every worker"
        ) from error
