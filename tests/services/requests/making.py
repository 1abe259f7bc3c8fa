"""Requests for tests, made as the public pages make them."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import (
    save_form_draft,
    start_form_draft,
    sync_built_in_sets,
)
from bluelamp.foundation.forms.lookups import current_question_set, forget_versions
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.services.requests.commands import make_request
from bluelamp.services.requests.lookups import (
    OwnRequest,
    get_sent_request,
    get_service_offer,
)
from tests.cast import INSTALLER, START

COLLISION = {
    "happened_on_day": "2",
    "happened_on_month": "2",
    "happened_on_year": "2026",
    "place": "The A12 at Mill Lane, Romford",
    "registration": "AB12 CDE",
    "involvement": "driver",
    "name": "Grace Holloway",
    "email": "grace.holloway@example.com",
}
SUBJECT_ACCESS = {
    "name": "Grace Holloway",
    "born_on_day": "3",
    "born_on_month": "4",
    "born_on_year": "1980",
    "address": "4 Orchard Row, Romford",
    "email": "grace.holloway@example.com",
    "for_whom": "self",
    "wanted": "Everything you have about me from 2025",
}
CLARES_LAW = {
    "at_risk": "self",
    "partner_name": "Mark Sawyer",
    "name": "Esi",
    "safe_way": "call",
    "safe_detail": "07700 900 123 on a weekday between 10am and noon",
}
FREEDOM_OF_INFORMATION = {
    "wanted": "How many bicycles were stolen in Romford in 2025",
    "name": "Grace Holloway",
    "email": "grace.holloway@example.com",
}
PEDLARS_CERTIFICATE = {
    "name": "Grace Holloway",
    "born_on_day": "3",
    "born_on_month": "4",
    "born_on_year": "1980",
    "address": "4 Orchard Row, Romford",
    "email": "grace.holloway@example.com",
    "month_here": "yes",
    "goods": "Brushes",
    "convicted": "no",
    "referee": "Esi Mensah, 6 Orchard Row, Romford, 07700 900 123",
}
FINGERPRINTS = {
    "name": "Grace Holloway",
    "born_on_day": "3",
    "born_on_month": "4",
    "born_on_year": "1980",
    "address": "4 Orchard Row, Romford",
    "email": "grace.holloway@example.com",
    "country": "Canada",
    "sets": "2",
    "own_form": "no",
}
CIVIL_DISCLOSURE = {
    "police_reference": "01/4412345/26",
    "wanted": "The statement of the driver of the van, for a claim for damage",
    "involvement": "party",
    "name": "Grace Holloway",
    "email": "grace.holloway@example.com",
}


def make(at: datetime, code: str, texts: dict[str, str], *, language: str = "en") -> OwnRequest:
    """Fill in the form of a service, and send it."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    forget_versions()
    draft_id, secret = start(at, code, texts)
    request_id = make_request(
        actor=public_actor(),
        at=at,
        draft_id=draft_id,
        secret=secret,
        return_path="/requests/sent/",
        language=language,
    )
    return get_sent_request(actor=public_actor(), at=at, request_id=request_id)


def start(at: datetime, code: str, texts: dict[str, str]) -> tuple[UUID, str]:
    """Fill in the form of a service; return the draft and its secret."""
    actor = public_actor()
    service = get_service_offer(actor=actor, code=code, on=london_date(at)).service
    question_set = current_question_set(service.question_set, on=london_date(at))
    draft, secret = start_form_draft(
        actor=actor, at=at, name=question_set.name, version=question_set.version, subject=code
    )
    save_form_draft(actor=actor, at=at, draft_id=draft.id, secret=secret, texts=texts)
    return draft.id, secret


def payment_of(request: OwnRequest) -> PaymentDetail:
    """Return the payment of a request that costs something."""
    assert request.payment is not None
    return request.payment
