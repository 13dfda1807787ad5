"""The JSON twins of the pages, under ``/api``; ``/api/openapi.json`` describes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from detente._version import __version__
from detente.analysis.comparison import outcomes_of
from detente.analysis.explanation import Explanation, explanation_of
from detente.analysis.timeline import Timeline
from detente.analysis.what_if import WhatIf, WhatIfChanges, what_if
from detente.concepts import CONCEPTS, chosen
from detente.editing import ConfirmationNeededError, edited_file
from detente.errors import DetenteError, InputError, TooLargeError, UnknownNameError
from detente.io.scenarios import MAX_NAME, MAX_SCENARIOS, Scenario
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.reading.links import unread
from detente.web import questions
from detente.web.concept_choice import known_concept_ids
from detente.web.documents import TriageView, document_path, document_text, sources_data
from detente.web.folder import ChangedError, MissingError, OutsideError, ReadOnlyError, digest
from detente.web.forms import dispute_data, fault_data
from detente.web.graph import MAX_STATES, Moves, graph_data, neighbourhood_data, path_data
from detente.web.jobs import Answers, JobInput, answer_question, job_data
from detente.web.new_dispute import Drafts, add_conflict, add_document, copy_of_example, create_dispute
from detente.web.security import MAX_BYTES
from detente.web.session import Day, Session, Version, known_concepts, scenarios_data, status_data
from detente.web.state_table import StateTable, Wanted

#: The maximum number of rows of the table in one answer.
_MAX_ROWS = 500
#: The maximum of states times dates for which a page works out a timeline.
MAX_WORK = 4_000_000

Text = Annotated[str, Field(max_length=10_000_000)]
At = list[str | int]


def day_asked(day: Annotated[str, Query(max_length=40)] = "", undated: Literal["latest", "earliest"] = "latest") -> Day:
    """Return the day that a request is about (default: the file's own), and the reading of vague dates."""
    return Day(day, undated)


DayAsked = Annotated[Day, Depends(day_asked)]


@dataclass(frozen=True)
class TimelineRequest:
    """Which part of a timeline to show, under which concepts, by which reading of vague dates."""

    concepts: tuple[str, ...]
    first: str
    last: str
    undated: str

    def answer(self, session: Session, version: Version) -> Timeline:
        """Return the timeline; raises `TooLargeError` for one that takes too long for a page."""
        dates = len(version.conflict.all_statements) + len(version.conflict.history) + 1
        if not (self.first or self.last) and session.solver(version.conflict).count * dates > MAX_WORK:
            raise TooLargeError(
                "the dispute has too many states and dates for a page. Choose fewer days with ‘from’ and ‘to’, or run "
                "‘detente timeline’"
            )
        return session.timeline(version.conflict, self.concepts or None, self.first, self.last, self.undated)

    @property
    def query(self) -> str:
        """The request as a part of an address, without the question mark."""
        pairs = [("from", self.first), ("to", self.last), ("undated", "" if self.undated == "latest" else self.undated)]
        return urlencode([*(("concept", id) for id in self.concepts), *(pair for pair in pairs if pair[1])])


def timeline_asked(
    concept: Annotated[list[str], Query()] = [],  # noqa: B006
    first: Annotated[str, Query(alias="from", max_length=40)] = "",
    last: Annotated[str, Query(alias="to", max_length=40)] = "",
    undated: Literal["latest", "earliest"] = "latest",
) -> TimelineRequest:
    """Return which timeline a request is about."""
    return TimelineRequest(known_concept_ids(concept), first, last, undated)


TimelineAsked = Annotated[TimelineRequest, Depends(timeline_asked)]


class DraftText(BaseModel):
    """The text of a dispute as a tab has it; it need not be saved."""

    text: Text


class SourcesRequest(DraftText):
    """A text, and which of its statements and proposed links the page shows (`detente.web.documents.TriageView`)."""

    show: Annotated[str, Field(max_length=20)] = ""
    party: Annotated[str, Field(max_length=1_000)] = ""
    order: Annotated[str, Field(max_length=20)] = ""
    page: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    find: Annotated[str, Field(max_length=1_000)] = ""
    opened: Annotated[list[str], Field(max_length=1_000)] = []

    @property
    def view(self) -> TriageView:
        """What the page shows."""
        return TriageView(self.show, self.party, self.order, self.page, self.find, tuple(self.opened))


class EditRequest(DraftText):
    """One change of a form: ``edit.do`` names the change; the other keys give its place and values."""

    edit: dict[str, Any]


class SaveRequest(DraftText):
    """A text to save; ``was`` is the digest of the text that was opened."""

    was: str


class WhatIfRequest(BaseModel):
    """The changes to try, from the file or from ``text``."""

    text: Text | None = None
    off: list[At] = []
    order: dict[str, list[int]] = {}
    doubted: list[str] = []
    concepts: list[str] = []


class ScenarioData(BaseModel):
    """A scenario as its side file has it; without ``model``, of the model that the file has now."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    model: Annotated[str, Field(max_length=100)] = ""
    off: list[At] = []
    order: dict[str, list[int]] = {}
    doubted: list[str] = []

    def scenario(self) -> Scenario:
        """Return the scenario."""
        order = {id: tuple(places) for id, places in self.order.items()}
        return Scenario(self.name.strip(), tuple(map(tuple, self.off)), order, tuple(self.doubted), self.model)


class ScenariosRequest(BaseModel):
    """The scenarios to write beside a dispute; ``was`` is the digest of the side file that was read."""

    scenarios: Annotated[list[ScenarioData], Field(max_length=MAX_SCENARIOS)]
    was: str


class BeginRequest(BaseModel):
    """A dispute to start: its parties, and the documents in the folder that are about it."""

    title: Annotated[str, Field(max_length=1_000)]
    decision_makers: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=1_000)]
    documents: Annotated[list[str], Field(max_length=1_000)] = []
    #: Only check whether it could be started.
    only_check: bool = False


class DraftRequest(BaseModel):
    """A dispute to draft: documents in the folder, tokens of uploaded ones, and perhaps a title and the parties."""

    title: Annotated[str, Field(max_length=1_000)] = ""
    parties: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=1_000)] = []
    documents: Annotated[list[str], Field(max_length=1_000)] = []
    uploads: Annotated[list[str], Field(max_length=1_000)] = []


class JobRequest(BaseModel):
    """A question to answer for the file or for ``text``."""

    question: str
    name: str
    text: Text | None = None
    given: dict[str, Any] = {}
    #: The day to answer for; empty for the file's own.
    day: Annotated[str, Field(max_length=40)] = ""
    undated: Literal["latest", "earliest"] = "latest"


def status_of(error: DetenteError) -> int:
    """Return the HTTP status for this kind of error."""
    if isinstance(error, OutsideError | MissingError):
        return 404
    if isinstance(error, ReadOnlyError):
        return 403
    if isinstance(error, ChangedError):
        return 409
    if isinstance(error, UnknownNameError):
        return 404
    if isinstance(error, TooLargeError):
        return 413
    return 422


def problem(error: DetenteError, name: str = "") -> dict[str, Any]:
    """Return an error as data: the message, every fault with its place, and the offer of another edit."""
    faults = error.faults if isinstance(error, InputError) else ()
    if isinstance(error, ConfirmationNeededError):
        offer = {"summary": error.summary, **error.offer}
        return {"message": str(error), "faults": [fault_data(fault, name) for fault in faults], "offer": offer}
    message = "; ".join(fault.message for fault in faults) or str(error)
    return {"message": message, "faults": [fault_data(fault, name) for fault in faults]}


def moves_of(session: Session, table: StateTable) -> Moves:
    """Return the moves of a table's conflict, listed once."""
    return session.remembered(("moves", table.analysis.digest), lambda: Moves.of(table.analysis))


def router(session: Session, jobs: Answers) -> APIRouter:
    """Make the routes of the interface."""
    api = APIRouter(prefix="/api", tags=["api"])
    folder = session.folder
    drafts = Drafts(folder, jobs)

    def table(name: str, concepts: Sequence[str], day: Day) -> StateTable:
        conflict = session.version(name, day=day).conflict
        return session.table(_listable(session, conflict), known_concepts(concepts))

    @api.get("/conflicts", summary="The conflict files in the folder")
    def conflicts() -> dict[str, Any]:
        names = folder.conflicts()
        titles = folder.titles(names)
        return {
            "format": "detente-conflicts/1",
            "version": __version__,
            "read_only": folder.read_only,
            "conflicts": [{"name": name, "title": titles.get(name)} for name in names],
        }

    @api.post("/conflicts", summary="Start a dispute in a new file", status_code=201)
    def begin_conflict(request: BeginRequest) -> dict[str, Any]:
        asked = (request.title, request.decision_makers, request.documents)
        return {"name": create_dispute(folder, *asked, only_check=request.only_check)}

    @api.put("/uploads/{name:path}", summary="Upload a document for a draft; nothing is written", status_code=201)
    async def put_upload(name: str, request: Request) -> dict[str, Any]:
        return await run_in_threadpool(drafts.upload, name, await received(request))

    @api.post("/drafts", summary="Start to draft a dispute from documents; nothing is written", status_code=202)
    def start_draft(request: DraftRequest) -> dict[str, Any]:
        return job_data(drafts.start(request.title, request.parties, request.documents, request.uploads))

    @api.post("/drafts/{id}", summary="Write a draft that is ready, with its documents", status_code=201)
    def save_draft(id: str) -> dict[str, Any]:
        return {"name": drafts.save(id)}

    @api.put("/conflicts/{name:path}", summary="Upload a conflict file as a new file", status_code=201)
    async def put_conflict(name: str, request: Request) -> dict[str, Any]:
        return {"name": await run_in_threadpool(add_conflict, folder, name, await received(request))}

    @api.post("/examples/{id}", summary="Copy a dispute from the catalogue into the folder", status_code=201)
    def copy_example(id: str) -> dict[str, Any]:
        return {"name": copy_of_example(folder, id)}

    @api.get("/concepts", summary="The stability concepts")
    def concepts() -> list[dict[str, str]]:
        return [{"id": one.id, "title": one.title, "name": one.name, "plain": one.plain} for one in CONCEPTS.values()]

    @api.get("/dispute/{name:path}", summary="A dispute as in its file")
    def dispute(name: str) -> dict[str, Any]:
        version = session.version(name)
        return {**dispute_data(version), "text": version.text}

    @api.get("/text/{name:path}", summary="The text of a conflict file, with or without faults, and its digest")
    def text(name: str) -> dict[str, Any]:
        found = folder.text(name)
        return {"text": found, "digest": digest(found)}

    @api.post("/check/{name:path}", summary="The faults of a text, and warnings")
    def check(name: str, draft: DraftText) -> dict[str, Any]:
        try:
            version = session.version(name, draft.text)
        except InputError as error:
            return {"ok": False, "faults": problem(error, name)["faults"], "dispute": None}
        return {"ok": True, "faults": [], "dispute": dispute_data(version)}

    @api.post("/edit/{name:path}", summary="A text after one change; comments are kept")
    def edit(name: str, request: EditRequest) -> dict[str, Any]:
        version = session.version(name, request.text)
        if version.file is None:
            raise ReadOnlyError("a .gmcr file cannot be edited: convert it to a conflict file with 'detente import'")
        return {"text": session.known(name, edited_file(version.file, request.edit)).text}

    @api.put("/dispute/{name:path}", summary="Save a text completely or not at all")
    def save(name: str, request: SaveRequest) -> dict[str, Any]:
        # A text with faults is not saved, because other programs read the file.
        session.version(name, request.text)
        return {"digest": folder.save(name, request.text, request.was)}

    @api.get("/analyze/{name:path}", summary="The analysis, as 'detente analyze --format json' prints it")
    def analyze(name: str, day: DayAsked, concept: Annotated[list[str], Query()] = []) -> dict[str, Any]:  # noqa: B006
        conflict = session.version(name, day=day).conflict
        return session.analysis(_listable(session, conflict), known_concepts(concept)).to_dict()

    @api.get("/overview/{name:path}", summary="The answer on one page, merged from the other questions")
    def overview(name: str, day: DayAsked, changes: bool = True) -> dict[str, Any]:
        conflict = session.version(name, day=day).current
        return session.overview(_listable(session, conflict), changes=changes).to_dict()

    @api.get(
        "/status/{name:path}", summary="Whether a dispute is stuck, of which day, between whom, and its last change"
    )
    def status(name: str) -> dict[str, Any]:
        return status_data(session.status(name))

    @api.get("/timeline/{name:path}", summary="Positions and periods, as 'detente timeline --format json' prints them")
    def timeline(name: str, asked: TimelineAsked) -> dict[str, Any]:
        return asked.answer(session, session.version(name)).to_dict()

    @api.get("/states/{name:path}", summary="The stability table, filtered and sorted, in parts")
    def states(
        name: str,
        day: DayAsked,
        where: str = "",
        equilibria: str = "",
        search: str = "",
        sort: str = "number",
        backwards: bool = False,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=_MAX_ROWS)] = 100,
        concept: Annotated[list[str], Query()] = [],  # noqa: B006
    ) -> dict[str, Any]:
        found = table(name, concept, day)
        places = found.chosen(Wanted(where, equilibria, search, sort, backwards))
        return {
            "format": "detente-state-table/1",
            "count": len(found.states),
            "total": len(places),
            "offset": offset,
            "players": list(found.analysis.players),
            "concepts": [one.id for one in found.analysis.concepts],
            "rows": found.rows(places[offset : offset + limit]),
        }

    @api.get("/explain/{name:path}", summary="Why a state is stable for a party, or not")
    def explain(name: str, day: DayAsked, state: str, player: str, concept: str = "seq") -> dict[str, Any]:
        found = explained(session, session.version(name, day=day).conflict, state, player, concept)
        return found.to_dict()

    @api.get("/outcomes/{name:path}", summary="Two outcomes side by side")
    def outcomes(name: str, day: DayAsked, first: str, second: str) -> dict[str, Any]:
        conflict = session.version(name, day=day).current
        return outcomes_of(session.analysis(_listable(session, conflict)), first, second).to_dict()

    @api.get("/graph/{name:path}", summary="States and moves to draw, with their positions")
    def graph(
        name: str,
        day: DayAsked,
        arrange: str = "",
        across: str = "",
        down: str = "",
        by: str = "",
        focus: str = "",
        expand: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
        concept: Annotated[list[str], Query()] = [],  # noqa: B006
    ) -> dict[str, Any]:
        conflict = session.version(name, day=day).conflict
        compiled = session.solver(conflict)
        if compiled.count > MAX_STATES:
            return neighbourhood_data(compiled, list(conflict.player_ids), focus)
        found = table(name, concept, day)
        asked = {"arrange": arrange, "across": across, "down": down, "by": by, "focus": focus}
        return graph_data(found, moves_of(session, found), **asked, expand=expand)

    @api.get("/path/{name:path}", summary="A shortest path to a state, step by step")
    def path(
        name: str, day: DayAsked, to: str, start: Annotated[str, Query(alias="from")] = "status quo"
    ) -> dict[str, Any]:
        return path_data(table(name, (), day), to, start)

    @api.get("/sources/{name:path}", summary="The sources with their texts, and the statements")
    def sources(name: str) -> dict[str, Any]:
        return sources_data(folder, name, session.version(name).conflict)

    @api.post("/sources/{name:path}", summary="The same for a text that need not be saved")
    def sources_of(name: str, draft: DraftText) -> dict[str, Any]:
        return sources_data(folder, name, session.version(name, draft.text).conflict)

    @api.put("/documents/{name:path}", summary="Upload a document", status_code=201)
    async def put_document(name: str, request: Request, only_check: bool = False) -> dict[str, Any]:
        data = await received(request)
        return {"file": await run_in_threadpool(add_document, folder, name, data, only_check=only_check)}

    @api.post("/what-if/{name:path}", summary="The equilibria that changes add or remove")
    def what_if_data(name: str, day: DayAsked, request: WhatIfRequest) -> dict[str, Any]:
        return answer_what_if(session, name, request, day).to_dict()

    @api.get("/scenarios/{name:path}", summary="The scenarios beside a dispute")
    def scenarios(name: str) -> dict[str, Any]:
        return scenarios_data(session, name)

    @api.put("/scenarios/{name:path}", summary="Write the scenarios beside a dispute completely or not at all")
    def save_scenarios(name: str, asked: ScenariosRequest) -> dict[str, Any]:
        return session.save_scenarios(name, [one.scenario() for one in asked.scenarios], asked.was)

    @api.get("/questions", summary="The questions that run in the background")
    def known_questions() -> list[dict[str, Any]]:
        return [
            {
                "id": one.id,
                "title": one.title,
                "asks": one.asks,
                "fields": [{"name": each.name, "kind": each.kind, "default": each.default} for each in one.fields],
            }
            for one in questions.available()
            if not one.aside
        ]

    @api.post("/jobs", summary="Start to answer a question", status_code=202)
    def start(request: JobRequest) -> dict[str, Any]:
        questions.question(request.question)
        day = Day(request.day, request.undated)
        version = session.version(request.name, request.text, day)
        given = dict(request.given)
        other = None
        documents: dict[str, Path] = {}
        if request.question == "read":
            asked_for = str(given.get("source", ""))
            # Without a source, every document that is not read yet.
            documents = {id: _document(version, id) for id in ([asked_for] if asked_for else _unread(version))}
        if other_name := given.pop("other", None):
            earlier = session.version(str(other_name))
            other = (folder.path(earlier.name), earlier.text)
        elif request.question == "compare":
            raise InputError("choose the earlier version")
        asked = JobInput(request.question, folder.path(request.name), version.text, given, other, documents, day)
        return job_data(jobs.start(answer_question, asked, question=asked.question, name=request.name))

    def _unread(version: Version) -> list[str]:
        sources = {source.id: source for source in version.conflict.all_sources}
        found = [id for id in unread(version.conflict) if document_text(folder, version.name, sources[id]).text]
        if not found:
            raise InputError("every document of the dispute has been read")
        return found

    def _document(version: Version, id: str) -> Path:
        sources = {source.id: source for source in version.conflict.all_sources}
        if id not in sources:
            raise UnknownNameError("source", id, sources)
        path = document_path(folder, version.name, sources[id])
        if path is None or not path.is_file():
            raise InputError(f"the document of the source '{id}' is not in the folder")
        return path

    @api.get("/jobs/{id}", summary="The progress of a question, and its answer", response_model=None)
    def job(id: str) -> dict[str, Any] | Response:
        found = jobs.get(id)
        return job_data(found) if found else JSONResponse({"message": "no such analysis", "faults": []}, 404)

    @api.get("/jobs/{id}/file", summary="The file that a question wrote", response_model=None)
    def written(id: str) -> Response:
        found = jobs.get(id)
        file = found.result.file if found and found.result else None
        if file is None:
            return JSONResponse({"message": "this analysis has no file", "faults": []}, 404)
        # Sent as a download: shown in the browser, text of the dispute would be a page of this server.
        headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(file.name)}"}
        return Response(file.content, media_type=file.kind, headers=headers)

    @api.delete("/jobs/{id}", summary="Cancel a question", response_model=None)
    def cancel(id: str) -> dict[str, Any] | Response:
        found = jobs.cancel(id)
        return job_data(found) if found else JSONResponse({"message": "no such analysis", "faults": []}, 404)

    return api


