"""What a party wants: its preferences, in one order, and which of two that contradict each other counts.

`wishes_of` proposes what single statements say that their speakers want, for a person who accepts one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from detente.model.conditions import as_condition
from detente.model.conflict import Conflict
from detente.model.evidence import PROPOSED, Support
from detente.model.names import name_key
from detente.model.parts import DecisionMaker
from detente.model.preferences import PreferenceStatement
from detente.model.statements import Dossier, Statement
from detente.model.wording import listed
from detente.reading.drafting.actions import Action
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.clusters import Cluster, alike, first_words, name_of
from detente.reading.drafting.parties import Parties, Party
from detente.reading.drafting.readings import (
    ANSWERED,
    ASKED,
    COMMITMENT,
    DEMAND,
    OBJECTION,
    OFFER,
    REFUSAL,
    THREAT,
    TOLD,
    Reading,
    readings_of,
)

#: How a party makes a demand without a word of demand.
SET_AS_A_CONDITION, BEHIND_A_THREAT = "a condition that it sets", "a demand that it makes by a threat"
_RANK = {REFUSAL: 1, DEMAND: 2, COMMITMENT: 3, THREAT: 3, OBJECTION: 4, OFFER: 5}


@dataclass(frozen=True)
class Wish:
    """A preference as it is put together: ``literals`` hold, if ``condition`` (options and a sign) does.

    ``how`` says what it is, if its group does not.
    """

    holder: str
    group: str
    place: int
    literals: tuple[tuple[str, bool], ...]
    condition: tuple[tuple[tuple[str, bool], ...], bool] | None
    statement: Statement
    how: str = ""

    @property
    def text(self) -> str:
        """The preference as it stands in a file."""
        main = _joined(self.literals)
        if self.condition is None:
            return main
        given, met = self.condition
        before = (
            _joined(given)
            if met
            else f"not {given[0][0]}"
            if len(given) == 1 and given[0][1]
            else (given[0][0] if len(given) == 1 else f"not ({_joined(given)})")
        )
        return f"if {before} then {main}"


def _joined(literals: Iterable[tuple[str, bool]]) -> str:
    return " and ".join(id if taken else f"not {id}" for id, taken in literals)


def preferences(wishes: Sequence[Wish], holder: str) -> Iterator[PreferenceStatement]:
    """Yield a party's preferences in order; of two that contradict each other only the later one, told by itself."""
    own = [one for one in wishes if one.holder == holder]
    plain: dict[str, list[Wish]] = {}
    for one in own:
        if one.condition is None:
            plain.setdefault(one.literals[0][0], []).append(one)
    stands: dict[str, bool] = {}
    for id, several in plain.items():
        best = max(several, key=lambda one: (one.statement.nested_in is None, _firmness(one), one.place))
        stands[id] = best.literals[0][1]
    groups: dict[str, list[Wish]] = {}
    for one in sorted(own, key=lambda each: (_RANK[each.group], each.place)):
        id, taken = one.literals[0]
        if one.condition is None and stands[id] != taken:
            continue
        groups.setdefault(one.text, []).append(one)
    for text, several in groups.items():
        id = several[0].literals[0][0]
        against = (
            ()
            if several[0].condition
            else ids_of(one.statement for one in plain[id] if one.literals[0][1] != stands[id])
        )
        note = f"{PROPOSED}: {_listed_groups(several)}."
        if against:
            note += f" Another statement says the opposite ({', '.join(against)})."
        evidence = ids_of(one.statement for one in several)
        yield PreferenceStatement(
            as_condition(text), Support(evidence, tuple(id for id in against if id not in evidence), note)
        )


def _firmness(one: Wish) -> str:
    """Return the day of a statement, so that the later one counts."""
    return one.statement.date_said or ""


#: What each group of statements is called in the note of an element.
GROUP_WORDS = {
    REFUSAL: "a refusal",
    DEMAND: "a demand",
    COMMITMENT: "what it says it will do",
    OBJECTION: "an objection",
    OFFER: "an offer",
    THREAT: "a threat",
}


def _listed_groups(several: Sequence[Wish]) -> str:
    told = [
        (f"{GROUP_WORDS[one.group]} under a condition" if one.condition else one.how or GROUP_WORDS[one.group])
        for one in several
    ]
    gone = {id for one in several for id in one.statement.withdrawn_by}
    return listed(list(dict.fromkeys(told))) + (f", withdrawn in {', '.join(sorted(gone))}" if gone else "")


# The note of an option

