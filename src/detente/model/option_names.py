"""The names of options in a file, in place of identifiers: ``not "Fill the reservoir"``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from detente.errors import ConditionError, nearest
from detente.lazy import dataclass
from detente.model.conditions import is_option_identifier, is_quoted_name
from detente.model.names import name_key, name_or_id

if TYPE_CHECKING:
    from detente.model.conflict import Conflict
    from detente.model.parts import DecisionMaker


@dataclass(frozen=True)
class OptionNames:
    """The options of a dispute by their names, for files that give a name in place of an identifier.

    A name is that of the option, ``Fill the reservoir``, or has its party's before it: ``Ethiopia: fill the
    reservoir``. Case and white space do not count.

    Parameters
    ----------
    options
        For each option its identifier, its name, and the identifier and the name of its party.
    """

    options: tuple[tuple[str, str, str, str], ...]

    @classmethod
    def of(cls, conflict: Conflict) -> OptionNames:
        """Return the names of a conflict's options."""
        return cls.of_makers(conflict.decision_makers)

    @classmethod
    def of_makers(cls, makers: Iterable[DecisionMaker]) -> OptionNames:
        """Return the names of the options of decision makers."""
        return cls(tuple((one.id, one.own_name, maker.id, maker.own_name) for maker in makers for one in maker.options))

    @classmethod
    def of_data(cls, data: Any) -> OptionNames:
        """Return the names of the options in the data of a conflict file, as far as it has the form of one."""

        def options() -> Iterator[tuple[str, str, str, str]]:
            makers = data.get("decision_makers") if isinstance(data, Mapping) else None
            for party, maker in makers.items() if isinstance(makers, Mapping) else ():
                given = maker.get("options") if isinstance(maker, Mapping) else None
                listed = (
                    dict.fromkeys(one for one in given if isinstance(one, str)) if isinstance(given, list) else given
                )
                for id, option in listed.items() if isinstance(listed, Mapping) else ():
                    yield str(id), _name_in(option, str(id)), str(party), _name_in(maker, str(party))

        return cls(tuple(options()))

    @cached_property
    def _by_name(self) -> Mapping[str, Mapping[str, str]]:
        """For every name the options that have it, each with a name that says whose it is."""
        found: dict[str, dict[str, str]] = {}
        for id, name, party, called in self.options:
            for one in (name, f"{party}: {name}", f"{called}: {name}"):
                found.setdefault(name_key(one), {})[id] = f"{called}: {name}"
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[str, str, str, str]]:
        return {one[0]: one for one in reversed(self.options)}

    def entry(self, id: str) -> tuple[str, str, str, str] | None:
        """Return what is known of the option with an identifier; None if there is none."""
        return self._by_id.get(id)

    def ids(self, name: str) -> Sequence[str]:
        """Return the identifiers of the options that have a name."""
        return tuple(self._by_name.get(name_key(name), ()))

    def option(self, name: str) -> str:
        """Return the identifier of the option with a name.

        Raises
        ------
        ConditionError
            If no option has it, with the nearest name; or more than one, with what tells them apart.
        """
        found = self._by_name.get(name_key(name), {})
        if len(found) == 1:
            return next(iter(found))
        if not found:
            near = nearest(name, [one for _, own, _, called in self.options for one in (own, f"{called}: {own}")])
            raise ConditionError(f"no option is called '{name}'", 1, near and _in_marks(near))
        distinct = len({name_key(one) for one in found.values()}) == len(found)
        ways = [f'"{full}"' if distinct else f"'{id}' ({full})" for id, full in found.items()]
        raise ConditionError(f"'{name}' is the name of {len(found)} options; write {' or '.join(ways)}", 1)

    def meant(self, word: str) -> str:
        """Return the identifier of the option that a word in a list of options gives by identifier or by name.

        A word that could be an identifier, and names no option, is returned as it is.

        Raises
        ------
        ConditionError
            As `option`, for a name of no option or of more than one.
        """
        if self.entry(word):
            return word
        name = word[1:-1] if is_quoted_name(word) else word
        return word if is_option_identifier(word) and not self.ids(word) else self.option(name)

    def ways(self, id: str) -> tuple[str, str]:
        """Return the names that an option is shown by: its own, and with its party's before it."""
        _, name, _, called = next(one for one in self.options if one[0] == id)
        return name, f"{called}: {name}"

    def quoted(self, id: str) -> str:
        """Return an option's name in quotation marks, with its party's if needed; its identifier if no name is its own.

        >>> names = OptionNames((("fill", "Fill", "e", "Ethiopia"), ("sign", "Sign", "e", "Ethiopia")))
        >>> names.quoted("fill"), names.option("ethiopia: Fill")
        ('"Fill"', 'fill')
        """
        for way in self.ways(id):
            written = _in_marks(" ".join(way.split()))
            if len(self.ids(way)) == 1 and is_quoted_name(written):
                return written
        return id

    def hint(self, text: str) -> str | None:
        """Return the longest name of several words that a text has outside quotation marks, in these marks."""
        key = name_key(text)
        names = sorted({name for _, name, _, _ in self.options if " " in name}, key=len, reverse=True)
        return next((_in_marks(name) for name in names if name_key(name) in key), None)


def _name_in(data: Any, otherwise: str) -> str:
    given = data.get("name") if isinstance(data, Mapping) else data
    return name_or_id(given, otherwise) if isinstance(given, str) else otherwise


def _in_marks(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'
