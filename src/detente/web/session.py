"""The disputes that the pages and their JSON twins ask about, with a cache of results.

A version of a dispute is identified by its name and the digest of its text. So a cached result never becomes wrong: a
changed text is another version.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

from detente.analysis.equilibria import Analysis, analyze
from detente.analysis.overview import MAX_TIMELINE_WORK, Overview, overview, with_preference_changes
from detente.analysis.timeline import Timeline, timeline
from detente.concepts import DEFAULT_CONCEPTS
from detente.engine import Solver, solver
from detente.errors import Fault, InputError
from detente.io.conflict_file import ConflictFile, open_conflict
from detente.io.files import read_text
from detente.io.scenarios import Scenario, parse_scenarios, scenarios_path, scenarios_text
from detente.io.yaml.parse import parse_yaml
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words, day_in_words
from detente.model.day import model_of_day
from detente.present.overview import stuck_in_brief
from detente.present.what_if import changes_in_words
from detente.web.concept_choice import known_concept_ids
from detente.web.folder import MAX_FILES, Folder, OutsideError, digest
from detente.web.state_table import StateTable

_T = TypeVar("_T")

#: The maximum number of versions, analyses and tables in the cache.
_MAX_REMEMBERED = 24
#: The maximum number of states of a dispute that the page of the folder analyses.
MAX_OF_A_FOLDER = 4_096


@dataclass(frozen=True)
class Day:
    """The day that a page is asked about, empty for the file's own, and the reading of vague dates."""

    day: str = ""
    undated: Literal["latest", "earliest"] = "latest"

    def of(self, conflict: Conflict) -> Conflict:
        """Return a conflict with this day; raises `InputError` for text that is not a date."""
        return conflict.at(self.day, self.undated) if self.day else conflict

    @property
    def query(self) -> str:
        """The day as a part of an address, without the question mark; empty for the file's own."""
        if not self.day:
            return ""
        return urlencode({"day": self.day} | ({} if self.undated == "latest" else {"undated": self.undated}))


OWN_DAY = Day()


@dataclass(frozen=True)
class Version:
    """A text of a dispute without faults; ``file`` is None if the file cannot be edited."""

    name: str
    text: str
    digest: str
    conflict: Conflict
    file: ConflictFile | None
    warnings: tuple[Fault, ...]
    judgements: tuple[Fault, ...]

    @cached_property
    def current(self) -> Conflict:
        """The model of the dispute's day, which all results are about."""
        return model_of_day(self.conflict)


@dataclass(frozen=True)
class Status:
    """What the page of the folder says of a dispute; ``analysis`` is None for one with too many states."""

    conflict: Conflict
    analysis: Analysis | None
    timeline: Timeline | None
    count: int
    changed: datetime