_SAYS = {
    REFUSAL: "refused by", DEMAND: "demanded by", COMMITMENT: "announced by", OFFER: "offered by",
    THREAT: "threatened by", ASKED: "set as a condition by", OBJECTION: "objected to by",
    ANSWERED: "named in a threat by",
}  # fmt: skip
#: The same of an action that is not the option but its opposite: with the party that would act, or without.
_SAYS_OPPOSITE = {
    REFUSAL: "refuses to", DEMAND: "demands", COMMITMENT: "announces that it will", OFFER: "offers to",
    THREAT: "threatens to", ASKED: "makes it a condition", OBJECTION: "objects",
}  # fmt: skip
_NOUNS = {
    REFUSAL: "a refusal", DEMAND: "a demand", COMMITMENT: "a promise", OFFER: "an offer", THREAT: "a threat",
    ASKED: "a condition", OBJECTION: "an objection", ANSWERED: "a threat",
}  # fmt: skip


def note_of_option(
    option: Cluster, parties: Parties, statements: Sequence[Statement], speakers: Mapping[str, str]
) -> str:
    """Return the note of an option: who is said to want or refuse it, in which statements, and who denies that."""
    said: dict[tuple[str, str], list[str]] = {}
    for one, sign in zip(option.readings, option.signs, strict=True):
        if one.group != TOLD:
            words = _of_option(one, sign, option.owner, parties, statements, speakers)
            said.setdefault(words, []).append(with_withdrawal(one.statement, statements))
    told = "; ".join(
        f"{before} ({('; ' if any(', ' in id for id in ids) else ', ').join(dict.fromkeys(ids))}){after}"
        for (before, after), ids in said.items()
    )
    return f"{PROPOSED}: {told}."


def _of_option(
    one: Reading, sign: int, owner: str, parties: Parties, statements: Sequence[Statement], speakers: Mapping[str, str]
) -> tuple[str, str]:
    """Return what a statement says of an option, as words before and after the identifier of the statement.

    An action with a negative sign is the opposite of the option: who refuses to end a strike does not refuse it.
    """

    def name(id: str | None) -> str:
        return parties.in_a_sentence(id) if id and parties.of_speaker(id) == id else speakers.get(id or "", "a speaker")

    holder, deed = name(one.holder), one.action.words
    against = one.group in (REFUSAL, OBJECTION)
    # What is not wanted and yet announced or demanded is the opposite, and so is what is refused of the opposite.
    opposite = one.wanted != (sign > 0) if not against else sign < 0
    if not against and not one.wanted:
        deed = f"not {deed}"
    outer = next((each for each in statements if each.id == one.statement.nested_in), None)
    other = outer is not None and outer.speaker != one.statement.speaker
    if teller := disputed_teller(one.statement, statements):
        what = f"{_NOUNS[one.group]} of {holder} {f'to {deed} ' if opposite else ''}according to {name(teller.speaker)}"
        denied = [
            f"{name(each.speaker)} {'denies' if each.kind == 'denial' else 'contradicts'} that ({each.id})"
            for each in disputers(teller, statements)
        ]
        return what, "; " + (listed(denied) if denied else "the report is disputed")
    if not opposite or one.group == ANSWERED:
        what = f"{_SAYS[one.group]} {holder}"
    elif one.group in (DEMAND, ASKED) or (against and owner != one.holder):
        says = "does not accept" if one.group == REFUSAL else _SAYS_OPPOSITE[one.group]
        what = f"{holder} {says} that {name(owner)} {deed}"
    else:
        what = f"{holder} {_SAYS_OPPOSITE[one.group]} {deed}"
    if one.condition is not None and one.group not in (ASKED, ANSWERED, THREAT):
        how = "unless" if not one.condition.when_done else "only if" if one.condition.only else "if"
        words = first_words(one.condition.words)
        what += f"{' ' if opposite else ', '}{how} “{words}”" if one.condition.actions else " under a condition"
    return what + (f", as reported by {name(outer.speaker)}" if outer and other else ""), ""


def disputed_teller(one: Statement, statements: Iterable[Statement]) -> Statement | None:
    """Return the disputed statement in which another party reports a statement, if there is one."""
    by_id = {each.id: each for each in statements}
    outer = by_id.get(one.nested_in or "")
    while outer is not None:
        if outer.speaker != one.speaker and (outer.in_doubt or disputers(outer, by_id.values())):
            return outer
        outer = by_id.get(outer.nested_in or "")
    return None


