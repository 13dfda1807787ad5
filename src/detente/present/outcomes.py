"""What the parties do in an outcome, in a move and along a path, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from detente.lazy import lazy_pattern
from detente.model.conditions import And, Condition, If, Iff, Not, Or, Taken
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, Option, Rule
from detente.model.states import State
from detente.model.verbs import Deed, behind_a_name, deed, is_plural, with_article
from detente.model.wording import capital, listed, quoted
from detente.present.phrases import in_quotation_marks, player_label, shortened, state_name

#: More options than this, in which outcomes differ, are counted.
_MAX_DIFFERENCES = 3
#: So many outcomes are named where more are meant.
_MAX_OTHERS = 3
#: Of an outcome without a name, no more characters are told.
_MAX_TOLD = 320
#: How options that are no verbs are cited: behind other words, behind the party's name, and with which "and".
_CITED = (
    ("Y", "with", "", "and"),
    ("dropped", "no longer", "no longer ", "or"),
    ("N", "without", "not ", "or"),
    ("-", "with or without", "with or without ", "or"),
)
#: Words for an option that is not taken which deny it, and say nothing else.
_DENIAL = lazy_pattern(r"(?:does|do|is|are) not\b")
#: Verbs of continuing, which do not go with "again", and those that one who begins again *resumes*.
_CONTINUING = lazy_pattern(r"(?:continue|keep|maintain|remain|stay|retain|preserve|uphold)s?\b")
_CONTINUED = lazy_pattern(r"continue(s?)\b(?! to\b| as\b| with\b)(?= \w)")
#: The remark on an option that is taken as in the status quo, where no page shows that it was taken before.
_RESUMED = "resumed"
#: The remark on an option that is taken for the first time.
_BEGUN = " for the first time"
#: The same for what a party does that others could do, too: this stands before it.
_ALONE = "alone "
#: What makes a clause hard to part from the next one.
_JOINS = lazy_pattern(r"\b(?:and|or)\b|,")
#: Stands before what is told of an outcome without a name.
UNLIKE_THE_QUO = "unlike in the status quo"
#: What is cited, and so is no sentence.
_NO_SENTENCE = lazy_pattern(r": (?:not |no longer |with or without )?‘|…$")


def outcome_in_words(
    conflict: Conflict,
    state: State,
    base: State | None = None,
    members: Collection[str] | None = None,
    *,
    earlier: Iterable[State] = (),
    last: bool = True,
) -> str:
    """Say what the parties do in an outcome: ``Egypt signs the agreement; Sudan does not fill the reservoir``.

    Every option is told, or with ``base`` those that are not as in that state; nothing where there are none.
    ``members`` names the parties to speak of; all of them when None. What is taken in ``earlier`` states, which the
    page shows, is taken *again*; in one that is not the ``last`` of a path, others may still do what one party does.
    """
    before = {} if base is None else letters_of(conflict, base.pattern)
    here = letters_of(conflict, state.pattern)
    known = [letters_of(conflict, one.pattern) for one in earlier]
    return options_in_words(
        conflict,
        {
            id: letter
            for id, letter in here.items()
            if letter != before.get(id) and (members is None or conflict.owner[id] in members)
        },
        before,
        alone=_taken_alone(conflict, here) if here and before and last else (),
        again={id for one in known for id, letter in one.items() if letter == "Y"},
    )


def letters_of(conflict: Conflict, pattern: str) -> dict[str, str]:
    """Return the letter of each option in a pattern; none in an empty one."""
    return dict(zip((option.id for option in conflict.options), pattern, strict=bool(pattern)))


def options_in_words(
    conflict: Conflict,
    letters: Mapping[str, str],
    before: Mapping[str, str] | None = None,
    *,
    alone: Collection[str] = (),
    again: Collection[str] = (),
    begun: Collection[str] = (),
) -> str:
    """Say what the parties do about some options, by identifier: Y for taken, N for not taken, ``-`` for either.

    Parameters
    ----------
    conflict
        The dispute.
    letters
        The options to speak of.
    before
        What was done about them before, if they change: an option that is dropped is then not told as one that was
        never taken.
    alone
        Options that only one party takes although others could do the same.
    again
        Options that were taken earlier on a path that is shown: they are taken *again* if they were not just before.
    begun
        Options that are taken for the first time: what a party could *continue*, it begins.
    """
    before = before or {}
    usual = conflict.status_quo.taken if conflict.status_quo is not None else frozenset()
    back = {id for id in letters if before.get(id) == "N"}
    remarks = (
        dict.fromkeys(letters, "") | dict.fromkeys(back & usual, _RESUMED) | dict.fromkeys(back & {*again}, " again")
    )
    remarks |= dict.fromkeys(begun, _BEGUN) | dict.fromkeys(alone, _ALONE)
    # On a path only one party moves at a time: nothing is looked up of the others.
    spoken_of = {conflict.owner.get(id) for id in letters}
    makers = (maker for maker in conflict.decision_makers if maker.id in spoken_of)
    told = (_party_in_words(maker, letters, before, remarks) for maker in makers)
    return "; ".join(filter(None, told))


def shared_and_different(conflict: Conflict, patterns: Iterable[str], base: str = "") -> tuple[str, str]:
    """Say what is the same in all of some outcomes, and in what they differ; each is empty if there is nothing.

    Parameters
    ----------
    conflict
        The dispute.
    patterns
        The outcomes as patterns of Y, N and dashes.
    base
        The pattern of an outcome; what all share with it, too, is left out.

    >>> import detente as dt
    >>> shared, different = shared_and_different(dt.example("river-sharing"), ["YYN", "YNN"])
    >>> shared
    'Upstream country diverts the river; Downstream country does not impose sanctions'
    >>> different
    'whether Upstream country pays compensation'
    """
    # There may be tens of thousands of patterns, so each option's letters are taken out of one text.
    text, places = "".join(patterns), len(conflict.options)
    columns = {option.id: text[place::places] for place, option in enumerate(conflict.options)} if text else {}
    letters = {id: {letter for letter in "YN-" if letter in column} for id, column in columns.items()}
    before = dict(zip(letters, base, strict=False))
    same = {id: next(iter(found)) for id, found in letters.items() if len(found) == 1 and found != {"-"}}
    changed = {id: letter for id, letter in same.items() if letter != before.get(id)}
    alone = _taken_alone(conflict, {option.id: same.get(option.id, "-") for option in conflict.options})
    shared = options_in_words(conflict, changed, before, alone=alone)
    different = [
        whether(maker, option)
        for maker in conflict.decision_makers
        for option in maker.options
        if option.id in letters and option.id not in same
    ]
    if len(different) > _MAX_DIFFERENCES + 1:
        different = [*different[:_MAX_DIFFERENCES], f"in {len(different) - _MAX_DIFFERENCES} other options"]
    return shared, listed(different)


def whether(maker: DecisionMaker, option: Option) -> str:
    """Name an option as a question: ``whether Egypt signs``; with its name where that is no sentence."""
    done = _Doing(maker).taken(option)
    return f"whether {with_article(maker.label)} {done}" if done else f"{quoted(option.label)} ({maker.label})"


class _Doing:
    """How one party's options are said: as verbs behind its name, or quoted where that is not certain to be right."""

    def __init__(self, maker: DecisionMaker) -> None:
        self.maker = maker
        self.plural = is_plural(maker.own_name)
        self._own = Counter(option.own_name for option in maker.options)

    def name(self, option: Option) -> str:
        """The name of an option, beside the party's own."""
        suffix = f" ({self.maker.own_name})"
        own = option.own_name if self._own[option.own_name] == 1 else option.label
        return own.removesuffix(suffix) if own != suffix.strip() else own

    def deed(self, option: Option) -> Deed | None:
        """The option's name as what the party does; an identifier is none, so that it is recognised."""
        return deed(self.name(option)) if option.name and option.own_name == option.name else None

    def taken(self, option: Option) -> str | None:
        """What the party does if it takes the option, as words behind its name."""
        if found := self.deed(option):
            return None if self.plural is None else found.done(self.plural)
        words = option.not_named and option.own_name == option.name and behind_a_name(self.name(option), self.plural)
        return words or None

    def left(self, option: Option) -> str | None:
        """What the party does if it does not take the option, in the words of the file."""
        return behind_a_name(option.not_named, self.plural) if option.not_named.strip() else None

    def dropped(self, option: Option) -> str | None:
        """What the party does if it drops the option after taking it.

        Words of the file for an option that is not taken may say that nothing happens: ``does not fill the dam``. Then
        the option's own name says more: ``no longer fills the dam``.
        """
        if words := option.undone.strip() and behind_a_name(option.undone, self.plural):
            return words
        words, found = self.left(option), self.deed(option)
        if found is None or not found.deniable or self.plural is None or (words and not _DENIAL.match(words)):
            return words
        # Of two verbs, "no longer" would deny the first only.
        return f"no longer {found.done(self.plural)}" if len(found.places) == 1 else words

    def denied(self, option: Option) -> str | None:
        """What the party does not do: words behind "does not"."""
        found = self.deed(option)
        return found.text if found and found.deniable and self.plural is not None else None

    def base(self, option: Option) -> str | None:
        """What the party may do: words behind "may"."""
        found = self.deed(option)
        return found.text if found else None


