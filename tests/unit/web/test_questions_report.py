"""The report, asked for in the browser and handed over as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.io.conflict_file import open_conflict
from detente.report.briefing import FORMS, report
from detente.web.questions import QUESTIONS
from tests.unit.web.serving import Serving, river_folder, serving

NAME = "river.conflict.yaml"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(river_folder(tmp_path / "served")) as found:
        yield found


def made(server: Serving, **given: str) -> dict[str, Any]:
    return server.answered("report", name=NAME, given={"path": "/etc/passwd", **given})


def test_web_report_equals_that_of_the_command(server: Serving) -> None:
    job = made(server, form=".md", title="Briefing", seed="3", concepts="nash")
    assert job["state"] == "done", job["problem"]
    opened = open_conflict(server.folder / NAME)
    whole = report(opened.conflict, ["nash"], title="Briefing", file=server.folder / NAME, seed=3)
    assert job["answer"] == json.loads(json.dumps(whole.to_dict()))
    file = server.client.get(f"/api/jobs/{job['id']}/file")
    assert file.content == whole.rendered(".md")
    assert file.headers["content-disposition"] == "attachment; filename*=utf-8''river.md"
    page = server.client.get(f"/parts/job/{job['id']}").text
    assert f'href="/api/jobs/{job["id"]}/file" download="river.md"' in page


def test_every_format_is_offered_as_a_download(server: Serving) -> None:
    (form,) = [field for field in QUESTIONS["report"].fields if field.name == "form"]
    assert [ending for ending, _ in form.choices] == list(FORMS)
    job = made(server)
    file = server.client.get(f"/api/jobs/{job['id']}/file")
    assert b"<html" in file.content[:200]
    assert file.headers["content-disposition"].startswith("attachment")


def test_missing_report_file_is_reported(server: Serving) -> None:
    assert made(server, form=".exe")["state"] == "failed"
    assert server.client.get("/api/jobs/none/file").status_code == 404
    job = server.client.post("/api/jobs", json={"question": "perceive", "name": NAME}).json()
    assert server.client.get(f"/api/jobs/{job['id']}/file").status_code == 404
