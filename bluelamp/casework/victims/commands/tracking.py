"""One-time codes, and the tracking sessions that they open."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from bluelamp.casework.victims.commands.informing import choose_contacts, send_to_contact
from bluelamp.casework.victims.models import TrackingCode, TrackingPassphrase
from bluelamp.casework.victims.reads import (
    Case,
    CaseContact,
    choose_reachable_address,
    find_case,
    reference_condition,
)
from bluelamp.casework.victims.rules import CODES_KEPT_FOR
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job, periodic
from bluelamp.foundation.notifications.code_rows import (
    NoCodeReason,
    make_code,
    use_right_code,
)
from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    CodeRequest,
    ConfirmedBy,
    confirm_address,
)
from bluelamp.records.people.contact_facts import do_facts_match, enqueue_code


@command(permission="victim.track", act="tracking.code_requested")
def request_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    name: str = "",
    detail: str = "",
    browser_secret: str = "",
) -> None:
    """Have a one-time code sent to whoever follows the case of a reference, if there is one.

    A job does it. So this reads nothing and writes the same whether the reference exists or not,
    and the time it takes says nothing.

    Args:
        actor: Who asks.
        at: The time.
        reference: Of a report or a crime.
        name: As they typed it. Only needed where their address is not confirmed yet.
        detail: The same: the postcode of their home, or of where it happened.
        browser_secret: What only the browser that asks has. Only it can then use the code.
    """
    enqueue_code(
        "victims.send_code",
        reference=reference,
        force=actor.force,
        name=name,
        detail=detail,
        browser_secret=browser_secret,
    )
    record_act(None, ref=reference)


@job(name="victims.send_code", queue=Queue.MESSAGES, attempts=3, priority=5)
def send_code_job(
    *, reference: str, force: str, facts: Sequence[str] = (), browser_hash: str = ""
) -> None:
    """Send a one-time code, if there is such a case and it is safe to."""
    actor = Actor.system("tracking codes", force=force, permissions={"victim.track"})
    send_code(actor=actor, at=now(), reference=reference, facts=facts, browser_hash=browser_hash)


@command(permission="victim.track", act="tracking.code_sent")
def send_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    facts: Sequence[str] = (),
    browser_hash: str = "",
) -> None:
    """Send a one-time code to whoever follows the case of a reference, if there is one.

    It goes to an address that is confirmed, or to whoever also gave the right `facts`. A case gets
    at most 5 codes an hour and 15 a day for each person. The record says of each what was done:
    `sent` is True only where a message was made.
    """
    case = find_case(actor=actor, reference=reference)
    contacts = choose_contacts(case) if case else ()
    if case is None or not contacts:
        record_act(None, ref=reference, detail={"sent": False, "reason": "nobody to write to"})
        return
    for contact in contacts:
        address = choose_reachable_address(actor=actor, case=case, contact=contact)
        request = CodeRequest(do_facts_match(facts, contact.facts, address=address), browser_hash)
        _send_code_to_contact(actor, case, contact, request, at)


def _send_code_to_contact(
    actor: Actor, case: Case, contact: CaseContact, request: CodeRequest, at: datetime
) -> None:
    """Send a code to one person, and record it.

    Where our texts do not reach their number it goes to their e-mail address, or staff hear of it.
    """
    address = choose_reachable_address(actor=actor, case=case, contact=contact)
    if not address:
        outcome = send_to_contact(
            case,
            contact,
            at=at,
            template="one-time-code",
            # Listed once a day at most, however often somebody tries.
            idempotency_key=f"code {contact.person_id} {at:%Y-%m-%d}",
            placeholders={},
        )
        record_act(None, ref=case.reference, detail=outcome)
        return
    case_id = case.columns["report_id"] or case.columns["crime_id"]
    code = make_code(
        TrackingCode.objects.all(),
        {**case.columns, "person_id": contact.person_id},
        actor=actor,
        at=at,
        to=address,
        owner=contact.owner,
        request=request,
        hash_digits=partial(_hash_code, case_id),
    )
    if isinstance(code, NoCodeReason):
        record_act(None, ref=case.reference, detail={"sent": False, "reason": str(code)})
        return
    outcome = send_to_contact(
        case,
        contact,
        at=at,
        template="one-time-code",
        idempotency_key=f"code {code.row.id}",
        placeholders=code.placeholders,
    )
    record_act(code.row, ref=case.reference, detail=outcome)


@command(permission="victim.track", act="tracking.code_checked")
def exchange_code_for_session(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> UUID | None:
    """Check a code, and return the id of the tracking session that it opens.

    The right code is used up, ends the sessions that the same person opened before, and confirms
    the address that it was sent to. Five wrong
    tries use a code up too. Only the newest code of each person counts: sending one voids those
    before it, however it ends itself. A wrong code makes the same statements whether the reference
    exists or not.

    Returns:
        The session's id, or None where the code is not right for the reference.
    """
    # Several people may follow one case, each with a code of their own.
    newest = _lock_newest_codes(reference)
    right = use_right_code(
        TrackingCode.objects.all(),
        newest,
        code,
        at=at,
        browser_secret=browser_secret,
        hash_digits=lambda row, digits: _hash_code(row.report_id or row.crime_id, digits),
    )
    record_act(
        right or (newest[0] if newest else None), ref=reference, detail={"right": right is not None}
    )
    if right is None:
        return None
    # A code that the version before sent names no address.
    if right.address_key and right.person_id:
        owner = AddressOwner(PERSON, right.person_id)
        confirm_address(owner, right.address_key, at=at, method=ConfirmedBy.FACTS_AND_CODE)
    end_other_sessions(right, at)
    return right.id


def open_session(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> UUID:
    """Check a code, and return the id of the tracking session that it opens.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    session_id = exchange_code_for_session(
        actor=actor, at=at, reference=reference, code=code, browser_secret=browser_secret
    )
    if session_id is None:
        raise Refused("victims.code_wrong", field="code")
    return session_id