def disputers(one: Statement, statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements that dispute a statement; a file may say so on either of the two.

    What a denial denies does not dispute the denial, unless the denial itself says so.

    >>> said = [Statement("s1"), Statement("s2"), Statement("s3", contested_by=("s1",))]
    >>> [[each.id for each in disputers(one, said)] for one in said]
    [['s3'], [], ['s1']]
    """
    own = one.kind == "denial"
    return [each for each in statements if each.id in one.contested_by or (one.id in each.contested_by and not own)]


def with_withdrawal(statement: Statement, statements: Iterable[Statement]) -> str:
    """Name a statement, with those that withdraw it."""
    gone = next((one.withdrawn_by for one in statements if one.id == statement.id), ())
    return f"{statement.id}, withdrawn in {', '.join(gone)}" if gone else statement.id


def ids_of(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the identifiers of statements, each once."""
    return tuple(dict.fromkeys(one.id for one in statements))


# One statement at a time

#: Subjects that do not name who acts.
_PRONOUN = re.compile(r"(?:he|she|it|they)?", re.IGNORECASE)
#: Kinds of statements that tell of something.
_TELLING = frozenset(("claim", "justification", None))
#: What shows that words are a clause of the text and no action: 'filling without an agreement was unacceptable'.
_CLAUSE = re.compile(r"\b(?:is|was|are|were)\b")


@dataclass(frozen=True)
class ProposedWish:
    """What a statement says of one action: ``holder`` wants, or does not want, that ``owner`` does it.

    ``option`` is the identifier of the option that it is, None if the conflict has none yet; ``name`` is its name.
    ``wanted`` is None if the statement does not say so without a condition: then only the option is proposed.
    """

    statement: str
    holder: str
    owner: str
    option: str | None
    name: str
    wanted: bool | None
    group: str


def wishes_of(conflict: Conflict, ids: Collection[str], texts: Mapping[str, str]) -> dict[str, list[ProposedWish]]:
    """Return what is proposed from some statements, by statement.

    A denial says what is not so, and a withdrawn statement does not count any more, so neither gives anything; nor
    does what is reported inside a denial or by another party in a disputed statement, or said by a speaker that speaks
    for no decision maker.

    Parameters
    ----------
    conflict
        The conflict.
    ids
        The statements.
    texts
        The texts of sources by identifier, as far as they are at hand.
    """
    sources = {one.source for one in conflict.all_statements if one.id in ids}
    near = tuple(one for one in conflict.all_statements if one.source in sources)
    parties = parties_in(conflict)
    dossier = Dossier("", speakers=conflict.speaker_names, sources=conflict.all_sources, statements=near)
    readings, _, _ = readings_of(dossier, parties, texts)
    testimony = conflict.all_testimony
    found: dict[str, list[ProposedWish]] = {}
    for one in readings:
        said = one.statement
        if said.id not in ids or said.withdrawn_by or one.owner is None or one.action.passive or one.group not in _RANK:
            continue
        if disputed_telling(said, testimony.by_id, testimony.disputed):
            continue
        made = _proposed(conflict, one, one.owner)
        # In a claim, 'they promised to pay' does not say who acts; a demand or an offer does.
        vague = said.kind in _TELLING and _PRONOUN.fullmatch(one.action.doer.strip())
        if vague or _CLAUSE.search(made.name):
            continue
        mine = found.setdefault(said.id, [])
        if all((made.owner, made.name, made.wanted) != (each.owner, each.name, each.wanted) for each in mine):
            mine.append(made)
    return found


def disputed_telling(one: Statement, by_id: Mapping[str, Statement], disputed: Collection[str]) -> bool:
    """Tell whether another party reports a statement, and it or the statement that reports it is disputed."""
    doubted, outer = one.id in disputed, by_id.get(one.nested_in or "")
    while outer is not None:
        doubted = doubted or outer.id in disputed
        if doubted and outer.speaker != one.speaker:
            return True
        outer = by_id.get(outer.nested_in or "")
    return False


def parties_in(conflict: Conflict) -> Parties:
    """Return the decision makers of a conflict as the parties that words can mean."""
    members: dict[str, list[str]] = {}
    for speaker, maker in conflict.party_of.items():
        members.setdefault(maker, []).append(speaker)
    return Parties(
        [Party(one.id, one.own_name, tuple(members.get(one.id, ())), ()) for one in conflict.decision_makers],
        {id: [name] for id, name in conflict.speaker_names.items()},
    )


def _proposed(conflict: Conflict, one: Reading, owner: str) -> ProposedWish:
    sure = one.condition is None and one.group != THREAT
    name = name_of(Cluster(owner, [one], [1]))
    option, sign = _option_of(conflict.decision_maker(owner), one.action, name)
    name = conflict.option(option).own_name if option else name
    wanted = one.wanted == (sign > 0) if sure else None
    return ProposedWish(one.statement.id, one.holder, owner, option, name, wanted, one.group)


def _option_of(maker: DecisionMaker, action: Action, name: str) -> tuple[str | None, int]:
    """Return the option of a party that an action is, and -1 if the action is its opposite."""
    for option in maker.options:
        if name_key(option.own_name) == name_key(name):
            return option.id, 1
    for option in maker.options:
        for named in _actions_named(option.own_name):
            if sign := alike(action, named):
                return option.id, sign
    return None, 1


@lru_cache(maxsize=4_096)
def _actions_named(name: str) -> tuple[Action, ...]:
    return tuple(action for clause in clauses(name, bare=True) for action in clause.actions)
