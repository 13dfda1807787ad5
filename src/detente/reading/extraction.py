"""The text of a PDF or of an HTML page, read in a process of its own that may take only so much time and memory.

A PDF is close to a program, and a small page can keep its parser busy for hours, by mistake or on purpose. The process
is ended when it has had its share, so that reading ends for every file. To import the libraries takes ten times as long
as to read a page with them: they are imported once, in a process that forks for each document.

PDF is read by PDFium. It gives lines; they are joined to paragraphs by their distance, their length and how they end,
and what is repeated at the top or the bottom of pages is left out. The main text of an HTML page is found by
trafilatura, its date by htmldate. Both libraries are imported in that process only.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from struct import Struct
from typing import TYPE_CHECKING, Any

from detente.errors import Fault, InputError, one_line
from detente.lazy import lazy
from detente.limits import MAX_DOCUMENT_CHARACTERS, MAX_EXTRACTION_MEMORY, MAX_EXTRACTION_SECONDS, MAX_PDF_PAGES

if TYPE_CHECKING:
    import htmldate
    import pypdfium2
    import trafilatura
    from trafilatura import settings
else:
    htmldate, pypdfium2, trafilatura = lazy("htmldate"), lazy("pypdfium2"), lazy("trafilatura")
    settings = lazy("trafilatura.settings")

#: Seconds after which reading a document is stopped, on a busy machine or one without limits.
PATIENCE_SECONDS = 120
#: Seconds after which a process that is given no further document ends.
IDLE_SECONDS = 20
#: Where a process cannot fork, it reads one document, and only its time is limited.
CAN_FORK = hasattr(os, "fork")

#: What stands before a document: its size, and the seconds it may take. Before an answer: the status, and its size.
_ASKED, _ANSWERED = Struct("!Qd"), Struct("!iQ")

#: What each kind of document is called, and what reads it.
_LIBRARIES = {"PDF": "pypdfium2", "HTML": "trafilatura"}
_TOO_SLOW = "this {} takes too long to read; split it, or save it as text"
_TOO_LARGE = "this {} needs too much memory; split it, or save it as text"
_DAMAGED = "this {} is damaged and cannot be read"


class Refused(Exception):
    """A document is not read, with the reason."""


@dataclass(frozen=True)
class Extracted:
    """The text of a document and what it says of itself; None if it does not say."""

    text: str
    title: str | None = None
    language: str | None = None
    date: str | None = None


def extracted(kind: str, data: bytes, name: str) -> Extracted:
    """Return the text of a 'PDF' or of an 'HTML' page in UTF-8; ``name`` is used in messages.

    Raises
    ------
    InputError
        When it cannot be read, has too much text, or takes too much time or memory.
    """
    library = _LIBRARIES[kind]
    if find_spec(library) is None:
        raise ModuleNotFoundError(library, name=library)
    try:
        with _reader(kind) as reader:
            status, answer = reader.read(data)
    except subprocess.TimeoutExpired as error:
        raise InputError([Fault(_TOO_SLOW.format(kind), name)]) from error
    if status > 0:
        raise InputError([Fault(f"this {kind} cannot be read: {answer or 'no reason given'}", name)])
    if status < 0:
        # The system ended the process: at its limit of time, or at an error in the library, such as a lack of memory.
        out_of_time = sys.platform != "win32" and -status in (signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM)
        raise InputError([Fault((_TOO_SLOW if out_of_time else _DAMAGED).format(kind), name)])
    told = json.loads(answer)
    if "fault" in told:
        raise InputError([Fault(told["fault"], name)])
    return Extracted(**told)


class _Reader:
    """A process that reads documents of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind, self.process = kind, self._begun(kind)

    @staticmethod
    def _begun(kind: str) -> subprocess.Popen[bytes]:
        # Modules must not be imported from the current folder, which may contain anything.
        folders = [os.path.abspath(folder) for folder in sys.path if folder]  # noqa: PTH100
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
        command = [sys.executable, "-P", "-m", "detente.reading.extraction", kind, "each" if CAN_FORK else "once"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)

    def read(self, data: bytes) -> tuple[int, str]:
        """Return the status with which a document was read, and its answer, or what went wrong."""
        asked = _ASKED.pack(len(data), PATIENCE_SECONDS) + data
        process, received = self.process, b""
        try:
            if not CAN_FORK:
                received, _ = process.communicate(asked, PATIENCE_SECONDS)
            elif process.stdin and process.stdout:
                process.stdin.write(asked)
                process.stdin.flush()
                received = process.stdout.read(_ANSWERED.size)
                received += process.stdout.read(_ANSWERED.unpack(received)[1]) if received else b""
        except (BrokenPipeError, ValueError):
            pass
        if received:
            return _ANSWERED.unpack_from(received)[0], received[_ANSWERED.size :].decode()
        *_, last = self.end().decode("utf-8", "replace").strip().splitlines() or [""]
        if process.returncode == 0:
            # It ended at this moment, because it had waited long enough.
            self.process = self._begun(self.kind)
            return self.read(data)
        return process.returncode, last

    def end(self) -> bytes:
        """Let the process end, and return what it has said of an error."""
        with suppress(BrokenPipeError, ValueError):
            return self.process.communicate()[1]
        return b""


