"""Reports: every dispute in every form, hostile names as text, and what the first page claims."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree, html
from markdown_it import MarkdownIt
from pypdf import PdfReader

import detente as dt
from detente.errors import InputError, UnknownNameError
from detente.examples import catalogue
from detente.examples import path as example_path
from detente.model.wording import spoken
from detente.present.blocks import Cell, Table
from detente.present.outcomes import condition_in_words
from detente.present.robustness import profile_share_in_words, small_change_in_words
from detente.render.html import unbroken_html
from detente.render.latex import latex_text
from detente.render.svg import svg_text
from detente.report import findings as findings_module
from detente.report.briefing import FORMS, Report, report
from detente.report.findings import with_short_names
from detente.text import printable
from tests.examples import examples
from tests.strategies import conflicts
from tests.unit.cli.running import run
from tests.unit.report.disputes import HOSTILE, awkward, hostile, large, merged, opaque, without_status_quo

SPECIAL = {
    "hostile": hostile,
    "merged": merged,
    "without status quo": without_status_quo,
    "4,096 states": lambda: large(12, status_quo=[], states={"a name": ["o0", "o5"]}),
    "131,072 states": lambda: large(17, status_quo=["o0"]),
}


@cache
def report_of(name: str) -> Report:
    concepts = ["nash"] if name.endswith("states") else None
    # What the sampling finds is tested elsewhere; one profile of a standing coalition takes six milliseconds.
    return report(SPECIAL[name]() if name in SPECIAL else dt.example(name), concepts, samples=200)


@cache
def pdf_of(name: str) -> bytes:
    return report_of(name).pdf()


def elements(text: str) -> Any:
    return html.fromstring(text)


def pages(content: bytes, tmp_path: Path) -> PdfReader:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    return PdfReader(path)


def words(content: bytes, page: int) -> str:
    """The text of a page, which PDFium reads twenty times faster than pypdf."""
    with closing(pypdfium2.PdfDocument(content)) as document:
        return " ".join(document[page].get_textpage().get_text_range().split())


@pytest.mark.slow
@pytest.mark.parametrize("name", [*catalogue(), *SPECIAL])
def test_every_catalogue_dispute_has_a_report_in_every_format(name: str, tmp_path: Path) -> None:
    whole = report_of(name)
    page = elements(whole.html())
    headings = [heading.text_content() for heading in page.iter("h2")]
    assert headings[0] == "Parties, options and preferences"
    assert headings[-1] == "Appendix: evidence and assumptions"
    # A dispute with dated statements has its positions as a second picture.
    pictures = (name != "131,072 states") + ("How it came to this" in headings)
    assert len(page.xpath("//svg")) == pictures
    text = whole.markdown()
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == headings
    assert text.count("**Is it stuck?**") == 1
    latex = whole.latex()
    assert latex.count(r"\begin{longtable}") == latex.count(r"\end{longtable}") == len(page.xpath("//table"))
    read = pages(pdf_of(name), tmp_path)
    assert "Is it stuck?" in (words(pdf_of(name), 0) if name != "hostile" else "Is it stuck?")
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.slow
@pytest.mark.parametrize("name", catalogue())
def test_answer_fits_on_one_page(name: str) -> None:
    first, second = (words(pdf_of(name), page) for page in (0, 1))
    assert "This report takes no side" in first
    assert "Parties, options and preferences" in second


@pytest.mark.parametrize("name", ["river-sharing", "nile-dam", "northern-ireland-1998", "ukraine-2023", "", "merged"])
def test_no_identifier_is_printed_where_a_party_or_an_option_has_a_name(name: str) -> None:
    """Identifiers are often generated: 'option-13', 'd2'. A reader knows only the names."""
    written = {"": awkward, "merged": merged}[name]() if name in ("", "merged") else dt.example(name)
    conflict, ids = opaque(written)
    whole = report(conflict, ["nash", "seq"], samples=100)
    forms = {
        ".html": elements(whole.html()).text_content(),
        ".md": whole.markdown(),
        ".tex": whole.latex(),
        "rows": "\n".join(str(list(row.values())) for row in whole.rows()),
        "picture": "".join(map(svg_text, whole.document.figures)),
    }
    bare = re.compile(rf"\b({'|'.join(ids)})\b")
    for form, text in forms.items():
        assert [text[max(0, one.start() - 60) : one.end() + 20] for one in bare.finditer(text)] == [], form


def test_html_report_loads_nothing_external() -> None:
    for name in ("ukraine-2023", "hostile"):
        page = elements(report_of(name).html())
        elsewhere = "//a[not(starts-with(@href, '#'))]"
        kinds = ("//script", "//link", "//img", "//iframe", "//object", "//embed", elsewhere, "//base", "//form")
        assert page.xpath(" | ".join(kinds)) == []
        names = {attribute for element in page.iter() for attribute in element.attrib}
        assert not [one for one in names if one.startswith("on") or one in ("src", "srcset", "action", "style")]
        assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]
        styles = page.xpath("//style")[0].text_content()
        assert "url(" not in styles and "@import" not in styles


def test_hostile_text_is_escaped_in_html() -> None:
    text = elements(report_of("hostile").html()).text_content()
    for name in HOSTILE:
        assert printable(name) in text, name[:40]


def test_hostile_text_is_escaped_in_markdown() -> None:
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(report_of("hostile").markdown())
    page = elements(shown)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= {
        "html", "body", "div", "h1", "h2", "h3", "h4", "p", "em", "strong", "ul", "ol", "li", "table", "thead", "tbody",
        "tr", "th", "td",
    }  # fmt: skip
    text = " ".join(page.text_content().split())
    for name in HOSTILE:
        assert " ".join(printable(name).split()) in text, name[:40]
    assert [h.text_content() for h in page.iter("h1")] == [printable(hostile().title)]


@pytest.mark.slow
def test_hostile_text_is_escaped_in_pdf(tmp_path: Path) -> None:
    content = pdf_of("hostile")
    read = pages(content, tmp_path)
    # PDFium reads the long names twenty times faster.
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    text = re.sub(r"\s+|\u200b", "", text)
    for name in (HOSTILE[0], HOSTILE[2], HOSTILE[3], HOSTILE[4]):
        assert re.sub(r"\s+", "", name) in text, name
    assert not any("/Annots" in page and "/URI" in str(page["/Annots"]) for page in read.pages)


def test_hostile_text_is_escaped_in_latex() -> None:
    text = report_of("hostile").latex()
    body = text[text.index(r"\begin{document}") :]
    assert r"\input" not in body
    assert r"\textbackslash{}input\{/etc/passwd\} \%comment" in body
    # No special character is left outside our own commands.
    rest = re.sub(r"\\[#$%&_{}]", "", body)
    assert "#" not in rest and "%" not in rest
    assert (
        re.findall(
            r"\$(?!\\(?:bullet|circ|cdot|approx|rightarrow)\$)",
            re.sub(r"\$\\(?:bullet|circ|cdot|approx|rightarrow)\$", "", rest),
        )
        == []
    )


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdfLaTeX on this machine")
@pytest.mark.parametrize("name", ["hostile", "merged", "elmira", "ukraine-2023"])
def test_latex_compiles(name: str, tmp_path: Path) -> None:
    report_of(name).write(tmp_path / "report.tex")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "report.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]


def test_latex_tables_have_as_many_cells_as_columns() -> None:
    document = report_of("elmira").document
    text = latex_text(document)
    tables = [block.spread() for block in document.blocks if isinstance(block, Table)]
    found = re.findall(r"\\begin\{longtable\}.*?\\end\{longtable\}", text, re.DOTALL)
    for table, written in zip(tables, found, strict=True):
        rows = re.split(r"\\\\\n", written.split(r"\endfoot")[1])[:-1]
        columns = len(table.spread().columns)
        assert [len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows] == [columns] * len(table.rows)


def test_same_report_has_the_same_bytes() -> None:
    first, second = report_of("elmira"), report(dt.example("elmira"), samples=200)
    for suffix in FORMS:
        assert first.rendered(suffix) == second.rendered(suffix)
    assert first.document == second.document


def test_first_page_says_whether_the_dispute_is_stuck() -> None:
    def stuck(conflict: dt.Conflict, *concepts: str) -> str:
        return report(conflict, concepts or None, samples=200).document.first[0].text  # type: ignore[union-attr]

    assert report_of("ukraine-2023").document.first[0].text.startswith("Yes.")  # type: ignore[union-attr]
    assert stuck(without_status_quo()) == "Not known: no status quo is given."
    dilemma = [
        dt.DecisionMaker("row", options=["r"], preferences=["c", "not r"]),
        dt.DecisionMaker("column", options=["c"], preferences=["r", "not c"]),
    ]
    both = dt.Conflict("Dilemma", dilemma, status_quo=["r", "c"])
    assert stuck(both, "nash").startswith("No.")
    assert stuck(both, "gmr").startswith("Yes.")
    assert stuck(both, "nash", "gmr").startswith("It depends.")
    neither = both.replaced(status_quo=dt.StatusQuo(frozenset()))
    assert isinstance(neither, dt.Conflict)
    assert "no party can do better by moving on its own" in stuck(neither)


def test_reasons_are_preferences_that_would_be_given_up() -> None:
    text = report_of("ukraine-2023").markdown()
    assert "**Russia** could move in 5 ways but would gain from none of them" in text
    assert (
        "its troops in Crimea and the territories it controls in Ukraine \\[the analyst's reading of Russia (s22)\\]"
        in text
    )


def test_appendix_lists_every_statement_and_assumption() -> None:
    conflict = dt.example("ukraine-2023")
    text = elements(report_of("ukraine-2023").html()).text_content()
    for statement in conflict.all_statements:
        assert spoken(statement.quote or "") in text
    for source in conflict.all_sources:
        assert source.title in text and source.sha256 in text
    judged = text[text.index("Assumptions of the analyst") : text.index("How statements were interpreted")]
    assert judged.count("Analyst's assumption") == 10
    assert conflict.digest in text


def test_long_names_are_cut_and_the_digest_is_of_the_original() -> None:
    whole = report(hostile())
    assert whole.findings.digest == hostile().digest
    assert whole.findings.conflict.decision_maker("d0").name == HOSTILE[0]
    long = dt.Conflict("Long", [dt.DecisionMaker("a", "n" * 10_000, [dt.Option("o", "m" * 10_000)], ["o"])])
    cut = report(long)
    assert "n" * 200 not in cut.markdown() and "…" in cut.markdown()
    assert cut.findings.digest == long.digest


@settings(
    deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(conflict=conflicts(max_options=5))
def test_random_conflict_has_a_report(conflict: dt.Conflict) -> None:
    whole = report(conflict, samples=200)
    etree.fromstring(svg_text(whole.document.figures[0]))
    assert whole.markdown() and whole.html() and whole.latex()


# What may be there and what may not


def test_robustness_section_names_what_the_shares_depend_on() -> None:
    whole = report(dt.example("elmira"), seed=7, samples=500)
    text = whole.markdown().replace("\\", "")
    assert "drawn at random (seed 7): " in text
    robust = whole.findings.robustness
    share = robust.share(whole.findings.analysis.status_quo.number, "seq")
    assert f"{profile_share_in_words(robust, share)} under " in text
    assert "of 500 random variations of the preferences" in text
    assert "The preferences that matter most" in text
    effects = [one for one in robust.depends_on("nash", whole.findings.analysis.status_quo) if one.distinct]
    change = small_change_in_words(robust, effects[0].change, partial(condition_in_words, robust.conflict))
    assert change.removeprefix("if ") in text


def heat_map(whole: Report) -> Any:
    return next(
        block
        for block in whole.to_dict()["rest"]
        if block["block"] == "table" and "with its 95% interval" in block["caption"]
    )


def test_shares_are_a_heat_map_in_every_format() -> None:
    whole = report_of("ukraine-2023")
    robust, table = whole.findings.robustness, heat_map(whole)
    page = elements(whole.html())
    (shown,) = [
        found for found in page.xpath("//table") if "with its 95% interval" in (found.findtext("caption") or "")
    ]
    for row, shares, cells in zip(table["rows"], table["shares"], shown.xpath("tbody/tr"), strict=True):
        wanted = [robust.share(int(row[0]), concept.id).share for concept in robust.concepts]
        assert list(shares) == [None, None, None, *wanted]
        for share, cell in zip(shares, cells.xpath("td | th"), strict=True):
            level = re.search(r"heat-(\d+)", cell.get("class"))
            assert (level is None) == (share is None)
            assert share is None or int(level[1]) == Cell(share=share).heat
    greys = re.findall(r"\\cellcolor\{black!(\d+)\}", whole.latex())
    assert len(greys) == sum(bool(s) for b in whole.to_dict()["rest"] for row in b.get("shares", ()) for s in row)
    assert max(map(int, greys)) <= 40


def test_statements_and_their_elements_link_to_each_other(tmp_path: Path) -> None:
    whole = report_of("ukraine-2023")
    page = elements(whole.html())
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    targets = {link.get("href") for link in page.xpath("//main//a")}
    assert targets <= {f"#{name}" for name in names}
    for id in ("s1", "s17", "s21", "s4a"):
        (row,) = page.xpath(f"//tr[th/text()='{id}' and @id and td[2]]")[-1:]
        cited = page.xpath(f"//li/a[@href='#{row.get('id')}']")
        assert cited and {link.text for link in cited} == {id}
        back = row.xpath("td[last()]/a")
        assert back
        for link in back:
            rests = page.xpath(f"//*[@id='{link.get('href')[1:]}']")[0]
            assert ("(status quo)" if link.text == "status quo" else id) in rests.text_content()
        assert ("status quo" in row.xpath("td[last()]")[0].text_content()) == ("status quo" in [a.text for a in back])
    read = pages(pdf_of("ukraine-2023"), tmp_path)
    links = [one for leaf in read.pages for one in leaf.get("/Annots", []) if one.get_object()["/Subtype"] == "/Link"]
    assert len(links) > 50
    assert page.xpath("//link|//script") == []


def test_picture_is_written_beside_markdown_and_latex(tmp_path: Path) -> None:
    whole = report_of("elmira")
    assert [path.name for path in whole.write(tmp_path / "my report.md")] == ["my-report-states.svg", "my report.md"]
    text = (tmp_path / "my report.md").read_text("utf-8")
    rendered = elements(MarkdownIt("gfm-like", {"linkify": False}).render(text))
    (picture,) = rendered.xpath("//img")
    assert picture.get("src") == "my-report-states.svg"
    assert etree.parse(tmp_path / "my-report-states.svg").getroot().tag.endswith("svg")
    assert [path.name for path in whole.write(tmp_path / "r.tex")] == ["r-states.pdf", "r.tex"]
    assert len(pages((tmp_path / "r-states.pdf").read_bytes(), tmp_path).pages) == 1
    assert "{r-states.pdf}" in (tmp_path / "r.tex").read_text("utf-8")
    assert [path.name for path in whole.write(tmp_path / "r.html")] == ["r.html"]
    # Where there is no file there is no picture beside it.
    for alone in (whole.markdown(), whole.latex()):
        assert "written beside the report when that is written to a file" in alone.replace("\\", "")
        assert "states.svg" not in alone and "includegraphics" not in alone.split(r"\begin{document}")[-1]


def test_positions_over_time_are_told_drawn_and_listed(tmp_path: Path) -> None:
    whole = report_of("nile-dam")
    assert [path.name for path in whole.write(tmp_path / "nile.md")] == [
        "nile-states.svg",
        "nile-timeline.svg",
        "nile.md",
    ]
    text = (tmp_path / "nile.md").read_text("utf-8")
    chapter = text.partition("## How it came to this")[2].partition("\n## ")[0]
    reported = "Egypt reports an earlier statement of Ethiopia against it (c9a); Ethiopia denies that in c10"
    assert f"28 June 2021 (first own statement; {reported})" in chapter
    assert "Here they count from their latest possible day. Counted from the earliest, a period would begin" in chapter
    assert "![The positions of the parties over 6 periods" in chapter
    assert "| Ethiopia | Fill the reservoir | against |" in chapter
    assert "How it came to this" not in report_of("elmira").markdown()


def test_failed_report_writes_no_picture(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        report_of("elmira").write(tmp_path / "nowhere" / "r.tex")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_too_large_questions_are_left_out_with_the_reason() -> None:
    text = report_of("131,072 states").markdown()
    assert "the model has 131,072 states, and this part covers at most 4,096" in text
    assert "131,072 feasible states. In a pattern Y is taken" in text
    text = report_of("4,096 states").markdown()
    assert "of 4,096 feasible states" in text and text.count("\n|") < 200


# The command


@pytest.mark.slow
def test_first_page_of_an_unlistable_dispute_gives_the_reason_and_nearest_states() -> None:
    from benchmarks.structured import structured

    conflict = structured(24, 4, 1)
    assert isinstance(conflict, dt.Conflict)
    made = report(conflict, ["nash", "seq"])
    text = " ".join(made.markdown().split("# Parties, options")[0].split())
    assert "too many to list" in text
    assert "Not looked into" not in text
    for maker in conflict.decision_makers:
        assert f"For {maker.label}, " in text
    analysis = made.findings.analysis
    nearest = analysis.nearest("seq", most=1)
    assert nearest
    assert f"(state {nearest.states[0].number})" in text.replace("\\", "").replace(",", "")


def test_robustness_is_left_out_for_slow_coalitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every one of 2,000 profiles of the catalogue's largest dispute took a second with a standing coalition."""
    conflict = dt.load(example_path("elmira")).replaced(coalitions=[["moe", "local"], ["uniroyal"]])
    assert report(conflict, samples=100).findings.robustness is not None
    monkeypatch.setattr(findings_module, "MAX_LISTED_WORK", 8 * 100)
    made = report(conflict, samples=100)
    assert made.findings.robustness is None
    assert "with a standing coalition, 100 profiles of 9 states take too long here" in made.markdown()


