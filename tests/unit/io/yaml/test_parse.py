"""Any file under the size limit is read, or refused, in bounded time and memory; the two YAML parsers agree."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from detente.examples import catalogue, path
from detente.io.yaml.parse import composed_fast

HEAD = "format: detente/1\ntitle: T\ndecision_makers:\n  a: {options: {x: X}, preferences: [x]}\n"
DOSSIER = "format: detente-dossier/1\nstatements:\n"
FILES = {
    "rules.conflict.yaml": HEAD + "rules:\n" + "- never: x and y\n" * 360_000,
    "list.conflict.yaml": HEAD + "zz: [" + "a," * 3_000_000 + "a]",
    "condition.conflict.yaml": HEAD + "rules:\n- never: " + "x and " * 1_000_000 + "x",
    "payoffs.conflict.yaml": HEAD.replace("preferences: [x]", "payoffs: {" + "9: 1, " * 100 + "1: 2}"),
    "nested.conflict.yaml": "{a: " * 1_500_000,
    "statements.dossier.yaml": DOSSIER + "".join(f"- {{id: s{n}, quote: 'not a cent'}}\n" for n in range(180_000)),
    "page.html": "<html>" + "<p>He said <b>no</b>.</p>\n" * 480_000,
    "tags.html": "<html>" + "<b>" * 4_000_000,
}
CODE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
import detente as dt
from detente.io.dossier_file import read_dossier
from detente.reading.documents import read_document
name = sys.argv[1]
read = read_document if name.endswith("html") else read_dossier if "dossier" in name else dt.load
try:
    read(name)
except dt.InputError as error:
    print(str(error)[:200])
"""


@pytest.mark.parametrize("name", FILES)
def test_large_file_takes_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(FILES[name], encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", CODE, str(file)], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-500:]
    assert after.ru_utime - before.ru_utime < 20


def flat(node: Node) -> Any:
    place = (node.start_mark.index, node.start_mark.line, node.start_mark.column)
    if isinstance(node, ScalarNode):
        return "null" if str(node.tag).endswith(":null") else node.value, node.style or None, place
    if isinstance(node, MappingNode):
        return bool(node.flow_style), place, [(flat(key), flat(value)) for key, value in node.value]
    return bool(node.flow_style), place, [flat(item) for item in node.value]


@pytest.mark.parametrize("id", catalogue())
def test_both_parsers_give_the_same_nodes(id: str) -> None:
    text = path(id).read_text(encoding="utf-8")
    fast = composed_fast(text, 60, 100_000)
    assert fast is not None
    assert flat(fast) == flat(YAML(typ="safe", pure=True).compose(text))
