"""Damaged documents by the thousand: every edit is drawn by a seed, so that each can be made again."""

from __future__ import annotations

import io
import random
import re
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx

from detente.errors import InputError
from detente.reading import extraction
from detente.reading.documents import parse_document

Edit = Callable[[bytes, random.Random], bytes]

#: What one document may take of the processor, and all of them of memory.
MOST_SECONDS, MOST_MEMORY = 4.0, 2**30
EXTREMES = [b"0", b"1", b"-1", b"2", b"65535", b"2147483648", b"99999999999999999999", b"1e308", b"", b"x"]


def word_seed() -> bytes:
    """A document with a merged table, as Word writes it."""
    document = docx.Document()
    document.core_properties.title = "Talks"
    document.add_heading("Talks", 1)
    document.add_paragraph("The union said that it would strike.")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "over columns"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "over rows"
    table.cell(1, 1).add_table(rows=1, cols=2)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_seed(compressed: bool = True) -> bytes:
    """Three pages with a table of characters and a form."""
    text = b"BT /F1 12 Tf 72 720 Td (The union said that it would strike.) Tj T* [(a) -20 (b)] TJ ET /X1 Do"
    cmap = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
    cmap += b"1 beginbfrange <20> <7e> <0020> endbfrange endcmap"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 5 0 R >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [6 0 R 7 0 R 8 0 R] /Count 3 /Resources 3 0 R >>",
        b"<< /Font << /F1 4 0 R >> /XObject << /X1 10 0 R >> >>",
        font,
        stream(cmap, compressed),
        *(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 9 0 R >>" for _ in range(3)),
        stream(text, compressed),
        stream(text[:-7], compressed, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 3 0 R "),
    ]
    data, places = b"%PDF-1.5\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def stream(content: bytes, compressed: bool, more: bytes = b"") -> bytes:
    """A stream object."""
    if compressed:
        content, more = zlib.compress(content), more + b"/Filter /FlateDecode "
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Flip a few bits."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Leave out the end, or a piece."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + (b"" if chance.random() < 0.5 else data[start + chance.randrange(300) :])


def spliced(data: bytes, chance: random.Random) -> bytes:
    """Put a piece somewhere else as well, or rubbish."""
    start, to = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randrange(200)] if chance.random() < 0.7 else chance.randbytes(20)
    return data[:to] + piece + data[to:]


def renumbered(data: bytes, chance: random.Random) -> bytes:
    """Put an extreme number in place of one."""
    return replaced(rb"-?\d+", lambda: chance.choice(EXTREMES), data, chance)


def replaced(pattern: bytes, by: Callable[[], bytes], data: bytes, chance: random.Random) -> bytes:
    """Replace one place that looks like a pattern."""
    found = list(re.finditer(pattern, data))
    if not found:
        return flipped(data, chance)
    one = chance.choice(found)
    return data[: one.start()] + by() + data[one.end() :]


def retagged(data: bytes, chance: random.Random) -> bytes:
    """Take a tag out of XML, put another in its place, or nest a part of it very deep."""
    tags = re.findall(rb"<[^>]*>", data) or [b"<a>"]
    kinds: list[Callable[[], bytes]] = [
        lambda: b"",
        lambda: chance.choice(tags),
        lambda: chance.choice(tags) * chance.choice([2, 300, 5000]),
        lambda: b"&lol;",
        lambda: b'<w:gridSpan w:val="%s"/>' % chance.choice(EXTREMES),
        lambda: b"<w:vMerge/>",
    ]
    return replaced(rb"<[^>]*>", chance.choice(kinds), data, chance)


def with_entities(data: bytes, chance: random.Random) -> bytes:
    """Give XML entities that are made of one another."""
    levels = b"".join(b'<!ENTITY e%d "%s">' % (one, b"&e%d;" % (one - 1) * 10) for one in range(1, 12))
    start = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "lol">%s]>' % levels
    body = re.sub(rb"^<\?xml[^>]*>\s*", b"", data)
    return start + body.replace(b"union", b"&e11;")


ANY: list[Edit] = [flipped, cut, spliced, renumbered]
XML: list[Edit] = [*ANY, retagged, retagged, with_entities]


