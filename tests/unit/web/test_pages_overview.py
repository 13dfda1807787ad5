"""The overview as a page and as data: the same answers, in parts, and what the page of the folder says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest
from lxml import html

import detente as dt
from detente.examples import path as example_path
from detente.web import session as session_module
from tests.unit.web.serving import Serving, river_folder, serving

NILE = "nile-dam.conflict.yaml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = river_folder(tmp_path_factory.mktemp("river"))
    copy(example_path("nile-dam"), folder)
    with serving(folder) as found:
        yield found


def test_the_twin_has_the_answer_of_python(server: Serving) -> None:
    data = server.client.get(f"/api/overview/{NILE}").json()
    wanted = dt.load(example_path("nile-dam")).overview().to_dict()
    assert data == {**wanted, "version": data["version"]}
    few = server.client.get(f"/api/overview/{NILE}?changes=false").json()
    assert {one["kind"] for one in few["ways"]} == {"moves", "coalition"}


def test_the_page_leaves_changes_of_preferences_to_its_part(server: Serving) -> None:
    page = server.client.get(f"/overview/{NILE}").text
    assert "1 concession, by Egypt:" in page and "to the preferences of" not in page
    part = server.client.get(f"/parts/overview/{NILE}").text
    assert "1 change to the preferences of Egypt:" in part
    whole = server.client.get(f"/overview/{NILE}?whole=true").text
    assert "1 change to the preferences of Egypt:" in whole and 'data-state="whole"' in whole


def test_links_lead_to_pages_that_are_there(server: Serving) -> None:
    page = html.fromstring(server.client.get(f"/overview/{NILE}?whole=true&day=2021-07-08").text)
    links = {link.get("href") for link in page.xpath("//section[@id='overview']//a")}
    assert len(links) > 15
    for link in sorted(links):
        assert server.client.get(link).status_code == 200, link
        # A model of a day leads to models of that day; statements are of every day.
        assert (link.startswith("/sources/") and "#" in link) or "day=2021-07-08" in link, link


def test_a_missing_dispute_and_a_wrong_day_are_named(server: Serving) -> None:
    assert server.client.get("/overview/missing.conflict.yaml").status_code == 404
    assert server.client.get("/parts/overview/missing.conflict.yaml").status_code == 404
    assert server.client.get("/api/overview/missing.conflict.yaml").status_code == 404
    assert server.client.get(f"/overview/{NILE}?day=nonsense").status_code == 422


def test_the_front_page_opens_the_overview_of_the_first_dispute(tmp_path: Path) -> None:
    with serving(river_folder(tmp_path / "folder") / "river.conflict.yaml") as found:
        answer = found.client.get("/", follow_redirects=False)
        assert answer.headers["location"] == "/overview/river.conflict.yaml"


def test_status_says_stuck_day_parties_and_last_change(server: Serving) -> None:
    os.utime(server.folder / NILE, (1_700_000_000, 1_700_000_000))
    data = server.client.get(f"/api/status/{NILE}").json()
    assert (data["stuck"], data["day"]) == ("Stuck since 8 July 2021", "9 July 2021")
    assert data["parties"] == ["Ethiopia", "Egypt", "Sudan"]
    assert data["changed"] == datetime.fromtimestamp(1_700_000_000).date().isoformat()
    assert server.client.get("/api/status/river.conflict.yaml").json()["stuck"] == "Not stuck"
    said = html.fromstring(server.client.get(f"/parts/status/{NILE}").text).text_content()
    assert said.strip().startswith("Stuck since 8 July 2021 · as of 9 July 2021 · Ethiopia, Egypt, Sudan · changed on")


def test_status_is_worked_out_again_only_when_the_file_changes(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = session_module.analyze
    monkeypatch.setattr(session_module, "analyze", lambda conflict: asked.append(1) or real(conflict))
    path = server.folder / "again.conflict.yaml"
    copy(example_path("nile-dam"), path)
    for _ in range(2):
        assert server.client.get("/api/status/again.conflict.yaml").json()["stuck"].startswith("Stuck")
    assert len(asked) == 1
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: Again, "), encoding="utf-8")
    server.client.get("/api/status/again.conflict.yaml")
    assert len(asked) == 2
    path.unlink()


def test_a_dispute_with_very_many_states_is_not_analysed_for_the_folder(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "MAX_OF_A_FOLDER", 47)
    path = server.folder / "wide.conflict.yaml"
    copy(example_path("nile-dam"), path)
    assert server.client.get("/api/status/wide.conflict.yaml").json()["stuck"] == "48 states: not examined"
    path.unlink()


def test_a_faulty_file_is_told_in_the_folder(server: Serving) -> None:
    (server.folder / "bad.conflict.yaml").write_text("title: Bad\n", encoding="utf-8")
    assert "The file has faults:" in server.client.get("/parts/status/bad.conflict.yaml").text
    (server.folder / "bad.conflict.yaml").unlink()


def test_two_outcomes_have_the_same_data_at_the_address_and_in_python(server: Serving) -> None:
    given = server.client.get(f"/api/outcomes/{NILE}?first=24&second=34")
    assert given.json() == dt.example("nile-dam").compare_outcomes(24, 34).to_dict()
    earlier = server.client.get(f"/api/outcomes/{NILE}?first=1&second=2&day=2021-06-30").json()
    assert earlier["as_of"] == "2021-06-30"
    assert server.client.get(f"/api/outcomes/{NILE}?first=1&second=9999").status_code == 404
