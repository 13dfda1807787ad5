"""The engines that the suite runs over: each by its name, and the explicit one made to work by cells as well."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from detente.engine import ENGINES, choice

BY_CELLS = "explicit by cells"


@pytest.fixture(scope="module", params=[*ENGINES, BY_CELLS])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of an engine; conflicts of the tests are far below the size from which cells are used."""
    if request.param != BY_CELLS:
        yield request.param
        return
    if find_spec("numba") is None:
        pytest.skip("the extra 'fast' is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "SMALL_OPTIONS", 0)
        patch.setattr(choice, "DENSE_FROM", 0)
        patch.setattr(choice, "DENSE_SHARE", 0.0)
        yield "explicit"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Hear interrupts, and let processes started from here hear them: shells start jobs in the background deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    # A thread that raises an interrupt hears it only if the process that it inherits from does not block it.
    blocked = signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    signal.signal(signal.SIGINT, before)
