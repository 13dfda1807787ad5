"""The pages: the same answers in words that `api` gives as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_environment, select_autoescape
from jinja2.filters import do_truncate
from markupsafe import Markup

from detente._version import __version__
from detente.analysis.comparison import outcomes_of
from detente.analysis.overview import Overview
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS
from detente.concepts import concept as concept_named
from detente.editing.statements import LINKS
from detente.errors import DetenteError, InputError
from detente.examples import catalogue
from detente.examples import path as example_path
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import no_preferences_known
from detente.model.parts import RULE_KINDS
from detente.model.statements import STATEMENT_KINDS
from detente.model.wording import spoken
from detente.present import overview
from detente.present.basis import basis_in_words, proposed_in_words
from detente.present.blocks import PAGE, STATEMENT_ANCHOR, Bullets, Lanes, Table
from detente.present.comparison import view as view_of_comparison
from detente.present.equilibria import answer
from detente.present.explanation import panel as explanation_panel
from detente.present.lanes import lanes, period_details, position_details
from detente.present.phrases import spelled_out, statement_in_words
from detente.present.timeline import answer as answer_over_time
from detente.present.timeline import view as view_of_timeline
from detente.present.what_if import dropped_places
from detente.present.what_if import view as view_of_what_if
from detente.render import html
from detente.render.links import Links
from detente.web import questions
from detente.web.api import (
    DayAsked,
    DraftText,
    SourcesRequest,
    TimelineAsked,
    WhatIfRequest,
    answer_what_if,
    explained,
    problem,
    status_of,
)
from detente.web.bundle import BUNDLE, bundle_version
from detente.web.concept_choice import offered_groups, spelled_out_terms
from detente.web.documents import TriageView, sources_data, triage_data
from detente.web.folder import MissingError, is_version, nearest_first, title_of
from detente.web.forms import FACING_UNKNOWN, dispute_data, steps
from detente.web.graph import MAX_DRAWN, MAX_STATES
from detente.web.jobs import AnswerJob, Answers
from detente.web.parties import option_data, parties
from detente.web.questions import Answer
from detente.web.security import NONCE
from detente.web.session import MAX_OF_A_FOLDER, OWN_DAY, Day, Session, Version, known_concepts, status_data
from detente.web.state_table import shown_equilibria, summarised

#: The pages of a dispute, in the order of the navigation.
PAGES = {
    "overview": "Overview",
    "dispute": "Model",
    "sources": "Sources",
    "timeline": "Timeline",
    "states": "Outcomes",
    "graph": "Map",
    "what-if": "What if",
    "questions": "Analyses",
    "report": "Report",
}
#: The pages by further addresses: that of each by its name.
ADDRESSES = {"model": "dispute", "outcomes": "states", "map": "graph", "analyses": "questions"}
#: Up to so many states the overview is on the page at once; of more it follows when it is ready.
MAX_AT_ONCE = 256
#: The kinds of rules except 'if … then …', in words.
RULE_WORDS = [(kind, kind.replace("_", " ")) for kind in RULE_KINDS]
TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the template environment: every value is inserted as text, never as markup.

    It is made once, because compiling the templates of a page takes a third of a second.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["path"] = lambda name: quote(str(name), safe="/")
    made.filters["whole"] = lambda text: Markup(html.unbroken_html(str(text)))
    made.filters["truncate"] = truncated
    made.filters["inside_quotes"] = lambda text: spoken(str(text))[1:-1]
    made.filters["spelled_out"] = spelled_out
    made.globals |= {"option_data": option_data, "page_size": PAGE}
    return made


@pass_environment
def truncated(environment: Environment, text: str, length: int = 255, leeway: int | None = None) -> str:
    """Return a text cut to a length; parentheses at its end, which distinguish similar names, are kept."""
    depth, start = 0, len(text)
    while start and (depth or start == len(text)):
        start -= 1
        depth += {")": 1, "(": -1}.get(text[start], 0)
    end = text[start:] if text.endswith(")") and not depth and len(text) - start < length // 2 else ""
    if len(text) <= length or not end:
        return do_truncate(environment, text, length, leeway=leeway)
    return f"{do_truncate(environment, text[:start].rstrip(), length - len(end) - 1, leeway=0)} {end}"


def _around(job: AnswerJob, answer: Answer) -> html.Page:
    """Return the links and options of the page that an answer's blocks are on."""
    return html.Page(_links(answer.cited), job.name, answer.options, f"/parts/job/{job.id}/", answer.day)


