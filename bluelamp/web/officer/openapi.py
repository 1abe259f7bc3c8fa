"""What the API's description of itself says of a capture and of a refusal."""

from typing import Any

from bluelamp.web.api import COMPONENTS
from bluelamp.web.officer.schemas import ProblemBody

CAPTURE_REQUEST: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Content-SHA256",
            "in": "header",
            "required": True,
            "description": "SHA-256 of the exact bytes of the body, lower-case hexadecimal.",
            "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"{COMPONENTS}Capture"}}},
    },
}


def problems(*statuses: int) -> dict[int, type[ProblemBody]]:
    """Return the refusals of an operation, beside those that every one can answer with."""
    return dict.fromkeys((*statuses, 401, 403, 404), ProblemBody)
