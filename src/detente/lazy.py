"""Modules that are loaded when they are first used.

Some modules are heavy (NumPy, pandas) and some are needed by one question out of many. A module that needs one of these
says so at its top, as for any other import, and pays for it only when it is used::

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = lazy("numpy")

Type checkers see the plain import. The import system holds the lock while a module is loaded, so threads that use one
for the first time at once are safe.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class LazyModule(ModuleType):
    """A module that has not been loaded yet: looking anything up in it loads it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self.__name__))


def lazy(name: str) -> Any:
    """Return a module that is loaded when something is first looked up in it.

    Parameters
    ----------
    name
        The full name, such as ``detente.analysis.evolution``.
    """
    return LazyModule(name)


__all__ = ["LazyModule", "lazy"]
