"""A dispute begun, copied or brought in by the server, and the words of a document found for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.examples import path as example_path
from detente.io.conflict_file import open_conflict
from detente.model.evidence import PROPOSED
from tests.unit.web.serving import Serving, serving

REPORT = "The port is closed, the Dockers' Union said. Harbour Ltd. rejected the demand.\n"


@pytest.fixture
def server(empty: Serving) -> Serving:
    (empty.folder / "press").mkdir()
    (empty.folder / "press" / "report.txt").write_text(REPORT, encoding="utf-8")
    (empty.folder.parent / "outside.txt").write_text(REPORT, encoding="utf-8")
    return empty


def begin(
    server: Serving, *parties: str, title: str = "The strike: at the port!", documents: list[str] | None = None
) -> Any:
    asked = {"title": title, "decision_makers": list(parties), "documents": documents or []}
    return server.client.post("/api/conflicts", json=asked)


def test_empty_folder_explains_how_to_begin(server: Serving) -> None:
    page = server.client.get("/all").text
    assert "press/report.txt" in page and "Groundwater contamination in Elmira" in page
    assert 'id="begin"' in page


def test_new_dispute_is_created_with_its_documents(server: Serving) -> None:
    made = begin(server, "Dockers' Union", "Harbour Ltd.", documents=["press/report.txt"])
    assert (made.status_code, made.json()) == (201, {"name": "the-strike-at-the-port.conflict.yaml"})
    conflict = dt.load(server.folder / made.json()["name"])
    assert conflict.title == "The strike: at the port!"
    assert [maker.label for maker in conflict.decision_makers] == ["Dockers' Union", "Harbour Ltd."]
    assert [(one.id, one.file) for one in conflict.sources] == [("report", "press/report.txt")]
    for page in ("dispute", "sources", "states", "graph", "what-if", "questions"):
        assert server.client.get(f"/{page}/{made.json()['name']}").status_code == 200
    # The same title again is another file.
    assert begin(server, "A").json()["name"] == "the-strike-at-the-port-2.conflict.yaml"


def test_the_table_names_parties_that_cannot_move_or_whose_preferences_are_unknown(server: Serving) -> None:
    name = begin(server, "A & B", "C").json()["name"]
    page = server.client.get(f"/states/{name}").text
    assert "No party has an option, so no party can move" in page and "no preferences known" not in page
    assert "Not known: no status quo is given" in page
    text = (server.folder / name).read_text(encoding="utf-8")
    (server.folder / name).write_text(
        text.replace("name: C", "name: C\n    options: [x]") + "status_quo: []\n", encoding="utf-8"
    )
    page = server.client.get(f"/states/{name}").text
    assert "is an equilibrium under all six concepts" in page
    assert "That cannot be said while preferences are unknown." in page and "can do better" not in page
    assert "no preferences known for C: every state counts as equally good for it" in page
    server.client.post("/api/examples/chicken")
    assert "no preferences known" not in server.client.get("/states/chicken.conflict.yaml").text


@pytest.mark.parametrize(
    ("parties", "title", "documents", "words"),
    [
        ([], "T", [], "at least one decision maker"),
        (["A"], "  ", [], "the title is empty"),
        (["A", "a"], "T", [], "appears twice"),
        (["A"], "T", ["../outside.txt"], "there is no such file in the served folder"),
        (["A"], "T", ["missing.txt"], "this document is not in the folder"),
    ],
)
def test_refused_dispute_leaves_no_file(
    server: Serving, parties: list[str], title: str, documents: list[str], words: str
) -> None:
    refused = begin(server, *parties, title=title, documents=documents)
    assert refused.status_code in (404, 422)
    assert words in refused.json()["message"]
    assert list(server.folder.glob("*.yaml")) == []


@pytest.mark.parametrize("title", ["../../etc", "Спор о порте", "港", "con", "x" * 900, "---", "12"])
def test_any_title_gives_a_file_inside_the_folder(server: Serving, title: str) -> None:
    name = begin(server, "A", title=title).json()["name"]
    assert (server.folder / name).is_file() and "/" not in name
    assert dt.load(server.folder / name).title == title
    assert server.client.get("/api/conflicts").json()["conflicts"][0]["name"] == name


def test_catalogue_dispute_is_copied_verbatim(server: Serving) -> None:
    names = [server.client.post("/api/examples/elmira").json()["name"] for _ in range(2)]
    assert names == ["elmira.conflict.yaml", "elmira-2.conflict.yaml"]
    assert dt.load(server.folder / names[1]) == dt.example("elmira")
    assert server.client.post("/api/examples/elmyra").status_code == 404


def test_imported_file_overwrites_none(server: Serving) -> None:
    from detente.render.export import export_text

    data = export_text(dt.example("chicken"), "gmcr").text.encode("utf-8")
    assert server.client.put("/api/conflicts/chicken.gmcr", content=data).json() == {"name": "chicken.gmcr"}
    assert server.client.get("/states/chicken.gmcr").status_code == 200
    again = server.client.put("/api/conflicts/chicken.gmcr", content=b"other")
    assert again.status_code == 422 and "already" in again.json()["message"]
    assert (server.folder / "chicken.gmcr").read_bytes() == data
    for name in ("notes.txt", "x.yaml", "..%2Fout.conflict.yaml"):
        assert server.client.put(f"/api/conflicts/{name}", content=data).status_code in (404, 422)
    assert not (server.folder.parent / "out.conflict.yaml").exists()


def test_read_only_server_creates_no_dispute(tmp_path: Path) -> None:
    with serving(tmp_path, read_only=True) as server:
        assert begin(server, "A").status_code == 403
        assert server.client.post("/api/examples/elmira").status_code == 403
        assert server.client.put("/api/conflicts/a.gmcr", content=b"{}").status_code == 403
        assert upload(server, "a.txt", b"A town said no.").status_code == 403
        assert server.client.post("/api/drafts", json={"documents": ["a.txt"]}).status_code == 403
        assert 'id="begin"' not in server.client.get("/all").text
    assert list(tmp_path.iterdir()) == []


def test_document_is_read_for_the_dispute_and_its_parties(server: Serving) -> None:
    name = begin(server, "Dockers' Union", "Harbour Ltd.", documents=["press/report.txt"]).json()["name"]
    job = server.answered("read", name=name, given={"source": "report", "document": "/etc/passwd"})
    assert job["state"] == "done", job["problem"]
    assert job["answer"]["format"] == "detente-dossier/1"
    assert job["answer"]["sources"][0]["file"] == "press/report.txt"
    text = (server.folder / name).read_text(encoding="utf-8")
    edit = {"do": "import", "dossier": job["answer"]}
    done = server.client.post(f"/api/edit/{name}", json={"text": text, "edit": edit}).json()["text"]
    (server.folder / name).write_text(done, encoding="utf-8")
    conflict = dt.load(server.folder / name)
    assert {"dockers-union", "harbour-ltd"} <= {one.speaker for one in conflict.statements}
    assert {one.source for one in conflict.statements} == {"report"}
    # In the document, where the reader says, and marked there.
    (shown,) = server.client.get(f"/api/sources/{name}").json()["sources"]
    assert shown["lost"] == [] and any(piece["statements"] for piece in shown["pieces"])


def test_unsaved_source_is_read(server: Serving) -> None:
    name = begin(server, "A").json()["name"]
    text = (server.folder / name).read_text(encoding="utf-8")
    assert (
        server.client.post("/api/jobs", json={"question": "read", "name": name, "given": {"source": "r"}}).status_code
        == 404
    )
    text += "sources:\n  - {id: r, file: press/report.txt}\n  - {id: out, file: ../outside.txt}\n  - {id: none}\n"
    assert server.answered("read", name=name, text=text, given={"source": "r"})["state"] == "done"
    for source, status in (("out", 404), ("none", 422)):
        asked = {"question": "read", "name": name, "text": text, "given": {"source": source}}
        assert server.client.post("/api/jobs", json=asked).status_code == status


def test_statements_that_nothing_rests_on_are_told_once_on_the_page_and_each_in_the_data(server: Serving) -> None:
    said = "".join(f"  - {{id: s{place}, speaker: i, quote: no}}\n" for place in range(1, 7))
    file = server.folder / "draft.conflict.yaml"
    file.write_text(
        "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a], preferences: [a]}\n"
        + f"statements:\n{said}"
    )
    page = server.client.get("/dispute/draft.conflict.yaml").text
    assert page.count("the model does not use") == 1
    assert "the model does not use 6 statements: " in page
    data = server.client.get("/api/dispute/draft.conflict.yaml").json()
    assert sum("the model does not use" in one["message"] for one in data["warnings"]) == 6


# A draft from documents

FIRST, SECOND, THIRD = sorted((example_path("chicken").parent / "demo" / "reports").iterdir())


def upload(server: Serving, name: str, data: bytes) -> Any:
    return server.client.put(f"/api/uploads/{name}", content=data)


def draft(server: Serving, *uploads: str, **asked: Any) -> dict[str, Any]:
    """Draft a dispute and return its job once that has ended."""
    started = server.client.post("/api/drafts", json={"uploads": uploads, **asked})
    assert started.status_code == 202, started.text
    return server.ended(started.json())


def held(server: Serving) -> set[str]:
    return {path.relative_to(server.folder).as_posix() for path in server.folder.rglob("*") if path.is_file()}


def test_draft_is_written_with_its_documents_when_it_is_saved(server: Serving) -> None:
    before = held(server)
    tokens = [upload(server, one.name, one.read_bytes()).json()["upload"] for one in (FIRST, SECOND)]
    (server.folder / "press" / THIRD.name).write_bytes(THIRD.read_bytes())
    job = draft(server, *tokens, documents=[f"press/{THIRD.name}"])
    assert job["state"] == "done", job["problem"]
    assert held(server) == before | {f"press/{THIRD.name}"}
    saved = [server.client.post(f"/api/drafts/{job['id']}") for _ in range(2)]
    assert [one.status_code for one in saved] == [201, 201]
    name = saved[0].json()["name"]
    assert saved[1].json()["name"] == name
    assert held(server) == before | {f"press/{THIRD.name}", name, FIRST.name, SECOND.name}
    conflict = open_conflict(server.folder / name).conflict
    assert [maker.label for maker in conflict.decision_makers] == ["Dockers' Union", "Sund Harbour", "Town council"]
    notes = [one.note or "" for at, one in conflict.supports() if len(at) > 2 or at[0] == "status_quo"]
    assert len(notes) > 10 and all(note.startswith(PROPOSED) for note in notes)
    assert all(one.proposed for one in conflict.statements if one.spans)
    # Every source is a document of the folder, and every quote is in it.
    shown = server.client.get(f"/api/sources/{name}").json()["sources"]
    assert {one["file"] for one in shown} == {f"press/{THIRD.name}", FIRST.name, SECOND.name}
    assert not any(one["problem"] or one["lost"] for one in shown)
    # As 'detente draft' proposes it.
    told = dt.propose([FIRST, SECOND, server.folder / "press" / THIRD.name]).conflict
    assert [option.id for option in told.options] == [option.id for option in conflict.options]
    for page in ("overview", "dispute"):
        text = server.client.get(f"/{page}/{name}").text
        assert text.count("proposed and not reviewed") == 1 and "(not a party in this draft)" in text


def test_no_document_is_written_over_or_twice(server: Serving) -> None:
    (server.folder / FIRST.name).write_bytes(FIRST.read_bytes())
    (server.folder / SECOND.name).write_text("An older report.\n", encoding="utf-8")
    data = {one.name: one.read_bytes() for one in (FIRST, SECOND)}
    tokens = [upload(server, name, each).json()["upload"] for name, each in (*data.items(), *data.items())]
    job = draft(server, *tokens, title="Sunday")
    assert job["answer"]["documents"] == [FIRST.name, "2025-03-05-evening-mail-2.txt"]
    name = server.client.post(f"/api/drafts/{job['id']}").json()["name"]
    assert name == "sunday.conflict.yaml"
    assert held(server) == {"press/report.txt", FIRST.name, SECOND.name, name, "2025-03-05-evening-mail-2.txt"}
    assert (server.folder / SECOND.name).read_text(encoding="utf-8") == "An older report.\n"


def test_draft_that_cannot_be_written_whole_is_not_written(server: Serving) -> None:
    tokens = [upload(server, one.name, one.read_bytes()).json()["upload"] for one in (FIRST, SECOND)]
    job = draft(server, *tokens)
    (server.folder / SECOND.name).write_text("Another program was faster.\n", encoding="utf-8")
    refused = server.client.post(f"/api/drafts/{job['id']}")
    assert refused.status_code == 422 and "already exists" in refused.json()["message"]
    assert held(server) == {"press/report.txt", SECOND.name}
    (server.folder / SECOND.name).unlink()
    assert server.client.post(f"/api/drafts/{job['id']}").status_code == 201


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.pdf", b"%PDF-1.4 broken", "cannot be read"),
        ("empty.txt", b" \n", "no text"),
        ("old.doc", b"words", "must be a .txt"),
        ("..%2Fout.txt", b"words", "no such file in the served folder"),
        ("notes.txt", b"{\\rtf1 words}", "rich-text"),
    ],
)
def test_document_that_cannot_be_read_is_refused_as_it_is_uploaded(
    server: Serving, name: str, data: bytes, words: str
) -> None:
    refused = upload(server, name, data)
    assert refused.status_code in (404, 422) and words in refused.json()["message"]


def test_drafts_that_cannot_be_started_or_proposed_say_why(server: Serving) -> None:
    def refused(**asked: Any) -> str:
        return str(server.client.post("/api/drafts", json=asked).json()["message"])

    assert "at least one document" in refused()
    assert "Choose the documents again" in refused(uploads=["gone"])
    assert "appears twice" in refused(documents=["press/report.txt"], parties=["A", "a"])
    assert "not in the folder" in refused(documents=["missing.txt"])
    said = upload(server, FIRST.name, FIRST.read_bytes()).json()
    assert (said["words"], said["notes"]) == (len(FIRST.read_text(encoding="utf-8").split()), [])
    typo = draft(server, said["upload"], parties=["Dokers' Union", "Sund Harbour"])
    (fault,) = typo["faults"]
    assert (typo["state"], fault["word"], fault["suggestion"]) == ("failed", "Dokers' Union", "The Dockers' Union")
    quiet = upload(server, "quiet.txt", b"It rained all day in the town, and the river rose.\n").json()["upload"]
    assert "no statement was found" in draft(server, quiet)["problem"]
    alone = upload(server, "alone.txt", "“We will not load coal,” the Dockers' Union said.\n".encode()).json()["upload"]
    assert "fewer than two parties" in draft(server, alone)["problem"]
    assert server.client.post(f"/api/drafts/{typo['id']}").status_code == 422
    assert held(server) == {"press/report.txt"}


def test_only_the_latest_uploads_are_kept(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.web.new_dispute.MAX_UPLOADED_BYTES", 300)
    first, second = (upload(server, "a.txt", b"A town said no. " * 10).json()["upload"] for _ in range(2))
    gone = server.client.post("/api/drafts", json={"uploads": [first]})
    assert gone.status_code == 404
    assert draft(server, second)["state"] == "failed"
    assert upload(server, "b.txt", b"A town said no. " * 20).status_code == 413
