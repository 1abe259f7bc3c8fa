"""What the API's description of itself says of a request, an answer and a refusal."""

from __future__ import annotations

from typing import Any

from bluelamp.web.api import COMPONENTS, ProblemBody

_REPORT = {"$ref": f"{COMPONENTS}Report"}
REPORT_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _REPORT},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["report"],
                    "additionalProperties": False,
                    "properties": {
                        "report": _REPORT,
                        "files": {
                            "type": "array",
                            "maxItems": 10,
                            "items": {"type": "string", "format": "binary"},
                        },
                    },
                },
                "encoding": {"report": {"contentType": "application/json"}},
            },
        },
    }
}
PACKAGE_ANSWER: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The package as a zip, byte for byte as it was built.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


def problems(*statuses: int) -> dict[int, type[ProblemBody]]:
    """Return the refusals of an operation."""
    return dict.fromkeys(statuses, ProblemBody)
