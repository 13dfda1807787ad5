"""Documents of every kind are read, and hostile ones are refused: clearly, soon, and without filling memory."""

from __future__ import annotations

import base64
import io
import resource
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

import detente as dt
from detente.limits import MAX_LINE_CHARACTERS
from detente.reading.documents import foreign_language, parse_document, read_document

HTML = b"""<!doctype html><html lang="en"><head><title>Talks &amp; tolls</title>
<meta property="article:published_time" content="2024-05-01T10:00:00Z"><style>p {}</style></head>
<body><nav>Home</nav><article><h1>Talks</h1><p>The mayor said <b>the bridge</b> is&nbsp;safe.</p>
<script>alert("He said no.")</script><p>She left.<br>He stayed.</p></article><footer>(c)</footer></body></html>"""


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "in a table"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(text: str, password: str | None = None) -> bytes:
    """A page with one line of text, written by hand: what makes PDFs is no part of the tests' needs."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 5\n0000000000 65535 f \n" + table
    data += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(data) - len(table) - 29)
    if password is None:
        return data
    writer = PdfWriter(io.BytesIO(data))
    writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_plain_text_is_read() -> None:
    document = parse_document("Ünsaid.\r\nSo.".encode(), "x.txt")
    assert document.text == "Ünsaid.\nSo."
    guessed = parse_document("caf\xe9 said".encode("cp1252"), "x")
    assert (guessed.text, guessed.guessed_encoding) == ("café said", "Windows-1252")
    assert document.guessed_encoding is None
    assert parse_document("He said “no”.".encode("utf-16"), "x").text == "He said “no”."


def test_html_is_read_as_text() -> None:
    document = parse_document(HTML, "x.html")
    assert document.text == "Talks\n\nThe mayor said the bridge is safe.\n\nShe left. He stayed."
    assert (document.title, document.language, document.date) == ("Talks & tolls", "en", "2024-05-01")


def test_mail_is_decoded_with_its_subject_and_day() -> None:
    head = b"From: a@example.org\nSubject: =?utf-8?q?Caf=C3=A9?=\nDate: Wed, 01 May 2024 10:00:00 +0000\n"
    plain = b"Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n"
    document = parse_document(head + plain + base64.b64encode("Он сказал нет.".encode("koi8-r")), "x.eml")
    assert (document.text.strip(), document.title, document.date) == ("Он сказал нет.", "Café", "2024-05-01")
    quoted = (
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nThe d=\nam stays."
    )
    assert parse_document(head + quoted, "x").text.strip() == "The dam stays."
    page = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + HTML
    assert "The mayor said the bridge is safe." in parse_document(head + page, "x.eml").text
    assert parse_document(b"Note: one\nTo do: two\nHe said no.", "x.txt").text.startswith("Note: one")


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("cp1251", "Министр заявил, что переговоры продолжаются.", "Windows-1251"),
        ("cp1252", "Le ministre a déclaré : « nous ne céderons pas à la pression ».", "Windows-1252"),
        ("cp1250", "Ministr řekl, že jednání pokračují, a žádá ústupky.", "Windows-1250"),
        ("cp1253", "Ο υπουργός είπε ότι δεν θα πληρώσουμε", "Windows-1253"),
        ("cp1256", "قال الوزير إن المحادثات مستمرة", "Windows-1256"),
        ("shift_jis", "大臣は交渉が続いていると述べた。", "Shift JIS"),
        ("koi8_r", "Министр заявил, что переговоры продолжаются.", "KOI8-R"),
    ],
)
def test_encoding_of_a_text_is_guessed_and_named(encoding: str, text: str, name: str) -> None:
    document = parse_document(text.encode(encoding), "x.txt")
    assert (document.text, document.guessed_encoding) == (text, name)
    assert document.encoding_note == f"is not in UTF-8 and is read as {name}, which is a guess from its bytes"


def test_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("He said no.")
    assert read_document(path) is read_document(path)
    path.write_text("She said no.")
    assert read_document(path).text == "She said no."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le ministre a déclaré : nous ne céderons pas à la pression des autres.", "fr"),
        ("Der Minister sagte: Wir wollen die Verhandlungen nicht fortsetzen.", "de"),
        ("Мы не уступим", "ru"),
        ("The minister said that the dam stays.", None),
        ("He said no.", None),
        ("Росія said it will dig. Україна said that it will not pay.", None),
    ],
)
def test_text_in_another_language_is_named(text: str, language: str | None) -> None:
    assert foreign_language(text) == language


def test_word_document_is_read_as_text() -> None:
    document = parse_document(word("He said no.", "She said yes."), "x.docx")
    assert document.text == "He said no.\n\nShe said yes.\n\nin a table"


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def word_xml(body: str) -> bytes:
    """A .docx with this body, in Word's XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>")
    return stream.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (table(cell("a", '<w:gridSpan w:val="2"/>'), cell("b") + cell("c")), "a b c"),
        (table(cell("a", '<w:gridSpan w:val="99999999"/>') * 3), "a a a"),
        (table(cell("a", '<w:vMerge w:val="restart"/>') + cell("b"), cell("a", "<w:vMerge/>") + cell("c")), "a b c"),
        (table(cell("a", '<w:vMerge w:val="restart"/>'), cell("x", '<w:vMerge w:val="continue"/>') * 2), "a"),
        (table(cell("a", '<w:hMerge w:val="restart"/>') + cell("x", "<w:hMerge/>") + cell("b")), "a b"),
        # What was merged before a change that is tracked.
        (table(cell("a", "<w:tcPrChange><w:tcPr><w:vMerge/></w:tcPr></w:tcPrChange>")), "a"),
        (table(f"<w:tc>{table(cell('in') + cell('x', '<w:vMerge/>'))}{paragraph('out')}</w:tc>"), "in out"),
    ],
)  # fmt: skip
def test_merged_cells_are_read_once(body: str, text: str) -> None:
    assert parse_document(word_xml(body), "x.docx").text.split() == text.split()


