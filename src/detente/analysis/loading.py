"""Opening a dispute, whatever kind of file it is in."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detente.analysis.conflict import Conflict
from detente.analysis.wording import counted, listed
from detente.errors import Fault, InputError
from detente.files.conflict_checks import NOTHING_RESTS_ON

#: What stands before the identifier of a dispute of the catalogue where a file is asked for.
EXAMPLE = "example:"
#: What the names of disputes end with.
CONFLICT_ENDINGS = (".conflict.yaml", ".conflict.yml", ".gmcr")


def load(path: str | Path) -> Conflict:
    """Read a conflict file or a ``.gmcr`` file; ``example:ID`` stands for a dispute of the catalogue.

    What a ``.gmcr`` file says and a conflict cannot is warned about.

    Raises
    ------
    InputError
        With every fault in the file.
    UnknownNameError
        For an example that is not in the catalogue.
    """
    opened = checked(path)
    if _is_gmcr(path):
        for finding in opened.warnings:
            warnings.warn(str(finding), stacklevel=2)
    return opened.conflict


@dataclass(frozen=True)
class Opened:
    """A conflict, the file that it was read from, what in the file is worth a look, and what rests on judgement."""

    conflict: Conflict
    path: Path
    warnings: tuple[Fault, ...]
    judgements: tuple[Fault, ...] = ()


def example(id: str) -> Conflict:
    """Read a dispute of the catalogue."""
    return load(f"{EXAMPLE}{id}")


def conflict_files(path: str | Path) -> list[str]:
    """Return the conflict files of a folder and the folders in it, sorted; of anything else, just itself.

    Raises
    ------
    InputError
        For a folder without any.
    """
    folder = Path(path)
    if path == "" or not folder.is_dir():
        return [str(path)]
    found = sorted(
        file
        for file in folder.rglob("*")
        if file.name.lower().endswith(CONFLICT_ENDINGS)
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    )
    if not found:
        endings = ", ".join(f"*{ending}" for ending in CONFLICT_ENDINGS)
        raise InputError([Fault(f"there is no conflict file in this folder: none is named {endings}", str(path))])
    return [str(file) for file in found]


def _is_gmcr(path: str | Path) -> bool:
    return Path(path).suffix.lower() == ".gmcr"


def checked(path: str | Path) -> Opened:
    """Read a file as `load` does, and return with the conflict what there is to say of the file."""
    if str(path).startswith(EXAMPLE):
        from detente import examples

        path = Path(str(examples.path(str(path).removeprefix(EXAMPLE))))
    if _is_gmcr(path):
        from detente.files.gmcr import read_gmcr

        found = read_gmcr(path, Conflict)
        return Opened(found.conflict, Path(path), tuple(Fault(warning, str(path)) for warning in found.warnings))
    from detente.files.conflict_file import ConflictFile

    file = ConflictFile.open(path, Conflict)
    assert isinstance(file.conflict, Conflict)
    return Opened(file.conflict, Path(path), file.warnings, file.judgements)


#: Of the statements that nothing rests on so many are named.
MOST_UNUSED_NAMED = 3


def told_together(warnings: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return warnings for people: one of all statements that nothing rests on, where each has one.

    In a fresh draft those are most of them, and what else is worth a look is not to be lost among them.
    """
    unused = [one for one in warnings if one.message.startswith(NOTHING_RESTS_ON)]
    if len(unused) < 2:
        return tuple(warnings)
    ids = [one.message.removeprefix(NOTHING_RESTS_ON).strip() for one in unused]
    left = len(ids) - MOST_UNUSED_NAMED
    named = listed(ids if left < 2 else [*ids[:MOST_UNUSED_NAMED], f"{left:,} more"])
    whole = replace(unused[0], message=f"nothing rests on {counted(len(ids), 'statement')}: {named}")
    return tuple(whole if one is unused[0] else one for one in warnings if one is unused[0] or one not in unused)
