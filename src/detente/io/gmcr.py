"""Reading and writing GMCR+ files (``.gmcr``).

The format is JSON without a published schema: options by index, conditions as lists of pairs of an index and a letter,
and compound statements as lists of alternatives. Options are sorted by decision maker on import, and all state numbers
refer to that order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.errors import DetenteError, Fault, InputError
from detente.io.files import read_text
from detente.limits import MAX_GMCR_ALTERNATIVES, MAX_GMCR_ENTRIES, MAX_GMCR_STATEMENTS
from detente.model.conditions import And, Condition, If, Iff, Not, Or, Taken
from detente.model.conflict import Conflict
from detente.model.names import identifier
from detente.model.parts import DecisionMaker, OneWay, Option, Rule
from detente.model.preferences import Preferences, PreferenceStatement, Prioritising, Ranking
from detente.model.states import StateList, feasible_members

#: The keys that tell whether rankings replace the preferences; older files have the second.
_MANUAL = ("useManualPreferenceRanking", "useManualPreferenceVectors")
#: A simple condition: option index and whether it is taken, for each option that it names.
Pattern = dict[int, bool]


@dataclass(frozen=True)
class GmcrImport:
    """A conflict from a GMCR+ file, and warnings about content that it does not carry."""

    conflict: Conflict
    warnings: tuple[str, ...]


def read_gmcr(path: str | Path) -> GmcrImport:
    """Read a GMCR+ file.

    Raises
    ------
    InputError
        If it is not a GMCR+ file; the message names the place in it.
    """
    return parse_gmcr(read_text(path), str(path))


def parse_gmcr(text: str, name: str = "<text>") -> GmcrImport:
    """Parse the text of a GMCR+ file; ``name`` stands for the file in messages."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError([Fault(f"this is not JSON: {error.msg}", name, error.lineno, error.colno)]) from error
    except (RecursionError, ValueError) as error:
        raise InputError([Fault("this JSON cannot be read", name)]) from error
    try:
        return _Reader(name, data).result(Path(name).stem)
    except InputError:
        raise
    except DetenteError as error:
        raise InputError([Fault(str(error), name)]) from error


