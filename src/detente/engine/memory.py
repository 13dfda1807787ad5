"""How much memory there is."""

from __future__ import annotations

from pathlib import Path


def memory_available() -> int:
    """Return how many bytes of memory are free, on this machine and for this process; 8 GiB where nothing says it."""
    there = [kibibytes * 1024 for kibibytes in _numbers("/proc/meminfo", "MemAvailable:")]
    limit, used = _numbers("/sys/fs/cgroup/memory.max"), _numbers("/sys/fs/cgroup/memory.current")
    if limit and used:
        there.append(max(0, limit[0] - used[0]))
    return min(there, default=8 * 2**30)


def _numbers(file: str, word: str = "") -> list[int]:
    """Return the number that follows a word at the start of a line of a file of the system; none where it has none."""
    try:
        lines = Path(file).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    found = [line.removeprefix(word).split() for line in lines if line.startswith(word)]
    return [int(words[0]) for words in found if words and words[0].isdigit()]
