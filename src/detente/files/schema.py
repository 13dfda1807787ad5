"""The JSON Schema of the conflict file, generated from its shapes, so that editors can complete and check it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detente.files.conflict_shapes import ConflictShape

#: The schema as it is published with the package.
PUBLISHED = Path(__file__).with_name("conflict.schema.json")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the conflict file."""
    generated = ConflictShape.model_json_schema(by_alias=True)
    generated.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:detente:conflict:1",
        "title": "Detente conflict file",
        **generated,
    }


def text() -> str:
    """Return the schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from detente.files.atomic import write_text

    write_text(PUBLISHED, text())