@dataclass
class _Reader:
    name: str
    data: Any
    warnings: list[str] = field(default_factory=list)

    def result(self, title: str) -> GmcrImport:
        data = self.expect(self.data, dict, "the file")
        options = self.options(self.value_of(data, "options"))
        makers = [
            self.expect(item, dict, f"decisionMakers[{place}]")
            for place, item in enumerate(self.expect(self.value_of(data, "decisionMakers"), list, "decisionMakers"))
        ]
        self.option_ids = _identifiers(name for name, _ in options)
        owned = self.owned(makers, len(options))
        manual = next((data[key] for key in _MANUAL if key in data), None)
        if manual is None:
            raise self.fault("the file", f"'{_MANUAL[0]}' is missing; this may not be a GMCR+ file")
        decision_makers = self.decision_makers(makers, owned, options, bool(manual))
        rules: dict[Rule, None] = {}
        for place, item in enumerate(self.expect(self.value_of(data, "infeasibles"), list, "infeasibles")):
            pattern = self.pattern(item, f"infeasibles[{place}]")
            if not pattern:
                raise self.fault(f"infeasibles[{place}]", "excludes every state")
            rules[Rule("never", self.conjunction(pattern))] = None
        conflict = Conflict(
            title=title,
            decision_makers=decision_makers,
            rules=list(rules),
            one_way=[
                OneWay(self.option_ids[place], way == "fwd")
                for place, (_, way) in enumerate(options)
                if way in ("fwd", "back")
            ],
            coalitions=self.coalitions(data.get("coalitions"), makers),
        )
        if next(feasible_members(conflict), None) is None:
            raise self.fault("infeasibles", "together these exclude every state")
        if manual:
            self.complete(conflict)
        return GmcrImport(conflict, tuple(self.warnings))

    def fault(self, where: str, message: str) -> InputError:
        return InputError([Fault(f"{where}: {message}", self.name)])

    def expect(self, value: Any, kind: type, where: str) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = {dict: "an object", list: "a list", str: "text", int: "a whole number"}[kind]
            raise self.fault(where, f"must be {wanted}")
        if isinstance(value, list) and len(value) > MAX_GMCR_ENTRIES and not where.endswith(("Ranking", "Vector")):
            raise self.fault(where, f"more than {MAX_GMCR_ENTRIES:,} entries")
        return value

    def value_of(self, data: dict[str, Any], key: str, where: str = "") -> Any:
        if key not in data:
            raise self.fault(where or "the file", f"'{key}' is missing; this may not be a GMCR+ file")
        return data[key]

    def options(self, items: Any) -> list[tuple[str, str]]:
        options = []
        for place, item in enumerate(self.expect(items, list, "options")):
            where = f"options[{place}]"
            item = self.expect(item, dict, where)
            name = self.expect(self.value_of(item, "name", where), str, f"{where}.name")
            way = self.value_of(item, "permittedDirection", where)
            if way not in ("both", "fwd", "back"):
                self.warnings.append(f"{where}: the direction {json.dumps(way)[:40]} is unknown and read as 'both'")
                way = "both"
            options.append((name, way))
        return options

    def owned(self, makers: list[dict[str, Any]], count: int) -> list[list[int]]:
        """Return each decision maker's options, after checking that every option belongs to exactly one."""
        owner: dict[int, int] = {}
        owned = []
        for place, maker in enumerate(makers):
            where = f"decisionMakers[{place}].options"
            own = self.expect(self.value_of(maker, "options", f"decisionMakers[{place}]"), list, where)
            for index in own:
                self.index(index, count, where)
                if index in owner:
                    raise self.fault(where, f"option {index} already belongs to decisionMakers[{owner[index]}]")
                owner[index] = place
            owned.append(own)
        free = [str(index) for index in range(count) if index not in owner]
        if free:
            raise self.fault("options", f"no decision maker has option {', '.join(free)}")
        return owned

    def index(self, value: Any, count: int, where: str) -> int:
        index: int = self.expect(value, int, where)
        if not 0 <= index < count:
            raise self.fault(where, f"there is no number {index}; numbers run from 0 to {count - 1}")
        return index

    def decision_makers(
        self, makers: list[dict[str, Any]], owned: list[list[int]], options: list[tuple[str, str]], manual: bool
    ) -> list[DecisionMaker]:
        names = [
            self.expect(self.value_of(maker, "name", f"decisionMakers[{place}]"), str, f"decisionMakers[{place}].name")
            for place, maker in enumerate(makers)
        ]
        self.maker_ids = _identifiers(names)
        made = []
        for place, maker in enumerate(makers):
            if maker.get("misperceptions"):
                self.warnings.append(
                    f"decisionMakers[{place}].misperceptions: left out, because the view of '{names[place]}' cannot be "
                    "imported yet"
                )
            own = [Option(self.option_ids[index], options[index][0]) for index in owned[place]]
            preferences = self.ranking(maker, place) if manual else self.statements(maker, place)
            made.append(DecisionMaker(self.maker_ids[place], names[place], own, preferences))
        return made

    def statements(self, maker: dict[str, Any], place: int) -> Preferences:
        where = f"decisionMakers[{place}].preferences"
        found: dict[Condition, None] = {}
        for number, item in enumerate(
            self.expect(self.value_of(maker, "preferences", f"decisionMakers[{place}]"), list, where)
        ):
            condition = self.statement(item, f"{where}[{number}]")
            if condition is not None:
                found[condition] = None
        return Prioritising(tuple(PreferenceStatement(condition) for condition in found))

    def statement(self, item: Any, where: str) -> Condition | None:
        """Parse a preference; None if it is true everywhere or nowhere and so prefers nothing."""
        if isinstance(item, list):
            pattern = self.pattern(item, where)
            if pattern:
                return self.conjunction(pattern)
            self.leave_out(where, "always")
            return None
        members = self.expect(self.value_of(self.expect(item, dict, where), "members", where), list, f"{where}.members")
        patterns = [self.pattern(member, f"{where}.members[{place}]") for place, member in enumerate(members)]
        if not patterns or not all(patterns):
            self.leave_out(where, "always" if patterns else "never")
            return None
        parts = tuple(dict.fromkeys(map(self.conjunction, patterns)))
        return self.conditional(patterns) or (parts[0] if len(parts) == 1 else Or(parts))

    def leave_out(self, where: str, when: str) -> None:
        self.warnings.append(f"{where}: left out, because a preference that is {when} true has no effect")

    def pattern(self, item: Any, where: str) -> Pattern:
        pattern: Pattern = {}
        for number, pair in enumerate(self.expect(item, list, where)):
            place = f"{where}[{number}]"
            if not isinstance(pair, list) or len(pair) != 2 or pair[1] not in ("Y", "N"):
                raise self.fault(place, 'must be an option\'s number and "Y" or "N"')
            index = self.index(pair[0], len(self.option_ids), place)
            if index in pattern:
                raise self.fault(place, f"option {index} is named twice in one condition")
            pattern[index] = pair[1] == "Y"
        return pattern

    def literal(self, index: int, taken: bool) -> Condition:
        option = Taken(self.option_ids[index])
        return option if taken else Not(option)

    def conjunction(self, pattern: Pattern) -> Condition:
        parts = tuple(self.literal(index, taken) for index, taken in pattern.items())
        return parts[0] if len(parts) == 1 else And(parts)

    def conditional(self, patterns: list[Pattern]) -> Condition | None:
        """Recognise 'if p then q' and 'p iff q' over two options in the form in which GMCR+ writes them."""
        options = list(patterns[0])
        if len(options) != 2 or any(set(pattern) != set(options) for pattern in patterns):
            return None
        rows = {tuple(pattern[index] for index in options) for pattern in patterns}
        first, second = options
        if len(rows) == 3:
            # Three of four rows: false exactly where the premise is true and the consequence is false.
            ((one, other),) = {(a, b) for a in (True, False) for b in (True, False)} - rows
            return If(self.literal(first, one), self.literal(second, not other))
        if len(rows) == 2 and len({a for a, _ in rows}) == 2 and len({b for _, b in rows}) == 2:
            (other,) = (b for a, b in rows if a)
            return Iff(self.literal(first, True), self.literal(second, other))
        return None

    def ranking(self, maker: dict[str, Any], place: int) -> Ranking:
        key = (
            "preferenceVector"
            if "preferenceRanking" not in maker and "preferenceVector" in maker
            else "preferenceRanking"
        )
        where = f"decisionMakers[{place}].{key}"
        groups = []
        for number, item in enumerate(self.expect(self.value_of(maker, key, f"decisionMakers[{place}]"), list, where)):
            group = item if isinstance(item, list) else [item]
            if group:
                groups.append(tuple(self.expect(state, int, f"{where}[{number}]") for state in group))
        return Ranking(tuple(groups))

    def complete(self, conflict: Conflict) -> None:
        states = StateList(conflict)
        for place, maker in enumerate(conflict.decision_makers):
            assert isinstance(maker.preferences, Ranking)
            ranked = [state for group in maker.preferences.groups for state in group]
            if sorted(ranked, key=str) != sorted(range(1, len(states) + 1), key=str):
                raise self.fault(
                    f"decisionMakers[{place}].preferenceRanking",
                    f"must name each of the {len(states)} feasible states once",
                )

    def coalitions(self, items: Any, makers: list[dict[str, Any]]) -> list[list[str]]:
        """Return standing coalitions; none if all play alone or some party is left out, as GMCR+ does."""
        if not items:
            return []
        groups = []
        for place, item in enumerate(self.expect(items, list, "coalitions")):
            members = item if isinstance(item, list) else [item]
            groups.append([self.index(member, len(makers), f"coalitions[{place}]") for member in members])
        named = [member for group in groups for member in group]
        if len(named) != len(set(named)):
            raise self.fault("coalitions", "a decision maker is named twice")
        if len(named) < len(makers):
            self.warnings.append("coalitions: ignored, because they do not name every decision maker")
            return []
        if all(len(group) == 1 for group in groups):
            return []
        return [[self.maker_ids[member] for member in group] for group in groups if group]