def _party_in_words(
    maker: DecisionMaker,
    letters: Mapping[str, str],
    before: Mapping[str, str],
    remarks: Mapping[str, str],
) -> str:
    """Say what one party does about some of its options: first what it does, then what it does not."""
    doing = _Doing(maker)
    said: dict[str, list[str]] = {"Y": [], "N": [], "-": []}
    cited: dict[str, list[str]] = {"Y": [], "dropped": [], "N": [], "-": []}
    left: list[str] = []
    only: list[str] = []
    for option in maker.options:
        if (letter := letters.get(option.id)) is None:
            continue
        dropped = letter == "N" and before.get(option.id) == "Y"
        if words := doing.dropped(option) if dropped else doing.left(option) if letter == "N" else None:
            left.append(words)
        elif not dropped and (words := {"Y": doing.taken, "N": doing.denied, "-": doing.base}[letter](option)):
            alone_too = letter == "Y" and remarks[option.id] == _ALONE
            (only if alone_too else said[letter]).append(_remarked(words, remarks[option.id]))
        else:
            cited["dropped" if dropped else letter].append(quoted(doing.name(option)))
    # Last, "alone" is said of nothing else.
    done = [*said["Y"], *left, *only]
    done += [f"{'do' if doing.plural else 'does'} not {listed(said['N'], 'or')}"] if said["N"] else []
    done += [f"may or may not {listed(said['-'], 'or')}"] if said["-"] else []
    who = with_article(maker.label)
    text = f"{who} {listed(done)}" if done else ""
    for letter, behind, alone, last in _CITED:
        if names := listed(cited[letter], last):
            text = f"{text}, {behind} {names}" if text else f"{who}: {alone}{names}"
    return text


