"""Lines of a PDF become paragraphs, an HTML page its main text, and dossiers made by older versions still anchor."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import detente as dt
from detente.io.dossier_file import parse_dossier
from detente.model.quotes import QuoteMatch, find_quote
from detente.reading import extraction
from detente.reading.documents import Document, parse_document
from detente.reading.drafting.verify_quotes import unverified_quotes
from detente.reading.extraction import Line, joined, without_running_heads
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.text import differences

PAGE = """<!doctype html><html lang="en"><head><title>Talks over the dam</title>
<meta property="article:published_time" content="2024-05-01T10:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>Talks over the dam</h1>
<p>The mayor said that <b>the bridge</b> is&nbsp;safe. “We will not divert the <a href="/w">river</a>,” Jo said.</p>
<p>The union said that it would co&shy;operate.<br>The envoy warned that time is short.</p>
<blockquote><p>“Nobody may cross it now,” she added.</p></blockquote>
</article><footer>(c) 2021 The Daily</footer></body></html>"""
REPORT = [
    ["The Daily Report", "The mayor said that the bridge is safe and that", "it will be opened on Monday.",
     "The union said that it would not agree to the nego-", "tiations.", "Page 1"],
    ["The Daily Report", "The envoy warned that the international water-", "way would be closed.",
     "The minister said that the talks", "Page 2"],
    ["The Daily Report", "were over.", "The mayor denied it.", "A spokesman said no.", "Page 3"],
]  # fmt: skip


def pdf_of(*pages: list[str]) -> bytes:
    """A PDF with these lines on its pages, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, lines in enumerate(pages):
        shown = b" T* ".join(b"(%s) Tj" % line.encode("cp1252") for line in lines)
        content = b"BT /F1 12 Tf 14 TL 72 720 Td " + shown + b" ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * place)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def test_lines_of_a_pdf_are_joined_and_running_heads_are_left_out() -> None:
    document = parse_document(pdf_of(*REPORT), "report.pdf")
    paragraphs = document.text.split("\n\n")
    assert paragraphs[0] == "The mayor said that the bridge is safe and that it will be opened on Monday."
    assert "not agree to the nego-\ntiations." in document.text
    assert "the international water-\nway would be closed." in document.text
    # A sentence goes on from page to page.
    assert "The minister said that the talks were over." in document.text
    assert "Daily" not in document.text
    assert "Page" not in document.text
    said = [(one.speaker_text, one.quote) for one in read([document], tagger=RuleTagger()).statements]
    assert ("The minister", "the talks were over") in said
    assert ("The envoy", "the international water-\nway would be closed") in said


def lines(*texts: str, step: float = 14.0, top: float = 700.0) -> list[Line]:
    return [Line(text, 72, 72 + 6 * len(text), top - step * place, 12) for place, text in enumerate(texts)]


def test_paragraphs_of_a_page_are_told_by_distance_and_short_last_lines() -> None:
    full = "He said that it is so, and that nothing can be done"
    above = lines(full, full, "about it.", full, full)
    below = lines("After a gap " + full, full, top=600)
    assert joined([above + below]).split("\n\n") == [
        f"{full} {full} about it.",
        f"{full} {full}",
        f"After a gap {full} {full}",
    ]


def test_lines_without_places_are_joined_by_their_length() -> None:
    full = "He said that it is so, and that nothing can be done."
    assert joined([[Line(full), Line("No."), Line(full)]]) == f"{full} No.\n\n{full}"


def test_content_that_begins_pages_alike_is_kept() -> None:
    pages = [lines(f"Article {n} says that {n} ships may pass.", "a", "b", "c", f"- {n} -") for n in range(1, 5)]
    kept = without_running_heads(pages)
    assert [page[0].text for page in kept] == [page[0].text for page in pages]
    assert not any("-" in line.text for page in kept for line in page)


def test_main_text_of_a_page_is_read_with_its_title_and_date() -> None:
    found = parse_document(PAGE.encode(), "page.html")
    assert (found.title, found.language, found.date) == ("Talks over the dam", "en", "2024-05-01")
    assert "Home" not in found.text
    assert "(c)" not in found.text
    assert "The mayor said that the bridge is safe. “We will not divert the river,” Jo said." in found.text


def test_long_page_loses_its_frame_and_no_statement() -> None:
    said = [
        f"The envoy of town {n} said on Monday that the gate number {n} would stay shut for {n} weeks."
        for n in range(9)
    ]
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(20))
    body = "".join(f"<p>{one}</p>" for one in said)
    page = f"<html><body><div class='menu'><ul>{menu}</ul></div><h1>T</h1><article>{body}</article></body></html>"
    assert parse_document(page.encode(), "x.html").text.split("\n\n")[-9:] == said
    assert "Section" not in parse_document(page.encode(), "x.html").text