def test_report_shows_its_progress() -> None:
    """Of a large dispute it stood at nothing done for minutes."""
    told: list[tuple[float, str]] = []
    report(dt.load(example_path("elmira")), samples=100, progress=lambda share, doing: told.append((share, doing)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {"SEQ for local", "state graph", "coalitions"} <= {doing for _, doing in told}
    assert sum(0 < share < 0.2 for share in shares) > 10


def test_file_extension_sets_the_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix, begins in (
        (".html", b"<!DOCTYPE html>"),
        (".pdf", b"%PDF"),
        (".md", b"# "),
        (".TEX", rb"\documentclass"),
    ):
        done = run(capsys, "report", "example:chicken", "-o", str(tmp_path / f"r{suffix}"))
        assert (done.code, done.out) == (0, "")
        assert (tmp_path / f"r{suffix}").read_bytes().startswith(begins)


@pytest.mark.parametrize("name", ["report.docx", "report", "report.pdf.zip"])
def test_unknown_extension_exits_with_2(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "report", "example:chicken", "-o", str(tmp_path / name))
    assert done.code == 2
    assert all(suffix in done.err for suffix in FORMS)
    assert list(tmp_path.iterdir()) == []


def test_faulty_input_writes_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.conflict.yaml").write_text("format: detente/1\n", encoding="utf-8")
    done = run(capsys, "report", str(tmp_path / "x.conflict.yaml"), "-o", str(tmp_path / "r.html"))
    assert done.code == 1
    assert not (tmp_path / "r.html").exists()
    done = run(capsys, "report", "example:chicken", "-o", str(tmp_path / "nowhere" / "r.html"))
    assert done.code == 1 and "there is no such folder" in done.err


def test_report_is_written_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "report", "example:chicken").out.startswith("# ")
    assert run(capsys, "report", "example:chicken", "-o", "-", "--as", "html").out.startswith("<!DOCTYPE html>")
    assert run(capsys, "report", "example:chicken", "--as", "tex", "--title", "A & B").out.count(r"A \& B") == 1
    assert run(capsys, "report", "example:chicken", "--as", "pdf").code == 2


def test_report_has_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    import csv
    import io
    import json

    data = json.loads(run(capsys, "report", "example:elmira", "--concept", "nash", "--format", "json").out)
    assert data["format"] == "detente-report/1"
    assert {block["block"] for block in data["rest"]} == {"heading", "paragraph", "list", "facts", "table", "figure"}
    rows = list(csv.DictReader(io.StringIO(run(capsys, "report", "example:elmira", "--format", "csv").out)))
    assert {row["kind"] for row in rows} >= {"paragraph", "item", "row", "fact", "figure"}


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"\.htm.*did you mean '\.html'"):
        report(dt.example("chicken")).write(tmp_path / "r.htm")
    with pytest.raises(InputError, match="no such folder"):
        report(dt.example("chicken")).write(tmp_path / "nowhere" / "r.md")


