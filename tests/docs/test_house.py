"""The tree as it is published: locked packages, no addresses of registries, no paths of one machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import detente

ROOT = Path(__file__).resolve().parents[2]

# Written in parts, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a registry's host": [
        "py" + "pi.org",
        "python" + "hosted.org",
        "py" + "pi.python",
        "npm" + "js.org",
        "ana" + "conda.org",
        "cr" + "ates.io",
    ],
    "an index setting": ["extra-" + "index-url", "find" + "-links =", "UV_" + "INDEX", "PIP_" + "INDEX"],
    "a path of one machine": [f"/{part}/" for part in ("wo" + "rk", "ro" + "ot", "Us" + "ers")]
    + ["/opt/" + "wheels", "/opt/" + "py" + "pi", "/ho" + "me/"],
}
# These lines of the Makefile say what a lock may not hold.
ALLOWED = {("Makefile", "extra-" + "index-url")}


def files_of_the_tree() -> list[Path]:
    """Every file that is, or would be, under version control; the whole tree where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        names = [name for name in listed.stdout.split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    skipped = {".venv", "build", "dist", "_build", "__pycache__"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(part in skipped or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
    ]


def blocks_of(lock: str) -> dict[str, list[str]]:
    """The lines that belong to each ``name==version`` of a lock."""
    blocks: dict[str, list[str]] = {}
    for line in lock.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            blocks[match[1].lower()] = []
        elif line and not line[0].isspace() and not line.startswith("#"):
            blocks[line] = []
        if blocks:
            blocks[list(blocks)[-1]].append(line)
    return blocks


LOCK = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def required_names() -> list[str]:
    """Every package that pyproject.toml asks for, the extras included, under its normalised name."""
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in [*PROJECT["dependencies"], *extras]]
    normal = {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}
    return sorted(normal - {"detente"})


def test_every_locked_package_has_a_version_and_hashes() -> None:
    blocks = blocks_of(LOCK)
    assert len(blocks) > 30
    for name, lines in blocks.items():
        assert re.match(r"[a-z0-9-]+$", name), f"{name}: not a name with one version"
        hashes = [line for line in lines if re.search(r"--hash=sha256:[0-9a-f]{64}\b", line)]
        assert hashes, f"{name}: no hash"


@pytest.mark.parametrize("name", required_names())
def test_every_required_package_is_locked(name: str) -> None:
    assert name in blocks_of(LOCK)


def test_extra_all_contains_every_extra_for_users() -> None:
    extras = PROJECT["optional-dependencies"]
    (line,) = extras["all"]
    named = re.fullmatch(r"detente\[([a-z,]+)\]", line)
    assert named is not None
    assert sorted(named[1].split(",")) == sorted(set(extras) - {"all", "dev", "docs"})


def test_lock_file_contains_no_address() -> None:
    assert re.findall(r"(?i)https?:|file:|--(?!hash=sha256:)[a-z-]+|^.*\s@\s.*$", LOCK, flags=re.MULTILINE) == []
    assert re.findall(r"(?im)^\s*#(?!\s+(via\b|\s)).*$", LOCK) == []


def test_tree_names_no_registry_and_no_machine() -> None:
    files = files_of_the_tree()
    assert ROOT / "pyproject.toml" in files
    found = []
    for path in files:
        text = path.read_bytes().decode("utf-8", errors="ignore").lower()
        name = path.relative_to(ROOT).as_posix()
        found += [
            f"{name}: {what} ({word})"
            for what, words in FORBIDDEN.items()
            for word in words
            if word.lower() in text and (name, word) not in ALLOWED
        ]
    assert found == []


def test_version_is_defined_once_and_cited_the_same() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {detente.__version__}\n" in citation


def test_standard_project_files_exist() -> None:
    names = [
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "CITATION.cff",
        ".ci/run",
        "src/detente/py.typed",
    ]
    assert [name for name in names if not (ROOT / name).is_file()] == []
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_readme_links_lead_to_existing_files() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
        assert links, name
        assert [link for link in links if not (ROOT / link).exists()] == []