async def received(request: Request) -> bytes:
    """Return the body of a request; raises `TooLargeError` above `MAX_BYTES`."""
    data = bytearray()
    async for part in request.stream():
        data += part
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"the upload is larger than the limit of {MAX_BYTES // 1_000_000} MB")
    return bytes(data)


def _listable(session: Session, conflict: Conflict) -> Conflict:
    """Return a conflict that is quickly analysed; raises `TooLargeError` for one that has to be a job."""
    count = session.solver(conflict).count
    if count > MAX_LISTED:
        raise TooLargeError(
            f"the dispute has {count:,} states; at most {MAX_LISTED:,} are analysed at once. Start the question "
            "'analyze' at /api/jobs, which counts the equilibria and can be cancelled, or open the page Outcomes"
        )
    return conflict


def answer_what_if(session: Session, name: str, request: WhatIfRequest, day: Day) -> WhatIf:
    """Return the equilibria that the changes of a request add or remove, from a file or from the text given."""
    conflict = session.version(name, request.text, day).conflict
    if session.solver(conflict).count > MAX_LISTED:
        raise TooLargeError(
            f"the dispute has more than {MAX_LISTED:,} states, too many to compare one by one. Add rules that exclude "
            "impossible states, or change the file and count its equilibria on the page Outcomes"
        )
    before = session.analysis(conflict, known_concepts(request.concepts))
    off = [tuple(at) for at in request.off]
    return what_if(before, conflict, WhatIfChanges(off, request.order, request.doubted))


def explained(session: Session, conflict: Conflict, state: str, player: str, concept: str) -> Explanation:
    """Return why a state is stable or not for a player under a concept."""
    (named,) = chosen([concept])
    compiled = session.solver(conflict)
    players = list(conflict.player_ids)
    if player not in players:
        raise UnknownNameError("player", player, players)
    return explanation_of(compiled, compiled.number_of(state), players.index(player), named)


__all__ = [
    "DayAsked",
    "SourcesRequest",
    "TimelineAsked",
    "WhatIfRequest",
    "answer_what_if",
    "explained",
    "moves_of",
    "problem",
    "router",
    "status_of",
]
