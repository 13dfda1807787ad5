"""What the parties do in an outcome, in a move and along a path, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, Option
from detente.model.states import State
from detente.model.verbs import Deed, behind_a_name, deed, is_plural
from detente.model.wording import capital, listed, quoted
from detente.present.phrases import player_label, shortened, state_name

#: More options than this, in which outcomes differ, are counted.
_MAX_DIFFERENCES = 3
#: Of an outcome without a name, no more characters are told.
_MAX_TOLD = 320
#: So many options that a state has not are named behind its name.
_MAX_MISSING = 2


def outcome_in_words(
    conflict: Conflict, state: State, base: State | None = None, members: Collection[str] | None = None
) -> str:
    """Say what the parties do in an outcome: ``Egypt signs the agreement; Sudan does not fill the reservoir``.

    Every option is told, or with ``base`` those that are not as in that state; nothing where there are none.
    ``members`` names the parties to speak of; all of them when None.
    """
    before = " " * len(state.pattern) if base is None else base.pattern
    return options_in_words(
        conflict,
        {
            option.id: letter
            for option, letter, was in zip(conflict.options, state.pattern, before, strict=True)
            if letter != was and (members is None or conflict.owner[option.id] in members)
        },
    )


def options_in_words(conflict: Conflict, letters: Mapping[str, str]) -> str:
    """Say what the parties do about some options, by identifier: Y for taken, N for not taken, ``-`` for either."""
    told = (_party_in_words(maker, letters) for maker in conflict.decision_makers)
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
    columns = zip(conflict.options, zip(*patterns, strict=True), strict=False)
    letters = {option.id: set(found) for option, found in columns}
    before = dict(zip(letters, base, strict=False))
    same = {id: next(iter(found)) for id, found in letters.items() if len(found) == 1 and found != {"-"}}
    shared = options_in_words(conflict, {id: letter for id, letter in same.items() if letter != before.get(id)})
    different = [
        _whether(maker, option)
        for maker in conflict.decision_makers
        for option in maker.options
        if option.id in letters and option.id not in same
    ]
    if len(different) > _MAX_DIFFERENCES + 1:
        different = [*different[:_MAX_DIFFERENCES], f"{len(different) - _MAX_DIFFERENCES} other options"]
    return shared, listed(different)


def _whether(maker: DecisionMaker, option: Option) -> str:
    done = _Doing(maker).taken(option)
    return f"whether {maker.label} {done}" if done else f"{quoted(option.label)} ({maker.label})"


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

    def denied(self, option: Option) -> str | None:
        """What the party does not do: words behind "does not"."""
        found = self.deed(option)
        return found.text if found and found.deniable and self.plural is not None else None

    def base(self, option: Option) -> str | None:
        """What the party may do: words behind "may"."""
        found = self.deed(option)
        return found.text if found else None


def _party_in_words(maker: DecisionMaker, letters: Mapping[str, str]) -> str:
    """Say what one party does about some of its options: first what it does, then what it does not."""
    doing = _Doing(maker)
    said: dict[str, list[str]] = {"Y": [], "N": [], "-": []}
    cited: dict[str, list[str]] = {"Y": [], "N": [], "-": []}
    left: list[str] = []
    for option in maker.options:
        if (letter := letters.get(option.id)) is None:
            continue
        if letter == "N" and (words := doing.left(option)):
            left.append(words)
        elif words := {"Y": doing.taken, "N": doing.denied, "-": doing.base}[letter](option):
            said[letter].append(words)
        else:
            cited[letter].append(quoted(doing.name(option)))
    done = [*said["Y"], *left]
    done += [f"{'do' if doing.plural else 'does'} not {listed(said['N'], 'or')}"] if said["N"] else []
    done += [f"may or may not {listed(said['-'], 'or')}"] if said["-"] else []
    text = f"{maker.label} {listed(done)}" if done else ""
    if cited["Y"]:
        text += f", with {listed(cited['Y'])}" if text else f"{maker.label}: {listed(cited['Y'])}"
    for letter, how in (("N", "without"), ("-", "with or without")):
        if cited[letter]:
            text = f"{text or maker.label}, {how}: {listed(cited[letter], 'or')}"
    return text


def name_on_a_day(written: Conflict, state: State) -> str:
    """Name a state of the model of a day as the dispute as written does, with what that name has and the day has not.

    On a day on which an option is not in the model yet, the states of that day have the names of the states with it.
    """
    full = next((written.pattern(one.taken) for one in written.states if one.name == state.name), "")
    missing = [
        option.label
        for option, named, here in zip(written.options, full, state.pattern, strict=False)
        if named == "Y" and here == "N"
    ]
    if not missing or not state.name:
        return state.name or ""
    few = len(missing) <= _MAX_MISSING
    return f"{state.name}, without {listed([*map(quoted, missing)]) if few else f'{len(missing)} of its options'}"


def outcome_name(conflict: Conflict, state: State, base: State | None = None) -> str:
    """Name an outcome in a sentence; one without a name by what the parties do in it.

    What is told of an outcome without a name is what is different from ``base``, by default the status quo.

    >>> import detente as dt
    >>> river = dt.example("river-sharing")
    >>> outcome_name(river, river.explain("YNN", "upstream").state)
    'the outcome in which Upstream country diverts the river (state 2)'
    """
    words = _unnamed_in_words(conflict, state, base)
    if not words:
        return _known_name(conflict, state)
    told = in_which(words)
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
    letters = zip(conflict.options, state.pattern, before or " " * len(state.pattern), strict=True)
    return shortened(options_in_words(conflict, {option.id: to for option, to, was in letters if to != was}), _MAX_TOLD)


def in_which(words: str) -> str:
    """Put what the parties do behind a noun; in parentheses where it is no sentence.

    >>> in_which("Egypt signs; Sudan does not sign"), in_which("Egypt, without: ‘Talks’")
    ('in which Egypt signs, and Sudan does not sign', '(Egypt, without: ‘Talks’)')
    """
    if ": ‘" in words or words.endswith("…"):
        return f"({words})"
    *first, last = words.split("; ")
    return f"in which {', '.join(first)}, and {last}" if first else f"in which {last}"


def step_in_words(conflict: Conflict, player: str, start: State, end: State) -> str:
    """Say what a player does in a step along a path."""
    return outcome_in_words(conflict, end, start, player.split("+")) or f"{player_label(conflict, player)} would move"


def path_in_words(
    conflict: Conflict, start: State, path: Iterable[tuple[str, State]], losses: Collection[int] = ()
) -> str:
    """Say what the players do along a path, and the state that it leads to.

    ``losses`` has the places of the concessions: moves that are not improvements for the player that makes them.
    """
    parts, here = [], start
    for place, (player, end) in enumerate(path):
        loss = " (a concession)" if place in losses else ""
        parts.append(f"{step_in_words(conflict, player, here, end)}{loss}")
        here = end
    return f"{'; then '.join(parts)}, to {state_name(here)}"
