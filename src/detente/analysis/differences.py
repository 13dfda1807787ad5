"""Who and what is the same in two versions of a dispute that call it by other identifiers.

What has the same identifier in both is the same. What has not is paired by its name, as people read it, where just one
of the one version and one of the other have that name: whoever imports a file of another program gets identifiers that
are made from names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detente.model.conflict import Conflict
from detente.model.names import name_key
from detente.model.parts import DecisionMaker, Option
from detente.model.renaming import renamed


@dataclass(frozen=True)
class NameMatch:
    """A decision maker or an option with another identifier in each version, and one name."""

    what: str
    first: str
    second: str
    name: str


def match_by_name(first: Conflict, second: Conflict) -> tuple[NameMatch, ...]:
    """Return what is taken to be the same by its name, of those whose identifiers are in one version only.

    Options are paired within decision makers that are the same.
    """
    was, is_ = ({maker.id: maker for maker in version.decision_makers} for version in (first, second))
    makers = list(_by_name("decision maker", _without(was, is_), _without(is_, was)))
    other = {pair.first: pair.second for pair in makers}
    options: list[NameMatch] = []
    for id, maker in was.items():
        there = is_.get(other.get(id, id))
        if there is not None:
            mine, theirs = ({option.id: option for option in one.options} for one in (maker, there))
            options += _by_name("option", _without(mine, second.owner), _without(theirs, first.owner))
    return (*makers, *options)


def with_identifiers_of_the_first(second: Conflict, pairs: Iterable[NameMatch]) -> Conflict:
    """Return the second version with what is paired called as in the first."""
    makers, options = ({one.second: one.first for one in pairs if one.what == what} for what in _WHAT)
    return renamed(second, decision_makers=makers, options=options)


_WHAT = ("decision maker", "option")


def _without(
    found: Mapping[str, DecisionMaker] | Mapping[str, Option], other: Mapping[str, object]
) -> list[DecisionMaker | Option]:
    return [one for id, one in found.items() if id not in other]


def _by_name(
    what: str, first: Iterable[DecisionMaker | Option], second: Iterable[DecisionMaker | Option]
) -> Iterator[NameMatch]:
    named: dict[str, tuple[list[DecisionMaker | Option], list[DecisionMaker | Option]]] = defaultdict(lambda: ([], []))
    for place, version in enumerate((first, second)):
        for one in version:
            named[name_key(one.own_name)][place].append(one)
    for mine, theirs in named.values():
        if len(mine) == len(theirs) == 1:
            yield NameMatch(what, mine[0].id, theirs[0].id, mine[0].own_name)


__all__ = ["NameMatch", "match_by_name", "with_identifiers_of_the_first"]
