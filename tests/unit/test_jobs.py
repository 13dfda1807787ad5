"""Work in processes, on a cluster, in the background: the same answer even if a worker is lost, no process left."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

import detente as dt
from detente import jobs
from detente.analysis.robustness.sampling import tally
from detente.errors import CannotCarryError, InputError, TooLargeError, WorkersError
from detente.jobs import MAX_RUNNING, Job, JobRunner, spread
from tests.unit.jobs import always_lost, failing, faulty, never_done, square, square_once_lost, squared

SAMPLES = 40_000


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_done_once(workers: int) -> None:
    assert sorted(spread(square, range(7), workers=workers)) == [number**2 for number in range(7)]
    assert multiprocessing.active_children() == []


def test_no_tasks_start_no_process() -> None:
    assert list(spread(square, [], workers=2)) == []


def test_lost_process_is_replaced(tmp_path: Path) -> None:
    pieces = [(tmp_path / "mark", number) for number in range(6)]
    assert sorted(spread(square_once_lost, pieces, workers=2)) == [number**2 for number in range(6)]


def test_repeatedly_lost_processes_are_an_error() -> None:
    with pytest.raises(WorkersError, match="ended 3 times"):
        list(spread(always_lost, range(2), workers=2))
    assert multiprocessing.active_children() == []


def test_task_error_is_raised_and_leaves_no_process() -> None:
    with pytest.raises(InputError, match="is at fault"):
        list(spread(faulty, range(9), workers=2))
    assert multiprocessing.active_children() == []


def test_stopping_early_leaves_no_process() -> None:
    results = spread(square, range(100), workers=2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_number_of_workers_changes_no_answer() -> None:
    river = dt.example("river-sharing")
    alone, together = (river.robustness(samples=6_000, dispersion=0.5, workers=workers) for workers in (1, 2))
    assert alone == together
    assert alone.to_json() == together.to_json()


def test_order_of_tasks_changes_no_answer() -> None:
    answer = dt.example("river-sharing").robustness(samples=9_000, dispersion=0.5)
    first, *others = [tally(piece) for piece in reversed(answer._plan.chunks())]
    assert sum(others, first) == answer.tally


def test_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"this is Detente 0\.0\.1"):
        jobs._in_version("0.0.1", square, 3)


# Ending


def running(*more: str) -> subprocess.Popen[bytes]:
    """Start a long run in a process group of its own, and wait until its workers work."""
    command = [sys.executable, "-m", "detente", "robust", "example:ukraine-2023", "--samples", "9000000"]
    process = subprocess.Popen(
        [*command, "--workers", "2", *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Whoever runs tests in the background has Ctrl-C ignored, and so would the process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    # The process itself, the tracker of its resources, and two workers.
    while len(members(process.pid)) < 4:
        assert time.monotonic() < deadline, "the workers did not start"
        assert process.poll() is None, process.stderr.read().decode()  # type: ignore[union-attr]
        time.sleep(0.1)
    time.sleep(1)
    return process


def members(group: int) -> list[int]:
    """The living processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdecimal() and int(fields[2]) == group and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def gone(group: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while members(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize(("sent", "to_all"), [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGKILL, False)])
def test_ended_command_leaves_no_process(sent: signal.Signals, to_all: bool) -> None:
    """Ctrl-C goes to the whole group, as a terminal sends it; the others to the process that was started."""
    process = running()
    try:
        started = time.monotonic()
        (os.killpg if to_all else os.kill)(process.pid, sent)
        _, errors = process.communicate(timeout=30)
        # A second where the machine is idle; tests run on busy ones.
        assert time.monotonic() - started < 10
        assert process.returncode != 0
        assert b"Traceback" not in errors
        assert gone(process.pid, 10)
    finally:
        for left in members(process.pid):
            os.kill(left, signal.SIGKILL)


# In the background


def ended(runner: JobRunner[Any], job: Job[Any]) -> Job[Any]:
    """Wait until a job is over."""
    deadline = time.monotonic() + 60
    while job.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert runner.get(job.id) is job
    return job


@pytest.fixture
def runner() -> Iterator[JobRunner[Any]]:
    made: JobRunner[Any] = JobRunner()
    yield made
    made.close()
    deadline = time.monotonic() + 10
    while multiprocessing.active_children():
        assert time.monotonic() < deadline, "a process is left"
        time.sleep(0.02)


def test_job_has_the_result_of_its_work(runner: JobRunner[Any]) -> None:
    job = ended(runner, runner.start(squared, 7, question="square", name="seven"))
    assert (job.state, job.share, job.result, job.problem) == ("done", 1.0, 49, "")


def test_job_reports_progress_and_can_be_cancelled(runner: JobRunner[Any]) -> None:
    job = runner.start(never_done, None, question="wait", name="none")
    deadline = time.monotonic() + 60
    while job.doing != "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert job.share == 0.5
    assert runner.cancel(job.id) is job
    assert (job.state, job.result) == ("cancelled", None)
    assert runner.cancel(job.id) is job
    assert runner.cancel("no such job") is None


def test_cancelled_job_frees_its_place(runner: JobRunner[Any]) -> None:
    running = [runner.start(never_done, None, question="wait", name="none") for _ in range(MAX_RUNNING)]
    with pytest.raises(TooLargeError, match="4 jobs are running"):
        runner.start(squared, 1, question="square", name="one")
    runner.cancel(running[0].id)
    assert ended(runner, runner.start(squared, 2, question="square", name="two")).result == 4


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("input", "it is at fault"),
        ("memory", "the memory is not sufficient to answer this question"),
        ("other", "an error in Detente itself: KeyError: 'key'"),
        ("exit", "the process ended without an answer (exit code 3)"),
        ("kill", "the process was killed (SIGKILL): probably the memory was not sufficient"),
        ("abort", "the process crashed (SIGABRT)"),
    ],
)
def test_failed_job_reports_and_logs_the_reason(
    runner: JobRunner[Any], caplog: pytest.LogCaptureFixture, given: str, problem: str
) -> None:
    job = ended(runner, runner.start(failing, given, question="fail", name="any"))
    assert (job.state, job.problem) == ("failed", problem)
    # What is wrong with the input is no matter for the log.
    assert (f"The question 'fail' about any failed: {problem}" in caplog.text) == (given != "input")
    assert ("Traceback" in caplog.text) == (given in ("memory", "other"))


