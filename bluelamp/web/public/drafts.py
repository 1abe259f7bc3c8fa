"""The drafts of reports, and the signed cookies for drafts and for the sent report.

A browser can have several drafts at once, in several tabs. Their cookie names them, the current one
first. A page's form names its own draft, so that what is typed in a tab goes to that tab's report.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bluelamp.casework.reports import commands, lookups
from bluelamp.casework.reports.lookups import DraftDetail, DraftItem
from bluelamp.casework.reports.rules import DRAFT_LIFETIME, KnownReporter
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.public.rate_limits import enforce_limit

DRAFT_COOKIE = "bluelamp_report"
SENT_COOKIE = "bluelamp_report_sent"
# A new report that the pages of a case have begun. They see no cookie of the report, and so can't
# add to the list in DRAFT_COOKIE.
KNOWN_COOKIE = "bluelamp_report_known"
KNOWN_COOKIE_SECONDS = 3600
DRAFT_COOKIE_SECONDS = int(DRAFT_LIFETIME.total_seconds())
SENT_COOKIE_SECONDS = 24 * 3600
# Whoever said that it is not safe may share the device.
UNSAFE_SENT_COOKIE_SECONDS = 3600
MAX_DRAFTS_AN_HOUR = 300
MAX_DRAFTS_IN_COOKIE = 5


class DraftCookie(NamedTuple):
    """The id of a draft, and the secret that opens it."""

    draft_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that this browser sent: its id, its reference, and when."""

    report_id: UUID
    reference: str
    at: datetime


def list_draft_cookies(request: HttpRequest) -> list[DraftCookie]:
    """Return the drafts that the browser's cookie names, the current one first."""
    texts = (
        _get_cookie(request, KNOWN_COOKIE, KNOWN_COOKIE_SECONDS),
        _get_cookie(request, DRAFT_COOKIE, DRAFT_COOKIE_SECONDS),
    )
    own_drafts = []
    for part in "|".join(texts).split("|"):
        draft_id, _space, secret = part.partition(" ")
        with suppress(ValueError):
            own_drafts.append(DraftCookie(UUID(draft_id), secret))
    return list(dict.fromkeys(own_drafts))


def draft_cookie(request: HttpRequest) -> DraftCookie | None:
    """Return the draft that the page's form names, else the current one; it may have expired.

    None where the browser has no draft, or the form names one that it does not have any more.
    """
    own_drafts = list_draft_cookies(request)
    wanted = request.POST.get("draft", "") if request.method == "POST" else ""
    # Two tabs may have a report each: the form says which of them it belongs to.
    if wanted:
        return next((draft for draft in own_drafts if str(draft.draft_id) == wanted), None)
    return own_drafts[0] if own_drafts else None


def is_for_another_draft(request: HttpRequest) -> bool:
    """Return whether a form was posted for a draft that is not the browser's current one."""
    own_drafts = list_draft_cookies(request)
    cookie = draft_cookie(request)
    return bool(own_drafts) and cookie is not None and cookie != own_drafts[0]


def was_sent(request: HttpRequest) -> bool:
    """Return whether a form was posted for a report that this browser has sent since."""
    sent = get_sent_report(request)
    wanted = request.POST.get("draft", "")
    if sent is None or str(sent.report_id) != wanted:
        return False
    return not any(str(cookie.draft_id) == wanted for cookie in list_draft_cookies(request))


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
    return start_draft(request)


def save_answers(
    request: HttpRequest,
    answers: Mapping[str, str],
    *,
    refused_post: Mapping[str, Any] | None = None,
) -> tuple[DraftCookie, DraftDetail]:
    """Save answers as they were typed, in a new draft if the browser has none.

    Args:
        request: The request.
        answers: The answers by their names.
        refused_post: The whole form, if it has errors and is to be shown again.

    Raises:
        Refused: An answer cannot be stored.
        TooManyRequests: The sender started too many drafts within an hour.
    """
    cookie = draft_cookie(request)
    if cookie is not None:
        # The draft may have expired since the page was opened: then the answers start a new one.
        with suppress(NotFound):
            return cookie, _save_to(request, cookie, answers, refused_post)
    cookie = start_draft(request)
    return cookie, _save_to(request, cookie, answers, refused_post)


