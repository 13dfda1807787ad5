"""Every way into the application, as its routes have it: a route that is added later is tried as all others are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.routing import Mount

from detente.web.security import AccessToken
from detente.web.server import application, served

RIVER_NAME = "river.conflict.yaml"
DOCUMENT = "daily.txt"
NEW = "new.conflict.yaml"


@dataclass(frozen=True)
class Way:
    """A method, and a path with places for what is named in it; the method of a websocket is 'WEBSOCKET'."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names_a_file(self) -> bool:
        """Whether the path ends in the name of a file."""
        return self.path.endswith("{name:path}")

    def to(self, name: str = "", **given: str) -> str:
        """Return an address: a file's name is put in as it is, percent signs and all."""
        usual = {"{name:path}": name or self._usual_name, "{id}": given.get("id", self._usual_id), "{place}": "0"}
        usual["{address:path}"] = "nowhere"
        made = re.sub(r"\{[^}]*\}", lambda place: usual[place.group()], self.path)
        return made + NEEDED.get(self.path, "")

    @property
    def _usual_id(self) -> str:
        return "chicken" if self.path.startswith("/api/examples/") else "none"

    @property
    def _usual_name(self) -> str:
        return {
            "/files/{name:path}": DOCUMENT,
            "/api/documents/{name:path}": "new.txt",
            "/api/uploads/{name:path}": "new.txt",
            "/api/conflicts/{name:path}": NEW,
        }.get(self.path, RIVER_NAME)


#: What must stand behind an address for it to be answered.
NEEDED = {
    "/api/explain/{name:path}": "?state=1&player=upstream",
    "/api/path/{name:path}": "?to=1",
    "/parts/outcomes/{name:path}": "?first=1&second=2",
    "/api/outcomes/{name:path}": "?first=1&second=2",
    "/parts/why/{name:path}": "?state=1&player=upstream",
}


def ways(folder: Path) -> list[Way]:
    """Return every way into the application that serves a folder."""
    guard: Any = application(served(folder), AccessToken(1))
    return sorted(_ways(guard.app.routes), key=str)


def _ways(routes: Sequence[Any]) -> Iterator[Way]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _ways(included.routes)
        elif isinstance(route, Mount):
            assert route.path == "/static", f"this test does not know what is mounted at {route.path}"
            yield Way("GET", "/static/app.js")
        elif getattr(route, "methods", None):
            yield from (Way(method, route.path) for method in route.methods)
        else:
            assert "websocket" in type(route).__name__.lower(), f"this test does not know a {type(route).__name__}"
            yield Way("WEBSOCKET", route.path)


def bodies(text: str, digest: str) -> dict[Way, Any]:
    """Return a body for every way that takes one, by which it does what it is for; bytes are sent as they are."""
    changed = text.replace("A river", "A stream")
    named = "/{name:path}"
    return {
        Way("POST", f"/api/check{named}"): {"text": changed},
        Way("POST", f"/api/edit{named}"): {
            "text": text,
            "edit": {"do": "set", "at": ["title"], "value": "A stream"},
        },
        Way("PUT", f"/api/dispute{named}"): {"text": changed, "was": digest},
        Way("PUT", f"/api/scenarios{named}"): {
            "scenarios": [{"name": "No rule", "off": [["rules", 0]], "order": {"upstream": [1, 0, 2, 3]}}],
            "was": sha256(b"").hexdigest(),
        },
        Way("POST", f"/api/sources{named}"): {"text": changed},
        Way("PUT", f"/api/documents{named}"): b"said in June",
        Way("PUT", f"/api/uploads{named}"): b"said in June",
        Way("POST", "/api/drafts"): {
            "title": "A stream",
            "parties": ["Upstream", "Downstream"],
            "documents": [DOCUMENT],
            "uploads": [],
        },
        Way("POST", "/api/drafts/{id}"): None,
        Way("POST", "/api/conflicts"): {"title": "A strike", "decision_makers": ["Union"], "documents": [DOCUMENT]},
        Way("PUT", f"/api/conflicts{named}"): text.encode(),
        Way("POST", "/api/examples/{id}"): None,
        Way("POST", f"/api/what-if{named}"): {
            "text": changed,
            "off": [["rules", 0]],
            "order": {"upstream": [1, 0, 2, 3]},
            "doubted": ["s2"],
            "concepts": ["nash"],
        },
        Way("POST", f"/parts/what-if{named}"): {
            "text": changed,
            "off": [["rules", 0]],
            "order": {"upstream": [1, 0, 2, 3]},
            "doubted": ["s2"],
            "concepts": ["nash"],
        },
        Way("POST", "/api/jobs"): {"question": "evolve", "name": RIVER_NAME, "given": {"by": "moves", "concepts": []}},
        Way("DELETE", "/api/jobs/{id}"): None,
        Way("POST", f"/parts/forms{named}"): {"text": changed},
        Way("POST", f"/parts/sources{named}"): {"text": changed},
    }


def held(folder: Path) -> dict[str, bytes]:
    """Return everything that a folder holds, hidden files too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def spoilt(body: Any, nonsense: Sequence[Any]) -> Iterator[Any]:
    """Yield a body with something else in place of each of its parts in turn."""
    for put, part in _places(body):
        if isinstance(part, dict):
            yield put({})
            yield put({**part, "surprise": 1})
        for other in nonsense:
            yield put(other)


def _places(body: Any, put: Callable[[Any], Any] = lambda part: part) -> Iterator[tuple[Callable[[Any], Any], Any]]:
    yield put, body
    if isinstance(body, dict):
        for key, part in body.items():
            yield from _places(part, lambda new, key=key: put({**body, key: new}))
            yield (lambda new, key=key: put({**{k: v for k, v in body.items() if k != key}, _key(new): body[key]})), key
    elif isinstance(body, list):
        for place, part in enumerate(body):
            yield from _places(part, lambda new, place=place: put([*body[:place], new, *body[place + 1 :]]))


def _key(new: Any) -> str:
    return new if isinstance(new, str) else str(new)[:100]


def encoded(name: str) -> str:
    """Return a name as it stands in an address."""
    return quote(name.encode("utf-8", "surrogatepass"), safe="")