class Memory:
    """A cache of the most recently used results, by key."""

    def __init__(self, most: int = _MAX_REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return the cached value of a key, or make it; an exception is not cached."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                found: _T = self._known[key]
                return found
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


class Session:
    """A folder of disputes, and the results computed for them."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._memory = Memory()
        self._statuses = Memory(MAX_FILES)

    def version(self, name: str, text: str | None = None, day: Day | None = None) -> Version:
        """Return a dispute from its file, or from a text; with ``day``, for another day than the file's own.

        Raises
        ------
        InputError
            With every fault in the text, or for a day that is not a date.
        """
        known = self.folder.text(name) if text is None else text
        found = self._memory.of(("version", name, digest(known)), lambda: self._read(name, known))
        if day is None or not day.day:
            return found
        key = ("version", name, digest(known), day)
        return self._memory.of(key, lambda: replace(found, conflict=day.of(found.conflict)))

    def _read(self, name: str, text: str) -> Version:
        if name.endswith(".gmcr"):
            opened = open_conflict(self.folder.path(name))
            return Version(name, text, digest(text), opened.conflict, None, opened.warnings, opened.judgements)
        self._stays_inside(name, text)
        return _version(name, ConflictFile.of(text, self.folder.path(name)))

    def known(self, name: str, file: ConflictFile) -> Version:
        """Return the version of a file that has been read already, and cache it for the next request."""
        return self._memory.of(("version", name, digest(file.text)), lambda: _version(name, file))

    def _stays_inside(self, name: str, text: str) -> None:
        """Refuse a dossier outside the folder before it is read."""
        if "dossier" not in text:
            return
        document = parse_yaml(text, name)
        named = document.data.get("dossier") if isinstance(document.data, dict) else None
        for place, other in enumerate(named if isinstance(named, list) else [named]):
            if not isinstance(other, str):
                continue
            try:
                self.folder.beside(name, other)
            except OutsideError as error:
                at = ("dossier", place) if isinstance(named, list) else ("dossier",)
                fault = document.located(f"the dossier '{other}' is not in the served folder", at)
                raise InputError([fault]) from error

    def remembered(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return the cached value of a key, or make it."""
        return self._memory.of(key, make)

    def solver(self, conflict: Conflict) -> Solver:
        """Return the solver of a conflict's model of the day."""
        return self._memory.of(("solver", whole_digest(conflict)), lambda: solver(model_of_day(conflict)))

    def analysis(self, conflict: Conflict, concepts: Sequence[str] = DEFAULT_CONCEPTS) -> Analysis:
        """Return the stable states for each party."""
        wanted = tuple(concepts)
        return self._memory.of(("analysis", whole_digest(conflict), wanted), lambda: analyze(conflict, wanted))

    def timeline(
        self, conflict: Conflict, concepts: Sequence[str] | None, first: str, last: str, undated: str
    ) -> Timeline:
        """Return the positions and the periods of a dispute."""
        wanted = concepts and tuple(concepts)
        key = ("timeline", whole_digest(conflict), wanted, first, last, undated)
        return self._memory.of(
            key, lambda: timeline(conflict, wanted, first=first or None, last=last or None, undated=undated)
        )

    def overview(self, conflict: Conflict, *, changes: bool = False) -> Overview:
        """Return the answer on one page; with ``changes``, also those that would make a named outcome last.

        Of more states than can be listed, only Nash stability is decided, which needs none of them.
        """
        key = ("overview", whole_digest(conflict), changes)
        if changes:
            return self._memory.of(key, lambda: with_preference_changes(self.overview(conflict)))
        wanted = None if self.solver(conflict).count <= MAX_LISTED else ["nash"]
        return self._memory.of(key, lambda: overview(conflict, wanted, changes=False))

    def status(self, name: str) -> Status:
        """Return whether a dispute is stuck, of which day, between whom, and when its file last changed."""
        stamp = self.folder.path(name).stat()
        return self._statuses.of((name, stamp.st_mtime_ns, stamp.st_size), lambda: self._status(name, stamp.st_mtime))

    def _status(self, name: str, changed: float) -> Status:
        # Read without the cache of versions, which a folder of many disputes would empty.
        version = self._read(name, self.folder.text(name))
        model, count = version.current, solver(version.current).count
        analysis = analyze(model) if count <= MAX_OF_A_FOLDER else None
        dates = 1 + len(version.conflict.all_statements) + len(version.conflict.history)
        course = None
        if analysis is not None and 1 < dates <= MAX_TIMELINE_WORK // count:
            day = model.basis.day
            course = timeline(model, last=day.isoformat() if day else None, undated=model.undated)
        return Status(version.conflict, analysis, course, count, datetime.fromtimestamp(changed))

    def scenarios(self, name: str) -> tuple[tuple[Scenario, ...], str]:
        """Return the scenarios beside a dispute, and the digest of their side file; raises `InputError` for faults."""
        side = self._side(name)
        text = read_text(side) if side.exists() else ""
        return (parse_scenarios(text, side.name) if text else ()), digest(text)

    def save_scenarios(self, name: str, scenarios: Sequence[Scenario], was: str) -> dict[str, Any]:
        """Write the side file of a dispute whole or not at all, and return the scenarios as data.

        A scenario without the digest of a model is of the model that the file has now. ``was`` is the digest of the
        side file that was read; if it has changed since, `ChangedError` is raised.
        """
        side, conflict = self._side(name), self.version(name).conflict
        made = [one if one.model else replace(one, model=conflict.digest) for one in scenarios]
        text = scenarios_text(made)
        # What is written can be read again.
        parse_scenarios(text, side.name)
        self.folder.save_beside(side, text, was)
        return scenarios_data(self, name)

    def _side(self, name: str) -> Path:
        self.folder.text(name)
        return self.folder.beside(name, scenarios_path(self.folder.path(name)).name)

    def table(self, conflict: Conflict, concepts: Sequence[str] = DEFAULT_CONCEPTS) -> StateTable:
        """Return the stability table."""
        wanted = tuple(concepts)
        key = ("table", whole_digest(conflict), wanted)
        return self._memory.of(key, lambda: StateTable.of(self.analysis(conflict, wanted)))


def _version(name: str, file: ConflictFile) -> Version:
    assert isinstance(file.conflict, Conflict)
    return Version(name, file.text, digest(file.text), file.conflict, file, file.warnings, file.judgements)


def scenarios_data(session: Session, name: str) -> dict[str, Any]:
    """Return the scenarios beside a dispute as data, each with its changes in words and whether it is out of date."""
    conflict = session.version(name).conflict
    found, was = session.scenarios(name)
    return {
        "format": "detente-scenarios/1",
        "digest": was,
        "scenarios": [
            one.to_dict() | {"out_of_date": not one.is_current(conflict), "changes": changes_in_words(conflict, one)}
            for one in found
        ],
    }


def whole_digest(conflict: Conflict) -> str:
    """Return a digest of all of a dispute, with the names and statements that answers show."""
    return digest(repr((conflict.digest, conflict)))


def known_concepts(names: Sequence[str]) -> tuple[str, ...]:
    """Return the concepts of these names in the order of the pages; the usual ones if no name is known."""
    return known_concept_ids(names) or DEFAULT_CONCEPTS


def status_data(found: Status) -> dict[str, Any]:
    """Return the status of a dispute in the folder as data, with the words of the page."""
    as_of = found.conflict.day or found.conflict.as_of
    told = stuck_in_brief(found.analysis, found.timeline) if found.analysis else f"{found.count:,} states: not examined"
    return {
        "format": "detente-status/1",
        "states": found.count,
        "stuck": told,
        "as_of": as_of,
        "day": date_in_words(as_of) if as_of else "",
        "parties": [maker.label for maker in found.conflict.decision_makers],
        "changed": found.changed.date().isoformat(),
        "changed_in_words": day_in_words(found.changed.date()),
    }
