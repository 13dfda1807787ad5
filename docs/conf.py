"""How the documentation is built: no network, and what can be generated is generated."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import detente  # noqa: E402
import generate  # noqa: E402

project = "Detente"
author = "The Detente authors"
copyright = "The Detente authors"
version = release = detente.__version__

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
html_static_path = ["_static"]
html_css_files = ["reference.css"]
html_theme = "furo"
html_title = f"Detente {release}"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
# The fields of a result are a list below its description, not entries of their own.
napoleon_use_ivar = True
napoleon_attr_annotations = True
# A field has its type where it is described, and the constructor of a result has no description of its own.
autodoc_typehints_description_target = "documented"

generate.write_all(HERE)
