"""Work in pieces, spread over processes of this machine or over a Dask cluster.

A piece is decided by a plain function, gives the same result wherever it is worked on, and may be worked on twice: what
was lost with a worker is done again. Results come in any order, so whoever asks must not care for it.

::

    for result in spread(work, pieces, workers=4):
        total += result

Nothing is left behind: when the asking stops early, by an error, Ctrl-C or closing the iterator, worker processes are
ended and tasks on the cluster are cancelled; workers whose parent has died end themselves.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, TypeVar

from detente.errors import CannotCarryError, WorkersError

Piece = TypeVar("Piece")
Result = TypeVar("Result")

#: How long a scheduler may take to answer, and its first worker to turn up.
PATIENCE_SECONDS = 5.0
#: How the address of a scheduler may begin.
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
#: How often worker processes may be lost before it is taken to be no accident.
MAX_LOSSES = 3


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """Yield the result of every piece, in the order in which they are done.

    Parameters
    ----------
    work
        A function of a module, so that a worker can import it.
    pieces
        What it is called with, one after the other; small enough to send.
    workers
        How many processes to start on this machine; with 1, or a single piece, the work is done in this process.
    scheduler
        The address of the scheduler of a Dask cluster, which then does the work instead; needs the ``cluster`` extra.

    Raises
    ------
    WorkersError
        When the scheduler cannot be reached or has no workers, when the workers lack Detente, or when workers are lost
        again and again.
    """
    if scheduler is not None:
        yield from _on_a_cluster(work, pieces, scheduler)
    elif min(workers, len(pieces)) <= 1:
        yield from map(work, pieces)
    else:
        yield from _in_processes(work, pieces, min(workers, len(pieces)))


# This machine


#: What keeps libraries for linear algebra to one thread, where nobody says otherwise: the processes fill the machine.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class _Process(SpawnProcess):
    """A process of one thread that leaves Ctrl-C to its parent, from its first moment on."""

    def start(self) -> None:
        added = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
        os.environ.update(added)
        try:
            self._start_deaf()
        finally:
            for name in added:
                del os.environ[name]

    def _start_deaf(self) -> None:
        # A blocked signal stays blocked in what is started meanwhile; to the parent it comes a moment later.
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Recording(SpawnContext):
    """Starts processes, and knows which."""

    def __init__(self) -> None:
        self.started: list[_Process] = []

    def Process(self, *arguments: Any, **more: Any) -> _Process:  # type: ignore[override]  # noqa: N802
        process = _Process(*arguments, **more)
        self.started.append(process)
        return process


def _in_processes(work: Callable[[Piece], Result], pieces: Sequence[Piece], workers: int) -> Iterator[Result]:
    left = dict(enumerate(pieces))
    losses = 0
    while left:
        context = _Recording()
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_attend)
        finished = False
        try:
            futures = {pool.submit(work, piece): place for place, piece in left.items()}
            for future in _done(futures):
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


def _done(futures: dict[Future[Result], int]) -> Iterator[Future[Result]]:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        yield from done


def _attend() -> None:
    """In a worker: end with the parent."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


# A cluster


def _on_a_cluster(work: Callable[[Piece], Result], pieces: Sequence[Piece], scheduler: str) -> Iterator[Result]:
    try:
        import distributed
    except ImportError as error:
        raise CannotCarryError("a cluster needs the 'cluster' extra: install detente[cluster]") from error
    client = _connected(scheduler)
    as_completed: Any = distributed.as_completed
    try:
        _must_have(client, work.__module__, scheduler)
        # A worker that is lost takes its pieces with it; the scheduler has them done again elsewhere.
        futures = client.map(work, pieces, pure=False, retries=MAX_LOSSES)
        try:
            for future in as_completed(futures, loop=client.loop):
                yield _received(future, scheduler)
        finally:
            client.cancel(futures, force=True)
    finally:
        client.close(timeout=PATIENCE_SECONDS)


def _connected(scheduler: str) -> Any:
    import distributed

    kind, separator, _ = scheduler.partition("://")
    if separator and kind not in SCHEMES:
        raise WorkersError(f"'{scheduler}' is no address of a scheduler: it would begin with {' or '.join(SCHEMES)}")
    # Asked first whether it is there: a client that finds nobody takes ten more seconds to give up.
    with ThreadPoolExecutor(1) as aside:
        kind_of = aside.submit(asyncio.run, _identity(scheduler)).result()
    if kind_of != "Scheduler":
        raise WorkersError(f"what answers at {scheduler} is no scheduler but a {kind_of.lower()}")
    connect: Any = distributed.Client
    client = connect(scheduler, timeout=PATIENCE_SECONDS, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        client.close(timeout=PATIENCE_SECONDS)
        raise WorkersError(f"the scheduler at {scheduler} has no workers") from error
    return client


def _must_have(client: Any, module: str, scheduler: str) -> None:
    """Have every worker import a module: one that cannot would be restarted again and again over its first piece."""
    try:
        client.run(exec, f"import {module}")
    except ImportError as error:
        raise WorkersError(
            f"the cluster at {scheduler} lacks something: {error}. Every worker needs Detente"
        ) from error


async def _identity(scheduler: str) -> str:
    """Ask what is at an address what it is."""
    from distributed import core

    rpc: Any = core.rpc
    try:
        async with rpc(scheduler, timeout=PATIENCE_SECONDS) as other:
            answer = await asyncio.wait_for(other.identity(), PATIENCE_SECONDS)
    except ValueError as error:
        raise WorkersError(f"'{scheduler}' is no address of a scheduler: {error}") from error
    except (OSError, TimeoutError) as error:
        raise WorkersError(
            f"no scheduler answers at {scheduler} within {PATIENCE_SECONDS:.0f} seconds: is it running there?"
        ) from error
    return str(answer.get("type"))


def _received(future: Any, scheduler: str) -> Any:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        result = future.result()
    except KilledWorker as error:
        raise WorkersError(
            f"the cluster at {scheduler} lost one worker after the other over a piece of work"
        ) from error
    except CancelledError as error:
        raise WorkersError(f"the scheduler at {scheduler} was lost, or gave up the work") from error
    except ImportError as error:
        raise WorkersError(
            f"the cluster at {scheduler} lacks something: {error}. Every worker needs Detente"
        ) from error
    future.release()
    return result
