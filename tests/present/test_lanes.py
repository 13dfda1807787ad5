"""The swim-lanes of a timeline, and the words behind its bars and edges."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import escape
from xml.etree import ElementTree

import pytest

import detente as dt
from detente.errors import InputError
from detente.model.history import Act
from detente.model.parts import StatusQuo
from detente.model.statements import Statement
from detente.present.blocks import Bullets, Lanes, plain_text
from detente.present.lanes import lanes, period_details, picture, position_details
from detente.present.positions import positions_table
from detente.render.svg import svg_text
from tests.laws.test_timeline import with_matters
from tests.over_time import dispute_over_time

#: Without its acts, so that a period has a verdict from the first statements on.
NILE = dt.example("nile-dam").replaced(history=()).timeline(["nash", "seq"])


def test_columns_are_the_periods() -> None:
    drawn = lanes(NILE)
    assert drawn.columns == (
        "before",
        "by 31 December 2015",
        "28 June 2021",
        "8 July 2021",
        "9 July 2021",
    )
    assert drawn.days == ("2015-12-30", "2015-12-31", "2021-06-28", "2021-07-08", "2021-07-09")
    assert drawn.spans[-1] == "from 9 July 2021 on"
    assert [str(cell) for cell in drawn.stuck] == ["not known", "not known", "yes", "yes", "yes"]
    assert drawn.stuck[0].note == "not known: no option is in the model yet"
    assert [str(cell) for cell in drawn.equilibria][:2] == ["–", "–"]
    assert drawn.counts[:2] == ("–", "–")


def test_dispute_without_dates_has_one_column() -> None:
    drawn = lanes(dt.example("syria-iraq-1975").timeline(["nash"]))
    assert (drawn.columns, drawn.lanes) == (("all days",), ())


def test_bar_that_only_another_side_reports_is_marked() -> None:
    bars = {bar.words: bar for lane in lanes(NILE).lanes for row in lane.rows for bar in row}
    reported = [words for words, bar in bars.items() if bar.reported]
    # Who says so and who denies it comes first, for the end of a short bar is cut.
    (words,) = reported
    assert words == (
        "Ethiopia on whether it fills the reservoir, according to Egypt (c9): against since 2015, until 28 June 2021; "
        "disputed: Ethiopia denies it in c10"
    )
    assert bars[words].text == "Egypt says (denied): against"


def test_withdrawal_that_its_party_denies_ends_no_position() -> None:
    (lane,) = [
        one for one in lanes(NILE).lanes if (one.holder, one.name) == ("Egypt", "Sign a binding agreement (Egypt)")
    ]
    ((bar,),) = lane.rows
    assert (bar.stance, bar.last) == ("for", 4)
    assert bar.text == "for; a reported withdrawal is disputed"
    assert bar.words == (
        "Egypt on whether it signs a binding agreement: for since 28 June 2021; withdrawn, according to Ethiopia (g7); "
        "Egypt denies that in g8"
    )
    rows = [row for row in positions_table(NILE).rows if row[:2] == ("Egypt", "Sign a binding agreement (Egypt)")]
    ((_, _, stance, since, until, _),) = rows
    assert (stance, until) == ("for", "")
    assert "withdrawn, according to Ethiopia (g7); Egypt denies that in g8" in str(since)
    # A withdrawal that its party does not deny ends it, by the word of who reports it.
    ukraine = dt.example("ukraine-2023").timeline(["nash"])
    texts = [bar.text for lane in lanes(ukraine).lanes for row in lane.rows for bar in row]
    assert "Russia says (disputed): withdrawn" in texts


def test_contradicting_positions_stand_in_two_rows() -> None:
    found = dt.example("ukraine-2023").timeline(["nash"])
    (lane,) = [one for one in lanes(found).lanes if one.name == "Rule out talks with Russia"]
    assert [[bar.stance for bar in row] for row in lane.rows] == [["for"], ["conditional"]]


def test_earlier_periods_beyond_the_limit_are_counted() -> None:
    drawn = lanes(NILE, 2)
    assert (drawn.earlier, drawn.places, len(drawn.columns)) == (3, (3, 4), 2)
    assert {bar.first for lane in drawn.lanes for row in lane.rows for bar in row} <= {0, 1}


def test_bars_agree_with_the_positions_on_each_day() -> None:
    """Column by column, the bars are the positions that a look at that day alone finds; none covers another."""
    seen = 0
    for seed in range(40):
        try:
            found = with_matters(dispute_over_time(seed), seed).timeline(["nash"])
        except InputError:
            continue
        drawn = lanes(found)
        for column, period in enumerate(found.periods):
            day = period.first or date.min
            there = {
                place
                for place, one in enumerate(found.positions)
                if (one.first or date.min) <= day and (one.end is None or day < one.end)
            }
            rows = [
                [bar.place for bar in row if bar.first <= column <= bar.last]
                for lane in drawn.lanes
                for row in lane.rows
            ]
            assert all(len(row) < 2 for row in rows)
            assert sorted(place for row in rows for place in row) == sorted(there)
            seen += len(there)
    assert seen > 100


def test_position_names_its_statements_and_what_ended_it() -> None:
    place = next(
        place
        for place, one in enumerate(NILE.positions)
        if (one.holder, one.matter, one.stance) == ("egypt", "egypt-signs", "for")
    )
    words = plain_text(position_details(NILE, place))
    assert "Egypt, offer, in indirect speech: “Egypt was ready to sign one”" in words
    assert (
        "Egypt (as reported by Ethiopia), withdrawal, in indirect speech: “withdrawn its readiness to sign” (Egypt "
        "denies it in g8)" in words
    )


def test_position_that_another_side_reports_says_so() -> None:
    place = next(place for place, one in enumerate(NILE.positions) if one.told_by_others_only)
    assert "Position: According to Egypt: against." in plain_text(position_details(NILE, place))


def test_period_says_what_began_it_and_what_is_different() -> None:
    words = plain_text(period_details(NILE, 4))
    condition = "“Egypt would leave the Council as soon as Ethiopia signed a binding agreement”"
    assert f"Egypt, condition, in indirect speech: {condition}" in words
    assert "Sign a binding agreement (Egypt)" not in words.partition("Positions that changed")[2]
    assert "Stable now: the status quo of this period, under Nash and SEQ" in words
    assert "No longer stable: the status quo of the period before, under Nash and SEQ" in words


def test_period_says_what_each_statement_changed() -> None:
    found = dt.example("northern-ireland-1998").timeline(["nash"])
    told = plain_text(period_details(found, 3))
    changed = "only if the Irish Republican Army begins to hand over weapons before talks” added as number 2"
    assert "  - British government: preference “" in told
    assert f"{changed}. Without this, the dispute would not be stuck." in told
    # What two statements changed together comes first if it decides.
    both = plain_text(period_details(found, 7))
    assert "What began this period\n- Irish Republican Army (i1, i3): Irish Republican Army: preference" in both
    nothing = plain_text(period_details(NILE, 1))
    assert "- No option is in the model yet." in nothing


def test_period_names_its_acts() -> None:
    acts = (Act("2024-04-20", "upstream", takes=("divert",)),)
    river = dt.example("river-sharing").replaced(status_quo=StatusQuo(frozenset({"divert"})), history=acts)
    found = river.timeline(["nash"])
    assert found.periods[1].acts == (1,)
    assert "Act 1: Upstream country diverts the river (20 April 2024)" in plain_text(period_details(found, 1))


def test_period_that_depends_on_a_claim_says_on_which() -> None:
    assert "A separate period begins on 31 December 2015 only if you believe c9." in plain_text(period_details(NILE, 1))


def test_long_lists_are_cut_with_their_number() -> None:
    found = dt.example("ukraine-2023").timeline(["nash"])
    lists = [block for block in period_details(found, 3) if isinstance(block, Bullets)]
    assert any(block.more for block in lists)


def test_disbelieved_statement_removes_its_bar() -> None:
    with_it = {bar.words for lane in lanes(NILE).lanes for row in lane.rows for bar in row}
    without = dt.example("nile-dam").timeline(["nash"], believe=["g8"])
    assert any("withdrawn" in words and "Egypt on" in words for words in with_it)
    assert not any(
        "until" in bar.words and "g7" in bar.words for lane in lanes(without).lanes for row in lane.rows for bar in row
    )


def test_unknown_equilibria_are_a_dash() -> None:
    found = replace(
        NILE, periods=tuple(replace(one, reason="x", equilibria={"nash": (), "seq": ()}) for one in NILE.periods)
    )
    assert {str(cell) for cell in lanes(found).equilibria} == {"–"}


def test_picture_has_every_bar_with_its_words() -> None:
    drawing = svg_text(picture(NILE))
    bars = [bar for lane in lanes(NILE).lanes for row in lane.rows for bar in row]
    assert drawing.count("<title>") == len(bars) + 1 + 5  # the picture itself, and the key
    assert all(escape(bar.words, quote=True) in drawing for bar in bars)
    parsed = ElementTree.fromstring(drawing)
    assert parsed.tag.endswith("svg")
    # A bar and the key have the dotted frame.
    assert drawing.count("stroke-dasharray") == 2


def test_picture_leaves_out_earlier_periods_and_says_so() -> None:
    statements = [
        Statement(f"s{n}", speaker="upstream", kind="offer", quote="x", date_said=f"20{n:02}", about=("divert",))
        for n in range(1, 21)
    ]
    found = dt.example("river-sharing").replaced(statements=statements, sources=()).timeline(["nash"])
    figure = picture(found)
    assert "9 earlier periods are left out" in figure.caption
    ElementTree.fromstring(svg_text(figure))


def test_hostile_names_stay_text_in_the_picture() -> None:
    river = dt.example("river-sharing")
    makers = [replace(one, name="<script>alert(1)</script> & \u202e") for one in river.decision_makers]
    drawing = svg_text(picture(river.replaced(decision_makers=makers).timeline(["nash"])))
    assert "<script" not in drawing
    assert "\u202e" not in drawing
    ElementTree.fromstring(drawing)


def test_notebook_shows_the_picture_and_the_tables() -> None:
    shown = NILE._repr_html_()
    assert shown.count("<svg") == 1
    assert shown.index("Is it stuck") < shown.index("<svg") < shown.index("Periods")


def test_narrow_columns_keep_the_year_of_each_day() -> None:
    found = dt.example("northern-ireland-1998").timeline(["nash", "gmr"])
    drawn = svg_text(picture(found))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert not any("…" in text for text in texts if re.search("[0-9]", text))
    assert [texts.count(year) for year in ("1993", "1994", "1995", "1996", "1997", "1998")] == [1, 1, 1, 2, 5, 1]
    assert "15 Dec" in texts and "before" in texts
    # Under which concept it was stuck is not cut.
    assert texts.count("GMR") >= 2


@pytest.mark.parametrize("name", ["ukraine-2023", "nile-dam"])
def test_picture_cuts_no_word_of_who_says_what(name: str) -> None:
    """A bar says whose words its position is and who denies them: it grows rather than lose one."""
    drawn = picture(dt.example(name).timeline(["nash"]))
    assert isinstance(drawn.drawing, Lanes)
    tree = ElementTree.fromstring(svg_text(drawn))
    space = "{http://www.w3.org/2000/svg}"
    told = [[text.text or "" for text in group.findall(f"{space}text")] for group in tree.iter(f"{space}g")]
    bars = [bar for lane in drawn.drawing.lanes for row in lane.rows for bar in row]
    assert any("says (" in bar.text for bar in bars)
    assert [" ".join(lines) for lines in told if lines] == [bar.text for bar in bars]
    # The words stay inside their bars, and the bars apart.
    for group in tree.iter(f"{space}g"):
        bar = group.findall(f"{space}rect")[0]
        top, bottom = float(bar.get("y", 0)), float(bar.get("y", 0)) + float(bar.get("height", 0))
        assert all(top < float(text.get("y", 0)) < bottom for text in group.findall(f"{space}text"))
    labels = "".join(text.text or "" for text in tree.findall(f"{space}text"))
    assert "…" not in labels
