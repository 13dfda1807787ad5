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


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The same dispute without a day of its own: a request names the day."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "pact.dossier.yaml").write_text(DOSSIER, encoding="utf-8")
    (folder / NAME).write_text(PACT, encoding="utf-8")
    with serving(folder) as running:
        yield running


@pytest.mark.parametrize("day", ["2022-03-28", "2022-04-01", "2023-05-01", LATER])
def test_day_of_a_request_equals_that_of_the_command_line(earlier: Serving, day: str) -> None:
    conflict = dt.load(Path(earlier.folder) / NAME).at(day)
    data = earlier.client.get(f"/api/analyze/{NAME}?day={day}").json()
    assert data == json.loads(json.dumps(conflict.analyze().to_dict()))
    states = earlier.client.get(f"/api/states/{NAME}?day={day}").json()
    assert [row["state"] for row in states["rows"]] == [state["state"] for state in data["states"]]
    graph = earlier.client.get(f"/api/graph/{NAME}?day={day}").json()
    assert [row["state"] for row in graph["states"]] == [state["state"] for state in data["states"]]
    tried = earlier.client.post(f"/parts/what-if/{NAME}?day={day}", json={"off": []})
    assert tried.status_code == 200, tried.text
    job = earlier.answered("analyze", name=NAME, given={}, day=day)
    answer = earlier.client.get(f"/api/jobs/{job['id']}").json()["answer"]
    assert (answer["as_of"], answer["equilibria"]) == (day, data["equilibria"])


def test_reading_of_vague_dates_is_that_of_the_request(earlier: Serving) -> None:
    conflict = dt.load(Path(earlier.folder) / NAME)
    for undated in ("latest", "earliest"):
        data = earlier.client.get(f"/api/analyze/{NAME}?day=2022-03&undated={undated}").json()
        assert data == json.loads(json.dumps(conflict.at("2022-03", undated).analyze().to_dict()))


@pytest.mark.parametrize("page", ["states", "graph", "what-if", "questions"])
def test_page_says_which_day_it_shows_and_keeps_it_in_its_links(earlier: Serving, page: str) -> None:
    text = earlier.client.get(f"/{page}/{NAME}?day={LATER}").text
    assert f"This page shows the model of <b>{LATER}</b>" in text
    assert f'href="/timeline/{NAME}?day={LATER}"' in text
    assert f'data-day="{LATER}"' in text
    assert "This page shows the model of" not in earlier.client.get(f"/{page}/{NAME}").text


@pytest.mark.parametrize("page", ["states", "graph", "what-if", "questions"])
def test_text_that_is_no_day_is_refused(earlier: Serving, page: str) -> None:
    answer = earlier.client.get(f"/{page}/{NAME}?day=<b>soon</b>")
    assert answer.status_code == 422
    assert "<b>soon" not in answer.text
    assert "is not a date" in answer.text


def test_edited_pages_are_those_of_the_file_whatever_the_day(earlier: Serving) -> None:
    answer = earlier.client.get(f"/dispute/{NAME}?day={LATER}")
    assert answer.status_code == 200
    assert "Stay neutral" in answer.text


def test_timeline_twin_equals_the_command_line(earlier: Serving) -> None:
    data = earlier.client.get(f"/api/timeline/{NAME}?concept=nash").json()
    assert data == json.loads(json.dumps(dt.load(Path(earlier.folder) / NAME).timeline(["nash"]).to_dict()))