def test_report_is_shown_in_a_notebook() -> None:
    fragment = report(dt.example("chicken"))._repr_html_()
    assert "Is it stuck?" in fragment and "<script" not in fragment


def test_reported_statement_is_not_counted_as_the_partys_own() -> None:
    """Else the first page gives one party words that only the other says it spoke."""
    page = report_of("ukraine-2023").markdown()
    assert "Ukraine, as reported by Russia (3)" in page
    assert "Ukraine (1)" in page
    assert "Ukraine (4)" not in page


def test_no_line_breaks_within_a_word_with_a_hyphen() -> None:
    seed = report_of("ukraine-2023")
    assert "SHA-256" in {one.text for one in html.fromstring(seed.html()).find_class("whole")}
    assert r"\mbox{SHA-{}256}" in seed.latex()
    assert str(unbroken_html("<b> ban-talks")) == '&lt;b&gt; <span class="whole">ban-talks</span>'
    assert str(unbroken_html("two-hundred-and-fifty-metres")) == "two-hundred-and-fifty-metres"


def first_page(conflict: dt.Conflict, *concepts: str) -> dict[str, str]:
    """The paragraphs of the first page by their headings, each with the list below it."""
    found: dict[str, str] = {}
    head = ""
    for block in report(conflict, concepts or None, samples=200).to_dict()["first"]:
        head = block.get("lead") or head
        entries = [item["text"] for item in block.get("items", ())]
        found[head] = "\n".join([*filter(None, [found.get(head), block.get("text")]), *entries])
    return found


