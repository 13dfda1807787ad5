"""How the equilibria change when something in the file is changed, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detente.analysis.equilibria import Analysis
from detente.analysis.what_if import WhatIf, WhatIfEffect, what_if_of
from detente.errors import DetenteError
from detente.io.scenarios import Place, Scenario
from detente.model.conflict import Conflict
from detente.model.day import no_preferences_known
from detente.model.preferences import Prioritising
from detente.model.wording import counted, listed
from detente.present.basis import element_label
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, nested, table
from detente.present.outcomes import condition_in_words, rule_in_words
from detente.present.phrases import statement_in_words, together

#: Said of a scenario whose model has changed since.
OUT_OF_DATE = "Out of date: the model has changed since this scenario was made."
#: The maximum number of states at the beginning of a table, and of dropped elements that are named.
_MAX_STATES, _MAX_DROPPED = 12, 6


def view(found: WhatIf) -> list[Block]:
    """Say which equilibria are new, lost and unchanged, once for the concepts under which that is the same."""
    unknown = no_preferences_known(found.after.conflict)
    blocks: list[Block] = [Paragraph(answer(found)), *([Paragraph(f"Note: {unknown}.")] if unknown else [])]
    merged = together(found.effects, lambda one: (one.came, one.went, one.stay, one.status_quo), "concept.title")
    first = {(one.came, one.went, one.stay, one.status_quo): one for one in reversed(found.effects)}
    for key, titles in merged.items():
        blocks += [Heading(f"Equilibria under {listed(titles)}"), *_effect(found, first[key])]
    return blocks


def answer(found: WhatIf) -> str:
    """Say how many states there are, and which statements are not believed."""
    before, after = found.before.count, found.after.count
    states = f"The model has {counted(after, 'state')}" + (
        "." if before == after else f"; that of the file has {before:,}."
    )
    if not found.disbelieved:
        return states
    dropped = _dropped(found)
    more = len(dropped) - _MAX_DROPPED
    told = [*dropped[:_MAX_DROPPED], *([counted(more, "other element")] if more > 0 else [])]
    without = f" That drops from the model: {'; '.join(told)}." if told else " That drops nothing from the model."
    return f"{states} Not believed: {', '.join(found.disbelieved)}.{without}"


def dropped_places(found: WhatIf) -> list[Place]:
    """Return the places of the elements that the changed conflict lacks because a statement is not believed."""
    before = {one.at for one in found.before.conflict.basis.dropped}
    return [one.at for one in found.after.conflict.basis.dropped if one.at not in before]


def _dropped(found: WhatIf) -> list[str]:
    return [element_label(found.after.conflict.basis.written, at, in_words=True) for at in dropped_places(found)]


def status_quo_in_words(one: WhatIfEffect) -> str:
    """Say whether the status quo is an equilibrium, and whether that has changed."""
    was, is_ = one.status_quo
    if was == is_:
        return f"The status quo is {'' if is_ else 'not '}an equilibrium."
    return f"The status quo is {'now' if is_ else 'no longer'} an equilibrium."


def _effect(found: WhatIf, one: WhatIfEffect) -> Iterator[Block]:
    if any(stuck is not None for stuck in one.status_quo):
        yield Paragraph(status_quo_in_words(one))
    kinds = (
        (one.came, Cell("+", note="a new equilibrium", tone="good")),
        (one.stay, Cell(note="an equilibrium as before")),
        (one.went, Cell("−", note="no longer an equilibrium", tone="bad")),
    )
    gone = Cell("∅", note="not in the changed model", tone="bad")
    rows = [
        [
            sign if found.is_feasible(state) else gone,
            Cell(found.name(state) or "", found.number_in_file(state), state.pattern),
        ]
        for states, sign in kinds
        for state in states
    ]
    if not rows:
        yield Paragraph("No state is an equilibrium.")
        return
    changed = bool(one.came or one.went)
    if changed:
        new, lost = (counted(len(some), "equilibrium", "equilibria") for some in (one.came, one.went))
        yield Paragraph(f"New: {new}. Lost: {lost}. Unchanged: {counted(len(one.stay), 'equilibrium', 'equilibria')}.")
    else:
        yield Paragraph("No equilibrium appears or disappears.")
    no_number = "A state without a number is not feasible in the model of the file."
    signs = "+: a new equilibrium. −: no longer an equilibrium. " if changed else ""
    if not all(map(found.is_feasible, one.went)):
        signs += "∅: the changed model does not have this state. "
    unnumbered = any(found.number_in_file(state) is None for state in (*one.came, *one.went, *one.stay))
    yield table(
        [*([""] if changed else []), Column("State", kind="state")],
        rows if changed else [row[1:] for row in rows],
        max_rows=_MAX_STATES,
        caption=f"{signs}{no_number if unnumbered else ''}".strip(),
    )


def scenarios_view(conflict: Conflict, before: Analysis, scenarios: Iterable[Scenario]) -> Iterator[Block]:
    """Say for each scenario what it changes, whether it is out of date, and which equilibria it adds or removes.

    ``conflict`` is the dispute as written, and ``before`` its analysis without changes.
    """
    for one in scenarios:
        yield Heading(one.name)
        if not one.is_current(conflict):
            yield Paragraph(OUT_OF_DATE)
        yield Bullets(tuple(map(Item, changes_in_words(conflict, one))))
        try:
            found = what_if_of(before, conflict, one)
        except DetenteError as error:
            yield Paragraph(f"Not examined: {error}.")
            continue
        yield from nested(view(found))


def changes_in_words(conflict: Conflict, scenario: Scenario) -> list[str]:
    """Say what a scenario changes, one item for each change."""
    said = [_without(conflict, place) for place in scenario.off]
    for id, order in scenario.order.items():
        maker = next((one for one in conflict.decision_makers if one.id == id), None)
        if maker is None or not isinstance(maker.preferences, Prioritising):
            said.append(f"Changed order of the preferences of ‘{id}’, which the file no longer has")
            continue
        entries = maker.preferences.statements
        first = [condition_in_words(conflict, entries[at].condition) for at in order[:3] if at < len(entries)]
        said.append(f"Changed order of the preferences of {maker.label}; the most important now: {'; '.join(first)}")
    known = {one.id: one for one in conflict.all_statements}
    for id in scenario.doubted:
        words = statement_in_words(known[id], conflict.all_speakers) if id in known else "no longer in the file"
        said.append(f"Not believed: {words}" if id in known else f"Not believed: {id}, {words}")
    return said


def _without(conflict: Conflict, place: Place) -> str:
    """Say what is switched off at a place in the file."""
    match place:
        case ("rules", int(at)) if 0 <= at < len(conflict.rules):
            return f"Without the rule: {rule_in_words(conflict, conflict.rules[at])}"
        case ("one_way", str(option)) if option in conflict.owner:
            return f"No longer irreversible: {conflict.option(option).label}"
        case ("decision_makers", str(id), "preferences", int(at)):
            for maker in conflict.decision_makers:
                if maker.id == id and isinstance(maker.preferences, Prioritising):
                    entries = maker.preferences.statements
                    if 0 <= at < len(entries):
                        words = condition_in_words(conflict, entries[at].condition)
                        return f"Without preference {at + 1} of {maker.label}: {words}"
    return f"Without an element that the file no longer has ({'/'.join(map(str, place))})"