def _remarked(words: str, remark: str) -> str:
    """Put a remark behind what a party does; what it continues again it resumes, or continues without a remark."""
    if remark == _ALONE:
        return remark + words
    if remark == _BEGUN:
        return _CONTINUED.sub(r"begin\1", words)
    if not _CONTINUING.match(words) or remark not in (" again", _RESUMED):
        return words if remark == _RESUMED else words + remark
    return _CONTINUED.sub(r"resume\1", words)


def are_several(conflict: Conflict, members: Sequence[str]) -> bool:
    """Tell whether a player is spoken of in the plural: several parties, or one with a name in the plural."""
    return len(members) > 1 or bool(is_plural(conflict.decision_maker(members[0]).own_name))


def outcome_name(conflict: Conflict, state: State, base: State | None = None) -> str:
    """Name an outcome in a sentence; one without a name by what the parties do in it.

    What is told of an outcome without a name is what is different from ``base``, by default the status quo.

    >>> import detente as dt
    >>> river = dt.example("river-sharing")
    >>> outcome_name(river, river.explain("YNN", "upstream").state)
    'the outcome in which, unlike in the status quo, Upstream country diverts the river (state 2)'
    """
    words = _unnamed_in_words(conflict, state, base)
    if not words:
        return _known_name(conflict, state)
    told, quo = in_which(words), conflict.status_quo
    if quo is not None and (base is None or conflict.pattern(quo.taken) == base.pattern):
        told = told.replace("in which ", f"in which, {UNLIKE_THE_QUO}, ", 1)
    return f"the outcome {told} (state {state.number})" if told[0] != "(" else f"state {state.number} {told}"