@pytest.mark.parametrize(
    ("page", "date"),
    [
        ("<p class='date'>May 3, 2022</p><p>x</p>", "2022-05-03"),
        ("<meta name='date' content='2024-05'><p>x</p>", None),
        ("<p>x</p><footer>(c) 2021</footer>", None),
        ("<p>The mayor said that the treaty of 5 May 2023 was signed in good faith by all.</p>", None),
        ("<p>Copyright law. The law of 2020-03-04 says that the parties have to pay the damage.</p>", None),
    ],
)
def test_date_of_a_page_is_never_one_that_its_text_is_about(page: str, date: str | None) -> None:
    assert parse_document(f"<html><body>{page}</body></html>".encode(), "x.html").date == date


#: What version 0.5 wrote of the page and the report: source, quote and spans in the text that it read.
OLD = [
    ("page", "the bridge is safe", ((40, 58),)),
    ("page", "We will not divert the river", ((61, 89),)),
    ("page", "it would co operate", ((125, 144),)),
    ("page", "Nobody may cross it now", ((185, 208),)),
    ("report", "the bridge is safe and that\nit will be opened on Monday", ((37, 92),)),
    ("report", "it would not agree to the nego-\ntiations", ((114, 154),)),
    ("report", "the international water-\nway would be closed", ((201, 246),)),
]


def test_dossier_of_an_older_version_still_anchors(tmp_path: Path) -> None:
    files = {"page": PAGE.encode(), "report": pdf_of(*REPORT)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    sources = "".join(
        f"  - {{id: {id}, file: {id}, sha256: {hashlib.sha256(data).hexdigest()}}}\n" for id, data in files.items()
    )
    statements = "".join(
        f"  - {{id: s{number}, source: {source}, quote: {quote!r}, spans: {[list(span) for span in spans]}}}\n".replace(
            "\\n", " "
        )
        for number, (source, quote, spans) in enumerate(OLD)
    )
    dossier = parse_dossier(f"format: detente-dossier/1\nsources:\n{sources}statements:\n{statements}")
    for statement in dossier.statements:
        text = parse_document(files[str(statement.source)], "x").text
        found = find_quote(text, statement)
        assert found.found is not QuoteMatch.LOST, statement.quote
        there = " ".join(text[start:end] for start, end in found.spans)
        assert statement.quote == there or found.differences == differences(statement.quote or "", there)


def test_spans_hold_for_the_text_whose_digest_a_dossier_keeps(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("They said that the gates are shut.")
    (source,) = read([parse_document(path.read_bytes(), str(path))], tagger=RuleTagger()).sources
    assert source.text_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256(b"another text").hexdigest()

    def told(text_digest: str) -> list[str]:
        source = dt.Source(
            "d", file="d.txt", sha256=hashlib.sha256(path.read_bytes()).hexdigest(), text_sha256=text_digest
        )
        statement = dt.Statement("s", source="d", quote="the gates are shut", spans=((15, 33),))
        maker = dt.DecisionMaker("a", options={"x": "X"})
        conflict = dt.Conflict("T", [maker], sources=[source], statements=[statement])
        return [fault.message for fault in unverified_quotes(conflict, tmp_path)]

    assert told(source.text_sha256) == []
    (message,) = told(digest)
    assert message.startswith("another text is read from the document of the source 'd'")


def test_page_that_is_not_read_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.reading.extraction.PATIENCE_SECONDS", 0.01)
    with pytest.raises(dt.InputError, match="takes too long to read; split it"):
        parse_document(PAGE.encode(), "x.html")


def test_one_process_reads_page_after_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """To import the libraries takes ten times as long as to read a page with them."""
    if not extraction.CAN_FORK:
        pytest.skip("a process reads one document where it cannot fork")

    def pages() -> list[int]:
        texts = {parse_document(PAGE.encode(), "x.html").text for _ in range(2)}
        assert len(texts) == 1
        return [reader.process.pid for reader in extraction._waiting["HTML"]]

    first = pages()
    # A page that is ended for its time ends no other one, nor does one that cannot be read.
    with monkeypatch.context() as hurried:
        hurried.setattr("detente.reading.extraction.PATIENCE_SECONDS", 0.001)
        with pytest.raises(dt.InputError, match="takes too long to read"):
            parse_document(PAGE.encode(), "x.html")
    assert pages() == first
    # One that was killed is replaced, also if it ends by itself just when it is asked.
    extraction._waiting["HTML"][-1].process.kill()
    extraction._waiting["HTML"][-1].process.wait()
    assert pages()[:-1] == first[:-1]
    reader = extraction._Reader("HTML")
    reader.end()
    status, answer = reader.read(PAGE.encode())
    assert status == 0
    assert "The envoy warned" in answer
    reader.end()


def test_page_is_read_where_no_process_can_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_document(PAGE.encode(), "x.html").text
    monkeypatch.setattr(extraction, "CAN_FORK", False)
    monkeypatch.setattr(extraction, "_waiting", {})
    assert parse_document(PAGE.encode(), "x.html").text == expected
    assert extraction._waiting == {"HTML": []}
    monkeypatch.setattr("detente.reading.extraction.PATIENCE_SECONDS", 0.01)
    with pytest.raises(dt.InputError, match="takes too long to read; split it"):
        parse_document(PAGE.encode(), "x.html")


def test_digest_of_a_text_is_that_of_its_characters() -> None:
    assert Document("x", "é", "").text_sha256 == hashlib.sha256("é".encode()).hexdigest()