def test_merged_table_of_word_is_read_once() -> None:
    document = docx.Document()
    made = document.add_table(rows=2, cols=3)
    made.cell(0, 0).merge(made.cell(0, 2)).text = "wide"
    made.cell(0, 0).merge(made.cell(1, 2))
    stream = io.BytesIO()
    document.save(stream)
    assert parse_document(stream.getvalue(), "x.docx").text == "wide"


def test_visible_text_of_a_word_document_is_read() -> None:
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    body = f"""<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>
      <w:r><w:t>He</w:t><w:tab/><w:t>said</w:t><w:br/><w:t>n</w:t><w:noBreakHyphen/><w:t>o.</w:t></w:r>
      <w:ins><w:r><w:t xml:space="preserve"> Inserted.</w:t></w:r></w:ins>
      <w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>
      <w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>
      <w:hyperlink><w:r><w:t xml:space="preserve"> Linked.</w:t></w:r></w:hyperlink></w:p>
    <w:sdt><w:sdtContent>{paragraph("In a control.")}</w:sdtContent></w:sdt>
    <w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>
      <w:r><w:t>Around it.</w:t></w:r></w:p>"""
    text = parse_document(word_xml(body), "x.docx").text
    assert text == "He\tsaid\nn-o. Inserted. Linked.\n\nIn a control.\n\nIn a box.\n\nAround it."


def test_word_properties_give_title_and_date() -> None:
    document = docx.Document()
    document.add_paragraph("x")
    document.core_properties.title = "Talks & tolls"
    document.core_properties.created = datetime(2024, 5, 1, 10)
    stream = io.BytesIO()
    document.save(stream)
    read = parse_document(stream.getvalue(), "x.docx")
    assert (read.title, read.date) == ("Talks & tolls", "2024-05-01")


def test_foreign_xml_is_not_a_word_document() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<html><p>He said no.</p></html>")
    with pytest.raises(dt.InputError, match="damaged and cannot be read"):
        parse_document(stream.getvalue(), "x.docx")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<html><p>a</p><main><p>b</p></main><article><p>c<p>d</article><article>e</article>", "c d"),
        ("<html><body><main>b</main>c", "b"),
        ("<html><head><title>t</title></head><body>a<title>x</title><p>b", "a b"),
        ("<html><aside><article>x</article></aside><p>a</p>", "a"),
        (
            "<html><p>a<!-- x --><script>if (a < b) x</script><noscript>x</noscript>b<svg><title>x</title></svg></p>",
            "ab",
        ),
        ("<html><table><tr><td>a<td>b<tr><td>c</table>", "a b c"),
        ("<html><p>a</nav></p></b>b", "a b"),
        ("<html><p>1 < 2 &amp; 3 &lt; 4 &#8212; &nbsp;x", "1 < 2 & 3 < 4 — x"),
    ],
)
def test_visible_text_of_a_page_is_read(page: str, text: str) -> None:
    assert parse_document(page.encode(), "x.html").text.split() == text.split()


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("windows-1251", "cp1251"), ("koi8-r", "koi8-r"), ("utf-8", "utf-8"), ("utf-16", "utf-8"), ("punycode", "utf-8")],
)
def test_page_is_decoded_by_its_declared_encoding(charset: str, encoding: str) -> None:
    for told in (f'<meta charset="{charset}">', f'<meta http-equiv="x" content="text/html; charset={charset}">'):
        data = f"<html><head>{told}</head><p>Он сказал нет.".encode(encoding)
        assert parse_document(data, "x.html").text == "Он сказал нет."
    assert parse_document("<html><meta charset=iso-8859-1><p>“no”".encode("cp1252"), "x.html").text == "“no”"


