"""The signed cookies of applicants: their draft, what they sent, and their session."""

from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bluelamp.web import cookies
from bluelamp.web.languages import BOTH_LANGUAGES_PATH
from bluelamp.web.parsing import parse_uuid

DRAFT, SENT, SESSION, ASKED = (
    "bluelamp_firearms",
    "bluelamp_firearms_sent",
    "bluelamp_firearms_my",
    "bluelamp_firearms_code",
)
_SECONDS = {DRAFT: 90 * 86_400, SENT: 86_400, SESSION: 2 * 3600, ASKED: 2 * 3600}


class DraftCookie(NamedTuple):
    """The draft of an application, the secret that opens it, and the reference to come back."""

    draft_id: UUID
    secret: str
    reference: str


def get_draft(request: HttpRequest) -> DraftCookie | None:
    """Return the draft that the browser has, which may have been sent or deleted since."""
    parts = get_cookie(request, DRAFT).split(" ")
    draft_id = parse_uuid(parts[0])
    return DraftCookie(draft_id, parts[1], parts[2]) if draft_id and len(parts) == 3 else None


def get_id(request: HttpRequest, name: str) -> UUID | None:
    """Return the id in a cookie, None where there is none."""
    return parse_uuid(get_cookie(request, name))


def get_cookie(request: HttpRequest, name: str) -> str:
    """Return a cookie's value, "" if it is missing, too old or forged."""
    return cookies.get_signed_cookie(request, name, salt=name, max_age=_SECONDS[name])


def set_cookie(response: HttpResponse, name: str, value: str) -> HttpResponse:
    """Set a cookie for the pages of firearms licensing."""
    # A salt of its own, so that one cookie's value is no good as another's.
    cookies.set_signed_cookie(
        response, name, value, salt=name, max_age=_SECONDS[name], path=BOTH_LANGUAGES_PATH
    )
    return response


def delete_cookie(response: HttpResponse, name: str) -> HttpResponse:
    """Delete a cookie from the browser."""
    cookies.delete_cookie(response, name, path=BOTH_LANGUAGES_PATH)
    return response
