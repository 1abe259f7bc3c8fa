"""One-time codes, and the tracking sessions that they open."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from bluelamp.casework.victims.commands.informing import choose_contacts, send_to_contact
from bluelamp.casework.victims.models import TrackingCode, TrackingPassphrase
from bluelamp.casework.victims.reads import (
    Case,
    CaseContact,
    choose_reachable_address,
    find_case,
    reference_condition,
)
from bluelamp.casework.victims.rules import (
    CODE_DIGITS,
    CODE_DURATION,
    CODES_KEPT_FOR,
    MAX_CODE_TRIES,
    MAX_CODES_PER_DAY,
    MAX_CODES_PER_HOUR,
    SESSION_DURATION,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job, periodic
from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    CodeRequest,
    ConfirmedBy,
    address_key,
    are_facts_accepted,
    confirm_address,
    hash_browser_secret,
    is_address_confirmed,
    is_right_browser,
)
from bluelamp.records.people.contact_facts import do_facts_match, hash_typed_facts

NO_ROW = UUID(int=0)
"""An id that no row has: an UPDATE of it is a statement like any other, and changes nothing."""


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
    enqueue(
        "victims.send_code",
        reference=reference,
        force=actor.force,
        facts=hash_typed_facts(name=name, detail=detail),
        browser_hash=hash_browser_secret(browser_secret),
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
    # A row without a hash is a session that a passphrase opened, and no code.
    codes = TrackingCode.objects.filter(
        **case.columns, person_id=contact.person_id, code_hash__gt=""
    )
    count_last_hour = codes.filter(sent_at__gt=at - timedelta(hours=1)).count()
    count_last_day = codes.filter(sent_at__gt=at - timedelta(days=1)).count()
    if count_last_hour >= MAX_CODES_PER_HOUR or count_last_day >= MAX_CODES_PER_DAY:
        detail = {"sent": False, "too many": count_last_day}
        record_act(None, ref=case.reference, detail=detail)
        return
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
    is_confirmed = is_address_confirmed(actor=actor, owner=contact.owner, address=address)
    # A mistyped address is a stranger's, who has the reference from our messages.
    if not is_confirmed and not _may_have_code(codes, contact, request, at=at):
        record_act(None, ref=case.reference, detail={"sent": False, "reason": "not confirmed"})
        return
    # Digit by digit and not as one number, because codes may begin with 0.
    digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    code = TrackingCode.objects.create(
        **case.columns,
        person_id=contact.person_id,
        code_hash=_hash_code(case.columns["report_id"] or case.columns["crime_id"], digits),
        sent_at=at,
        expires_at=at + CODE_DURATION,
        address_key=address_key(address),
        # The code too would go to a stranger: it is of use only where the facts were typed.
        browser_hash="" if is_confirmed else request.browser_hash,
    )
    outcome = send_to_contact(
        case,
        contact,
        at=at,
        template="one-time-code",
        idempotency_key=f"code {code.id}",
        placeholders={"code": digits, "minutes": str(int(CODE_DURATION.total_seconds() // 60))},
    )
    record_act(code, ref=case.reference, detail=outcome)


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
    usable = [row for row in _lock_newest_codes(reference) if _is_code_usable(row, at=at)]
    # People copy a code with a space in it, or with the words around it.
    digits = "".join(character for character in code if character.isdigit())
    # Several people may follow one case, each with a code of their own.
    right = next(
        (
            row
            for row in usable
            if _is_code_right(row, digits) and is_right_browser(row.browser_hash, browser_secret)
        ),
        None,
    )
    tried_ids = [row.id for row in usable] or [NO_ROW]
    TrackingCode.objects.filter(id__in=tried_ids).update(tries=F("tries") + 1)
    record_act(
        right or (usable[0] if usable else None), ref=reference, detail={"right": right is not None}
    )
    if right is None:
        return None
    right.used_at = at
    right.save(update_fields=["used_at"])
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


def _may_have_code(
    codes: QuerySet[TrackingCode], contact: CaseContact, request: CodeRequest, *, at: datetime
) -> bool:
    """Return whether whoever asks may have a code sent to an address that is not confirmed."""
    if not request.browser_hash:
        return False
    # This browser gave the right facts lately, and now wants another code.
    recent = codes.filter(sent_at__gt=at - SESSION_DURATION, browser_hash=request.browser_hash)
    if recent.exists():
        return True
    return are_facts_accepted(contact.owner, at=at, facts_match=request.facts_match)


def _is_code_usable(code: TrackingCode, *, at: datetime) -> bool:
    """Say whether a code may still be tried."""
    return code.used_at is None and code.expires_at > at and code.tries < MAX_CODE_TRIES


def _is_code_right(row: TrackingCode, digits: str) -> bool:
    # How long a comparison takes must not tell how many digits were right.
    return constant_time_compare(_hash_code(row.report_id or row.crime_id, digits), row.code_hash)


def _hash_code(case_id: UUID | None, code: str) -> str:
    """Return what is kept of a code.

    Six digits are soon tried through, so it is our secret key that protects the hash.
    """
    return salted_hmac(
        "bluelamp.casework.victims.code", f"{case_id} {code}", algorithm="sha256"
    ).hexdigest()
