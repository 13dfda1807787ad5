"""The ``detente`` command."""

from __future__ import annotations

import gc
import os
import sys

#: What a command exits with that an interrupt has stopped: 128 and the signal's number.
INTERRUPTED = 130


def main() -> None:
    """Run the command line: exit 0 on success, 1 when the input is at fault, 2 on wrong usage, 130 on an interrupt."""
    # A command makes many objects that stay and few cycles; collecting these took a tenth of its time.
    gc.set_threshold(100_000)
    # NumPy starts threads for matrix products, which wait in a loop: a third of the time of a small command. The
    # matrices here are too small for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # Here, not above: importing takes long enough to be interrupted.
        from detente.cli.entry import run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        # The process ends, so that collecting garbage first would only cost time.
        gc.freeze()


__all__ = ["main"]