def outcome_lead(conflict: Conflict, state: State, base: State | None = None) -> str:
    """Name an outcome at the beginning of an item, as `outcome_name` does in a sentence."""
    words = _unnamed_in_words(conflict, state, base)
    return capital(f"{words} (state {state.number})" if words else _known_name(conflict, state))


def _known_name(conflict: Conflict, state: State) -> str:
    quo = conflict.status_quo
    if not state.name and state.pattern and quo is not None and conflict.pattern(quo.taken) == state.pattern:
        return f"the status quo (state {state.number})"
    return state_name(state)


def _unnamed_in_words(conflict: Conflict, state: State, base: State | None) -> str:
    """Say what the parties do in an outcome without a name, as far as it is different from another; else nothing."""
    if state.name or not state.pattern:
        return ""
    before = base.pattern if base is not None else ""
    if not before and conflict.status_quo is not None:
        before = conflict.pattern(conflict.status_quo.taken)
    here, there = letters_of(conflict, state.pattern), letters_of(conflict, before)
    letters = {id: letter for id, letter in here.items() if letter != there.get(id)}
    alone = _taken_alone(conflict, here)
    return shortened(options_in_words(conflict, letters, there, alone=alone), _MAX_TOLD)


def _taken_alone(conflict: Conflict, letters: Mapping[str, str]) -> set[str]:
    """Return the options that one party takes although another could do the same, and none of the others does."""
    alike: dict[str, list[str]] = {}
    for option in conflict.options:
        alike.setdefault(option.own_name.casefold(), []).append(option.id)
    taken = ([id for id in ids if letters[id] != "N"] for ids in alike.values() if len(ids) > 1)
    return {ids[0] for ids in taken if len(ids) == 1 and letters[ids[0]] == "Y"}


def in_which(words: str) -> str:
    """Put what the parties do behind a noun; in parentheses where it is no sentence.

    >>> in_which("Egypt signs; Sudan does not sign"), in_which("Egypt: not ‘Talks’")
    ('in which Egypt signs, and Sudan does not sign', '(Egypt: not ‘Talks’)')
    >>> in_which("Egypt signs, and ends the talks; Sudan signs")
    'in which Egypt signs, and ends the talks; and Sudan signs'
    """
    if not fits_behind_that(words):
        return f"({words})"
    *first, last = words.split("; ")
    # Between lists that have commas, a comma would not part the parties.
    apart = "; " if any(", " in one for one in first) else ", "
    return f"in which {apart.join(first)}{apart}and {last}" if first else f"in which {last}"


def fits_behind_that(words: str) -> bool:
    """Tell whether what the parties do is a sentence, and not the name of an option with its party."""
    return bool(words) and not _NO_SENTENCE.search(words)


def step_in_words(
    conflict: Conflict, player: str, start: State, end: State, *, earlier: Iterable[State] = (), last: bool = True
) -> str:
    """Say what a player does in a step along a path, of which the ``earlier`` states are shown."""
    words = outcome_in_words(conflict, end, start, player.split("+"), earlier=earlier, last=last)
    return words or f"{player_label(conflict, player)} would move"


def few_states(states: Sequence[State]) -> str:
    """Name a few of some states, those with a name first."""
    few = sorted(states, key=lambda one: not one.name)[:_MAX_OTHERS]
    names = [state_name(one) for one in few if one.name]
    numbers = [f"{one.number}" for one in few if not one.name]
    more = [f"{len(states) - len(few):,} more"] if len(states) > len(few) else []
    if not numbers:
        return listed([*names, *more])
    return listed([*names, f"{'states' if len(numbers) > 1 else 'state'} {listed([*numbers, *more])}"])


