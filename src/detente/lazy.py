"""Modules that are loaded when they are first used.

Some modules are heavy (NumPy, pandas), and some are needed by only one question out of many. A module that needs one
of them declares it at its top, like any other import; it is loaded on first use::

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = lazy("numpy")

Type checkers see the plain import. The import system holds a lock while it loads a module, so several threads may use
the module for the first time at once.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class LazyModule(ModuleType):
    """A module that has not been loaded yet; looking up an attribute loads it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self.__name__))


def lazy(name: str) -> Any:
    """Return a module that is loaded when one of its attributes is first looked up.

    Parameters
    ----------
    name
        The full name, such as ``detente.analysis.evolution``.
    """
    return LazyModule(name)


__all__ = ["LazyModule", "lazy"]
