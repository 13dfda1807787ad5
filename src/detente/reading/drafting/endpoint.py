"""A language model behind an OpenAI-compatible endpoint: the user's own server, or a service that the user chooses.

Only the conversation goes there, and only text comes back: no tools are offered, redirects are not followed, and a
reply that is too long or too late is abandoned.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from detente.errors import InputError
from detente.lazy import lazy
from detente.limits import MAX_REPLY_BYTES

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy("httpx")


Message = Mapping[str, str]


@dataclass(frozen=True)
class Endpoint:
    """The address of a language model, its name, and the time to wait for a reply in seconds.

    ``key`` is sent as a bearer token and never shown.
    """

    base_url: str
    model: str
    key: str | None = None
    timeout: float = 120.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"'{self.base_url}' is not an address. Write http://localhost:8080/v1")

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r}, {self.model!r})"

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any], name: str) -> str:
        """Return the model's reply to a conversation, requested as JSON of a schema.

        Raises
        ------
        InputError
            If there is no valid reply; the message says what was received.
        """
        wanted = {"type": "json_schema", "json_schema": {"name": name, "schema": dict(schema)}}
        body = {"model": self.model, "messages": list(messages), "temperature": 0, "response_format": wanted}
        status, text = self._post(body)
        schemas = re.search(r"response_format|schema|grammar", text) is not None
        if status >= 400 and (schemas or (status in (400, 415, 422, 501) and not _names_model(text))):
            # A server that does not support schemas says so in many ways: the conversation describes the format, and
            # the reply is checked anyway.
            del body["response_format"]
            again, other = self._post(body)
            # Its first answer says more if the second one fails, too.
            status, text = (again, other) if again == 200 else (status, text)
        if status != 200:
            raise InputError(f"{self.base_url} answered {status}: {_shortened(text) or 'without a text'}")
        return _content(text, self.base_url)

    def _post(self, body: Mapping[str, Any]) -> tuple[int, str]:
        if find_spec("httpx") is None:
            raise InputError("drafting needs httpx: install 'detente[drafting]'")
        status, text = self._post_to(f"{self.base_url.rstrip('/')}/chat/completions", body)
        if status in (404, 405) and not urlsplit(self.base_url).path.strip("/"):
            # Most servers have the protocol below /v1.
            return self._post_to(f"{self.base_url.rstrip('/')}/v1/chat/completions", body)
        return status, text

    def _post_to(self, address: str, body: Mapping[str, Any]) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            with (
                httpx.Client(timeout=self.timeout, follow_redirects=False) as client,
                client.stream("POST", address, json=body, headers=headers) as reply,
            ):
                data, until = b"", time.monotonic() + self.timeout
                for piece in reply.iter_bytes():
                    data += piece
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("the reply arrives too slowly")
                    if len(data) > MAX_REPLY_BYTES:
                        raise InputError(
                            f"the reply of {self.base_url} has more than {MAX_REPLY_BYTES // 1_000_000} MB"
                        )
                return reply.status_code, data.decode("utf-8", "replace")
        except httpx.TimeoutException as error:
            raise InputError(f"{self.base_url} did not answer within {self.timeout:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise InputError(f"{self.base_url} cannot be reached: {_shortened(str(error))}") from error


def _content(text: str, address: str) -> str:
    try:
        choice = json.loads(text)["choices"][0]
        content = choice["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"the reply of {address} is not a chat completion: {_shortened(text)}") from error
    if not isinstance(content, str):
        raise InputError(f"the reply of {address} has no text")
    if choice.get("finish_reason") == "length":
        # Marked in the reply itself, so that the model can be asked for a shorter one.
        return f"{content}{CUT_OFF}"
    return content


#: The end of a reply that the server has cut off.
CUT_OFF = "\n…cut off"


#: What a model thinks before it answers; some servers leave it in the reply.
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)


def as_json(reply: str) -> Any:
    """Return the JSON of a reply, with or without a fence, prose or a passage of thinking around it.

    >>> as_json('<think>{"a": 0}?</think> Here you are: {"a": 1}. Anything else?')
    {'a': 1}

    Raises
    ------
    ValueError
        If it is not JSON; the message tells the model what to correct.
    """
    if reply.endswith(CUT_OFF):
        raise ValueError("the reply was cut off before its end. Write a shorter reply")
    # An answer may speak of a tag; a reply that is JSON as it stands is taken as it stands.
    texts = [reply, _THINKING.sub("", reply)]
    texts += [one for text in texts[1:] for one in re.findall(r"```(?:json)?\s*\n(.*?)```", text, re.DOTALL)]
    complaint = ""
    for text in texts:
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError("the reply is nested too deep") from error
        except ValueError as error:
            complaint = complaint or str(error)
    found = _embedded(texts[1])
    if found is None:
        raise ValueError(f"the reply is not JSON: {complaint}")
    return found


def _embedded(text: str) -> Any:
    """Return the longest JSON object in a text with other words around it; None if it has none."""
    decoder, best, size, place = json.JSONDecoder(), None, 0, text.find("{")
    while place >= 0:
        try:
            found, end = decoder.raw_decode(text, place)
        except RecursionError as error:
            raise ValueError("the reply is nested too deep") from error
        except ValueError:
            end = place + 1
        else:
            if end - place > size:
                best, size = found, end - place
        place = text.find("{", end)
    return best


def _names_model(text: str) -> bool:
    """Tell whether a server complains about the model, not about the form of the request."""
    return (
        re.search(
            r"model\b.{0,60}\b(?:not found|does not exist|unknown|not exist)|invalid.{0,20}key|quota", text, re.I | re.S
        )
        is not None
    )


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 200 else f"{plain[:200]}…"
