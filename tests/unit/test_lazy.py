"""Modules that are loaded when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from detente.lazy import lazy


def test_lazy_module_loads_at_first_attribute() -> None:
    code = (
        "import sys; from detente.lazy import lazy; module = lazy('colorsys'); "
        "assert 'colorsys' not in sys.modules; assert module.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0); "
        "assert 'colorsys' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lazy_submodule_is_loaded_as_itself() -> None:
    assert lazy("os.path").join("a", "b") == "a/b"


def test_lazy_module_has_the_modules_names() -> None:
    assert "rgb_to_hsv" in dir(lazy("colorsys"))


def test_missing_lazy_module_is_named_at_use() -> None:
    module = lazy("no_such_module_anywhere")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        module.anything  # noqa: B018


def test_missing_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        lazy("colorsys").nothing_like_it  # noqa: B018
