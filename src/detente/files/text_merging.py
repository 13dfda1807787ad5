"""What has changed between two versions of a text, put into a third that says the same as the first in other lines.

A program that reads a file and writes it again lays lines out as it would. Whoever has the text as that program writes
it before and after a change can so make the change in the text that a person wrote, and leave every other line alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def changed_like(mine: str, before: str, after: str) -> str:
    r"""Return a text with what differs from ``before`` to ``after``.

    >>> print(changed_like("a:   1 # one\nb: 2\n", "a: 1 # one\nb: 2\n", "a: 1 # one\nb: 3\nc: 4\n"), end="")
    a:   1 # one
    b: 3
    c: 4
    """
    if mine == before:
        return after
    ours, base, theirs = (text.splitlines(keepends=True) for text in (mine, before, after))
    starts, ends, within = _edges(base, ours)
    made: list[str] = []
    done = 0
    for first, last, new_first, new_last in _hunks(base, theirs, within):
        start = starts[first]
        made += ours[done:start] + theirs[new_first:new_last]
        done = ends[last] if last > first else start
    return "".join(made + ours[done:])


def _edges(base: Sequence[str], ours: Sequence[str]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return for the places between lines where both texts can be cut, which place it is in the other.

    A place after which something is alike, one before which it is, and for a place within lines that are laid out
    otherwise where these begin.
    """
    starts, ends, within = {len(base): len(ours)}, {0: 0}, {}
    # How far a line is indented, and what stands between its words, is for each text to say.
    bare, our_bare = (["".join(line.split()) for line in lines] for lines in (base, ours))
    for tag, first, last, our_first, our_last in SequenceMatcher(None, bare, our_bare, autojunk=False).get_opcodes():
        if tag == "insert":
            continue
        if tag == "equal":
            for place in range(last - first):
                starts[first + place] = our_first + place
                ends[first + place + 1] = our_first + place + 1
        else:
            starts[first], ends[last] = our_first, our_last
            within.update(dict.fromkeys(range(first + 1, last), first))
    return starts, ends, within


def _hunks(base: Sequence[str], theirs: Sequence[str], within: dict[int, int]) -> list[tuple[int, int, int, int]]:
    """Return where the base and the other text differ, cutting nothing that is laid out otherwise in two."""
    found: list[tuple[int, int, int, int]] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, base, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        back = first - within.get(first, first)
        first, new_first = first - back, new_first - back
        while last in within:
            last, new_last = last + 1, new_last + 1
        if found and first < found[-1][1]:
            first, new_first = found[-1][0], found[-1][2]
            last, new_last = max(last, found[-1][1]), max(new_last, found[-1][3])
            found.pop()
        found.append((first, last, new_first, new_last))
    return found
