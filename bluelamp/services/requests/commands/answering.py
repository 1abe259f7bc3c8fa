"""Answer a request at the desk: take it on, add the redacted file, send it, or refuse."""

import secrets
from datetime import datetime

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.notifications.languages import format_day, page_address
from bluelamp.foundation.payments.commands import request_all_refunds, withdraw_payment
from bluelamp.foundation.payments.rules import PaymentState
from bluelamp.records.evidence.commands import (
    ItemClaims,
    NewItem,
    receive_item_within_command,
)
from bluelamp.records.evidence.commands.receiving import Readable
from bluelamp.services.requests.commands.entries import add_entry, system_actor, write_to_requester
from bluelamp.services.requests.lookups.own import is_email_confirmed, read_payment
from bluelamp.services.requests.models import Delivery, InformationRequest, RequestFile
from bluelamp.services.requests.policy import request_policy
from bluelamp.services.requests.rules import (
    LINK_DURATION,
    PAYABLE_KIND,
    REFUSABLE,
    UNPAID,
    RequestState,
    hash_secret,
    parse_reference,
    request_subject,
)

MAX_NOTE_LENGTH = 2_000


@command(permission="request.fulfil", act="request.taken_on")
def take_on_request(*, actor: Actor, at: datetime, reference: str) -> None:
    """Make a request one's own. Raises NotFound, and Refused where it is closed or not paid."""
    request = _lock_open_request(actor, reference)
    # Pressed twice, it is one entry in the history.
    if request.owner_id != actor.id:
        request.owner_id = actor.id
        request.save(update_fields=["owner"])
        add_entry(request, actor=actor, at=at, act="taken-on")
    record_act(request, ref=request.reference)


@command(permission="request.fulfil", act="request.file_added", category=Category.COLLECTION)
def add_file(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    filename: str,
    source: Readable | None,
    media_type: str,
    redaction_note: str,
) -> None:
    """Add a redacted copy to a request, as an item of its own. No original is altered.

    Raises:
        NotFound: There is no such request.
        Refused: It is closed, there is no file, or nothing says what was taken out.
    """
    request = _lock_open_request(actor, reference)
    note = clean_text(
        redaction_note,
        max_length=MAX_NOTE_LENGTH,
        field="redaction",
        label="requests.redaction_label",
    )
    problems = []
    if source is None:
        problems.append(Problem("requests.file_missing", "file"))
    if not note:
        problems.append(Problem("requests.redaction_missing", "redaction"))
    if problems or source is None:
        raise Refused(errors=problems)
    item = receive_item_within_command(
        actor=actor,
        at=at,
        new=NewItem(
            subject=request_subject(request.id),
            filename=filename,
            source=source,
            media_type_claimed=media_type,
            claims=ItemClaims(origin="desk", description=note[:200]),
        ),
    )
    RequestFile.objects.create(
        request=request,
        item_id=item.id,
        redaction_note=note,
        added_at=at,
        added_by_id=actor.id,
        added_by_name=actor.name[:200],
    )
    add_entry(request, actor=actor, at=at, act="file-added", note=item.filename)
    record_act(request, ref=request.reference, detail={"item": str(item.id)})


@command(permission="request.fulfil", act="request.answered", category=Category.DISCLOSURE)
def send_answer(*, actor: Actor, at: datetime, reference: str) -> str:
    """Send a link to the files of a request, which ends after 30 days or 5 downloads of each.

    Where the e-mail address is not confirmed it may be a stranger's: then the message has no link
    that opens them. It leads to the page that a one-time code opens, which offers the same
    downloads. Sent again, the links from before end. Of a soft request nothing is sent: staff give
    the person the answer in the way that they said is safe.

    Returns:
        The link's secret, which is nowhere else but in the e-mail; "" where there is no link.

    Raises:
        NotFound: There is no such request.
        Refused: It is refused or not paid, or it has no file.
    """
    request = _lock_request(actor, reference)
    if request.state not in {RequestState.OPEN, RequestState.DELIVERED}:
        raise Refused(_closed_code(request))
    if not request.is_soft and not request.files.exists():
        raise Refused("requests.files_missing", field="file")
    # Whoever asks for another link may have lost the first one to somebody.
    Delivery.objects.filter(request=request, ended_at=None).update(ended_at=at)
    has_link = is_email_confirmed(actor=actor, request=request)
    secret = secrets.token_urlsafe(32) if has_link else ""
    expires_on = london_date(at + LINK_DURATION)
    if not request.is_soft:
        Delivery.objects.create(
            request=request,
            secret_sha256=hash_secret(secret) if has_link else None,
            sent_at=at,
            expires_on=expires_on,
        )
    request.state = RequestState.DELIVERED
    # Sent again, it was still answered on the first day: that is what the clock counts.
    request.closed_at = request.closed_at or at
    request.save(update_fields=["state", "closed_at"])
    is_without_link = not has_link and not request.is_soft
    add_entry(request, actor=actor, at=at, act="sent-without-link" if is_without_link else "sent")
    page = ("requests-download", secret) if has_link else ("requests-track",)
    write_to_requester(
        request,
        at=at,
        template="request-ready" if has_link else "request-ready-no-link",
        # Again means another link: each has a message of its own.
        occasion=f"request ready {request.deliveries.count()}",
        placeholders={
            "link": page_address(*page, language=request.language),
            "until": format_day(expires_on, request.language),
        },
    )
    record_act(request, ref=request.reference, detail={"link": has_link})
    return secret


@command(permission="request.fulfil", act="request.refused")
def refuse_request(*, actor: Actor, at: datetime, reference: str, reason: str) -> None:
    """Refuse a request with a reason, and ask for the refund of what was paid.

    Another person approves the refund, as of any payment.

    Raises:
        NotFound: There is no such request.
        Refused: It is closed, or there is no reason.
    """
    # Locked: the payment may come, or somebody may send the answer, at this moment.
    request = _lock_request(actor, reference)
    if request.state not in REFUSABLE:
        raise Refused(_closed_code(request))
    text = clean_text(
        reason, max_length=MAX_NOTE_LENGTH, field="reason", label="requests.reason_label"
    )
    if not text:
        raise Refused("requests.reason_missing", field="reason")
    request.state = RequestState.REFUSED
    request.refusal_reason = text
    request.closed_at = at
    request.save(update_fields=["state", "refusal_reason", "closed_at"])
    add_entry(request, actor=actor, at=at, act="refused", note=text)
    payment = read_payment(actor, request.id)
    request_all_refunds(
        actor=actor,
        at=at,
        payable_kind=PAYABLE_KIND,
        payable_id=request.id,
        reason=f"Request {request.reference} was refused",
    )
    # Nobody pays for what is refused. Money that is on its way at this moment is asked back when it
    # comes (`making.start_paid_request`).
    if payment is not None and payment.state == PaymentState.DUE and not payment.is_under_way:
        withdraw_payment(actor=system_actor(request.force), at=at, payment_id=payment.id)
    write_to_requester(
        request,
        at=at,
        template="request-refused",
        occasion="request refused",
        placeholders={"link": page_address("requests-track", language=request.language)},
    )
    record_act(request, ref=request.reference)


def _lock_request(actor: Actor, reference: str) -> InformationRequest:
    return request_policy.get(actor, lock=True, reference=parse_reference(reference) or "")


def _lock_open_request(actor: Actor, reference: str) -> InformationRequest:
    request = _lock_request(actor, reference)
    if request.state != RequestState.OPEN:
        raise Refused(_closed_code(request))
    return request


def _closed_code(request: InformationRequest) -> str:
    return "requests.not_paid" if request.state in UNPAID else "requests.closed"
