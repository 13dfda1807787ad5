"""The memory and address space available to this process."""

from __future__ import annotations

from pathlib import Path

#: Address space of OxiDD's worker thread, nearly all of it reserved stack, and the minimum for the symbolic engine.
SYMBOLIC_STACK, SYMBOLIC_SPACE = 1_300 * 2**20, 1_500 * 2**20


def memory_available() -> int:
    """Return the bytes of free memory on this machine and for this process; 8 GiB if the system does not report it."""
    there = [kibibytes * 1024 for kibibytes in _numbers("/proc/meminfo", "MemAvailable:")]
    limit, used = _numbers("/sys/fs/cgroup/memory.max"), _numbers("/sys/fs/cgroup/memory.current")
    if limit and used:
        there.append(max(0, limit[0] - used[0]))
    left = address_space_left()
    return min(there if left is None else [*there, left], default=8 * 2**30)


def address_space_left() -> int | None:
    """Return the bytes of address space left if it is limited (``ulimit -v``); None if it is not.

    Native code that exceeds the limit ends the process.
    """
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return None
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return None
    return max(0, most - sum(_numbers("/proc/self/status", "VmSize:")) * 1024)


def _numbers(file: str, word: str = "") -> list[int]:
    """Return the numbers that follow a word at the start of a line of a system file; an empty list if there are
    none.
    """
    try:
        lines = Path(file).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    found = [line.removeprefix(word).split() for line in lines if line.startswith(word)]
    return [int(words[0]) for words in found if words and words[0].isdigit()]
