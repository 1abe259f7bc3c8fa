"""Send the maker of a statement a copy: a link, which opens with a one-time code.

Nothing requires it and nothing forbids it: the force decides (`BLUELAMP_STATEMENT_COPIES`), and the
officer for each statement. Somebody else may read the maker's phone: the message says nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from bluelamp.casework.casefiles.assembling import assemble_statement
from bluelamp.casework.casefiles.documents import mg11_copy
from bluelamp.casework.investigations.commands.log import write_log_entry
from bluelamp.casework.investigations.events import StatementCopyRequested
from bluelamp.casework.investigations.lookups import find_statement
from bluelamp.casework.investigations.models import Statement
from bluelamp.casework.investigations.policy import statement_policy
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.casework.victims.models import StatementCopy
from bluelamp.casework.victims.rules import COPY_EMAIL, COPY_TEXT, message_key
from bluelamp.foundation.accounts.actors import user_actor
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.contact import is_mobile
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.commands import list_unsent_message, send_message
from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    CodeRequest,
    hash_browser_secret,
)
from bluelamp.foundation.notifications.languages import format_day, page_address
from bluelamp.foundation.notifications.one_time_codes import (
    CodeMessage,
    end_code_session,
    exchange_one_time_code,
    send_one_time_code,
)
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.records.people.contact_facts import (
    ContactFacts,
    do_facts_match,
    hash_typed_facts,
    to_contact_facts,
)
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.reference.lookups import get_force

COPY_TEMPLATE = "statement-copy"
_PURPOSE = "victims.statement_copy"
_DURATION = timedelta(days=30)
_MAY_SEND = frozenset({"notification.send"})
_MEANS_WORDS = {COPY_EMAIL: "email", COPY_TEXT: "text"}


class StatementPdf(NamedTuple):
    """A copy of a statement: its bytes, and the name to save it under."""

    content: bytes
    filename: str


@command(permission="statement.send_copy", act="statement.copy_sent", category=Category.DISCLOSURE)
def send_statement_copy(
    *,
    actor: Actor,
    at: datetime,
    statement_id: UUID,
    means: str,
    is_safe: bool,
    language: str = "en",
    is_from_scene: bool = False,
) -> None:
    """Send the maker of a statement a link to a copy of it, which ends after 30 days.

    The log of the investigation says so.

    Args:
        actor: The member of staff.
        at: The time.
        statement_id: The statement.
        means: "email" or "sms".
        is_safe: Whether the maker said that it is safe to send it there.
        language: "en" or "cy".
        is_from_scene: Whether a phone asked for it together with the statement. It is sent once, to
            the address on the statement's back only: that is the one which the officer saw.

    Raises:
        NotFound: There is no such statement of the force.
        Refused: The force sends none, it is not safe, or there is no such address.
    """
    statement = statement_policy.get(actor, id=statement_id)
    number = str(statement.crime.number)
    # One copy is asked for with a statement: under the statement's id, a second is not made.
    copy_id = statement.id if is_from_scene else new_id()
    if earlier := StatementCopy.objects.filter(id=copy_id).first():
        record_act(earlier, ref=number, detail={"sent": "before"})
        return
    address = _require_address(statement, means, is_safe=is_safe, is_back_only=is_from_scene)
    language = require_language(language)
    secret = secrets.token_urlsafe(24)
    copy = StatementCopy.objects.create(
        id=copy_id,
        statement=statement,
        secret_sha256=_hash(secret),
        means=means,
        language=language,
        sent_at=at,
        sent_by_id=actor.id,
        sent_by_name=actor.name[:200],
        ends_at=at + _DURATION,
    )
    send_message(
        actor=_system_actor(statement),
        at=at,
        to=address,
        template=COPY_TEMPLATE,
        reference=number,
        idempotency_key=message_key(copy.id),
        language=language,
        personalisation={
            "link": page_address("paper", secret, language=language),
            "until": format_day(london_date(copy.ends_at), language),
        },
    )
    write_log_entry(
        actor=actor,
        at=at,
        crime=statement.crime,
        kind=EntryKind.NOTE,
        text=f"Link to a copy of the statement of {statement.maker_name} sent to them by"
        f" {_MEANS_WORDS[means]}.",
        about_id=statement.id,
    )
    record_act(copy, ref=number, detail={"statement": str(statement.id), "means": means})


@subscribe(StatementCopyRequested, name="victims.send_statement_copy", queue=Queue.MESSAGES)
def send_requested_copy(event: StatementCopyRequested) -> None:
    """Send the copy that was asked for at the scene, by the officer's permissions of today.

    What the desk could not send either is listed for it, with the reason.
    """
    at = now()
    officer = User.objects.get(id=event.officer_id)
    try:
        send_statement_copy(
            actor=user_actor(officer, reason="Asked for on the phone when it was signed"),
            at=at,
            statement_id=event.statement_id,
            means=event.means,
            # The phone asks for it with the offer.
            is_safe=True,
            language=event.language,
            is_from_scene=True,
        )
        return
    except Refused as refused:
        reason = refused.message
    except (NotFound, NotPermitted):
        reason = f"{officer.display_name} may not send copies of this statement"
    list_unsent_message(
        actor=Actor.system("statement copies", force=event.force, permissions=_MAY_SEND),
        at=at,
        to="",
        template=COPY_TEMPLATE,
        reference=event.number,
        idempotency_key=message_key(event.statement_id),
        reason=reason,
    )


@command(permission="statement.read_copy", act="statement.copy_code_sent")
def send_copy_code(
    *,
    actor: Actor,
    at: datetime,
    secret: str,
    name: str,
    detail: str,
    browser_secret: str,
) -> None:
    """Send a code to the maker of a statement, if whoever has the link knows who that is.

    A mistyped address is a stranger's, who gets the link: so it takes the maker's name and another
    detail, unless the address was confirmed. The answer is the same either way.

    Raises:
        NotFound: There is no such link, or it has ended.
    """
    copy = _get_copy(actor, at, secret)
    statement = copy.statement
    # What was safe may not be now.
    is_unsafe = statement.maker.is_safe_to_contact is False
    address = "" if is_unsafe else _address(statement, copy.means)
    is_sent = False
    if address:
        force = get_force(statement.crime.force)
        facts = hash_typed_facts(name=name, detail=detail)
        is_sent = send_one_time_code(
            actor=_system_actor(statement),
            at=at,
            message=CodeMessage(
                purpose=_PURPOSE,
                subject_id=copy.id,
                reference=str(statement.crime.number),
                to=address,
                force_name=force.name if force else "",
                language=copy.language,
            ),
            owner=AddressOwner(PERSON, statement.maker_id),
            request=CodeRequest(
                do_facts_match(facts, _contact_facts(statement), address=address),
                hash_browser_secret(browser_secret),
            ),
        )
    record_act(copy, ref=str(statement.crime.number), detail={"sent": is_sent})


@command(
    permission="statement.read_copy", act="statement.copy_opened", category=Category.DISCLOSURE
)
def try_open_copy(
    *, actor: Actor, at: datetime, secret: str, code: str, browser_secret: str
) -> StatementPdf | None:
    """Check a code, and return the statement as PDF; None where the code is wrong.

    A code opens it once.

    Raises:
        NotFound: There is no such link, or it has ended.
    """
    copy = _get_copy(actor, at, secret)
    statement = copy.statement
    number = str(statement.crime.number)
    session_id = exchange_one_time_code(
        at=at,
        purpose=_PURPOSE,
        subject_id=copy.id,
        code=code,
        find_owner=lambda _id: AddressOwner(PERSON, statement.maker_id),
        browser_secret=browser_secret,
    )
    # No error here: raised inside the command, it would undo the count of wrong codes.
    record_act(copy, ref=number, detail={"right": session_id is not None})
    if session_id is None:
        return None
    end_code_session(purpose=_PURPOSE, session_id=session_id, at=at)
    copy.first_opened_at = copy.first_opened_at or at
    copy.last_opened_at = at
    copy.openings += 1
    copy.save(update_fields=["first_opened_at", "last_opened_at", "openings"])
    system = _system_actor(statement)
    front = find_statement(actor=system, statement_id=statement.id)
    force = get_force(statement.crime.force)
    content = mg11_copy(
        statement=assemble_statement(system, front),
        force_name=force.name if force else "",
        made_at=at,
    )
    # The name of the file says nothing either: it lies among the downloads.
    return StatementPdf(content, f"copy-{statement.signed_at:%Y-%m-%d}.pdf")


def open_copy(
    *, actor: Actor, at: datetime, secret: str, code: str, browser_secret: str
) -> StatementPdf:
    """Check a code, and return the statement as PDF.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    pdf = try_open_copy(actor=actor, at=at, secret=secret, code=code, browser_secret=browser_secret)
    if pdf is None:
        raise Refused("victims.code_wrong", field="code")
    return pdf


