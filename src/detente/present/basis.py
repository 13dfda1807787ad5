"""How the model that an answer is about came about: its day, what was dropped and why, and what is disputed."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import OUTSIDE_DATES, deciding_elements
from detente.model.evidence import IN_A_DENIAL, NOT_YET_SAID, WITHDRAWN, Dropped, Path, Testimony, element_name
from detente.model.wording import capital, counted, listed, quoted

#: The maximum number of dropped elements that are named; the rest is counted.
MAX_DROPPED_NAMED = 12


def element_label(conflict: Conflict, at: Path) -> str:
    """Name an element of a conflict as written by its place in the file.

    >>> from detente import example
    >>> element_label(example("ukraine-2023"), ("decision_makers", "ukraine", "preferences", 1))
    'the preference ‘withdraw’ of Ukraine'
    """
    match at:
        case ("decision_makers", str(id), "options", str(option)):
            return f"the option {quoted(conflict.option(option).label)} of {conflict.decision_maker(id).label}"
        case ("decision_makers", str(id), str(key), int(place)):
            preferences = conflict.decision_maker(id).preferences
            condition = next(islice(preferences.conditions(), place, None))
            what = "weight" if key == "weights" else "preference"
            # Without a number: that of the file and that of the model differ where a preference above was dropped.
            return f"the {what} {quoted(str(condition))} of {conflict.decision_maker(id).label}"
        case ("decision_makers", str(id), str(key)):
            return f"the {key} of {conflict.decision_maker(id).label}"
        case ("rules", int(place)):
            return f"the rule {quoted(str(conflict.rules[place]))}"
        case ("merge", int(place)):
            return f"the merge {quoted(str(conflict.merge[place].condition))}"
        case ("one_way", str(option)):
            return f"the one-way mark of {quoted(conflict.option(option).label)}"
        case ("views", str(id), *_):
            return f"part of the view of {conflict.decision_maker(id).label}"
        case ("states", str(name)):
            return f"the state {quoted(name)}"
    return "the status quo" if at == ("status_quo",) else element_name(at)


def basis_in_words(conflict: Conflict) -> list[str]:
    """Say how the model that an answer is about came about: its day, what was dropped and why, and what is disputed.

    Returns a sentence for each thing to say; none where the model is the conflict as written and nothing is disputed.
    """
    return [*dropped_in_words(conflict), *_uncertain_in_words(conflict)]


def dropped_in_words(conflict: Conflict) -> list[str]:
    """Say which day a model is of, what was dropped and why, and what is not feasible then; empty if nothing was."""
    basis = conflict.basis
    written = basis.written
    testimony = written.testimony()
    found = []
    if basis.day and (written.day is not None or basis.dropped or basis.undated != "latest"):
        reading = "" if basis.undated == "latest" else " A vague date counts from its earliest day."
        found.append(f"This is the model of {basis.day.isoformat()}.{reading}")
    dropped = [f"{element_label(written, one.at)}: {_why_dropped(written, testimony, one)}" for one in basis.dropped]
    left = len(dropped) - MAX_DROPPED_NAMED
    if left > 1:
        dropped = [*dropped[:MAX_DROPPED_NAMED], f"{left} more elements"]
    found += [f"Dropped: {text}." for text in dropped]
    for at, rule in basis.infeasible:
        found.append(
            f"{capital(element_label(written, at))} is not feasible in this model: it breaks {quoted(str(rule))}."
        )
    for place in basis.skipped_acts:
        found.append(f"Act {place} of the history does not count: its evidence is not in force.")
    return found


def _uncertain_in_words(conflict: Conflict) -> list[str]:
    """Name the disputed statements that decide what is in a model, and those that nothing dates."""
    basis = conflict.basis
    testimony = basis.written.testimony()
    found = []
    counts = Counter(id for decided in basis.disputed for id in decided.statements)
    if counts:
        order = [id for id in testimony.disputed if id in counts]
        told = [f"{_statement_label(testimony, id)}: {counted(counts[id], 'element')}" for id in order]
        found.append(f"Disputed statements decide what is in the model ({'; '.join(told)}).")
    if basis.without_date:
        ids = listed(list(basis.without_date))
        found.append(f"Without a date, so counted on every day: {ids}.")
    return found


def _statement_label(testimony: Testimony, id: str) -> str:
    """Name a statement and those that contest it."""
    against = [second if first == id else first for first, second in testimony.rivals if id in (first, second)]
    return f"{id} (contested by {listed(against)})" if against else id


def _why_dropped(written: Conflict, testimony: Testimony, one: Dropped) -> str:
    """Say why an element is not in the model."""
    if one.reason == OUTSIDE_DATES:
        support = dict(deciding_elements(written))[one.at]
        parts = [f"since {support.since}" if support.since else "", f"until {support.until}" if support.until else ""]
        return f"it applies {' '.join(part for part in parts if part)}"
    id = one.statements[0]
    original = testimony.original[id]
    if one.reason == NOT_YET_SAID:
        said = testimony.by_id[original].date_said
        source = next((s.date for s in testimony.sources if s.id == testimony.by_id[original].source), None)
        when = (
            f" (said {date_in_words(said)})"
            if said
            else f" (its source is of {date_in_words(source)})"
            if source
            else ""
        )
        return f"{id} had not been said{when}"
    if one.reason == WITHDRAWN:
        account = testimony.account()
        by = [other for other in testimony.withdrawals[original] if account.in_force(other, testimony.number)]
        return f"{id} was withdrawn by {listed(by)}" if by else f"{id} is reported inside a withdrawn statement"
    if one.reason == IN_A_DENIAL:
        return f"{id} is reported only inside a denial"
    return f"{id} is not believed"