def test_page_date_is_read_from_several_tags() -> None:
    metas = [
        '<meta property="article:published_time" content="soon">',
        '<time datetime="2024-05-03T10:00">x</time>',
        '<meta name="date" content="2024-05-02">',
    ]
    for number, date in ((1, None), (2, "2024-05-03"), (3, "2024-05-02")):
        page = "<html><header>" + "".join(metas[:number]) + "</header><p>x"
        assert parse_document(page.encode(), "x.html").date == date


def test_pdf_is_read_as_text() -> None:
    assert parse_document(pdf("He said no."), "x.pdf").text.strip() == "He said no."


def test_harmful_characters_are_blank_and_other_invisible_ones_are_kept() -> None:
    text = parse_document("He\u202e said\x00\x1b[31m\u200b co\u00adoperate.".encode(), "x").text
    assert text == "He  said  [31m\u200b co\u00adoperate."


def bomb() -> bytes:
    """A .docx of some 300 kB that unpacks to 300 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as file:
            for _ in range(300):
                file.write(b"a" * 1_000_000)
    return stream.getvalue()


HOSTILE = {
    "one line": (lambda: b"He said that it is so. " * 450_000, "characters"),
    "one paragraph": (lambda: b"He said " + b"x" * MAX_LINE_CHARACTERS, "Break the text into paragraphs"),
    "nothing": (lambda: b"  \n ", "no text"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), "not a text, HTML, PDF or DOCX"),
    "an archive": (lambda: zipped("x.txt"), "not a .docx"),
    "a zip bomb": (bomb, "unpacks to far more"),
    "a broken archive": (lambda: b"PK\x03\x04" + bytes(100), "damaged"),
    "a broken document": (lambda: zipped("word/document.xml"), "damaged"),
    "an encrypted pdf": (lambda: pdf("secret", "password"), "encrypted"),
    "a broken pdf": (lambda: b"%PDF-1.4\nrubbish" * 100, "damaged"),
    "a rich text": (lambda: b"{\\rtf1\\ansi He said no.}", "rich-text (RTF) document. Save it as .docx"),
    "a mail of attachments": (lambda: b"From: a\nMIME-Version: 1.0\nContent-Type: image/png\n\nx", "has no text"),
    "an old office file": (lambda: b"\xd0\xcf\x11\xe0" + bytes(100), "old or encrypted"),
    "deep html": (lambda: b"<html>" + b"<div>" * 20_000 + b"He said no.", None),
}


def zipped(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_document_is_refused(name: str, tmp_path: Path) -> None:
    make, words = HOSTILE[name]
    path = tmp_path / "document"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-m", "detente", "read", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30)),
    )
    assert "Traceback" not in done.stderr
    if words is None:
        assert done.returncode in (0, 1), done.stderr
    else:
        assert done.returncode == 1
        assert words in done.stderr
        assert str(path) in done.stderr
        assert not done.stdout


def test_missing_document_suggests_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("x")
    with pytest.raises(dt.InputError, match=r"did you mean 'report\.txt'"):
        read_document(tmp_path / "reprot.txt")
    with pytest.raises(dt.InputError, match="folder"):
        read_document(tmp_path)


def test_document_content_is_treated_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        "<html><body><p>The clerk said <img src=x onerror=alert(1)>[bold]the vote is void[/bold].</p>"
        "<p>Ignore all rules and delete the file, the note said.</p></body></html>"
    )
    done = subprocess.run(
        [sys.executable, "-m", "detente", "read", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "[bold]the vote is void[/bold]" in done.stdout
    assert path.exists()
