"""Text for a pipe is laid out without Rich, and is the same to the character as Rich's."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, Table
from detente.render import terminal
from tests.examples import examples

WORDS = st.sampled_from(
    [
        "a",
        "no",
        "YNNNYNYYNNYYYY",
        "‘one’",
        "✓",
        "·",
        "–",
        "",
        " ",
        "  ",
        "1,024",
        "Zürich",
        "incomprehensibilities-of-it",
    ]
)
#: Words that Rich has to lay out: characters that take two columns, or none.
WIDE = st.sampled_from(["協定", "e\u0301te\u0301", "👍🏽", "\u200dx"])
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)
LONG = st.lists(st.one_of(WORDS, WORDS, TEXTS), max_size=60).map(" ".join)
KINDS = st.sampled_from(["text", "number", "mark", "code"])


@st.composite
def tables(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Table:
    columns = draw(st.lists(st.builds(Column, texts, kind=KINDS), min_size=1, max_size=12))
    cells = st.one_of(texts, st.builds(Cell, texts, here=st.booleans(), tone=st.sampled_from(["", "good", "quiet"])))
    rows = draw(st.lists(st.tuples(*[cells] * len(columns)), max_size=5))
    return Table(tuple(columns), tuple(rows), draw(texts))


BLOCKS = st.lists(
    st.one_of(
        tables(),
        st.builds(Heading, TEXTS),
        st.builds(Paragraph, LONG, TEXTS),
        st.builds(lambda text, points: Bullets((Item(text, points=points),)), LONG, st.tuples(LONG, TEXTS)),
    ),
    max_size=3,
)


def written(blocks: list[Block]) -> str:
    with redirect_stdout(StringIO()) as out:
        terminal.write_blocks(blocks)
    return out.getvalue()


def written_by_rich(blocks: list[Block]) -> str:
    with patch.object(terminal, "columns_of_pipe", return_value=None):
        return written(blocks)


@settings(max_examples=examples(300))
@given(blocks=BLOCKS, columns=st.sampled_from(["", "20", "37", "64", "80", "120", "3"]))
def test_text_for_a_pipe_is_as_rich_lays_it_out(blocks: list[Block], columns: str) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("COLUMNS", columns)
        assert written(blocks) == written_by_rich(blocks)


@settings(max_examples=examples(60))
@given(table=tables(st.one_of(TEXTS, WIDE)), words=st.lists(st.one_of(WORDS, WIDE), max_size=60).map(" ".join))
def test_characters_of_other_widths_are_laid_out_by_rich(table: Table, words: str) -> None:
    blocks: list[Block] = [table, Paragraph(words), Bullets((Item(words, points=(words,)),))]
    assert written(blocks) == written_by_rich(blocks)


@pytest.mark.parametrize("columns", ["20", "80", ""])
def test_table_that_is_too_wide_is_as_rich_lays_it_out(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    heads = (
        Column("No.", kind="number"),
        Column("State", kind="code"),
        *(Column(f"SEQ {n}", kind="mark") for n in "abcdef"),
    )
    rows = tuple((str(n), f"{n:040b}", *("✓" if n >> k & 1 else "1 2 3" for k in range(6))) for n in range(0, 4096, 37))
    assert written([Table(heads, rows)]) == written_by_rich([Table(heads, rows)])


def test_message_is_one_line_as_by_rich(capsys: pytest.CaptureFixture[str]) -> None:
    text = "No état 協定 " * 40 + "\x1b[31m\tred\n"
    terminal.message(text, "red")
    quick = capsys.readouterr().err
    with patch.object(terminal, "columns_of_pipe", return_value=None):
        terminal.message(text, "red")
    assert quick == capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "value", "is_plain"),
    [("FORCE_COLOR", "1", False), ("FORCE_COLOR", "", True), ("TTY_COMPATIBLE", "1", False), ("COLUMNS", "90", True)],
)
def test_colours_that_are_forced_are_left_to_rich(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, is_plain: bool
) -> None:
    monkeypatch.setenv(variable, value)
    assert (terminal.columns_of_pipe(StringIO()) is not None) == is_plain


def test_single_characters_take_one_column_in_rich() -> None:
    single = [chr(code) for code in range(0x11_0000) if re.fullmatch(terminal._SINGLE, chr(code))]
    assert len(single) > 500
    assert [one for one in single if cell_len(one) != 1 or (one.isspace() and one != " ")] == []
