"""The API's description of itself: captures as they are read, and refusals under the media type they come as."""

from typing import Any

from bluelamp.web.officer.captures import CAPTURE
from bluelamp.web.officer.problems import MEDIA_TYPE
from bluelamp.web.officer.schemas import ProblemBody

COMPONENTS = "#/components/schemas/"
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


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what the framework cannot know: the capture's schema, and problem+json for every refusal."""
    capture = CAPTURE.json_schema(ref_template=COMPONENTS + "{model}")
    schemas = schema["components"]["schemas"]
    schemas.update(capture.pop("$defs"))
    schemas["Capture"] = capture
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
    return schema