def condition_in_words(conflict: Conflict, condition: Condition) -> str:
    """Say a condition as what the parties do, where the names of its options allow it; else with these names.

    >>> import detente as dt
    >>> river = dt.example("river-sharing")
    >>> condition_in_words(river, dt.parse("if divert then not (compensate or sanction)"))
    'if Upstream country diverts the river, then Upstream country does not pay compensation and Downstream country \
does not impose sanctions'
    """
    match _denials_inside(condition):
        case Taken(option):
            return _literal(conflict, option, "Y")
        case Not(Taken(option)):
            return _literal(conflict, option, "N")
        case And(members):
            return _clauses(_together(conflict, members), "and")
        case Or(members):
            # Without "either", what stands behind "or" may be read as an alternative to all that is before.
            return f"either {_clauses([_wrapped(conflict, one, Taken, Not, And) for one in members], 'or')}"
        case If(premise, Not(Taken(option))):
            only_if = _wrapped(conflict, Not(premise), Taken, Not, And, Or)
            return f"{_literal(conflict, option, 'Y')} only if {only_if}"
        case If(premise, consequence):
            then = _wrapped(conflict, consequence, Taken, Not, And, Or)
            return f"if {_wrapped(conflict, premise, Taken, Not, And, Or)}, then {then}"
        case Iff(left, right) if _only_denials(right):
            # "Ends if and only if both sign" is easier than "goes on if and only if one of them does not sign".
            return condition_in_words(conflict, Iff(_denials_inside(Not(left)), _denials_inside(Not(right))))
        case Iff(left, right):
            return " if and only if ".join(_wrapped(conflict, side, Taken, Not, And, Or) for side in (left, right))
    raise TypeError(f"not a condition: {condition!r}")


def _together(conflict: Conflict, members: Sequence[Condition]) -> list[str]:
    """Say what must all hold; the options of one party that follow on one another, with its name once."""
    told = []
    for party, each in groupby(members, lambda one: _owner(conflict, one)):
        some = list(each)
        letters = {next(iter(one.options())): "N" if isinstance(one, Not) else "Y" for one in some if party}
        words = options_in_words(conflict, letters) if 1 < len(letters) == len(some) else ""
        merged = fits_behind_that(words)
        told += [words] if merged else [_wrapped(conflict, one, Taken, Not) for one in some]
    return told


def _owner(conflict: Conflict, condition: Condition) -> str:
    """Return the party of an option that a condition says is taken, or not taken; nothing if it says more."""
    literal = condition.part if isinstance(condition, Not) else condition
    return conflict.owner.get(literal.option, "") if isinstance(literal, Taken) else ""


def _clauses(parts: Sequence[str], word: str) -> str:
    """Join clauses; where one has an "and" or an "or" itself, a comma parts them."""
    comma = "," if any(_JOINS.search(part) for part in parts) else ""
    return f"{comma} {word} ".join(parts)


def _only_denials(condition: Condition) -> bool:
    """Tell whether a condition says of several options that one of them is not taken."""
    alternatives = _denials_inside(condition)
    return isinstance(alternatives, Or) and all(isinstance(one, Not) for one in alternatives.members)


def _denials_inside(condition: Condition) -> Condition:
    """Return a condition with the same meaning that denies options only, so that it can be said of each party.

    ``not (a and b)`` is ``not a or not b``. Behind "or", the words "not (A and B)" would read as "or not".
    """
    match condition:
        case Not(Not(part)):
            return _denials_inside(part)
        case Not(And(members)):
            return _joined(Or, [Not(one) for one in members])
        case Not(Or(members)):
            return _joined(And, [Not(one) for one in members])
        case Not(If(premise, consequence)):
            return _joined(And, [premise, Not(consequence)])
        case Not(Iff(left, right)):
            return Iff(left, _denials_inside(Not(right)))
        case And(members) | Or(members):
            return _joined(type(condition), members)
    return condition


def _joined(kind: type[And] | type[Or], members: Iterable[Condition]) -> Condition:
    """Join conditions by "and" or by "or", without one in parentheses that is joined by the same word."""
    parts = map(_denials_inside, members)
    return kind(tuple(one for part in parts for one in (part.members if isinstance(part, kind) else (part,))))


def _wrapped(conflict: Conflict, part: Condition, *bare: type[Condition]) -> str:
    words = condition_in_words(conflict, part)
    return words if isinstance(_denials_inside(part), bare) else f"({words})"


def _literal(conflict: Conflict, option: str, letter: str) -> str:
    """Say that an option is taken, or that it is not: as what its party does, or with its name in quotation marks."""
    words = options_in_words(conflict, {option: letter})
    if fits_behind_that(words):
        return words
    return f"{'not ' if letter == 'N' else ''}{quoted(conflict.option(option).label)}"