def _links(cited: Mapping[str, str]) -> Links:
    """Return the links from the identifiers of cited statements to the statements."""
    return Links({f"{STATEMENT_ANCHOR}{id}": id for id in cited}, cited)


def _page_of_rest(block: Table | Bullets, offset: int) -> Table | Bullets:
    """Return one page of the rows or items that a block does not show at first."""
    if isinstance(block, Table):
        return replace(block, rows=block.rest[offset : offset + PAGE], rest=(), more="", caption="")
    return replace(block, items=block.rest[offset : offset + PAGE], rest=(), more="")


#: The pages with results: each first gives the basis of the model.
MODEL_PAGES = ("overview", "states", "graph", "what-if", "questions", "report")


def column_of(drawn: Lanes, day: str) -> int:
    """Return the column of the period that a day lies in; the last one without a day."""
    starts = [start for start in drawn.days[1:] if day and start > day]
    return len(drawn.days) - 1 - len(starts)


def _citing(conflict: Conflict, name: str) -> html.Page:
    """Return a page whose texts link to every statement of a dispute."""
    said = {one.id: statement_in_words(one, conflict.all_speakers) for one in conflict.all_statements}
    return html.Page(_links(said), name, option_data(conflict, parties(conflict)))


def router(session: Session, jobs: Answers, first: str | None) -> APIRouter:
    """Make the routes of the pages; the front page redirects to the dispute ``first``, if given."""
    pages = APIRouter(include_in_schema=False)
    templates = environment()
    folder = session.folder

    def render(template: str, request: Request, status: int = 200, **values: Any) -> HTMLResponse:
        theme = request.cookies.get("detente-theme", "")
        common = {
            "pages": PAGES,
            "theme": theme if theme in ("light", "dark") else "",
            "read_only": folder.read_only,
            "version": __version__,
            "bundle": bundle_version(BUNDLE),
            "nonce": request.scope.get(NONCE, ""),
            "folder": folder.root.name,
            "page": "",
            "name": "",
            "title": "",
            "basis": [],
            "draft": [],
            "terms": [],
            "other_terms": [],
            "day": OWN_DAY,
            "steps": [],
        }
        return HTMLResponse(templates.get_template(template).render({**common, **values}), status)

    def page_of(
        request: Request, page: str, name: str, fill: Callable[[Version], Mapping[str, Any]], day: Day = OWN_DAY
    ) -> HTMLResponse:
        common: dict[str, Any] = {"page": page, "name": name, "day": day}
        try:
            version = session.version(name, day=day if page in MODEL_PAGES else None)
            values = fill(version)
            draft = proposed_in_words(version.current) if page in (*MODEL_PAGES, "dispute") else []
            # What the notice of a draft says is not said twice.
            basis = [one for one in basis_in_words(version.current) if one not in draft] if page in MODEL_PAGES else []
        except DetenteError as error:
            found = problem(error, name)
            missing = isinstance(error, MissingError)
            faulty = isinstance(error, InputError) and not missing
            if faulty and page == "dispute" and name.endswith((".yaml", ".yml")):
                # A file with faults is opened as text, so that the user can correct it.
                return render("dispute.html", request, **common, **_unread(name))
            values = {**found, "faulty": faulty, "missing": missing}
            return render("problem.html", request, status_of(error), **common, **values)
        return render(
            str(values.get("shown_by", f"{page}.html")),
            request,
            **common,
            title=version.conflict.title,
            digest=version.digest,
            editable=version.file is not None and not folder.read_only,
            parties=parties(version.conflict),
            basis=basis,
            draft=draft,
            notes=version.conflict.notes if draft else "",
            steps=[] if page == "dispute" or version.file is None or folder.read_only else steps(version.conflict),
            **spelled_out_terms(values),
            **values,
        )

    @pages.get("/")
    def front(request: Request) -> Response:
        if first and first in folder.conflicts():
            return RedirectResponse(f"/overview/{quote(first)}", 303)
        return every(request)

    @pages.get("/all")
    def every(request: Request) -> Response:
        names = folder.conflicts()
        examples = [] if folder.read_only else [(id, title_of(example_path(id)) or id) for id in catalogue()]
        return render(
            "front.html",
            request,
            names=names,
            titles=folder.titles(names),
            documents=folder.documents(),
            examples=examples,
        )

    @pages.get("/overview/{name:path}")
    def on_one_page(request: Request, name: str, day: DayAsked, whole: bool = False) -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            count = session.solver(version.current).count
            found = session.overview(version.current, changes=whole) if whole or count <= MAX_AT_ONCE else None
            # Until the rest is there, the page has the answer.
            said = answer(session.analysis(version.current)) if not found and count <= MAX_OF_A_FOLDER else ""
            quo = session.solver(version.current).number_of("status quo") if version.current.status_quo else 0
            shown = {"concepts": [CONCEPTS[id] for id in DEFAULT_CONCEPTS], "whole": whole, "said": said, "quo": quo}
            return {"panels": _panels(found, name, day) if found else [], **shown}

        return page_of(request, "overview", name, fill, day)

    @pages.get("/parts/overview/{name:path}")
    def panels_part(request: Request, name: str, day: DayAsked) -> Response:
        try:
            found = session.overview(session.version(name, day=day).current, changes=True)
        except DetenteError as error:
            return render("problem_part.html", request, status_of(error), **problem(error, name))
        return render("overview_part.html", request, name=name, day=day, panels=_panels(found, name, day))

    @pages.get("/parts/outcomes/{name:path}")
    def two_outcomes(request: Request, name: str, day: DayAsked, first: str, second: str) -> Response:
        try:
            analysis = session.analysis(session.version(name, day=day).current)
            blocks = view_of_comparison(outcomes_of(analysis, first, second))
        except DetenteError as error:
            return render("problem_part.html", request, status_of(error), **problem(error, name))
        said = questions.cited(blocks, analysis.conflict)
        around = html.Page(_links(said), name, day=day.query)
        return HTMLResponse(html.fragment(blocks, around))

    @pages.get("/parts/status/{name:path}")
    def status_part(request: Request, name: str) -> Response:
        try:
            return render("status_part.html", request, found=status_data(session.status(name)), faulty="")
        except (DetenteError, OSError) as error:
            return render("status_part.html", request, found=None, faulty=str(error))

    @pages.get("/dispute/{name:path}")
    def dispute(request: Request, name: str, day: DayAsked) -> Response:
        return page_of(request, "dispute", name, lambda found: {"dispute": dispute_data(found), **_form_values()}, day)

    @pages.post("/parts/forms/{name:path}")
    def forms(request: Request, name: str, draft: DraftText) -> Response:
        version = session.version(name, draft.text)
        return render(
            "forms.html",
            request,
            name=name,
            dispute=dispute_data(version),
            editable=version.file is not None and not folder.read_only,
            parties=parties(version.conflict),
            **_form_values(),
        )

    @pages.get("/sources/{name:path}")
    def sources(request: Request, name: str, day: DayAsked) -> Response:
        return page_of(request, "sources", name, lambda version: _sources(version.conflict, name, TriageView()), day)

    @pages.post("/parts/sources/{name:path}")
    def sources_part(request: Request, name: str, draft: SourcesRequest) -> Response:
        version = session.version(name, draft.text)
        return render(
            "sources_part.html",
            request,
            name=name,
            editable=version.file is not None and not folder.read_only,
            parties=parties(version.conflict),
            **_sources(version.conflict, name, draft.view),
        )

    def _sources(conflict: Conflict, name: str, view: TriageView) -> dict[str, Any]:
        dossier = triage_data(folder, name, conflict, view)
        return {"dossier": dossier, "kinds": STATEMENT_KINDS, "rule_kinds": RULE_WORDS, "links": LINKS}

    @pages.get("/states/{name:path}")
    def states(
        request: Request,
        name: str,
        day: DayAsked,
        concept: Annotated[list[str], Query()] = [],  # noqa: B006
        find: Annotated[str, Query(max_length=80)] = "",
        equilibria: Annotated[str, Query(max_length=80)] = "",
    ) -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            count = session.solver(version.current).count
            if count > MAX_LISTED:
                chosen = known_concepts(concept)
                return {
                    "shown_by": "far.html",
                    "count": count,
                    "most": MAX_LISTED,
                    "concepts": [concept_named(id) for id in chosen],
                    "groups": offered_groups(version.current, chosen),
                    "names": [state.name for state in version.current.states],
                    "has_status_quo": version.current.status_quo is not None,
                }
            table = session.table(version.current, known_concepts(concept))
            quo = table.status_quo
            summary = summarised(table.analysis.concepts, table.equilibria, quo)
            return {
                "conflict": version.current,
                "concepts": table.analysis.concepts,
                "groups": offered_groups(version.current, [one.id for one in table.analysis.concepts]),
                "find": find,
                "shown_equilibria": shown_equilibria(equilibria, summary, len(table.states), bool(find)),
                "count": len(table.states),
                "status_quo": table.states[quo - 1] if quo else None,
                "summary": summary,
                "verdict": answer(table.analysis),
                "makers": version.current.decision_makers,
                "unknown": no_preferences_known(version.current),
            }

        return page_of(request, "states", name, fill, day)

    @pages.get("/timeline/{name:path}")
    def over_time(request: Request, name: str, asked: TimelineAsked, day: DayAsked) -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            found = asked.answer(session, version)
            drawn = lanes(found)
            ticked = [one.id for one in found.concepts]
            return {
                "found": found,
                "lanes": drawn,
                "asked": asked,
                "query": asked.query,
                "answer": answer_over_time(found),
                "concepts": found.concepts,
                "groups": offered_groups(version.conflict, ticked),
                "chosen": column_of(drawn, day.day or str(version.conflict.last_day or "")),
                "dated": len(found.periods) > 1,
                "told": Markup(html.fragment(view_of_timeline(found)[1:], _citing(version.conflict, name))),
            }

        return page_of(request, "timeline", name, fill, day)

    @pages.get("/parts/timeline/{name:path}")
    def behind(request: Request, name: str, asked: TimelineAsked, position: int = -1, period: int = -1) -> Response:
        """The statements behind a bar of the timeline, or behind the edge at which a period begins."""
        try:
            version = session.version(name)
            found = asked.answer(session, version)
            if 0 <= position < len(found.positions):
                blocks = position_details(found, position)
            elif position < 0 and found.periods and -1 <= period < len(found.periods):
                blocks = period_details(found, period % len(found.periods))
            else:
                raise InputError("the timeline has changed; load the page again")
        except DetenteError as error:
            return render("problem_part.html", request, status_of(error), **problem(error, name))
        told = Markup(html.fragment(blocks, _citing(version.conflict, name)))
        return HTMLResponse(f'<article class="reading told">{told}</article>')

    @pages.get("/parts/why/{name:path}")
    def why(request: Request, name: str, day: DayAsked, state: str, player: str, concept: str = "seq") -> Response:
        version = session.version(name, day=day)
        try:
            explanation = explained(session, version.current, state, player, concept)
        except DetenteError as error:
            return render("problem_part.html", request, status_of(error), **problem(error, name))
        blocks = explanation_panel(explanation)
        options = option_data(version.current, parties(version.current))
        links = _links(questions.cited(blocks, version.current))
        told = Markup(html.fragment(blocks, html.Page(links, name, options, day=day.query)))
        return render("why.html", request, told=told, concept=explanation.concept)

    @pages.get("/graph/{name:path}")
    def graph(request: Request, name: str, day: DayAsked) -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            count = session.solver(version.current).count
            return {
                "makers": version.current.decision_makers,
                # In a larger dispute only Nash, which needs no states except those drawn.
                "concepts": [CONCEPTS[id] for id in (DEFAULT_CONCEPTS if count <= MAX_STATES else ("nash",))],
                "count": count,
                "whole": count <= MAX_DRAWN,
                "far": count > MAX_STATES,
                "has_status_quo": version.current.status_quo is not None,
                "has_ways": version.current.status_quo is not None and count <= MAX_LISTED,
                "options": option_data(version.current, parties(version.current)),
            }

        return page_of(request, "graph", name, fill, day)

    @pages.get("/what-if/{name:path}")
    def what_if(request: Request, name: str, day: DayAsked) -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            return {
                "dispute": dispute_data(version),
                "dropped": [list(one.at) for one in version.current.basis.dropped],
                "statements": sources_data(folder, name, version.conflict)["statements"],
                "concepts": [CONCEPTS[id] for id in DEFAULT_CONCEPTS],
            }

        return page_of(request, "what-if", name, fill, day)

    @pages.post("/parts/what-if/{name:path}")
    def what_if_part(name: str, day: DayAsked, asked: WhatIfRequest) -> Response:
        found = answer_what_if(session, name, asked, day)
        options = option_data(found.after.conflict, parties(found.after.conflict))
        told = Markup(html.fragment(view_of_what_if(found), html.Page(dispute=name, options=options, day=day.query)))
        # The page marks beside its switches what is dropped.
        return HTMLResponse(Markup('<div data-dropped="{}">{}</div>').format(json.dumps(dropped_places(found)), told))

    @pages.get("/questions/{name:path}")
    def asked(request: Request, name: str, day: DayAsked, ask: str = "") -> Response:
        def fill(version: Version) -> Mapping[str, Any]:
            known = [one for one in questions.available() if not one.aside]
            chosen = next((one for one in known if one.id == ask), known[0])
            known = [one for one in known if (one.id == "report") == (chosen.id == "report")]
            # Read the folder only if the question has a field for another file.
            compares = any(field.kind == "conflict" for field in chosen.fields)
            others = nearest_first(name, folder.conflicts()) if compares else []
            return {
                "shown_by": "questions.html",
                "questions": known,
                "chosen": chosen,
                "groups": {
                    field.name: offered_groups(version.current, {field.default}, field.allowed)
                    for field in chosen.fields
                    if field.kind in ("concepts", "concept")
                },
                "others": others,
                "earlier": others[0] if others and is_version(name, others[0]) else "",
                "titles": folder.titles(others),
                "scenarios": _scenario_names(name) if any(one.kind == "scenarios" for one in chosen.fields) else [],
                "names": [state.name for state in version.current.states],
            }

        return page_of(request, "report" if ask == "report" else "questions", name, fill, day)

    @pages.get("/report/{name:path}")
    def report(request: Request, name: str, day: DayAsked) -> Response:
        return asked(request, name, day, "report")

    @pages.get("/model/{name:path}")
    @pages.get("/outcomes/{name:path}")
    @pages.get("/map/{name:path}")
    @pages.get("/analyses/{name:path}")
    def by_its_name(request: Request, name: str) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{ADDRESSES[request.url.path.split('/')[1]]}/{quote(name)}{query}", 308)

    def _scenario_names(name: str) -> list[str]:
        # What is wrong with the side file is told on the page What if.
        with suppress(DetenteError):
            return [one.name for one in session.scenarios(name)[0]]
        return []

    @pages.get("/parts/job/{id}")
    def job(request: Request, id: str) -> Response:
        found = jobs.get(id)
        if found is None:
            return render("problem_part.html", request, 404, message="There is no such analysis.", faults=[])
        answer = found.result
        told = Markup(html.fragment(answer.blocks, _around(found, answer))) if answer else ""
        words = questions.QUESTIONS[found.question].words
        return render("job.html", request, job=found, answer=answer, told=told, words=words)

    @pages.get("/parts/job/{id}/{place}")
    def rest(request: Request, id: str, place: int, offset: Annotated[int, Query(ge=0)] = 0) -> Response:
        """One page of the rows or items that an answer does not show at first."""
        found = jobs.get(id)
        blocks = found.result.blocks if found and found.result else ()
        block = blocks[place] if 0 <= place < len(blocks) else None
        if found is None or found.result is None or not isinstance(block, Table | Bullets):
            return render("problem_part.html", request, 404, message="This result is gone. Run it again.", faults=[])
        told = Markup(html.fragment([_page_of_rest(block, offset)], _around(found, found.result)))
        return render("rest.html", request, told=told, offset=offset, count=len(block.rest))

    @pages.get("/{address:path}")
    def unknown(request: Request, address: str) -> Response:
        if address.startswith(("api/", "parts/")):
            raise HTTPException(404, "There is nothing at this address.")
        told = {"message": f"There is no page at /{address}.", "faults": [], "faulty": False, "missing": False}
        return render("problem.html", request, 404, **told)

    return pages


def _panels(found: Overview, name: str, day: Day) -> list[dict[str, Any]]:
    """Return the sections of an overview as HTML, each with links to the pages that say more."""
    parts = overview.sections(found)
    said = questions.cited([block for one in parts for block in (*one.blocks, *one.details)], found.conflict)
    around = html.Page(_links(said), name, option_data(found.conflict, parties(found.conflict)), day=day.query)
    return [
        {
            "id": one.id,
            "title": one.title,
            "told": Markup(html.fragment([*one.blocks, *one.details], around) + html.places(one.links, around)),
        }
        for one in parts
    ]


def _unread(name: str) -> dict[str, Any]:
    return {"dispute": None, "digest": "", "editable": True, "parties": [], "title": name, **_form_values()}


def _form_values() -> dict[str, Any]:
    return {
        "rule_kinds": RULE_WORDS,
        "facing_unknown": [(letter, f"{letter}: {words}") for letter, words in FACING_UNKNOWN.items()],
    }
