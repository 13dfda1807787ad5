"""How much memory there is."""

from __future__ import annotations

from pathlib import Path

#: The address space that OxiDD's worker takes, nearly all of it a stack that is hardly used, and what the
#: symbolic engine needs at least.
SYMBOLIC_STACK, SYMBOLIC_SPACE = 1_300 * 2**20, 1_500 * 2**20


def memory_available() -> int:
    """Return how many bytes of memory are free, on this machine and for this process; 8 GiB where nothing says it."""
    there = [kibibytes * 1024 for kibibytes in _numbers("/proc/meminfo", "MemAvailable:")]
    limit, used = _numbers("/sys/fs/cgroup/memory.max"), _numbers("/sys/fs/cgroup/memory.current")
    if limit and used:
        there.append(max(0, limit[0] - used[0]))
    left = address_space_left()
    return min(there if left is None else [*there, left], default=8 * 2**30)


def address_space_left() -> int | None:
    """Return how many bytes of address space are left where it is limited (``ulimit -v``), None where it is not.

    Beyond the limit, native code ends the process.
    """
    try:
        import resource
    except ImportError:
        # A system without such limits.
        return None
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return None
    return max(0, most - sum(_numbers("/proc/self/status", "VmSize:")) * 1024)


def _numbers(file: str, word: str = "") -> list[int]:
    """Return the number that follows a word at the start of a line of a file of the system; none where it has none."""
    try:
        lines = Path(file).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    found = [line.removeprefix(word).split() for line in lines if line.startswith(word)]
    return [int(words[0]) for words in found if words and words[0].isdigit()]