def end_other_sessions(session: TrackingCode, at: datetime) -> None:
    """End the sessions that the same person opened for the same case before."""
    case_and_person = {
        "report_id": session.report_id,
        "crime_id": session.crime_id,
        "person_id": session.person_id,
    }
    sessions = TrackingCode.objects.filter(**case_and_person, used_at__isnull=False, ended_at=None)
    sessions.exclude(id=session.id).update(ended_at=at)


@command(permission="victim.track", act="tracking.ended")
def end_session(*, actor: Actor, at: datetime, tracking_session_id: UUID) -> None:
    """End a tracking session, so that its cookie opens nothing from now on.

    Raises NotFound where there is no such session or it was ended before.
    """
    session = (
        TrackingCode.objects.select_for_update(of=("self",))
        .select_related("report", "crime__number")
        .filter(id=tracking_session_id, used_at__isnull=False, ended_at=None)
        .first()
    )
    if session is None:
        raise NotFound("There is no such session")
    session.ended_at = at
    session.save(update_fields=["ended_at"])
    record_act(session, ref=reference_of(session))


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


def reference_of(row: TrackingCode | TrackingPassphrase) -> str:
    """Return the reference of a row's case."""
    if row.report:
        return row.report.reference
    return str(row.crime.number) if row.crime else ""


def _lock_newest_codes(reference: str) -> Sequence[TrackingCode]:
    """Return the newest code of each person who follows a case, locked."""
    # The lock counts tries one at a time: a hundred at once must not all be the first.
    codes = TrackingCode.objects.select_for_update(of=("self",)).filter(
        reference_condition(reference), code_hash__gt=""
    )
    newest: dict[UUID | None, TrackingCode] = {}
    for code in codes.order_by("-sent_at", "-id"):
        # The newest comes first, so the older ones of the same person are left out.
        newest.setdefault(code.person_id, code)
    return tuple(newest.values())


def _hash_code(case_id: UUID | None, code: str) -> str:
    """Return what is kept of a code.

    Six digits are soon tried through, so it is our secret key that protects the hash.
    """
    return salted_hmac(
        "bluelamp.casework.victims.code", f"{case_id} {code}", algorithm="sha256"
    ).hexdigest()