def test_first_page_counts_the_statements_used_as_evidence() -> None:
    maker = dt.DecisionMaker(
        "a",
        options=[dt.Option("x", support=dt.Support(("s1",)))],
        preferences=[dt.PreferenceStatement(dt.parse("x"), dt.Support(("s1", "s2"), against=("s3",)))],
    )
    statements = [dt.Statement(f"s{place}", speaker="a" if place < 3 else "b") for place in range(1, 8)]
    conflict = dt.Conflict("T", [maker], statements=statements, status_quo=["x"])
    said = first_page(conflict)["Whose claims does it depend on?"]
    assert said.startswith("The model uses 2 of the file's 7 statements as evidence: a (2).")
    assert "Of the others, 1 (s3) is evidence against parts of it" in said
    assert "4 (s4, s5, s6, s7) are not used." in said
    assert "No statement is disputed, so the answer depends on no disputed claim." in said
    bare = conflict.replaced(decision_makers=[dt.DecisionMaker("a", options=["x"], preferences=["x"])])
    assert (
        "The model uses none of the file's 7 statements as evidence."
        in first_page(bare)["Whose claims does it depend on?"]
    )
    disputed = conflict.replaced(statements=[dt.Statement("s1", speaker="a", in_doubt=True), *statements[1:]])
    assert (
        "Whether or not you believe the disputed statement, the dispute is "
        in first_page(disputed)["Whose claims does it depend on?"]
    )


