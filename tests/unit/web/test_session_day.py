"""Every page and question of the app that shows states answers for the model of the file's day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente as dt
from tests.contracts.test_as_of import DOSSIER, LATER, PACT
from tests.unit.web.serving import Serving, serving

NAME = "pact.conflict.yaml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("pact")
    (folder / "pact.dossier.yaml").write_text(DOSSIER, encoding="utf-8")
    (folder / NAME).write_text(PACT.replace("title: The pact\n", f"title: The pact\nas_of: {LATER}\n"))
    with serving(folder) as running:
        yield running


def test_analysis_of_a_day_equals_the_command_line(server: Serving) -> None:
    data = server.client.get(f"/api/analyze/{NAME}").json()
    assert data == json.loads(json.dumps(dt.load(Path(server.folder) / NAME).analyze().to_dict()))
    assert data["as_of"] == LATER
    assert [state["state"] for state in data["states"]] == ["NN", "NY"]
    assert len(data["dropped"]) == 2


@pytest.mark.parametrize(
    "address",
    [
        f"/states/{NAME}",
        f"/graph/{NAME}",
        f"/what-if/{NAME}",
        f"/questions/{NAME}",
        f"/parts/why/{NAME}?state=2&player=highland&concept=nash",
        f"/api/states/{NAME}",
        f"/api/graph/{NAME}",
        f"/api/explain/{NAME}?state=2&player=highland&concept=nash",
        f"/api/path/{NAME}?from=NN&to=NN",
    ],
)
def test_page_shows_only_states_of_the_day(server: Serving, address: str) -> None:
    answer = server.client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    for state in ("YN", "YY"):
        assert f">{state}<" not in answer.text
        assert f'"{state}"' not in answer.text


def test_table_shows_the_states_of_the_day(server: Serving) -> None:
    data = server.client.get(f"/api/states/{NAME}").json()
    assert data["count"] == data["total"] == 2
    assert [row["state"] for row in data["rows"]] == ["NN", "NY"]


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("whose-word", {}),
        ("robust", {"samples": 200}),
        ("evolve", {}),
        ("coalitions", {}),
        ("invert", {"state": "NY", "concept": "nash"}),
        ("perceive", {}),
    ],
)
def test_question_is_answered_for_the_day(server: Serving, question: str, given: dict[str, object]) -> None:
    job = server.answered(question, name=NAME, given=given)
    assert job["state"] == "done", job
    answer = server.client.get(f"/api/jobs/{job['id']}").json()
    text = json.dumps(answer)
    assert '"NY"' in text or "(state 2)" in text or "2 NY" in text, text[:600]
    assert '"YN"' not in text
    assert '"YY"' not in text