def word_edited(data: bytes, chance: random.Random) -> bytes:
    """Edit a .docx: its bytes, or what it holds, packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
        place = next(at for at, (name, _) in enumerate(members) if name == "word/document.xml")
    except Exception:
        # Too damaged to be unpacked.
        return chance.choice(ANY)(data, chance)
    if chance.random() < 0.4:
        return chance.choice(ANY)(data, chance)
    if chance.random() < 0.3:
        place = chance.randrange(len(members))
    name, content = members[place]
    kind = chance.random()
    if kind < 0.1:
        del members[place]
    elif kind < 0.15:
        members[place] = (name, content[: len(content) // 2])
    elif kind < 0.2:
        members[place] = (f"../{name}", content)
    else:
        members[place] = (name, chance.choice(XML)(content, chance))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for name, content in dict(members).items():
            info = zipfile.ZipInfo(name)
            info.compress_type = archive.compression
            archive.writestr(info, content)
    return packed.getvalue() if chance.random() < 0.8 else flipped(packed.getvalue(), chance)


def pdf_edited(data: bytes, chance: random.Random) -> bytes:
    """Edit a PDF: its bytes, a name, a reference, a number or an object of it."""
    names = [b"/FlateDecode", b"/FooDecode", b"/LZWDecode", b"/ASCII85Decode", b"/RunLengthDecode", b"/DCTDecode"]
    names += [b"/Page", b"/Pages", b"/Form", b"/Crypt", b"/ObjStm", b"/XRef", b"/Identity-H", b"/Type0", b"/#"]
    kinds: list[Callable[[], bytes]] = [
        lambda: chance.choice(ANY)(data, chance),
        lambda: replaced(rb"/\w+", lambda: chance.choice(names), data, chance),
        lambda: replaced(rb"\d+ 0 R", lambda: b"%d 0 R" % chance.randrange(12), data, chance),
        lambda: renumbered(data, chance),
        lambda: replaced(
            rb"<<|>>|\[|\]|\(|\)", lambda: chance.choice([b"<<", b"[", b"(", b"", b"<<" * 3000]), data, chance
        ),
        lambda: replaced(rb"(?s)\d+ 0 obj.*?endobj\n", lambda: b"", data, chance),
        lambda: replaced(
            rb"\b(?:Tj|TJ|Td|Tf|T\*|Do|BT|ET)\b", lambda: chance.choice([b"TJ", b"Do", b"'", b"BI ID"]), data, chance
        ),
    ]
    return chance.choice(kinds)()


def read_word(data: bytes) -> None:
    """Read a damaged .docx; anything but a text or the one clear error is a fault of ours."""
    try:
        parse_document(data, "x.docx")
    except InputError as error:
        assert len(error.faults) == 1
        assert "\n" not in str(error)


def read_pdf(data: bytes) -> None:
    """Read a damaged PDF in this process."""
    told = extraction.plain_answer("PDF", data)
    assert set(told) in ({"fault"}, {"text", "title", "language", "date"})


KINDS: dict[str, tuple[list[bytes], Edit, Callable[[bytes], None]]] = {
    "docx": ([word_seed()], word_edited, read_word),
    "pdf": ([pdf_seed(), pdf_seed(compressed=False)], pdf_edited, read_pdf),
}


def made(kind: str, seed: int) -> bytes:
    """The damaged document with this number."""
    chance = random.Random(f"{kind} {seed}")
    seeds, edit, _ = KINDS[kind]
    data = chance.choice(seeds)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        data = edit(data, chance)
    return data


def main() -> None:
    """Read damaged documents of a kind, from one number to another; each is named before it is read."""
    kind, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    _, _, read = KINDS[kind]
    for seed in range(first, last):
        data = made(kind, seed)
        print(seed, flush=True)
        started = time.process_time()
        # A hang ends the process: the last number printed is the document that does it.
        resource.setrlimit(resource.RLIMIT_CPU, (int(started + MOST_SECONDS) + 1, resource.RLIM_INFINITY))
        read(data)
    print("done", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[3].isdigit():
        main()
    else:
        Path(sys.argv[3]).write_bytes(made(sys.argv[1], int(sys.argv[2])))