@given(conflicts(max_options=4))
@settings(max_examples=examples(15))
def test_first_page_names_the_outcomes_stable_under_every_concept(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["nash", "seq"])
    both = [one for one in analysis.equilibria("nash") if one in analysis.equilibria("seq")]
    others = [one for one in both if one != analysis.status_quo]
    said = first_page(conflict, "nash", "seq")["Which outcomes would be stable?"]
    every = re.search(r"(\d+) outcomes? (?:is an equilibrium|are equilibria) under both concepts[.:]", said)
    some = re.search(r"([^.]*)(?:is|are) stable under both concepts\.$", said, re.MULTILINE)
    if every:
        assert int(every[1]) == len(others)
    elif some:
        none = re.search("No outcome |Only the status quo ", some[1])
        assert bool(none) == (not others)
        assert ("tatus quo" in some[1]) == (len(others) < len(both))
        assert len(others) > 3 or all(one.name in said if one.name else f"state {one.number}" in said for one in others)
    else:
        assert others == []


def test_first_page_names_parties_without_known_preferences() -> None:
    makers = [
        dt.DecisionMaker("a", "The union", options=["x"]),
        dt.DecisionMaker("b", options=["y"], preferences=["x"]),
    ]
    said = first_page(dt.Conflict("T", makers, status_quo=[]))["Is it stuck?"]
    assert said.startswith("That cannot be said while preferences are unknown. The status quo (state 1) is an")
    assert "no preferences known for The union: every state counts as equally good for it" in said


