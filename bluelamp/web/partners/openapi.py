"""The API's description of itself: the report as it is read, and refusals under the media type they come as."""

from __future__ import annotations

from typing import Any

from bluelamp.web.partners.problems import MEDIA_TYPE
from bluelamp.web.partners.schemas import ProblemBody, Report

COMPONENTS = "#/components/schemas/"
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


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what the framework cannot know: the report's schema, and problem+json for every refusal."""
    report = Report.model_json_schema(ref_template=COMPONENTS + "{model}")
    schemas = schema["components"]["schemas"]
    schemas.update(report.pop("$defs"))
    schemas["Report"] = report
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
    return schema
