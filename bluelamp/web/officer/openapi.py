"""What the API's description says about a capture and about a refusal."""

from typing import Any

from bluelamp.web.api import COMPONENTS
from bluelamp.web.officer.schemas import ProblemBodySchema

CAPTURE_REQUEST: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Content-SHA256",
            "in": "header",
            "required": True,
            "description": "SHA-256 of the exact bytes of the body, in lower-case hexadecimal.",
            "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"{COMPONENTS}Capture"}}},
    },
}


def problems(*statuses: int) -> dict[int, type[ProblemBodySchema]]:
    """Return an operation's refusals: these, and those that every operation has."""
    return dict.fromkeys((*statuses, 401, 403, 404), ProblemBodySchema)
