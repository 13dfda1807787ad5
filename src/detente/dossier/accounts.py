"""Whom one believes: accounts, and which statements stand in each.

A *contested* statement is one that another statement says otherwise than (``contested_by``), one of those others, or
one that the analyst leaves open (``in_doubt``). An *account* believes some of the contested statements and none of the
others, and never two that contest each other; it may believe neither. What nobody contests is taken as said.

In an account a statement *stands* when it is believed, when the statement in which it is reported stands, and when no
statement that takes it back stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from detente.dossier.statements import Statement


@dataclass(frozen=True)
class Hearing:
    """The statements of a dossier and how they bear on each other.

    ``opened`` and ``fixed`` change what the dossier says is contested: the first are left open, the second are believed
    (True) or not (False) in every account.

    >>> said = [Statement("s1", contested_by=("s2",)), Statement("s2"), Statement("s3", nested_in="s1")]
    >>> hearing = Hearing(tuple(said))
    >>> hearing.contested
    ('s1', 's2')
    >>> sorted(hearing.standing({"s2"}))
    ['s2']
    >>> sorted(hearing.standing({"s1"}))
    ['s1', 's3']
    """

    statements: tuple[Statement, ...]
    opened: tuple[str, ...] = ()
    fixed: tuple[tuple[str, bool], ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Statement]:
        """The statements by identifier."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def contested(self) -> tuple[str, ...]:
        """The contested statements, in the dossier's order."""
        named = {other for statement in self.statements for other in statement.contested_by}
        fixed = dict(self.fixed)
        return tuple(
            statement.id
            for statement in self.statements
            if (statement.contested_by or statement.in_doubt or statement.id in named or statement.id in self.opened)
            and statement.id not in fixed
        )

    @cached_property
    def rivals(self) -> tuple[tuple[str, str], ...]:
        """The pairs of statements that no account believes together."""
        pairs = {
            tuple(sorted((statement.id, other)))
            for statement in self.statements
            for other in statement.contested_by
            if statement.id != other and other in self.by_id
        }
        return tuple(sorted((first, second) for first, second in pairs))

    @cached_property
    def believed_always(self) -> frozenset[str]:
        """The statements that every account believes: those that are not contested, and those fixed so."""
        fixed = dict(self.fixed)
        return frozenset(id for id in self.by_id if fixed.get(id, id not in self.contested))

    def consistent(self, believed: Collection[str]) -> bool:
        """Tell whether an account may believe these contested statements together."""
        every = self.believed_always | set(believed)
        return not any(first in every and second in every for first, second in self.rivals)

    def standing(self, believed: Collection[str]) -> frozenset[str]:
        """Return the statements that stand in the account that believes these contested ones."""
        every = self.believed_always | set(believed)
        return frozenset(id for id in self.by_id if self._stands(id, every, ()))

    def _stands(self, id: str, believed: Collection[str], through: tuple[str, ...]) -> bool:
        statement = self.by_id.get(id)
        if statement is None or id not in believed:
            return False
        if id in through:
            # Statements that take each other back, or report each other, in a circle: each is taken as said.
            return True
        through = (*through, id)
        if statement.nested_in and not self._stands(statement.nested_in, believed, through):
            return False
        return not any(self._stands(other, believed, through) for other in statement.withdrawn_by)

    def teller(self, id: str) -> str | None:
        """Return whose word a statement is in the end: who, in the source, says that it was said."""
        seen: set[str] = set()
        statement = self.by_id[id]
        while statement.nested_in in self.by_id and statement.id not in seen:
            seen.add(statement.id)
            statement = self.by_id[str(statement.nested_in)]
        return statement.reported_by or statement.speaker

    def told_by(self, speakers: Iterable[str]) -> frozenset[str]:
        """Return the statements that stand when only these are believed, whoever contests them."""
        among = set(speakers)
        own = {id for id in self.by_id if self.teller(id) in among}
        return frozenset(id for id in own if self._stands(id, own, ()))
