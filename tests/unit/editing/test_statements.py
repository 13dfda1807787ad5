"""Fields of statements and sources that a form changes: edit, save, reread; and links that make no sense."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.editing import edited_file
from detente.editing.statements import refuse_nonsense
from detente.errors import DetenteError, InputError, UnknownNameError
from detente.io.conflict_file import ConflictFile
from detente.model.statements import Statement
from detente.web.documents import sources_data
from detente.web.folder import Folder
from tests.unit.web.serving import RIVER, river_folder, serving

#: Three ways in which statements are written, each with comments of its own.
LAYOUTS = {
    "flow": RIVER,
    "block": RIVER.partition("statements:")[0]
    + """\
statements:
  # who began
  - id: s1            # in April
    source: daily
    speaker: downstream
    kind: threat
    quote: "we will answer with sanctions"

  # the answer
  - id: s2
    speaker: upstream
    quote: >-
      not a
      cent
    contested_by: [s3]   # at once
    proposed: yes        # by the reader
  - id: s3
    quote: "they promised to pay"
    note: |
      as heard
# the end
""",
    "quoted": RIVER.partition("statements:")[0]
    + """\
statements: [
  {"id": "s1", "quote": "we will answer with sanctions", 'date_said': 2024-04},  # one
  {id: s2, speaker: upstream, contested_by: s3, proposed: true},                 # two
  {id: s3, quote: 'they promised to pay'}]
