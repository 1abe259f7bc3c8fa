"""Requests for information in the demonstration, one at each state, by the commands people use."""

from datetime import datetime, timedelta
from io import BytesIO

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import (
    save_form_draft,
    start_form_draft,
    sync_built_in_sets,
)
from bluelamp.foundation.forms.lookups import current_question_set, forget_versions
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.commands import record_offline_payment
from bluelamp.services.requests.commands import (
    add_file,
    make_request,
    refuse_request,
    send_answer,
    start_paid_request,
)
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups import OwnRequest, get_sent_request, get_service

# Invented people, as in the rest of the demonstration.
_NAMES = ("Grace Holloway", "Ravi Menon", "Bronwen Pugh", "Tomasz Zielinski", "Ellen Marsh")
_REPORT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # noqa: E501


def record_requests(*, installer: Actor, officer: Actor, at: datetime) -> None:
    """Record collision reports that are due, paid, sent and refused, and requests that are free.

    Args:
        installer: Who loads the question sets.
        officer: The information officer, who answers.
        at: When the demonstration is loaded.
    """
    sync_built_in_sets(actor=installer, at=at)
    forget_versions()
    for number, name in enumerate(_NAMES):
        asked_at = at - timedelta(days=6 - number, hours=number)
        request = _ask(asked_at, "COLLISION_REPORT", _collision_texts(name, asked_at))
        # The last one is left as it is: to be paid.
        if number < len(_NAMES) - 1:
            _pay(request, officer, asked_at + timedelta(minutes=4), number)
        if number == 0:
            _answer(request, officer, asked_at + timedelta(days=2))
        if number == 1:
            reason = "No officer attended this collision, so there is no report of it"
            refuse_request(
                actor=officer,
                at=asked_at + timedelta(days=1),
                reference=request.reference,
                reason=reason,
            )
    _ask(at - timedelta(days=9), "SUBJECT_ACCESS", _subject_access_texts())


def _ask(at: datetime, code: str, texts: dict[str, str]) -> OwnRequest:
    actor = public_actor(address="127.0.0.1")
    service = get_service(actor=actor, code=code, on=london_date(at))
    question_set = current_question_set(service.question_set, on=london_date(at))
    draft, secret = start_form_draft(
        actor=actor, at=at, name=question_set.name, version=question_set.version, subject=code
    )
    save_form_draft(actor=actor, at=at, draft_id=draft.id, secret=secret, texts=texts)
    request_id = make_request(
        actor=actor, at=at, draft_id=draft.id, secret=secret, return_path="/requests/sent/"
    )
    return get_sent_request(actor=actor, at=at, request_id=request_id)


def _pay(request: OwnRequest, officer: Actor, at: datetime, number: int) -> None:
    if request.payment is None:
        return
    record_offline_payment(
        actor=officer,
        at=at,
        reference=request.payment.reference,
        method="phone",
        receipt_reference=f"T-{4410 + number}",
    )
    # The event does this again a moment later, and changes nothing.
    start_paid_request(actor=system_actor(officer.force), at=at, request_id=request.id)


def _answer(request: OwnRequest, officer: Actor, at: datetime) -> None:
    add_file(
        actor=officer,
        at=at,
        reference=request.reference,
        filename=f"collision-report-{request.reference}.pdf",
        source=BytesIO(_REPORT),
        media_type="application/pdf",
        redaction_note="Names, addresses and phone numbers of the witnesses",
    )
    send_answer(actor=officer, at=at, reference=request.reference)


def _collision_texts(name: str, at: datetime) -> dict[str, str]:
    day = london_date(at - timedelta(days=20))
    return {
        "happened_on_day": str(day.day),
        "happened_on_month": str(day.month),
        "happened_on_year": str(day.year),
        "place": "The A12 at Mill Lane, going north",
        "registration": "AB12 CDE",
        "involvement": "driver",
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@example.com",
    }


def _subject_access_texts() -> dict[str, str]:
    return {
        "name": "Ellen Marsh",
        "born_on_day": "3",
        "born_on_month": "4",
        "born_on_year": "1980",
        "address": "4 Orchard Row, London",
        "email": "ellen.marsh@example.com",
        "for_whom": "self",
        "wanted": "Everything you have about me from last year",
    }