def _identifiers(names: Iterable[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        made.append(identifier(name, made))
    return made


#: Option and whether it is taken; no option twice.
Cube = dict[str, bool]


@dataclass(frozen=True)
class GmcrExport:
    """The text of a GMCR+ file, and warnings about content of the conflict that it does not carry."""

    text: str
    warnings: tuple[str, ...]


class _TooLong(Exception):
    """A condition has too many alternatives to be expanded."""


def gmcr_text(
    conflict: Conflict, rankings: Mapping[str, Sequence[Sequence[int]]], *, ranked: bool = False
) -> GmcrExport:
    """Return a conflict as the text of a GMCR+ file.

    Parameters
    ----------
    conflict
        The conflict.
    rankings
        For each decision maker its states, best first, in groups of ties, by number. They replace the preferences if
        GMCR+ could not derive the same ranking from those.
    ranked
        Whether to write the rankings in any case.
    """
    index = {option.id: place for place, option in enumerate(conflict.options)}
    warnings = list(_left_out(conflict))
    statements: dict[str, list[Any]] | None
    try:
        if ranked:
            raise _TooLong
        statements = {maker.id: _statements(maker.preferences, index) for maker in conflict.decision_makers}
    except _TooLong:
        statements = None
        warnings.append("preferences that GMCR+ cannot read are written as rankings of all states")
    ways = {True: "fwd", False: "back", None: "both"}
    makers = conflict.decision_makers
    places = {maker.id: place for place, maker in enumerate(makers)}
    data = {
        "program": "gmcr-py",
        "version": "0.4.1",
        "options": [
            {"name": option.own_name, "permittedDirection": ways[conflict.direction.get(option.id)]}
            for option in conflict.options
        ],
        "decisionMakers": [
            {
                "name": maker.own_name,
                "options": [index[option.id] for option in maker.options],
                "preferences": statements[maker.id] if statements else [],
                "misperceptions": [],
                "preferenceRanking": [group[0] if len(group) == 1 else list(group) for group in rankings[maker.id]],
            }
            for maker in makers
        ],
        "infeasibles": [
            _simple(cube, index) for condition in conflict.constraints for cube in _alternatives(condition, False)
        ],
        "useManualPreferenceRanking": statements is None,
        "coalitions": [
            places[group[0]] if len(group) == 1 else [places[member] for member in group] for group in conflict.players
        ],
    }
    return GmcrExport(json.dumps(data) + "\n", tuple(warnings))


def _left_out(conflict: Conflict) -> Iterator[str]:
    kept_out = {
        "the status quo": conflict.status_quo,
        "names of states": conflict.states,
        "the confidence and strength of preferences": any(
            any(one.marks for one in maker.preferences.statements)
            if isinstance(maker.preferences, Prioritising)
            else isinstance(maker.preferences, Ranking) and (maker.preferences.great or maker.preferences.unknown)
            for maker in conflict.decision_makers
        ),
        "words for options that are not taken": any(option.not_named or option.undone for option in conflict.options),
        "attitudes": any(maker.attitudes for maker in conflict.decision_makers),
        "sources and statements": (*conflict.all_sources, *conflict.all_statements),
        "title, summary, dates and notes": conflict.summary or conflict.as_of or conflict.citation or conflict.notes,
    }
    for what, present in kept_out.items():
        if present:
            yield f"a .gmcr file cannot express {what}"


def _statements(preferences: object, index: Mapping[str, int]) -> list[Any]:
    if not isinstance(preferences, Prioritising) or len(preferences.statements) > MAX_GMCR_STATEMENTS:
        raise _TooLong
    written: list[Any] = []
    for statement in preferences.statements:
        cubes = list(_alternatives(statement.condition, True))
        if len(cubes) == 1:
            written.append(_simple(cubes[0], index))
        else:
            written.append({"compound": True, "members": [_simple(cube, index) for cube in cubes]})
    return written


def _simple(cube: Cube, index: Mapping[str, int]) -> list[list[Any]]:
    return [[index[option], "Y" if taken else "N"] for option, taken in cube.items()]


def _alternatives(condition: Condition, value: bool) -> list[Cube]:
    """Return disjoint or overlapping patterns whose disjunction is true exactly where the condition has the value."""
    if isinstance(condition, Taken):
        return [{condition.option: value}]
    if isinstance(condition, Not):
        return _alternatives(condition.part, not value)
    if isinstance(condition, If):
        return _any_of([(condition.premise, False), (condition.consequence, True)], value)
    if isinstance(condition, Iff):
        both = [(condition.left, True), (condition.right, True)]
        neither = [(condition.left, False), (condition.right, False)]
        mixed = [[both[0], neither[1]], [neither[0], both[1]]]
        return _unique([cube for pair in ([both, neither] if value else mixed) for cube in _all_of(pair)])
    if isinstance(condition, And):
        return _any_of([(part, False) for part in condition.members], not value)
    if isinstance(condition, Or):
        return _any_of([(part, True) for part in condition.members], value)
    raise TypeError(f"unknown kind of condition: {condition!r}")


def _any_of(parts: Sequence[tuple[Condition, bool]], value: bool) -> list[Cube]:
    """Return alternatives for 'one of the parts has its value', or for its negation."""
    if not value:
        return _all_of([(part, not wanted) for part, wanted in parts])
    return _unique([cube for part, wanted in parts for cube in _alternatives(part, wanted)])


def _all_of(parts: Sequence[tuple[Condition, bool]]) -> list[Cube]:
    cubes: list[Cube] = [{}]
    for part, wanted in parts:
        others = _alternatives(part, wanted)
        # A pattern in which an option is both taken and not taken is impossible.
        pairs = [(cube, other) for cube in cubes for other in others if {**cube, **other} == {**other, **cube}]
        cubes = _unique([{**cube, **other} for cube, other in pairs])
    return cubes


def _unique(cubes: list[Cube]) -> list[Cube]:
    if len(cubes) > MAX_GMCR_ALTERNATIVES:
        raise _TooLong
    return [dict(items) for items in dict.fromkeys(tuple(sorted(cube.items())) for cube in cubes)]
