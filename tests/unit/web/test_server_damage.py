"""Damaged documents, refused uploads and crashed jobs: each ends in words on the page, and nothing is left behind."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.examples import examples
from tests.unit.web.routes import RIVER_NAME, held
from tests.unit.web.serving import RIVER, Serving, river_folder


@pytest.fixture
def server(empty: Serving) -> Serving:
    river_folder(empty.folder)
    return empty


def word() -> bytes:
    """A Word document of one sentence."""
    docx = pytest.importorskip("docx")
    made, file = docx.Document(), io.BytesIO()
    made.add_paragraph("The ministry said that it will not withdraw.")
    made.save(file)
    return file.getvalue()


def portable() -> bytes:
    """A PDF of one page."""
    stream = b"BT /F1 12 Tf 72 700 Td (The ministry will not withdraw.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return body + b"trailer << /Root 1 0 R /Size 5 >>\n"


def mutated(data: bytes, seed: int) -> bytes:
    """Return a document with some bytes changed, a part cut out, or its end cut off."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.choice((1, 4, 16))):
        made[chance.randrange(8, len(made))] = chance.randrange(256)
    if seed % 4 == 1:
        place = chance.randrange(8, len(made))
        del made[place : place + chance.randrange(1, 200)]
    if seed % 4 == 2:
        del made[chance.randrange(8, len(made)) :]
    return bytes(made)


@pytest.mark.parametrize(("make", "ending"), [(word, "docx"), (portable, "pdf")])
def test_damaged_document_gives_a_page_and_a_refused_upload(
    server: Serving, make: Callable[[], bytes], ending: str
) -> None:
    data = make()
    name = f"report.{ending}"
    (server.folder / RIVER_NAME).write_text(RIVER.replace("daily.txt", name), encoding="utf-8")
    damaged, many = 0, examples(60)
    for seed in range(many):
        (server.folder / name).write_bytes(mutated(data, seed))
        page = server.client.get(f"/sources/{RIVER_NAME}")
        assert page.status_code == 200, seed
        (source,) = server.client.get(f"/api/sources/{RIVER_NAME}").json()["sources"]
        damaged += bool(source["problem"])
        (server.folder / name).unlink()
        before = held(server.folder)
        added = server.client.put(f"/api/documents/{name}", content=mutated(data, seed))
        assert added.status_code == (422 if source["problem"] else 201), seed
        if source["problem"]:
            assert added.json()["message"].rstrip(".") in source["problem"]
            assert held(server.folder) == before
        else:
            (server.folder / name).unlink()
    assert damaged > many / 6


@pytest.mark.parametrize("error", [RuntimeError("x"), MemoryError(), RecursionError(), AssertionError(), LookupError()])
def test_document_error_is_named_on_the_page(
    server: Serving, monkeypatch: pytest.MonkeyPatch, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: Any) -> None:
        raise error

    monkeypatch.setattr("detente.web.documents.read_document", broken)
    monkeypatch.setattr("detente.web.new_dispute.parse_document", broken)
    page = server.client.get(f"/sources/{RIVER_NAME}")
    assert page.status_code == 200
    assert "this document cannot be read: it is damaged, or too large for this computer." in page.text
    assert type(error).__name__ in caplog.text
    before = held(server.folder)
    added = server.client.put("/api/documents/new.txt", content=b"said in June")
    assert added.status_code == 422 and "cannot be read" in added.json()["message"]
    assert held(server.folder) == before


def archive(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as found:
        for name, text in files.items():
            found.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.png", b"\x89PNG", "a document must be a .txt"),
        ("daily.txt", b"said in June", "already"),
        ("DAILY/none.txt", b"said in June", "this folder does not exist"),
        ("zip.docx", archive(a="b"), "not a .docx document"),
        ("empty.txt", b"  \n", "no text"),
        ("binary.txt", bytes(range(256)) * 40 + b"\0" * 9_000, "not a text, HTML, PDF or DOCX"),
        ("line.txt", b"x" * 200_000, "a line has"),
        ("long.txt", b"word\n" * 500_000, "characters"),
    ],
)
def test_refused_document_leaves_the_folder_unchanged(server: Serving, name: str, data: bytes, said: str) -> None:
    before = held(server.folder)
    for query in ("", "?only_check=true"):
        refused = server.client.put(f"/api/documents/{name}{query}", content=data)
        assert refused.status_code in (404, 422)
        assert said in refused.json()["message"]
    assert held(server.folder) == before


def test_too_large_document_is_not_copied(server: Serving) -> None:
    before = held(server.folder)
    refused = server.client.put("/api/documents/large.txt", content=b"said\n" * 3_000_000)
    assert refused.status_code == 413
    assert held(server.folder) == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("new.conflict.yaml", b"PK\x03\x04", "a ZIP archive"),
        ("new.conflict.yaml", "title: Stra\xdfe".encode("latin-1"), "not UTF-8"),
        ("new.gmcr", b"{", ""),
        ("new.gmcr", b"[]", ""),
        (RIVER_NAME, RIVER.encode(), "already"),
        ("new.txt", RIVER.encode(), "the name of a conflict file must end"),
    ],
)
def test_refused_dispute_leaves_the_folder_unchanged(server: Serving, name: str, data: bytes, said: str) -> None:
    before = held(server.folder)
    refused = server.client.put(f"/api/conflicts/{name}", content=data)
    assert refused.status_code == 422
    assert said in refused.json()["message"]
    for fault in refused.json()["faults"]:
        assert fault["file"] is None or "/" not in fault["file"]
    assert held(server.folder) == before


def test_faulty_dispute_is_added_for_correction(server: Serving) -> None:
    assert server.client.put("/api/conflicts/new.conflict.yaml", content=b"title: [").status_code == 201
    assert server.client.get("/dispute/new.conflict.yaml").status_code == 200


def test_checking_writes_nothing(server: Serving) -> None:
    before = held(server.folder)
    checked = server.client.put("/api/documents/new.txt?only_check=true", content=b"said in June")
    assert checked.is_success and checked.json() == {"file": "new.txt"}
    body = {"title": "A strike", "decision_makers": ["Union"], "only_check": True}
    assert server.client.post("/api/conflicts", json=body).json() == {"name": "a-strike.conflict.yaml"}
    assert server.client.post("/api/conflicts", json={**body, "decision_makers": ["A", "a"]}).status_code == 422
    assert held(server.folder) == before


def test_faulty_question_is_answered_with_an_error(server: Serving, caplog: pytest.LogCaptureFixture) -> None:
    job = server.answered("evolve", name=RIVER_NAME, given={"from": "nowhere"})
    assert job["state"] == "failed" and "nowhere" in job["problem"]
    assert caplog.text == ""


def test_question_on_a_damaged_document_fails(server: Serving) -> None:
    (server.folder / "daily.txt").write_bytes(mutated(word(), 2))
    job = server.answered("read", name=RIVER_NAME, given={"source": "daily"})
    assert job["state"] == "failed"
    assert "cannot be read" in job["problem"]
    part = server.client.get(f"/parts/job/{job['id']}")
    assert part.status_code == 200 and "cannot be read" in part.text
