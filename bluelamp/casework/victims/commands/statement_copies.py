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
from bluelamp.casework.investigations.lookups import find_statement
from bluelamp.casework.investigations.models import Statement
from bluelamp.casework.investigations.policy import statement_policy
from bluelamp.casework.victims.models import StatementCopy
from bluelamp.casework.victims.rules import COPY_EMAIL, COPY_TEXT, message_key
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import is_mobile
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.commands import send_message
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
) -> None:
    """Send the maker of a statement a link to a copy of it, which ends after 30 days.

    Args:
        actor: The member of staff.
        at: The time.
        statement_id: The statement.
        means: "email" or "sms".
        is_safe: Whether the maker said that it is safe to send it there.
        language: "en" or "cy".

    Raises:
        NotFound: There is no such statement of the force.
        Refused: The force sends none, it is not safe, or there is no such address.
    """
    statement = statement_policy.get(actor, id=statement_id)
    address = _require_address(statement, means, is_safe=is_safe)
    language = require_language(language)
    secret = secrets.token_urlsafe(24)
    copy = StatementCopy.objects.create(
        statement=statement,
        secret_sha256=_hash(secret),
        means=means,
        language=language,
        sent_at=at,
        sent_by_id=actor.id,
        sent_by_name=actor.name[:200],
        ends_at=at + _DURATION,
    )
    number = str(statement.crime.number)
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
    record_act(copy, ref=number, detail={"statement": str(statement.id), "means": means})


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


def _require_address(statement: Statement, means: str, *, is_safe: bool) -> str:
    """Return where to write to the maker of a statement. Raises Refused where we may not."""
    if not settings.BLUELAMP_STATEMENT_COPIES:
        raise Refused("victims.copies_not_sent")
    # The record wins: somebody who is in danger said so.
    if statement.maker.is_safe_to_contact is False:
        raise Refused("victims.copy_not_safe", field="means")
    if not is_safe:
        raise Refused("victims.copy_safety_missing", field="safe")
    address = _address(statement, means)
    if not address:
        raise Refused("victims.copy_address_missing", field="means")
    return address


def _address(statement: Statement, means: str) -> str:
    back, maker = statement.back, statement.maker
    if means == COPY_EMAIL:
        return back.email or maker.email
    phones = (back.phone, maker.phone) if means == COPY_TEXT else ()
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
    return Actor.system(
        "statement copies", force=statement.crime.force, permissions={"notification.send"}
    )