#: The processes that wait for a document, by what they read.
_waiting: dict[str, list[_Reader]] = {}


@contextmanager
def _reader(kind: str) -> Iterator[_Reader]:
    """Lend a process that waits for a document, or a new one."""
    waiting = _waiting.setdefault(kind, [])
    reader = waiting.pop() if waiting else None
    if reader is not None and reader.process.poll() is not None:
        reader.end()
        reader = None
    reader = reader or _Reader(kind)
    try:
        yield reader
    except BaseException:
        # It was not waited for.
        reader.process.kill()
        raise
    if CAN_FORK and reader.process.poll() is None:
        waiting.append(reader)
    else:
        reader.end()


@atexit.register
def _end_all() -> None:
    for readers in _waiting.values():
        for reader in readers:
            reader.end()


if CAN_FORK:
    # A process that a caller forks must not use the same pipes.
    os.register_at_fork(after_in_child=_waiting.clear)


def plain_answer(kind: str, data: bytes) -> dict[str, str | None]:
    """Return what is extracted from a document in this process, or the fault for which nothing is, as plain data."""
    try:
        return asdict((_pdf if kind == "PDF" else _html)(data))
    except Refused as refused:
        return {"fault": str(refused)}
    except MemoryError:
        return {"fault": _TOO_LARGE.format(kind)}
    except Exception:
        # The parsers raise many kinds of exceptions for damaged files.
        return {"fault": _DAMAGED.format(kind)}


def read_documents(kind: str, *, once: bool) -> None:
    """Answer for each document that comes by standard input, until none does; ``once``: this process reads it."""
    logging.disable()
    if not once:
        # Ctrl-C is for the process that asks. The libraries are imported, and what they prepare is prepared.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        plain_answer(kind, _FIRST[kind])
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while once or select.select([asked], [], [], IDLE_SECONDS)[0]:
        head = asked.read(_ASKED.size)
        if not head:
            return
        size, patience = _ASKED.unpack(head)
        data = asked.read(size)
        status, answer = (0, _answer(kind, data)) if once else _in_a_fork(kind, data, patience)
        answers.write(_ANSWERED.pack(status, len(answer)) + answer)
        answers.flush()


def _answer(kind: str, data: bytes) -> bytes:
    return json.dumps(plain_answer(kind, data)).encode()


