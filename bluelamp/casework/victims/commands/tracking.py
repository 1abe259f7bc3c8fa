"""One-time codes, and the tracking sessions that they open."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from bluelamp.casework.reports.lookups import contact_for_report
from bluelamp.casework.victims.commands.informing import address_of_contact, send_to_contact
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.rules import (
    CODE_DIGITS,
    CODE_DURATION,
    CODES_KEPT_FOR,
    MAX_CODE_TRIES,
    MAX_CODES_PER_DAY,
    MAX_CODES_PER_HOUR,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic


@command(permission="victim.track", act="tracking.code_sent")
def send_code(*, actor: Actor, at: datetime, reference: str) -> None:
    """Send a one-time code to the address a report came from, if there is such a report.

    It returns nothing either way, so that nobody learns whether a reference exists. A report gets
    at most 5 codes an hour and 15 a day.
    """
    contact = contact_for_report(actor=actor, reference=reference)
    address = address_of_contact(contact) if contact else ""
    if contact is None or not address:
        record_act(None, ref=reference, detail={"sent": False})
        return
    codes = TrackingCode.objects.filter(report_id=contact.report_id)
    count_last_hour = codes.filter(sent_at__gt=at - timedelta(hours=1)).count()
    count_last_day = codes.filter(sent_at__gt=at - timedelta(days=1)).count()
    if count_last_hour >= MAX_CODES_PER_HOUR or count_last_day >= MAX_CODES_PER_DAY:
        detail = {"sent": False, "too many": count_last_day}
        record_act(None, ref=contact.reference, detail=detail)
        return
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    code = TrackingCode.objects.create(
        report_id=contact.report_id,
        code_hash=_hash_code(contact.report_id, digits),
        sent_at=at,
        expires_at=at + CODE_DURATION,
    )
    send_to_contact(
        contact,
        at=at,
        address=address,
        template="one-time-code",
        idempotency_key=f"code {code.id}",
        code=digits,
        minutes=str(int(CODE_DURATION.total_seconds() // 60)),
    )
    record_act(code, ref=contact.reference, detail={"sent": True})


@command(permission="victim.track", act="tracking.code_checked")
def exchange_code_for_session(
    *, actor: Actor, at: datetime, reference: str, code: str
) -> UUID | None:
    """Check a code, and return the id of the tracking session that it opens.

    The right code is used up, and ends the sessions that earlier codes opened. Five wrong tries use
    a code up too. Only the newest code counts: sending one voids those before it, however it ends
    itself.

    Returns:
        The session's id, or None where the code is not right for the reference.
    """
    contact = contact_for_report(actor=actor, reference=reference)
    newest = _lock_newest_code(contact.report_id) if contact else None
    if newest is not None and not _is_code_usable(newest, at=at):
        newest = None
    digits = "".join(character for character in code if character.isdigit())
    is_right = newest is not None and constant_time_compare(
        _hash_code(newest.report_id, digits), newest.code_hash
    )
    if newest is not None:
        newest.tries += 1
        newest.used_at = at if is_right else None
        newest.save(update_fields=["tries", "used_at"])
    record_act(newest, ref=reference, detail={"right": is_right})
    if newest is None or not is_right:
        return None
    sessions = TrackingCode.objects.filter(
        report_id=newest.report_id, used_at__isnull=False, ended_at=None
    )
    sessions.exclude(id=newest.id).update(ended_at=at)
    return newest.id


def open_session(*, actor: Actor, at: datetime, reference: str, code: str) -> UUID:
    """Check a code, and return the id of the tracking session that it opens.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    session_id = exchange_code_for_session(actor=actor, at=at, reference=reference, code=code)
    if session_id is None:
        raise Refused("victims.code_wrong", field="code")
    return session_id


@command(permission="victim.track", act="tracking.ended")
def end_session(*, actor: Actor, at: datetime, tracking_session_id: UUID) -> None:
    """End a tracking session, so that its cookie opens nothing from now on.

    Raises NotFound where there is no such session or it was ended before.
    """
    code = (
        TrackingCode.objects.select_for_update(of=("self",))
        .select_related("report")
        .filter(id=tracking_session_id, used_at__isnull=False, ended_at=None)
        .first()
    )
    if code is None:
        raise NotFound("There is no such session")
    code.ended_at = at
    code.save(update_fields=["ended_at"])
    record_act(code, ref=code.report.reference)


@command(permission="victim.track", act="tracking.codes_swept", category=Category.ERASURE)
def delete_old_codes(*, actor: Actor, at: datetime) -> int:
    """Delete the codes that have been kept for 7 days, with their sessions, and return how many."""
    count, _ = TrackingCode.objects.filter(sent_at__lte=at - CODES_KEPT_FOR).delete()
    record_act(None, detail={"count": count})
    return count


@periodic(cron="37 3 * * *", name="victims.delete_old_codes", queue=Queue.BULK)
def delete_old_codes_every_night() -> None:
    """Delete the codes whose time is over."""
    actor = Actor.system(
        "tracking codes", force=settings.BLUELAMP_FORCE, permissions={"victim.track"}
    )
    delete_old_codes(actor=actor, at=now())


def _lock_newest_code(report_id: UUID) -> TrackingCode | None:
    # The lock counts tries one at a time: a hundred at once must not all be the first.
    codes = TrackingCode.objects.select_for_update().filter(report_id=report_id)
    return codes.order_by("-sent_at", "-id").first()


def _is_code_usable(code: TrackingCode, *, at: datetime) -> bool:
    """Say whether a code may still be tried."""
    return code.used_at is None and code.expires_at > at and code.tries < MAX_CODE_TRIES


def _hash_code(report_id: UUID, code: str) -> str:
    """Return what is kept of a code.

    Six digits are soon tried through, so it is our secret key that protects the hash.
    """
    return salted_hmac(
        "bluelamp.casework.victims.code", f"{report_id} {code}", algorithm="sha256"
    ).hexdigest()