def _require_address(statement: Statement, means: str, *, is_safe: bool, is_back_only: bool) -> str:
    """Return where to write to the maker of a statement. Raises Refused where we may not."""
    if not settings.BLUELAMP_STATEMENT_COPIES:
        raise Refused("victims.copies_not_sent")
    # The record wins: somebody who is in danger said so.
    if statement.maker.is_safe_to_contact is False:
        raise Refused("victims.copy_not_safe", field="means")
    if not is_safe:
        raise Refused("victims.copy_safety_missing", field="safe")
    address = _address(statement, means, is_back_only=is_back_only)
    if not address:
        raise Refused("victims.copy_address_missing", field="means")
    return address


def _address(statement: Statement, means: str, *, is_back_only: bool = False) -> str:
    sources = (statement.back,) if is_back_only else (statement.back, statement.maker)
    if means == COPY_EMAIL:
        return next((source.email for source in sources if source.email), "")
    phones = [source.phone for source in sources] if means == COPY_TEXT else []
    return next((phone for phone in phones if is_mobile(phone)), "")


def _contact_facts(statement: Statement) -> ContactFacts:
    """Return what only the maker told us, the address on the back of the statement among it."""
    home = statement.back.address
    return to_contact_facts(
        to_person_detail(statement.maker), postcodes=(home.postcode,) if home else ()
    )


def _get_copy(actor: Actor, at: datetime, secret: str) -> StatementCopy:
    copy = (
        StatementCopy.objects.select_for_update(of=("self",))
        .select_related("statement__crime__number", "statement__back", "statement__maker__address")
        .filter(secret_sha256=_hash(secret), statement__crime__force=actor.force, ends_at__gt=at)
        .first()
    )
    if copy is None:
        raise NotFound("There is no such link.")
    return copy


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _system_actor(statement: Statement) -> Actor:
    return Actor.system("statement copies", force=statement.crime.force, permissions=_MAY_SEND)