def _in_a_fork(kind: str, data: bytes, patience: float) -> tuple[int, bytes]:
    """Read a document in a process with limited time and memory; return its status and what it says."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for place in range(3):
                os.dup2(nothing, place)
            signal.setitimer(signal.ITIMER_REAL, patience)
            _limit()
            try:
                told = _answer(kind, data)
            except MemoryError:
                told = json.dumps({"fault": _TOO_LARGE.format(kind)}).encode()
            status = 0
        except Exception as error:
            told = one_line(str(error)).encode()
        with open(theirs, "wb") as pipe:  # noqa: PTH123
            pipe.write(told)
        os._exit(status)
    os.close(theirs)
    with open(ours, "rb") as pipe:  # noqa: PTH123
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def _limit() -> None:
    """Limit the processor time and the memory of this process."""
    try:
        import resource
    except ImportError:
        # A system without such limits; the time is limited by the clock.
        return
    for kind, most in ((resource.RLIMIT_CPU, MAX_EXTRACTION_SECONDS), (resource.RLIMIT_AS, MAX_EXTRACTION_MEMORY)):
        soft, hard = resource.getrlimit(kind)
        within = [limit for limit in (soft, hard, most) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(kind, (min(within), hard))


# PDF

#: The filters of ISO 32000-2, 7.4, with their short names: text behind another one is guesswork.
_FILTER = re.compile(rb"/Filter\s*\[?\s*/([^\s/<>\[\]()]+)[^>]*>>\s*stream")
_FILTERS = {
    b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"FlateDecode", b"RunLengthDecode", b"CCITTFaxDecode",
    b"JBIG2Decode", b"DCTDecode", b"JPXDecode", b"Crypt", b"AHx", b"A85", b"LZW", b"Fl", b"RL", b"CCF", b"DCT",
}  # fmt: skip
#: The marks of PDFium for a hyphen at the end of a line, and the line end with it.
_DIVIDED = "\x02\ufffe"
_ENDS_SENTENCE = re.compile(r"[.!?:…][\"”’')\]»]*$")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*#\s*(?:(?:of|/)\s*#)?\s*[-–—]?")


@dataclass(frozen=True)
class Line:
    """A line of a page; its edges are in points, and None if they are not known."""

    text: str
    left: float | None = None
    right: float | None = None
    bottom: float | None = None
    height: float = 0.0


def _pdf(data: bytes) -> Extracted:
    if not set(_FILTER.findall(data)) <= _FILTERS:
        raise ValueError("an unknown filter")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("this PDF is encrypted; save it without a password") from error
        raise
    if len(pdf) > MAX_PDF_PAGES:
        raise Refused(f"the document has more than {MAX_PDF_PAGES:,} pages, the limit; split it")
    pages, size = [], 0
    for number in range(len(pdf)):
        page = list(_lines(pdf[number].get_textpage()))
        size += sum(len(line.text) for line in page)
        if size > MAX_DOCUMENT_CHARACTERS:
            raise Refused(f"the document has more than {MAX_DOCUMENT_CHARACTERS:,} characters, the limit; split it")
        pages.append(page)
    title = pdf.get_metadata_value("Title").strip() or None
    return Extracted(_whole(joined(without_running_heads(pages))), title and _whole(title))


def _whole(text: str) -> str:
    """Replace unpaired surrogates, from a damaged character table: they could not be written to a file."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(page: Any) -> Iterator[Line]:
    """Yield the lines of a page with their edges, where characters and positions can be matched."""
    text = page.get_text_range()
    matched = page.count_chars() == len(text)
    for found in re.finditer(rf"[^\r\n{_DIVIDED}]+", text):
        words = found[0].rstrip(" \t")
        hyphen = "-" if text[found.end() : found.end() + 1] in tuple(_DIVIDED) else ""
        first = found.start() + len(words) - len(words.lstrip())
        if not words.strip():
            continue
        if not matched:
            yield Line(words.strip() + hyphen)
            continue
        left, bottom, _, top = page.get_charbox(first, loose=True)
        right = page.get_charbox(found.start() + len(words) - 1, loose=True)[2]
        yield Line(words.strip() + hyphen, left, right, bottom, top - bottom)


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without the lines that are repeated at their top or bottom, numbers apart, and page numbers."""
    edges = [[(edge, _head(line.text)) for edge, line in _edges(page)] for page in pages]
    times = Counter(one for page in edges for one in set(page))
    repeated = {
        one
        for one, count in times.items()
        if (count >= 3 and 3 * count >= len(pages)) or (count >= 2 and _PAGE_NUMBER.fullmatch(one[1]))
    }
    made = []
    for page, heads in zip(pages, edges, strict=True):
        dropped = {id(line) for (_, line), head in zip(_edges(page), heads, strict=True) if head in repeated}
        made.append([line for line in page if id(line) not in dropped])
    return made


def _head(text: str) -> str:
    """Return what a running head shares with that of another page: a number at its beginning or end does not count."""
    numbered = re.sub(r"\d+", "#", text.casefold())
    if _PAGE_NUMBER.fullmatch(numbered):
        return numbered
    return re.sub(r"^\d+\W+|\W+\d+$", "", text.casefold())


def _edges(page: Sequence[Line]) -> list[tuple[str, Line]]:
    """Return the first two lines of a page and its last two; a short page is all text."""
    if len(page) < 4:
        return []
    return [*(("top", line) for line in page[:2]), *(("bottom", line) for line in page[-2:])]


def joined(pages: Sequence[Sequence[Line]]) -> str:
    """Return the text of pages: lines joined to paragraphs, with an empty line between two of them."""
    steps = [
        above.bottom - below.bottom
        for page in pages
        for above, below in pairwise(page)
        if above.bottom is not None and below.bottom is not None and above.bottom > below.bottom
    ]
    step = median(steps) if steps else 0.0
    pieces: list[str] = []
    for page in pages:
        rights = [line.right for line in page if line.right is not None]
        edge = max(rights, default=0.0)
        longest = max((len(line.text) for line in page), default=0)
        above: Line | None = None
        for line in page:
            if not pieces:
                between = ""
            elif re.search(r"[^\W\d_]-$", pieces[-1]) and line.text[:1].isalpha():
                # Nothing tells whether the hyphen belongs to the word.
                between = "\n"
            elif above is None:
                # A sentence goes on from the page before.
                between = " " if not _ENDS_SENTENCE.search(pieces[-1]) and line.text[:1].islower() else "\n\n"
            else:
                between = "\n\n" if _begins_paragraph(above, line, step, edge, longest) else " "
            pieces += [between, line.text]
            above = line
    return "".join(pieces)


def _begins_paragraph(above: Line, line: Line, step: float, edge: float, longest: int) -> bool:
    ends = _ENDS_SENTENCE.search(above.text) is not None
    if above.bottom is None or line.bottom is None or above.left is None or line.left is None or above.right is None:
        return ends and len(above.text) < 0.8 * longest
    down = above.bottom - line.bottom
    size = max(above.height, line.height, 1.0)
    if abs(down) < 0.3 * size:
        # The same line, in another font or after a wide space.
        return False
    return (
        down > 1.3 * step
        or (down < 0 and ends)
        or abs(above.height - line.height) > 0.2 * size
        or (ends and above.right < edge - 0.15 * (edge - above.left))
        or (ends and line.left > above.left + 0.8 * size)
    )


# HTML

#: What holds no text of a page, and what begins a paragraph.
_NOT_READ = (
    "title", "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe",
)  # fmt: skip
_BLOCKS = (
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "tr", "td", "th", "figcaption", "section",
    "dt", "dd", "pre", "article", "main",
)  # fmt: skip
#: A page with less main text than this is taken whole: there is too little to tell what frames it.
_SHORT_PAGE = 250
#: Paragraphs longer than this are prose: a date in them is one that the text is about.
_PROSE = 60


def _html(data: bytes) -> Extracted:
    page = data.decode("utf-8")
    tree = trafilatura.load_html(page)
    if tree is None:
        raise ValueError("no page")
    title = " ".join((tree.findtext(".//title") or "").split()) or None
    language = tree.get("lang") or None
    config = deepcopy(settings.DEFAULT_CONFIG)
    for key in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config["DEFAULT"][key] = "0"
    text = trafilatura.extract(
        deepcopy(tree), config=config, include_comments=False, favor_recall=True, include_formatting=False
    )
    lines = [re.sub(r"^- |^\| | \|\s*$", "", line).replace(" | ", " ").strip() for line in (text or "").split("\n")]
    paragraphs = [line for line in lines if line]
    if sum(map(len, paragraphs)) < _SHORT_PAGE:
        paragraphs = _all_paragraphs(deepcopy(tree))
    return Extracted("\n\n".join(paragraphs), title, language, _date(tree))


def _all_paragraphs(tree: Any) -> list[str]:
    for element in list(tree.iter(*_NOT_READ)):
        element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text, element.tail = f"\n\n{element.text or ''}", f"\n\n{element.tail or ''}"
    for element in tree.iter("br"):
        element.tail = f"\n{element.tail or ''}"
    main = next((found for tag in ("article", "main", "body") if (found := tree.find(f".//{tag}")) is not None), tree)
    parts = re.split(r"\n\s*\n", main.text_content())
    return [words for part in parts if (words := " ".join(part.split()))]


def _date(tree: Any) -> str | None:
    """Return the day of publication: what the page says around its text, never a date that the text is about."""
    for element in list(tree.iter("p", "li", "blockquote", "td", "div", "meta")):
        # Of a month alone htmldate would make up a day.
        vague = re.fullmatch(r"\s*\d{4}(?:-\d\d)?\s*", element.get("content") or "")
        is_prose = (element.tag != "div" or len(element) == 0) and len(element.text_content()) > _PROSE
        if vague or is_prose:
            element.drop_tree()
    with suppress(ValueError):
        return htmldate.find_date(tree, original_date=True, extensive_search=False)
    return None


#: A document of each kind that is read before any other.
_FIRST = {"PDF": b"%PDF-", "HTML": b"<p>x</p>"}

if __name__ == "__main__":
    read_documents(sys.argv[1], once=sys.argv[2] == "once")
    # What the libraries keep needs no clearing up.
    os._exit(0)
