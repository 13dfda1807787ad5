"""What the folder says of its files before any of them is opened."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import detente as dt
from detente.io.yaml.parse import scalar_of
from detente.web.documents import sources_data
from detente.web.folder import Folder
from tests.unit.web.serving import river_folder, serving

TEXT = "The ministry said on Monday that it will not withdraw. No one else was quoted."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("title: A river", "A river"),
        ("format: detente/1\ntitle: >-\n  A river\n  and a dam\nsummary: [", "A river and a dam"),
        ("notes: {title: inside}\ntitle: outside", "outside"),
        ("a: &x y\nb: *x\n? [q]\n: r\ntitle: 'after all that'", "after all that"),
        ("title: [no, title]", None),
        ("[title, x]", None),
        ("title", None),
        ('title: "not ended', None),
        ("", None),
    ],
)
def test_title_is_read_without_parsing_the_rest(text: str, title: str | None) -> None:
    assert scalar_of(text, "title") == title


def test_titles_of_a_folder_are_listed(tmp_path: Path) -> None:
    (tmp_path / "good.conflict.yaml").write_text("format: detente/1\ntitle: Good\n", encoding="utf-8")
    (tmp_path / "faulty.conflict.yaml").write_text("title: [", encoding="utf-8")
    (tmp_path / "other.gmcr").write_text("{}", encoding="utf-8")
    folder = Folder(tmp_path)
    assert folder.titles(folder.conflicts()) == {"good.conflict.yaml": "Good"}


def source(text: str, **more: str) -> dt.Conflict:
    """A dispute whose one source names no file, only the digest of one."""
    return dt.example("river-sharing").replaced(
        sources=[dt.Source("daily", sha256=hashlib.sha256(text.encode()).hexdigest(), **more)],
        statements=[dt.Statement("s1", source="daily", speaker="upstream", quote="it will not withdraw")],
    )


def test_document_is_found_by_its_digest(tmp_path: Path) -> None:
    (tmp_path / "mine.conflict.yaml").write_text("", encoding="utf-8")
    (tmp_path / "monday.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "tuesday.txt").write_text("Something else.", encoding="utf-8")
    shown = sources_data(Folder(tmp_path), "mine.conflict.yaml", source(TEXT))["sources"][0]
    assert shown["file"] == "monday.txt"
    marked = [piece["text"] for piece in shown["pieces"] if piece["statements"] == ["s1"]]
    assert marked == ["it will not withdraw"]


def test_missing_document_is_reported(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "link.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "served" / "mine.conflict.yaml").write_text("", encoding="utf-8")
    shown = sources_data(Folder(tmp_path / "served"), "mine.conflict.yaml", source(TEXT))["sources"][0]
    assert shown["pieces"] == [] and shown["file"] is None


def test_missing_file_is_not_reported_as_faulty(tmp_path: Path) -> None:
    folder = river_folder(tmp_path / "folder")
    with serving(folder) as server:
        page = server.client.get("/dispute/rivr.conflict.yaml")
        assert page.status_code == 404
        assert "has faults" not in page.text and "mend it" not in page.text
        assert '<a href="/dispute/river.conflict.yaml">' in page.text
        found = server.client.get("/states/quite-else.conflict.yaml")
        assert found.status_code == 404 and "Did you mean" not in found.text
        assert server.client.get("/api/dispute/rivr.conflict.yaml").status_code == 404
