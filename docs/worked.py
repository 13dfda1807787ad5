"""The directive ``worked``: a question as a command and in Python, with the answer that both give at build time.

```{worked} evolve example:elmira --concept nash
:python: dt.example("elmira").evolve(concepts=["nash"])
```

The build fails if the command fails, or if its JSON is not that of the Python result.
"""

from __future__ import annotations

import io
import json
import shlex
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import detente as dt
from detente.cli import main
from detente.render import terminal

#: The width of what is shown, in characters: that of a page.
WIDTH = 80


class Failed(Exception):
    """A command that did not end with 0, or that says something else than the Python call."""


def printed(command: str) -> str:
    """Return what ``detente`` with these arguments prints."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv, terminal.PIPED_WIDTH
    sys.argv, terminal.PIPED_WIDTH = ["detente", *shlex.split(command)], WIDTH
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as stopped:
        code = stopped.code or 0
    finally:
        sys.argv, terminal.PIPED_WIDTH = before
    if code:
        raise Failed(f"detente {command} ends with {code}: {err.getvalue()}")
    return out.getvalue()


def data_of(command: str) -> dict[str, Any]:
    """Return the answer of a command as data."""
    found: dict[str, Any] = json.loads(printed(f"{command} --format json"))
    return found


def check_python(code: str, data: dict[str, Any]) -> None:
    """Refuse a Python call that gives another answer than the command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = eval(code, {"dt": dt})
    if json.loads(json.dumps(result.to_dict())) != data:
        raise Failed(f"{code} gives another answer than the command")


def shortened(data: Any) -> Any:
    """Return data with the first element of each longer list, and the number of the others."""
    if isinstance(data, dict):
        return {key: shortened(value) for key, value in data.items()}
    if isinstance(data, list):
        kept = data if len(data) <= 2 else data[:1]
        more = len(data) - len(kept)
        return [shortened(one) for one in kept] + ([f"… {more} more"] if more else [])
    return data


def laid_out(data: Any, indent: int = 0) -> str:
    """Return JSON text in which what fits into a line is one.

    >>> print(laid_out({"a": {"number": 1}, "b": ["x" * 40, "y" * 40]}).replace("x" * 40, "x").replace("y" * 40, "y"))
    {
      "a": {"number": 1},
      "b": [
        "x",
        "y"
      ]
    }
    """
    line = json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict | list) or not data or (len(line) + indent < WIDTH - 10 and indent):
        return line
    inside = " " * (indent + 2)
    if isinstance(data, dict):
        parts = [f"{json.dumps(key)}: {laid_out(value, indent + 2)}" for key, value in data.items()]
        first, last = "{", "}"
    else:
        parts = [laid_out(value, indent + 2) for value in data]
        first, last = "[", "]"
    return first + "\n" + ",\n".join(inside + part for part in parts) + "\n" + " " * indent + last


class Worked(SphinxDirective):
    """A command beside the Python call, and the answer in words."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"python": directives.unchanged_required, "silent": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the two calls and what they print."""
        command = " ".join(self.arguments[0].split())
        calls = [("Command", "console", f"$ detente {command}".replace(" --", " \\\n    --"))]
        try:
            text = "" if "silent" in self.options else printed(command)
            if "python" in self.options:
                code = self.options["python"]
                check_python(code, data_of(command))
                loaded, _, asked = code.partition(").")
                calls.append(("Python", "python", f"import detente as dt\n\ndispute = {loaded})\ndispute.{asked}"))
        except Failed as error:
            raise self.error(str(error)) from error
        beside = nodes.container(classes=["side-by-side"])
        for title, language, call in calls:
            beside += nodes.container("", nodes.paragraph(text=title, classes=["side-title"]), _code(call, language))
        return [beside, *([_code(text.rstrip(), "text")] if text else [])]


class WorkedData(SphinxDirective):
    """The answer of a command as JSON; of longer lists the first element."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the JSON."""
        try:
            data = data_of(" ".join(self.arguments[0].split()))
        except Failed as error:
            raise self.error(str(error)) from error
        return [nodes.container("", _code(laid_out(shortened(data)), "json"), classes=["wrapped"])]


def _code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("worked", Worked)
    app.add_directive("worked-json", WorkedData)
    return {"parallel_read_safe": False}
