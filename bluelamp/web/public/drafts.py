"""The draft of a report, and the signed cookies for the draft and for the sent report."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bluelamp.casework.reports import commands, lookups
from bluelamp.casework.reports.lookups import DraftDetail, DraftItem
from bluelamp.casework.reports.rules import DRAFT_LIFETIME
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.public.rate_limits import enforce_limit

DRAFT_COOKIE = "bluelamp_report"
SENT_COOKIE = "bluelamp_report_sent"
DRAFT_COOKIE_SECONDS = int(DRAFT_LIFETIME.total_seconds())
SENT_COOKIE_SECONDS = 24 * 3600
MAX_DRAFTS_AN_HOUR = 300


class DraftCookie(NamedTuple):
    """What the cookie holds: the id of a draft, and the secret that opens it."""

    draft_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that this browser sent: its id, its reference, and when."""

    report_id: UUID
    reference: str
    at: datetime


def draft_cookie(request: HttpRequest) -> DraftCookie | None:
    """Return the draft that the browser's cookie names, which may no longer be there."""
    text = _get_cookie(request, DRAFT_COOKIE, DRAFT_COOKIE_SECONDS)
    draft_id, _space, secret = text.partition(" ")
    try:
        return DraftCookie(UUID(draft_id), secret)
    except ValueError:
        return None


def get_draft(request: HttpRequest) -> DraftDetail | None:
    """Return the browser's draft, or None if it has none or the draft expired."""
    cookie = draft_cookie(request)
    if cookie is None:
        return None
    try:
        return lookups.get_draft(
            actor=get_actor(request), at=now(), draft_id=cookie.draft_id, secret=cookie.secret
        )
    except NotFound:
        return None


def get_draft_with_items(
    request: HttpRequest,
) -> tuple[DraftDetail | None, tuple[DraftItem, ...]]:
    """Return the browser's draft with its files, or None and no files."""
    cookie = draft_cookie(request)
    if cookie is None:
        return None, ()
    try:
        return lookups.get_draft_with_items(
            actor=get_actor(request), at=now(), draft_id=cookie.draft_id, secret=cookie.secret
        )
    except NotFound:
        return None, ()


def get_or_start_draft(request: HttpRequest) -> DraftCookie:
    """Return the browser's draft, or a new one."""
    cookie = draft_cookie(request)
    if cookie is not None and get_draft(request) is not None:
        return cookie
    return _start_draft(request)


def save_answers(
    request: HttpRequest, answers: Mapping[str, str]
) -> tuple[DraftCookie, DraftDetail]:
    """Save answers as they were typed, in a new draft if the browser has none.

    Raises:
        Refused: An answer cannot be stored.
        TooManyRequests: The sender started too many drafts within an hour.
    """
    cookie = draft_cookie(request)
    if cookie is not None:
        # The draft may have expired since the page was opened: then the answers start a new one.
        with suppress(NotFound):
            return cookie, _save_to(request, cookie, answers)
    cookie = _start_draft(request)
    return cookie, _save_to(request, cookie, answers)


def delete_draft(request: HttpRequest) -> None:
    """Delete the browser's draft, so that a copy of its cookie opens nothing."""
    cookie = draft_cookie(request)
    if cookie is not None:
        with suppress(NotFound):  # it expired, or was deleted before
            commands.delete_draft(
                actor=get_actor(request), at=now(), draft_id=cookie.draft_id, secret=cookie.secret
            )


def set_draft_cookie(response: HttpResponse, cookie: DraftCookie) -> HttpResponse:
    """Set the cookie for a draft, for as long as drafts are stored."""
    text = f"{cookie.draft_id} {cookie.secret}"
    return _set_cookie(response, DRAFT_COOKIE, text, DRAFT_COOKIE_SECONDS)


def set_sent_cookie(response: HttpResponse, sent: SentReport) -> HttpResponse:
    """Set the cookie for a sent report, for a day, and delete the one for its draft."""
    delete_cookies(response, DRAFT_COOKIE)
    text = f"{sent.report_id} {sent.reference} {sent.at.isoformat()}"
    return _set_cookie(response, SENT_COOKIE, text, SENT_COOKIE_SECONDS)


def get_sent_report(request: HttpRequest) -> SentReport | None:
    """Return the report that this browser sent within the last day, if any."""
    text = _get_cookie(request, SENT_COOKIE, SENT_COOKIE_SECONDS)
    try:
        report_id, reference, at = text.split(" ")
        return SentReport(UUID(report_id), reference, datetime.fromisoformat(at))
    except ValueError:
        return None


def delete_cookies(response: HttpResponse, *names: str) -> None:
    """Delete cookies of the report from the browser."""
    for name in names:
        cookies.delete_cookie(response, name, path=reverse("report"))


def _start_draft(request: HttpRequest) -> DraftCookie:
    enforce_limit(request, MAX_DRAFTS_AN_HOUR, act="report.draft_started")
    draft, secret = commands.start_draft(actor=get_actor(request), at=now())
    return DraftCookie(draft.id, secret)


def _save_to(request: HttpRequest, cookie: DraftCookie, answers: Mapping[str, str]) -> DraftDetail:
    return commands.save_draft_answers(
        actor=get_actor(request),
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        answers=answers,
    )


def _get_cookie(request: HttpRequest, name: str, max_age: int) -> str:
    return cookies.get_signed_cookie(request, name, salt=name, max_age=max_age)


def _set_cookie(response: HttpResponse, name: str, value: str, max_age: int) -> HttpResponse:
    # A salt of its own, so that one cookie's value is no good as another's.
    cookies.set_signed_cookie(
        response, name, value, salt=name, max_age=max_age, path=reverse("report")
    )
    return response
