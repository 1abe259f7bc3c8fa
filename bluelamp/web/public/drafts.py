"""The draft of a report and the signed cookies that remember it and, once sent, its reference."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bluelamp.casework.reports import commands, queries
from bluelamp.casework.reports.queries import DraftItem, DraftView
from bluelamp.casework.reports.rules import DRAFT_LASTS
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.actor import actor_of
from bluelamp.web.public import limits

COOKIE = "bluelamp_report"
SENT_COOKIE = "bluelamp_report_sent"
PATH = "/report/"
SENT_LASTS = 24 * 3600
DRAFTS_AN_HOUR = 300


class Holder(NamedTuple):
    """What the cookie names: a draft, and the secret that opens it."""

    draft_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that this browser sent: its id, its reference, and when."""

    report_id: UUID
    reference: str
    at: datetime


def holder_of(request: HttpRequest) -> Holder | None:
    """Return the draft that the browser holds, without looking whether it is still there."""
    text = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=_seconds()) or ""
    draft_id, _, secret = text.partition(" ")
    try:
        return Holder(UUID(draft_id), secret)
    except ValueError:
        return None


def read(request: HttpRequest) -> DraftView | None:
    """Return the draft that the browser holds, or None when it holds none or it was kept too long
    ago.
    """
    held = holder_of(request)
    if held is None:
        return None
    try:
        return queries.read_draft(
            actor=actor_of(request), at=now(), draft_id=held.draft_id, secret=held.secret
        )
    except NotFound:
        return None


def read_with_items(request: HttpRequest) -> tuple[DraftView | None, tuple[DraftItem, ...]]:
    """Return the draft that the browser holds with its files; None and no files when it holds
    none.
    """
    held = holder_of(request)
    if held is None:
        return None, ()
    try:
        return queries.draft_items(
            actor=actor_of(request), at=now(), draft_id=held.draft_id, secret=held.secret
        )
    except NotFound:
        return None, ()


def open_draft(request: HttpRequest) -> Holder:
    """Return the draft that the browser holds, or a new one."""
    held = holder_of(request)
    if held is not None and read(request) is not None:
        return held
    return _start(request)


def keep(request: HttpRequest, answers: Mapping[str, str]) -> tuple[Holder, DraftView]:
    """Keep answers as typed, in a new draft where the browser holds none. Raises Refused."""
    actor, at = actor_of(request), now()
    held = holder_of(request)
    if held is not None:
        try:
            return held, commands.save_answers(
                actor=actor, at=at, draft_id=held.draft_id, secret=held.secret, answers=answers
            )
        except NotFound:
            pass
    held = _start(request)
    return held, commands.save_answers(
        actor=actor, at=at, draft_id=held.draft_id, secret=held.secret, answers=answers
    )


def forget(request: HttpRequest) -> None:
    """Remove the draft that the browser holds: a copy of its cookie opens nothing afterwards."""
    held = holder_of(request)
    if held is not None:
        with suppress(NotFound):  # it ran out, or was removed before
            commands.forget_draft(
                actor=actor_of(request), at=now(), draft_id=held.draft_id, secret=held.secret
            )


def remember(response: HttpResponse, held: Holder) -> HttpResponse:
    """Leave the draft with the browser, for as long as drafts are kept."""
    return _leave(response, COOKIE, f"{held.draft_id} {held.secret}", _seconds())


def remember_sent(response: HttpResponse, sent: Sent) -> HttpResponse:
    """Leave the reference with the browser for a day, and take the draft away from it."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return _leave(
        response,
        SENT_COOKIE,
        f"{sent.report_id} {sent.reference} {sent.at.isoformat()}",
        SENT_LASTS,
    )


def sent_of(request: HttpRequest) -> Sent | None:
    """Return the report that this browser sent within a day, if any."""
    text = (
        request.get_signed_cookie(SENT_COOKIE, default="", salt=SENT_COOKIE, max_age=SENT_LASTS)
        or ""
    )
    try:
        report_id, reference, at = text.split(" ")
        return Sent(UUID(report_id), reference, datetime.fromisoformat(at))
    except ValueError:
        return None


def _start(request: HttpRequest) -> Holder:
    limits.hold(request, DRAFTS_AN_HOUR, act="report.draft_started")
    draft, secret = commands.start_draft(actor=actor_of(request), at=now())
    return Holder(draft.id, secret)


def _leave(response: HttpResponse, name: str, value: str, seconds: int) -> HttpResponse:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=seconds,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _seconds() -> int:
    return int(DRAFT_LASTS.total_seconds())