def test_attitudes_survive_the_shortening_of_names() -> None:
    long = dt.DecisionMaker("a", "n" * 300, options={"x": "o" * 300}, facing_unknown="d", attitudes={"b": "negative"})
    made = with_short_names(dt.Conflict("T", [long, dt.DecisionMaker("b")]))
    assert (made.decision_makers[0].facing_unknown, made.decision_makers[0].attitude("b")) == ("d", "negative")
    assert len(made.options[0].label) < 200


@pytest.mark.parametrize(
    ("name", "words"), [("", "the name is empty"), ("missing", "there is no such file"), (".", "folder")]
)
def test_missing_file_is_refused_before_any_work(name: str, words: str) -> None:
    def progress(share: float, doing: str) -> None:
        raise AssertionError("work was done")

    with pytest.raises(dt.InputError, match=words):
        report(dt.example("river-sharing"), file=name, progress=progress)


def test_reasons_to_stay_name_the_rule_that_excludes_a_step() -> None:
    told = " ".join(report_of("nile-dam").markdown().split())
    assert (
        "As the others act now, a rule excludes that Egypt takes the matter out of the Security Council. "
        "The rule: Never both: Sudan supports Egypt in the Security Council; Egypt keeps the matter out of the "
        "Security Council." in told
    )
    # A company that delays can accept in one move: it drops one option and takes the other.
    assert "a rule excludes" not in report_of("elmira").markdown()


def test_option_that_was_dropped_is_excluded_by_no_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file has no rule; that the offer was withdrawn is said where the answer names what was dropped."""
    path = tmp_path / "offer.conflict.yaml"
    path.write_text(
        "format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options: {go: {}, let: {evidence: s1}}\n"
        "    preferences: [not go]\n  j: {options: [stay], preferences: [stay]}\nstatus_quo: [stay]\nstatements:\n"
        "  - {id: s1, speaker: i, kind: offer, quote: we let them, date_said: 2024-01-01, withdrawn_by: s2}\n"
        "  - {id: s2, speaker: i, quote: no longer, date_said: 2024-02-01}\n"
    )
    told = " ".join(run(capsys, "explain", str(path)).out.split())
    assert "Dropped: the option ‘let’ of i: s1 was withdrawn by s2." in told
    assert "rule excludes" not in told and "Never:" not in told