def preference_in_words(conflict: Conflict, condition: Condition) -> str:
    """Say a condition as one thing in a sentence: in quotation marks, unless it is the name of an option alone."""
    return in_quotation_marks(condition_in_words(conflict, condition))


def wish_in_words(conflict: Conflict, party: str, condition: Condition) -> str:
    """Say a preference as a sentence about its party, without a full stop.

    What a party does is told as its wish, what others do as what it prefers; no party is named twice for one thing.

    >>> import detente as dt
    >>> river = dt.example("river-sharing")
    >>> wish_in_words(river, "downstream", dt.parse("not divert"))
    'Downstream country prefers that Upstream country does not divert the river'
    >>> wish_in_words(river, "downstream", dt.parse("not sanction"))
    'Downstream country does not want to impose sanctions'
    """
    maker = conflict.decision_maker(party)
    several, who = bool(is_plural(maker.own_name)), with_article(maker.label)
    if own := _own_wish(conflict, maker, _denials_inside(condition)):
        verb = ("do not want" if several else "does not want") if own[:4] == "not " else "want" if several else "wants"
        return f"{capital(who)} {verb} {own.removeprefix('not ')}"
    words = condition_in_words(conflict, condition)
    if words.startswith(("‘", "not ‘")):
        return f"{capital(who)} {'want' if several else 'wants'} {words}"
    if words.startswith(f"{who} "):
        words = words.replace(who, "they" if several else "it", 1)
    comma = "," if words.startswith("if ") else ""
    return f"{capital(who)} {'prefer' if several else 'prefers'} that{comma} {words}"


def _own_wish(conflict: Conflict, maker: DecisionMaker, condition: Condition) -> str:
    """Say what a party wants to do itself, perhaps under a condition, behind "wants"; else nothing."""
    match condition:
        case Taken(option) | Not(Taken(option)) if conflict.owner.get(option) == maker.id:
            base = _Doing(maker).base(conflict.option(option))
            return f"{'not ' if isinstance(condition, Not) else ''}to {base}" if base else ""
        case Iff(left, right) if _only_denials(right):
            return _own_wish(conflict, maker, Iff(_denials_inside(Not(left)), _denials_inside(Not(right))))
        case Iff(left, right) if own := _own_wish(conflict, maker, _denials_inside(left)):
            if own.startswith("not "):
                # It would be open how far the "not" reaches.
                return ""
            words = condition_in_words(conflict, Iff(left, right)).removeprefix(condition_in_words(conflict, left))
            return f"{own}{words}"
        case If(premise, Not(Taken(option))) if own := _own_wish(conflict, maker, Taken(option)):
            return f"{own} only if {_wrapped(conflict, Not(premise), Taken, Not, And, Or)}"
        case If(premise, Taken() as consequence) if own := _own_wish(conflict, maker, consequence):
            return f"{own} if {_wrapped(conflict, premise, Taken, Not, And, Or)}"
    return ""


def rule_in_words(conflict: Conflict, rule: Rule) -> str:
    """Say what a rule demands."""
    parts = [condition_in_words(conflict, condition) for condition in rule.conditions]
    match rule.conditions:
        case [And(members)] if rule.kind == "never":
            if len(members) == 2 and any(isinstance(_denials_inside(one), Or) for one in members):
                # "Never both" of alternatives would be said of four things.
                return capital(condition_in_words(conflict, If(members[1], Not(members[0]))))
            both = "both" if len(members) == 2 else "all at once"
            return f"Never {both}: {'; '.join(condition_in_words(conflict, one) for one in members)}"
    if rule.kind in ("never", "always"):
        return f"{rule.kind.capitalize()}: {parts[0]}"
    return f"{rule.kind.replace('_', ' ').capitalize()} of: {'; '.join(parts)}"


def option_letters(conflict: Conflict) -> dict[str, str]:
    """Return the short name of every option, for the heads of tables: A, B, …, Z, AA, …"""

    def letter(place: int) -> str:
        return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)

    return {option.id: letter(place) for place, option in enumerate(conflict.options)}