@pytest.mark.parametrize("error", [OSError(11, "Resource temporarily unavailable"), MemoryError(), RuntimeError("x")])
def test_job_that_cannot_start_does_not_count_as_running(
    runner: JobRunner[Any], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(self: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(jobs._Process, "start", full)
        for _ in range(MAX_RUNNING + 1):
            job = runner.start(squared, 1, question="square", name="one")
            assert job.state == "failed" and "the job could not be started" in job.problem
    assert ended(runner, runner.start(squared, 2, question="square", name="two")).result == 4


def test_failure_reason_is_one_line() -> None:
    for error in (ValueError("a\nb"), KeyError("x\n"), InputError("a\nb"), ValueError()):
        assert "\n" not in jobs._reason(error)


def test_runner_keeps_its_latest_jobs(runner: JobRunner[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MAX_REMEMBERED", 2)
    first, *others = [ended(runner, runner.start(squared, n, question="square", name="n")) for n in range(3)]
    assert runner.get(first.id) is None
    assert [runner.get(job.id) for job in others] == others


# A cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as made:
        yield made


def test_cluster_gives_the_same_answer_if_a_worker_is_killed(cluster: LocalCluster) -> None:
    river = dt.example("river-sharing")
    killed: list[int] = []

    def kill_one(share: float, doing: str) -> None:
        if 0 < share < 1 and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    address = cluster.scheduler_address
    spread_out = river.robustness(samples=SAMPLES, dispersion=0.5, scheduler=address, progress=kill_one)
    assert killed
    here = river.robustness(samples=SAMPLES, dispersion=0.5)
    assert spread_out == here
    assert spread_out.to_json() == here.to_json()


def test_cluster_error_is_raised(cluster: LocalCluster) -> None:
    with pytest.raises(InputError, match="is at fault"):
        list(spread(faulty, range(3), scheduler=cluster.scheduler_address))


def test_cluster_without_detente_is_reported(
    cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("def work(piece):\n    return piece\n")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here

    with pytest.raises(WorkersError, match=r"only_here.*Install Detente on every worker"):
        list(spread(only_here.work, range(3), scheduler=cluster.scheduler_address))


def test_cluster_without_workers_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.jobs._PATIENCE_SECONDS", 2.0)
    with (
        LocalCluster(n_workers=0, processes=True, dashboard_address=":0", silence_logs=50) as empty,  # type: ignore
        pytest.raises(WorkersError, match="has no workers"),
    ):
        list(spread(square, range(3), scheduler=empty.scheduler_address))


def test_worker_address_is_refused_as_a_scheduler(cluster: LocalCluster) -> None:
    worker = next(iter(cluster.scheduler_info["workers"]))
    with pytest.raises(WorkersError, match="the address of a worker, not of a scheduler"):
        list(spread(square, range(3), scheduler=worker))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answered at tcp://127.0.0.1:9"),
        ("nonsense", "'nonsense' is not a scheduler's address"),
        ("http://127.0.0.1:8786", "must begin with tcp"),
    ],
)
def test_unreachable_scheduler_is_reported(address: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.jobs._PATIENCE_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(WorkersError, match=words):
        list(spread(square, range(3), scheduler=address))
    assert time.monotonic() - started < 15


def test_request_inside_an_event_loop_works(cluster: LocalCluster) -> None:
    """As in a notebook, whose own loop runs in the thread that asks."""
    import asyncio

    async def cell() -> list[int]:
        return sorted(spread(square, range(3), scheduler=cluster.scheduler_address))

    with ThreadPoolExecutor(1) as aside:
        assert aside.submit(asyncio.run, cell()).result(60) == [0, 1, 4]


def test_missing_extra_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CannotCarryError, match="'cluster' extra"):
        list(spread(square, range(3), scheduler="tcp://127.0.0.1:9"))
