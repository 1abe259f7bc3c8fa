"""Addresses that disclose nobody's data and change nothing, each with its reason."""

PLAIN_PAGES: dict[str, str] = {
    "": "the front page holds nothing of anybody's",
    "accessibility/": "words only",
    "privacy/": "words only",
    "reference/offences/": "a public code list",
    "reference/places/": "public postcodes and streets",
    "report/emergency/": "words only",
    "report/fraud/": "words only",
    "report/done/": "the reference that the browser's own signed cookie holds",
    "demo/outbox/": "the stand-in's messages, of invented people, and only in demo mode",
    "api/officer/v1/": "the framework's own front page of the API: always 404",
    "api/officer/v1/openapi.json": "the API's description of itself",
    "api/officer/v1/me": "one's own name and force",
    "api/officer/v1/offences": "a public code list",
    "api/officer/v1/places": "public postcodes",
    "^api/officer/v1(?:/.*)?$": "what the API does not have: always 404",
    "api/v1/": "the framework's own front page of the API: always 404",
    "api/v1/openapi.json": "the API's description of itself",
    "^api/v1(?:/.*)?$": "what the API does not have: always 404",
    "officer/": "the app's own files hold nothing of anybody's",
    "officer/<path:path>": "the app's own files hold nothing of anybody's",
}
