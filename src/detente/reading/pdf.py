"""The text of a PDF, read in a process of its own with limited time and memory.

A PDF is close to a program: a small file can require any amount of work, by mistake or on purpose, and the parser does
not limit it. The process is ended at its limits, so that reading ends for every file.
"""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from detente.errors import Fault, InputError
from detente.lazy import lazy
from detente.limits import MAX_PDF_MEMORY, MAX_PDF_PAGES, MAX_PDF_SECONDS

if TYPE_CHECKING:
    import pypdf
else:
    pypdf = lazy("pypdf")

#: Seconds after which the process is stopped, on a busy machine or one without limits.
PDF_PATIENCE_SECONDS = 120

_TOO_SLOW = "this PDF takes too long to read; split it, or save it as text"
_TOO_LARGE = "this PDF needs too much memory; split it, or save it as text"


class Refused(Exception):
    """A PDF is not read, with the reason."""


def pdf_text(data: bytes, name: str, most_characters: int) -> tuple[str, str | None]:
    """Return the text of a PDF and its title; ``name`` is used in messages.

    Raises
    ------
    InputError
        When it cannot be read, has too much text, or takes too much time or memory.
    """
    if find_spec("pypdf") is None:
        raise ModuleNotFoundError("pypdf", name="pypdf")
    # Modules must not be imported from the current folder, which may contain anything.
    folders = [os.path.abspath(folder) for folder in sys.path if folder]  # noqa: PTH100
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    command = [sys.executable, "-P", "-m", "detente.reading.pdf", str(most_characters)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, env=environment, timeout=PDF_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise InputError([Fault(_TOO_SLOW, name)]) from error
    if done.returncode > 0:
        (*_, last) = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise InputError([Fault(f"this PDF cannot be read: {last}", name)])
    if done.returncode < 0:
        # The system ended the process at one of its limits.
        out_of_time = sys.platform != "win32" and -done.returncode in (signal.SIGXCPU, signal.SIGKILL)
        raise InputError([Fault(_TOO_SLOW if out_of_time else _TOO_LARGE, name)])
    told = json.loads(done.stdout)
    if "fault" in told:
        raise InputError([Fault(told["fault"], name)])
    return told["text"], told["title"]


def extracted(data: bytes, most_characters: int) -> tuple[str, str | None]:
    """Return the text of a PDF and its title, without limits, in this process.

    Raises
    ------
    Refused
        When it is locked or too large.
    Exception
        Any exception of the parser, if the PDF is damaged.
    """
    pdf = pypdf.PdfReader(io.BytesIO(data))
    if pdf.is_encrypted:
        raise Refused("this PDF is encrypted; save it without a password")
    if len(pdf.pages) > MAX_PDF_PAGES:
        raise Refused(f"the document has more than {MAX_PDF_PAGES:,} pages, the limit; split it")
    pages, size = [], 0
    for page in pdf.pages:
        pages.append(page.extract_text())
        size += len(pages[-1])
        if size > most_characters:
            raise Refused(f"the document has more than {most_characters:,} characters, the limit; split it")
    about = pdf.metadata
    title = str(about.title) if about and about.title else None
    # An unpaired surrogate, from a damaged character table, could not be written to a file.
    text, title = (
        one and one.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for one in ("\n\n".join(pages), title)
    )
    return text or "", title


def plain_answer(data: bytes, most_characters: int) -> dict[str, str | None]:
    """Return the text and the title of a PDF, or the reason why it cannot be read, as plain data."""
    try:
        text, title = extracted(data, most_characters)
    except Refused as refused:
        return {"fault": str(refused)}
    except (MemoryError, pypdf.errors.LimitReachedError):
        return {"fault": _TOO_LARGE}
    except Exception:
        # The parser raises many kinds of exceptions for damaged files.
        return {"fault": "this PDF is damaged and cannot be read"}
    return {"text": text, "title": title}


def read_with_limits() -> None:
    """Read a PDF from standard input, with limited time and memory."""
    try:
        import resource
    except ImportError:
        # A system without such limits; the waiting process has a time limit.
        pass
    else:
        for kind, most in ((resource.RLIMIT_CPU, MAX_PDF_SECONDS), (resource.RLIMIT_AS, MAX_PDF_MEMORY)):
            soft, hard = resource.getrlimit(kind)
            within = [limit for limit in (soft, hard, most) if limit != resource.RLIM_INFINITY]
            resource.setrlimit(kind, (min(within), hard))
    logging.disable()
    try:
        told = json.dumps(plain_answer(sys.stdin.buffer.read(), int(sys.argv[1])))
    except MemoryError:
        told = json.dumps({"fault": _TOO_LARGE})
    sys.stdout.write(told)


if __name__ == "__main__":
    read_with_limits()
