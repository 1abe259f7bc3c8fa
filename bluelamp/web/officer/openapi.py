"""What the API's description says: of itself, of a capture and of a refusal."""

from typing import Any

from bluelamp.web.api import COMPONENTS
from bluelamp.web.officer.schemas import ProblemBodySchema

DESCRIPTION = (
    "The officer app's API. Errors are application/problem+json. A request can say who it is "
    "sent for in `X-Officer-Id`, with the `id` from `/me`. If somebody else has signed in "
    "since then, the answer is 401. "
    "Numbers, captures, upload tokens, receipts of items and the officer's crimes are for a "
    "phone that the officer has enrolled (`/devices`). It sends its id in `X-Device-Id`, a "
    "challenge of `/me` in `X-Device-Challenge`, and in `X-Device-Signature` base64 of an "
    "ECDSA P-256 signature (SHA-256, r and s) over five lines: `bluelamp-device-1`, the "
    "method, the path, the SHA-256 of the body in lower-case hexadecimal, and the challenge. "
    "Otherwise the answer is 403 with the `type` urn:bluelamp:device-not-enrolled, "
    "urn:bluelamp:device-blocked or urn:bluelamp:device-proof-invalid (ask `/me` for a new "
    "challenge and send it again)."
)

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