def start_draft(request: HttpRequest, known: KnownReporter | None = None) -> DraftCookie:
    """Start a new draft, perhaps with what is known of somebody who follows an earlier case.

    Raises:
        TooManyRequests: The sender starts too many.
    """
    enforce_limit(request, MAX_DRAFTS_AN_HOUR, act="report.draft_started")
    reference = known.reference if known else ""
    draft, secret = commands.start_draft(
        actor=get_actor(request),
        at=now(),
        known=known,
        source=_("your case %(reference)s") % {"reference": reference},
    )
    return DraftCookie(draft.id, secret)


def delete_drafts(request: HttpRequest) -> None:
    """Delete every draft of the browser, so that a copy of its cookie opens nothing."""
    for cookie in list_draft_cookies(request):
        with suppress(NotFound):  # it expired, or was deleted before
            commands.delete_draft(
                actor=get_actor(request), at=now(), draft_id=cookie.draft_id, secret=cookie.secret
            )


def set_draft_cookie(
    request: HttpRequest, response: HttpResponse, cookie: DraftCookie
) -> HttpResponse:
    """Make a draft the browser's current one, for as long as drafts are stored."""
    others = [other for other in list_draft_cookies(request) if other != cookie]
    return _set_draft_cookies(response, [cookie, *others])


def set_known_cookie(response: HttpResponse, cookie: DraftCookie) -> HttpResponse:
    """Set the cookie for a new draft from a page that sees no cookie of the report."""
    text = f"{cookie.draft_id} {cookie.secret}"
    return _set_cookie(response, KNOWN_COOKIE, text, KNOWN_COOKIE_SECONDS)


def set_sent_cookie(
    request: HttpRequest,
    response: HttpResponse,
    sent: SentReport,
    *,
    is_safe_to_contact: bool | None,
) -> HttpResponse:
    """Set the cookie for a sent report, and take its draft out of the other cookie.

    It lasts a day, or an hour where it is not safe to contact the person.
    """
    others = [other for other in list_draft_cookies(request) if other.draft_id != sent.report_id]
    if others:
        _set_draft_cookies(response, others)
    else:
        delete_cookies(response, DRAFT_COOKIE, KNOWN_COOKIE)
    text = f"{sent.report_id} {sent.reference} {sent.at.isoformat()}"
    seconds = SENT_COOKIE_SECONDS if is_safe_to_contact else UNSAFE_SENT_COOKIE_SECONDS
    return _set_cookie(response, SENT_COOKIE, text, seconds)


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


def _save_to(
    request: HttpRequest,
    cookie: DraftCookie,
    answers: Mapping[str, str],
    refused_post: Mapping[str, Any] | None,
) -> DraftDetail:
    return commands.save_draft_answers(
        actor=get_actor(request),
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        answers=answers,
        refused_post=refused_post,
    )


def _set_draft_cookies(response: HttpResponse, own_drafts: list[DraftCookie]) -> HttpResponse:
    # Its draft is in the list now.
    delete_cookies(response, KNOWN_COOKIE)
    text = "|".join(
        f"{draft.draft_id} {draft.secret}" for draft in own_drafts[:MAX_DRAFTS_IN_COOKIE]
    )
    return _set_cookie(response, DRAFT_COOKIE, text, DRAFT_COOKIE_SECONDS)


def _get_cookie(request: HttpRequest, name: str, max_age: int) -> str:
    return cookies.get_signed_cookie(request, name, salt=name, max_age=max_age)


def _set_cookie(response: HttpResponse, name: str, value: str, max_age: int) -> HttpResponse:
    # A salt of its own, so that one cookie's value is no good as another's.
    cookies.set_signed_cookie(
        response, name, value, salt=name, max_age=max_age, path=reverse("report")
    )
    return response
