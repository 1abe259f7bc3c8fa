"""What the API's description says about a request, an answer and a refusal."""

from __future__ import annotations

from typing import Any

from bluelamp.web.api import COMPONENTS, ProblemBodySchema
from bluelamp.web.partners.sent_report import SOH_TYPE

_REPORT = {"$ref": f"{COMPONENTS}Report"}
REPORT_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _REPORT},
            SOH_TYPE: {
                "schema": {
                    "type": "object",
                    "description": "A report in the JSON of Single Online Home. "
                    "`submissionDetails.submissionId` is its id. A name that no question of "
                    "ours has is refused, but for those that say how it was sent.",
                }
            },
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
PACKAGE_RESPONSE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The package as a zip, byte for byte as it was built.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


def problems(*statuses: int) -> dict[int, type[ProblemBodySchema]]:
    """Return an operation's refusals."""
    return dict.fromkeys(statuses, ProblemBodySchema)
