"""One thread for NumPy's matrix products (BLAS) while the trained tagger runs.

Its matrices are small, so several threads spend most of their time waiting for each other. The number of threads
belongs to the whole process: it is set when the first text begins, and restored when the last text read at the same
time ends.
"""

from __future__ import annotations

import threading

from threadpoolctl import ThreadpoolController


class _OneThread:
    """Holds the limit for as long as any thread of the process is inside; for ``with``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = ThreadpoolController().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


ONE_BLAS_THREAD = _OneThread()