""",
}
COMMENTS = {
    "flow": ("# Who takes part.", "# the works have not begun"),
    "block": ("# who began", "# in April", "# the answer", "# the end"),
    "quoted": ("# Who takes part.",),
}

#: A field, what is given, and what is then read.
STATEMENT: list[tuple[str, Any, Any]] = [
    ("contested_by", ["s2"], ("s2",)),
    ("contested_by", ["s2", "s3", "s2"], ("s2", "s3")),
    ("contested_by", [], ()),
    ("withdrawn_by", ["s3"], ("s3",)),
    ("withdrawn_by", [], ()),
    ("copy_of", "s3", "s3"),
    ("copy_of", "", None),
    ("nested_in", "s3", "s3"),
    ("nested_in", "", None),
    ("date_said", "2024-05-01", "2024-05-01"),
    ("date_said", "2024", "2024"),
    ("date_said", " 2024-05 ", "2024-05"),
    ("date_said", "", None),
    ("reported_by", "The mayor", "the-mayor"),
    ("reported_by", "upstream COUNTRY", "upstream"),
    ("reported_by", "", None),
    ("note", "Heard twice: “no”.", "Heard twice: “no”."),
    ("kind", "claim", "claim"),
    ("kind", "", None),
    ("speaker", "The mayor", "the-mayor"),
    ("proposed", False, False),
]
SOURCE: list[tuple[str, Any, Any]] = [
    ("title", "Who said what: a list", "Who said what: a list"),
    ("title", "  ", None),
    ("publisher", "The Daily", "The Daily"),
    ("date", "2024-04-30", "2024-04-30"),
    ("date", "2024", "2024"),
    ("date", "", None),
    ("url", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ("note", "yes", "yes"),
]


def opened(text: str) -> ConflictFile:
    return ConflictFile.of(text, "river.conflict.yaml")


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("id", ["s1", "s2"])
@pytest.mark.parametrize(("field", "given", "read"), STATEMENT)
def test_statement_field_is_edited_saved_and_read_again(
    tmp_path: Path, layout: str, id: str, field: str, given: Any, read: Any
) -> None:
    if id == "s2":
        given, read = (["s3"], ("s3",)) if given == ["s2"] else ("s1", "s1") if given == "s3" else (given, read)
    if isinstance(given, list) and id in given:
        pytest.skip("a statement is not linked to itself")
    path = tmp_path / "river.conflict.yaml"
    path.write_text(LAYOUTS[layout], encoding="utf-8")
    if field == "copy_of" and given:
        # A copy has the speaker of its original.
        speaker = _of(ConflictFile.open(path), given).speaker or ""
        text = edited(ConflictFile.open(path), {"do": "set", "at": ["statements", id, "speaker"], "value": speaker})
        path.write_text(text, encoding="utf-8")
    before = ConflictFile.open(path)
    text = edited(before, {"do": "set", "at": ["statements", id, field], "value": given})
    path.write_text(text, encoding="utf-8")
    after = ConflictFile.open(path)
    (made,) = (one for one in after.conflict.statements if one.id == id)
    assert getattr(made, field) == read
    # Nothing else has changed, and every comment is there.
    others = [one for one in after.conflict.statements if one.id != id]
    assert others == [one for one in before.conflict.statements if one.id != id]
    for comment in COMMENTS[layout]:
        assert comment in text
    changed = {field, *(["speakers"] if "mayor" in str(read) else [])}
    assert {key for key in vars(made) if getattr(made, key) != getattr(_of(before, id), key)} <= changed
    # Without a change the text stays as it is; undone, it is what it was in meaning.
    assert edited(after, {"do": "set", "at": ["statements", id, field], "value": given}) == text


def _of(file: ConflictFile, id: str) -> Statement:
    found: Statement = next(one for one in file.conflict.statements if one.id == id)
    return found


@pytest.mark.parametrize(("field", "given", "read"), SOURCE)
def test_source_field_is_edited_saved_and_read_again(tmp_path: Path, field: str, given: Any, read: Any) -> None:
    path = tmp_path / "river.conflict.yaml"
    path.write_text(RIVER, encoding="utf-8")
    text = edited(ConflictFile.open(path), {"do": "set", "at": ["sources", "daily", field], "value": given})
    path.write_text(text, encoding="utf-8")
    after = ConflictFile.open(path).conflict
    assert getattr(after.sources[0], field) == read
    assert "# the works have not begun" in text and "# most important first" in text
    assert after.statements == opened(RIVER).conflict.statements


def test_accepted_statement_is_not_proposed() -> None:
    text = edited(opened(LAYOUTS["block"]), {"do": "set", "at": ["statements", "s2", "proposed"], "value": False})
    assert "proposed" not in text


def test_evidence_against_is_set_and_removed() -> None:
    for at in (["rules", 0], ["decision_makers", "upstream", "preferences", 3], ["states", "stand-off"]):
        edit = {"at": at, "statement": "s1", "key": "against"}
        linked = opened(edited(opened(RIVER), {"do": "link", **edit}))
        assert "against: [s1]" in linked.text
        assert opened(edited(linked, {"do": "unlink", **edit})).conflict == opened(RIVER).conflict


LINKED = RIVER.replace('quote: "we will answer with sanctions"', 'quote: "we will answer", withdrawn_by: [s2]').replace(
    'quote: "not a cent"', 'quote: "not a cent", nested_in: s3'
)


@pytest.mark.parametrize(
    ("id", "key", "value", "said"),
    [
        ("s1", "contested_by", ["s1"], "s1 cannot be disputed by itself"),
        ("s1", "withdrawn_by", ["s1"], "s1 cannot be withdrawn by itself"),
        ("s1", "copy_of", "s1", "s1 cannot be a copy of itself"),
        ("s1", "nested_in", "s1", "s1 cannot be reported in itself"),
        ("s3", "withdrawn_by", ["s1"], "s3 would depend on itself: .*in a circle"),
        ("s3", "nested_in", "s1", "s3 would depend on itself: .*in a circle"),
        ("s3", "copy_of", "s1", "s3 would depend on itself: .*in a circle"),
        ("s1", "date_said", "yesterday", "'yesterday' is not a date"),
        ("s1", "date_said", "not-a-date", "is not a date"),
        ("s1", "date_said", "2024-13-01", "is not a date"),
        ("s1", "kind", "insult", "kind of statement"),
    ],
)
def test_contradictory_link_is_refused(id: str, key: str, value: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(opened(LINKED), {"do": "set", "at": ["statements", id, key], "value": value})


@pytest.mark.parametrize("field", ["contested_by", "withdrawn_by", "copy_of", "nested_in"])
def test_unknown_statement_is_refused_with_a_suggestion(field: str) -> None:
    given = "s33" if field in ("copy_of", "nested_in") else ["s33"]
    with pytest.raises(UnknownNameError, match="unknown statement 's33' — did you mean 's3'"):
        edited(opened(LINKED), {"do": "set", "at": ["statements", "s1", field], "value": given})


def test_date_of_a_source_is_checked() -> None:
    for date in ("yesterday", "not-a-date", "2024-02-30", 7):
        with pytest.raises(InputError, match="is not a date"):
            edited(opened(RIVER), {"do": "set", "at": ["sources", "daily", "date"], "value": date})
    with pytest.raises(UnknownNameError, match="source in this file"):
        edited(opened(RIVER), {"do": "set", "at": ["sources", "dayly", "date"], "value": "2024"})


def nonsense(statements: list[Statement]) -> bool:
    """Tell by definition: copies are one; nothing is linked to itself or, by reports and withdrawals, in a circle."""
    ids = [one.id for one in statements]
    pairs = {(one.id, one.copy_of) for one in statements if one.copy_of}
    # Circles among copies themselves.
    closed = set(pairs)
    for _ in ids:
        closed |= {(a, d) for (a, b), (c, d) in product(closed, closed) if b == c}
    if any(a == b for a, b in closed):
        return True
    same = {(id, id) for id in ids} | pairs | {(b, a) for a, b in pairs}
    for _ in ids:
        same |= {(a, d) for (a, b), (c, d) in product(same, same) if b == c}
    after = {(one.id, other) for one in statements for other in (*one.withdrawn_by, one.nested_in) if other}
    after |= {(a, d) for (a, b), (c, d) in product(same, after) if b == c}
    after |= {(a, d) for (a, b), (c, d) in product(after, same) if b == c}
    for _ in ids:
        after |= {(a, d) for (a, b), (c, d) in product(after, after) if b == c}
    return any(a == b for a, b in after) or any(
        (one.id, other) in same for one in statements for other in one.contested_by
    )


LINK = st.tuples(
    st.sampled_from(["contested_by", "withdrawn_by", "copy_of", "nested_in"]), st.integers(0, 3), st.integers(0, 3)
)


@given(st.lists(LINK, max_size=7))
def test_links_are_refused_exactly_if_contradictory(links: list[tuple[str, int, int]]) -> None:
    """Link by link, as a form makes them: what makes no sense is refused and left out, all else is taken."""
    statements = [Statement(f"s{place}") for place in range(4)]
    for key, place, other in links:
        one = statements[place]
        value: Any = f"s{other}"
        value = value if key in ("copy_of", "nested_in") else (*getattr(one, key), value)
        tried = [*statements]
        tried[place] = Statement(**{**vars(one), key: value})
        try:
            refuse_nonsense(tried, tried[place])
        except DetenteError:
            assert nonsense(tried)
        else:
            assert not nonsense(tried)
            statements = tried


def test_statement_of_another_party_is_linked_to_an_option_only_if_confirmed() -> None:
    edit = {"do": "link", "at": ["decision_makers", "upstream", "options", "divert"], "statement": "s1"}
    with pytest.raises(InputError, match="s1 was said by Downstream country") as found:
        edited(opened(RIVER), edit)
    offer = getattr(found.value, "offer")  # noqa: B009
    assert offer["edit"] == {**edit, "agreed": True}
    assert opened(edited(opened(RIVER), offer["edit"])).conflict.option("divert").support.evidence == ("s1",)
    # Its own words, words against, and other elements need no question.
    for other in ({"statement": "s2"}, {"key": "against"}, {"at": ["rules", 0]}):
        edited(opened(RIVER), {**edit, **other})


def test_reported_statement_is_marked_as_reported(tmp_path: Path) -> None:
    """What one party tells of another is never shown as if the other had said it."""
    more = (
        '  - {id: s4, source: daily, speaker: downstream, kind: claim, quote: "they agreed"}\n'
        '  - {id: s5, source: daily, speaker: upstream, kind: commitment, quote: "agreed", nested_in: s4}\n'
        '  - {id: s6, source: daily, speaker: upstream, kind: offer, quote: "we pay", reported_by: downstream}\n'
    )
    folder = Folder(river_folder(tmp_path / "folder"))
    data = sources_data(folder, "river.conflict.yaml", opened(RIVER + more).conflict)
    found = {one["id"]: (one["attribution"], one["told_by"]) for one in data["statements"]}
    assert found["s4"] == ("Downstream country", None)
    assert found["s5"] == found["s6"] == ("Upstream country", "Downstream country")
    with serving(folder.root) as server:
        (folder.root / "river.conflict.yaml").write_text(RIVER + more, encoding="utf-8")
        page = " ".join(server.client.get("/what-if/river.conflict.yaml").text.split())
    assert page.count("<bdi>Upstream country, as reported by Downstream country</bdi>") == 2


def test_cards_say_whose_words_a_report_adds_and_that_a_withdrawal_is_disputed(tmp_path: Path) -> None:
    folder = Folder(river_folder(tmp_path / "folder"))
    nile, ukraine = (
        {one["id"]: one for one in sources_data(folder, "river.conflict.yaml", dt.example(name))["statements"]}
        for name in ("nile-dam", "ukraine-2023")
    )
    # The report explains the statement of 1990; Russia is not reported to have said it.
    assert (ukraine["s4a"]["said_on"], ukraine["s4a"]["told"]) == ("1990", "according to the report")
    assert nile["c8"]["gone"] == "withdrawal disputed"
    assert nile["c8"]["withdrawal"] == "withdrawn, according to Ethiopia (g7); Egypt denies that in g8"
    assert ukraine["s19a"]["gone"] == "withdrawal disputed"
    assert nile["c7"]["gone"] == ""
