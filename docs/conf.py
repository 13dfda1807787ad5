"""How the documentation is built: no network, and what can be generated is generated."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


from sphinx.application import Sphinx  # noqa: E402
from sphinx.domains.python import PyObject  # noqa: E402

import detente  # noqa: E402
import generate  # noqa: E402

project = "Detente"
author = "The Detente authors"
copyright = "The Detente authors"
version = release = detente.__version__

#: The layers whose classes are results.
RESULTS = (["analysis"], ["concepts"], ["engine"], ["verification"])

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinxcontrib.typer",
    "worked",
]
myst_enable_extensions = ["deflist", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "reference/generated"]
default_role = "py:obj"
html_static_path = ["_static"]
html_css_files = ["reference.css"]
html_theme = "furo"
html_title = f"Detente {release}"
python_use_unqualified_type_names = True
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
# The fields of a result are a list below its description, not entries of their own.
napoleon_use_ivar = True
napoleon_attr_annotations = True
# A field has its type where it is described, and the constructor of a result has no description of its own.
autodoc_typehints_description_target = "documented"


def hide_constructor(app: Sphinx, what: str, name: str, thing: object, *_: object) -> tuple[str, None] | None:
    """Show no constructor of a result, which only Detente makes."""
    return ("", None) if what == "class" and thing.__module__.split(".")[1:2] in RESULTS else None


def setup(app: Sphinx) -> None:
    """Show results as data: their fields, and no constructor."""
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Fields"
    app.connect("autodoc-process-signature", hide_constructor)


generate.write_all(HERE)
