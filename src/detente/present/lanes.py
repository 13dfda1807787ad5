"""A dispute over time as swim-lanes, and the statements behind each bar and each edge, in words.

The lanes have a column for each period, all of the same width: a scale of days would hide what happens in the last week
of thirty years. A page, a report and a notebook draw the same lanes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from detente.analysis.timeline import Period, Timeline
from detente.analysis.timeline.positions import Position
from detente.model.dates import DateRange, day_in_words
from detente.model.statements import NO_STANCE
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted
from detente.present.blocks import Bar, Block, Bullets, Cell, Figure, Heading, Item, Lane, Lanes, Paragraph, bullets
from detente.present.comparison import NO_OPTION, name_on_a_day
from detente.present.outcomes import in_which, outcome_in_words
from detente.present.phrases import contradicting, shortened, statement_in_words, with_verb
from detente.present.positions import (
    CHANGES,
    STANCES,
    changes_in_words,
    dispute_in_words,
    end_in_words,
    holder_on_matter,
    matter_in_words,
    reported_withdrawal,
    speaking_for,
    stance_in_words,
    standing,
    tellers,
    when_in_words,
)
from detente.present.timeline import (
    act_in_words,
    begins_only_if,
    begun_vaguely,
    cause_in_words,
    change_told,
    equilibria_counted,
    reason_in_words,
    span,
    verdict_in_words,
)

#: So many periods, the last ones, have a column.
MAX_COLUMNS = 60
#: On paper, so many periods have a column, and so many positions a lane.
_MAX_PRINTED, _MAX_LANES = 12, 36
#: An outcome is told in no more characters.
_MAX_OUTCOME = 240


def lanes(found: Timeline, most: int = MAX_COLUMNS) -> Lanes:
    """Return the positions as bars, lane by lane, over the last periods."""
    earlier = max(0, len(found.periods) - most)
    shown = found.periods[earlier:]
    bars: dict[tuple[str, str], list[Bar]] = {}
    changes = changes_in_words(found)
    for place, one in standing(found).items():
        columns = [column for column, period in enumerate(shown) if _holds_in(one, period)]
        if columns:
            told = _told(found, one)
            words = position_in_words(found, one, changes[place])
            text = _on_the_bar(found, one)
            bar = Bar(columns[0], columns[-1], one.stance, text, words, one.told_by_others_only, place, told)
            bars.setdefault((one.holder, one.matter), []).append(bar)
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    return Lanes(
        columns=tuple(_head(found, one, shown) for one in shown),
        spans=tuple(span(one) for one in shown),
        days=tuple(shown_day(one).isoformat() for one in shown),
        places=tuple(range(earlier, len(found.periods))),
        lanes=tuple(
            Lane(names[holder], matter_in_words(found, found.positions[own[0].place]), tuple(_rows(own)))
            for (holder, _), own in bars.items()
        ),
        stuck=tuple(_stuck(found, one) for one in shown),
        equilibria=tuple(
            Cell("–", note="not known") if _unknown(one) else Cell(equilibria_counted(found, one)) for one in shown
        ),
        counts=tuple(_count(found, one) for one in shown),
        earlier=earlier,
    )


def _on_the_bar(found: Timeline, one: Position) -> str:
    """Say a position in few words, of which the end may be cut: who says so and who denies it come first."""
    doubt = _doubt(found, one)
    if one.told_by_others_only:
        names = found.conflict.all_speakers
        says = with_verb([names.get(id, id).removesuffix(" in its own words") for id in one.told_by], "say")
        stance = "withdrawn" if one.stance == NO_STANCE else STANCES[one.stance]
        return f"{says}{f' ({doubt})' if doubt else ''}: {stance}"
    if one.ends is None and reported_withdrawal(found.conflict, one):
        return f"{STANCES[one.stance]}; a reported withdrawal is disputed"
    return f"{doubt}: {STANCES[one.stance]}" if doubt else STANCES[one.stance]


def _told(found: Timeline, one: Position) -> str:
    """Name those who report a position, if its holder does not."""
    names = found.conflict.all_speakers
    return f"according to {listed([names.get(id, id) for id in one.told_by])}" if one.told_by_others_only else ""


def _doubt(found: Timeline, one: Position) -> str:
    """Say in a word that a position is denied or disputed; nothing if it is not."""
    if not dispute_in_words(found.conflict, one.statements):
        return ""
    testimony = found.conflict.testimony()
    against = [said for id in one.statements for said in contradicting(testimony, id)[0]]
    return "denied" if any(said.kind == "denial" for said in against) else "disputed"


def picture(found: Timeline) -> Figure:
    """Return the lanes as a figure for paper: the last periods, and no more lanes than a page has room for."""
    drawn = lanes(found, _MAX_PRINTED)
    left = len(drawn.lanes) - _MAX_LANES
    drawn = replace(drawn, lanes=drawn.lanes[:_MAX_LANES])
    caption = (
        "Positions of the parties, period by period; the width of a column does not show how long the period lasted. "
        "Below: whether the dispute was stuck, and the number of equilibria (from the fewest to the most under the "
        "concepts)."
    )
    if drawn.earlier:
        caption += f" {counted(drawn.earlier, 'earlier period is', 'earlier periods are')} left out."
    if left > 0:
        caption += f" {counted(left, 'further position is', 'further positions are')} in the table only."
    periods = counted(len(drawn.columns), "period")
    alternative = f"The positions of the parties over {periods}, the last {drawn.columns[-1]}."
    return Figure(drawn, alternative, caption)


def shown_day(period: Period) -> date:
    """Return the day that stands for a period: its first, or its last if it has no first."""
    return period.first or period.last or date.today()


def position_in_words(found: Timeline, one: Position, change: str) -> str:
    """Say in one line who held which position, since when and until when; ``change`` says what is new in it."""
    until = ""
    if one.ends is not None:
        day = _day(found, one.ends, one.ended_by)
        until = f", stated again ({day})" if _stated_again(found, one) else f", until {day}"
        until += end_in_words(found, one)
    told = tellers(found, one) if one.told_by_others_only else ""
    change = _news(change.replace(f", {told}", "").replace(told, "") if told else change)
    gone = reported_withdrawal(found.conflict, one) if one.ends is None else ""
    stance = "withdrawn" if one.stance == NO_STANCE and one.told_by_others_only else STANCES[one.stance]
    since = f"{stance} since {_day(found, one.begins, one.statements)}{until}"
    remarks = "".join(f"; {remark}" for remark in (change, gone) if remark)
    return f"{holder_on_matter(found, one)}{told and f', {told}'}: {since}{remarks}{speaking_for(found, one)}"


def _news(change: str) -> str:
    """Leave out of what is new in a position what its dates and its stance say."""
    for said in (CHANGES["begins"], CHANGES["repeats"], "withdrawn"):
        if change == said or change.startswith(f"{said}; "):
            change = change.removeprefix(said)
    return change.strip("; ")


def _day(found: Timeline, days: DateRange, ids: Sequence[str]) -> str:
    """Say a day behind "since" or "until": a day that is only a limit as one."""
    day = when_in_words(found, days, ids).removeprefix("on ")
    return f"{day.removeprefix('by ')} at the latest" if day.startswith("by ") else day


def _stated_again(found: Timeline, one: Position) -> bool:
    """Tell whether what ended a position is a later statement of the same."""
    return any(
        (other.holder, other.matter, other.stance) == (one.holder, one.matter, one.stance)
        for other in found.positions
        if one.end is not None and other.first == one.end
    )


def position_details(found: Timeline, place: int) -> list[Block]:
    """Word one position: in which words, who reports it, what it replaced, and what ended it."""
    one = standing(found).get(place, found.positions[place])
    again = _stated_again(found, one)
    blocks: list[Block] = [
        Heading(holder_on_matter(found, one)),
        Paragraph(capital(f"{stance_in_words(found, one)}{speaking_for(found, one)}."), "Position:"),
        Paragraph(f"{capital(_day(found, one.begins, one.statements))}.", "Since:"),
    ]
    if one.ends is not None:
        day = f"{capital(_day(found, one.ends, one.ended_by))}{end_in_words(found, one)}."
        blocks.append(Paragraph(day, "Stated again:" if again else "Until:"))
    if news := _news(changes_in_words(found)[place]):
        blocks.append(Paragraph(f"{capital(news)}."))
    if one.ends is None and (gone := reported_withdrawal(found.conflict, one)):
        by_id = found.conflict.all_testimony.by_id
        reports = dict.fromkeys(by for id in one.statements for by in by_id[id].withdrawn_by if by_id[by].reported_by)
        blocks += [
            Paragraph(f"{capital(gone)}. The position is kept.", "Disputed withdrawal:"),
            Bullets(tuple(_quotes(found, [*reports]))),
        ]
    blocks += [Heading("Statements behind it", 2), Bullets(tuple(_quotes(found, one.statements)))]
    before = [
        other
        for other in found.positions[:place]
        if (other.holder, other.matter) == (one.holder, one.matter) and other.end is not None and other.end == one.first
    ]
    if before:
        items = tuple(Item(f"{capital(STANCES[other.stance])} [{', '.join(other.statements)}]") for other in before)
        blocks += [Heading("Position before", 2), Bullets(items)]
    if one.ended_by:
        title = "Later statements" if again else "Statements that ended it"
        blocks += [Heading(title, 2), Bullets(tuple(_quotes(found, one.ended_by)))]
    return blocks


def period_details(found: Timeline, place: int) -> list[Block]:
    """Word one period: what it began with, which positions and equilibria are different from the period before."""
    one = found.periods[place]
    blocks: list[Block] = [Heading(capital(span(one)))]
    quo = "none" if one.status_quo is None else _named(found, one.status_quo, one)
    blocks += [
        Paragraph(f"{quo}.", "Status quo:"),
        Paragraph(f"{capital(verdict_in_words(found, one))}.", "Is it stuck?"),
    ]
    began = _causes(found, one)
    if one.first is not None:
        blocks += [Heading("What began this period", 2)]
        if only_if := begins_only_if(one):
            blocks.append(Paragraph(f"{only_if}."))
        known = began or [
            Item("The dates of elements, or of statements that are no longer in force, as the file has them.")
        ]
        blocks.append(bullets(known, max_items=20, more="{count} more causes"))
    held, changes = standing(found), changes_in_words(found)
    changed = [
        Item(position_in_words(found, other, changes[at])) for at, other in held.items() if other.first == one.first
    ]
    followed = {(other.holder, other.matter) for other in held.values() if other.first == one.first}
    ended = [
        Item(position_in_words(found, other, changes[at]), "Ended:")
        for at, other in held.items()
        if other.end is not None and other.end == one.first and (other.holder, other.matter) not in followed
    ]
    if one.first is not None and (changed or ended):
        blocks += [Heading("Positions that changed", 2), bullets([*changed, *ended], max_items=12)]
    if place:
        blocks += [Heading("Equilibria that changed", 2), *_equilibria(found, found.periods[place - 1], one)]
    return blocks


def _causes(found: Timeline, period: Period) -> list[Item]:
    """Return the acts and statements with which a period began, each with what it changed in the model."""
    changes = found.changes(period)
    told = list(zip([f"act {number}" for number in period.acts], _acts(found, period.acts), strict=True))
    told += zip(period.because, _quotes(found, period.because), strict=True)
    behind: dict[str, list[str]] = {name: [] for name, _ in told}
    # What several of them changed together.
    decisive: list[Item] = []
    others: list[Item] = []
    jointly: set[str] = set()
    for one in changes or ():
        names = [name for name in (*one.statements, *(f"act {act}" for act in one.acts)) if name in behind]
        text = f"{change_told(found, one)}."
        if len(names) == 1 and len(one.statements) + len(one.acts) == 1:
            behind[names[0]].append(capital(text))
        else:
            item = Item(text, f"{cause_in_words(found, one.statements, one.acts)}:")
            (decisive if one.decides else others).append(item)
            jointly.update(names)
    nothing = [] if changes is None else ["No change in the model."]
    if period.no_option_yet:
        # No party can wish for options that the model does not have yet.
        behind, decisive, others, nothing = {name: [] for name in behind}, [], [], ["No option is in the model yet."]
    items = [
        replace(item, points=tuple(_at_most(behind[name]) or ([] if name in jointly else nothing)))
        for name, item in told
    ]
    return [*decisive, *items, *others]


def _at_most(texts: Sequence[str], most: int = 4) -> list[str]:
    more = len(texts) - most
    return [*texts[:most], *([f"{capital(counted(more, 'other change'))}."] if more > 0 else [])]


def _holds_in(one: Position, period: Period) -> bool:
    day = period.first or date.min
    return (one.first is None or one.first <= day) and (one.end is None or day < one.end)


def _head(found: Timeline, one: Period, shown: Sequence[Period]) -> str:
    if one.first is not None:
        # The last possible day of a vague date is no date of an event.
        limit = "by " if found.undated == "latest" else "not before "
        return f"{limit if begun_vaguely(found, one) else ''}{day_in_words(one.first)}"
    later = shown[1].first if len(shown) > 1 else None
    return "before" if later else "all days"


def _rows(bars: Iterable[Bar]) -> Iterator[tuple[Bar, ...]]:
    """Put each bar into the first row in which it covers no other."""
    rows: list[list[Bar]] = []
    for bar in bars:
        free = next((row for row in rows if row[-1].last < bar.first), None)
        if free is None:
            rows.append([bar])
        else:
            free.append(bar)
    yield from map(tuple, rows)


def _stuck(found: Timeline, one: Period) -> Cell:
    if one.reason:
        return Cell("not known", note=f"not known: {reason_in_words(one)}", tone="quiet")
    verdict = verdict_in_words(found, one)
    return Cell(verdict, tone="strong" if verdict != "no" else "")


def _unknown(one: Period) -> bool:
    """Tell whether the equilibria of a period are not known."""
    return one.no_option_yet or (bool(one.reason) and not any(one.equilibria.values()))


def _count(found: Timeline, one: Period) -> str:
    counts = sorted({len(states) for states in one.equilibria.values()})
    if not counts or _unknown(one):
        return "–"
    return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"


def _quotes(found: Timeline, ids: Sequence[str]) -> Iterator[Item]:
    conflict = found.conflict
    statements = conflict.all_testimony.by_id
    for id in ids:
        yield Item(statement_in_words(statements[id], conflict.all_speakers, conflict.all_statements))


def _acts(found: Timeline, numbers: Sequence[int]) -> Iterator[Item]:
    for number in numbers:
        yield Item(capital(act_in_words(found, number, dated=True)), f"Act {number}:")


def _equilibria(found: Timeline, before: Period, now: Period) -> Iterator[Block]:
    """Yield which equilibria a period has that the one before had not, and the other way round."""
    told, compared = [], False
    if _unknown(now):
        yield Paragraph("Not known in this period.")
        return
    came, went = ("Stable now:", now, before), ("No longer stable:", before, now)
    for words, more, less in (came,) if _unknown(before) else (came, went):
        concepts: dict[str, list[str]] = {}
        states: dict[str, State] = {}
        for concept in found.concepts:
            known = set() if _unknown(less) else {state.pattern for state in less.equilibria[concept.id]}
            for state in more.equilibria[concept.id]:
                if state.pattern not in known:
                    concepts.setdefault(state.pattern, []).append(concept.title)
                    states[state.pattern] = state
        for pattern, titles in concepts.items():
            quo = "the status quo of this period" if more is now else "the status quo of the period before"
            outcome = _outcome(found, states[pattern], more, quo)
            compared = compared or (more.status_quo is not None and outcome.startswith("the outcome "))
            told.append(Item(f"{outcome}, under {listed(titles)}", words))
    if compared:
        yield Paragraph(
            "An outcome without a name is described by what is different from the status quo of its period.", small=True
        )
    if told:
        yield bullets(told, max_items=8, more="{count} more outcomes")
    else:
        yield Paragraph("None.")


def _name(found: Timeline, state: State, period: Period) -> str:
    name = name_on_a_day(found.conflict, state, period.untaken)
    return quoted(name) if name and name == state.name else name


def _named(found: Timeline, state: State, period: Period) -> str:
    name = _name(found, state, period)
    return f"{name} (state {state.number})" if name else f"state {state.number}"


def _outcome(found: Timeline, state: State, period: Period, quo: str) -> str:
    if period.status_quo is not None and state.pattern == period.status_quo.pattern:
        return quo
    if (name := _name(found, state, period)) and name != NO_OPTION:
        return name
    # Without "resumes": what the file says of its last day need not have been before.
    bare = found.conflict.replaced(status_quo=None, history=())
    words = shortened(outcome_in_words(bare, state, period.status_quo), _MAX_OUTCOME)
    return f"the outcome {in_which(words)}" if words else f"state {state.number}"
