"""Staff set what people can ask for, from a day on."""

from datetime import date, datetime

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.services.requests.commands import NewService, set_service
from bluelamp.services.requests.lookups import (
    get_service_offer,
    list_service_history,
    list_service_offers,
)
from tests.cast import signed_in
from tests.foundation.payments.paying import confirm_fee

pytestmark = pytest.mark.django_db


def new_service(**values: object) -> NewService:
    fields = {
        "code": "SUBJECT_ACCESS",
        "valid_from": date(2026, 4, 1),
        "title": "What we know about you",
        "who": "Anyone",
        "needed": "A passport",
        "fee_code": "SUBJECT_ACCESS",
        "is_offered": True,
        "source": "Data Protection Act 2018 s.45, read on 3 March 2026",
    }
    return NewService(**(fields | values))  # type: ignore[arg-type]


def test_it_works(at: datetime) -> None:
    confirm_fee("SUBJECT_ACCESS", 0)
    set_service(actor=signed_in(cast.DEV), at=at, service=new_service())
    public = public_actor()
    before = get_service_offer(actor=public, code="SUBJECT_ACCESS", on=date(2026, 3, 31))
    after = get_service_offer(actor=public, code="SUBJECT_ACCESS", on=date(2026, 4, 1))
    assert not before.service.is_confirmed
    assert (after.service.title, after.service.is_confirmed) == ("What we know about you", True)
    # What staff do not set stays: the month to answer, and the questions.
    assert (after.service.clock, after.service.question_set) == ("one-month", "subject-access")
    history = list_service_history(actor=signed_in(cast.DEV), at=at, code="SUBJECT_ACCESS")
    assert [row.valid_from for row in history] == [date(2026, 4, 1)]


def test_what_is_not_offered_is_not_there(at: datetime) -> None:
    confirm_fee("SUBJECT_ACCESS", 0)
    service = new_service(valid_from=date(2026, 3, 3), is_offered=False)
    set_service(actor=signed_in(cast.DEV), at=at, service=service)
    with pytest.raises(NotFound):
        get_service_offer(actor=public_actor(), code="SUBJECT_ACCESS", on=date(2026, 3, 3))


def test_a_source_a_title_and_a_known_fee_are_needed(at: datetime) -> None:
    service = new_service(title="", source=" ", fee_code="NO_SUCH_FEE")
    with pytest.raises(Refused) as refusal:
        set_service(actor=signed_in(cast.DEV), at=at, service=service)
    assert set(refusal.value.errors) == {"title", "source", "fee_code"}
    with pytest.raises(NotPermitted):
        set_service(actor=signed_in(cast.ADA), at=at, service=new_service())


def test_what_costs_something_says_so(at: datetime) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    offers = {
        offer.service.code: offer
        for offer in list_service_offers(actor=public_actor(), on=date(2026, 3, 3))
    }
    offer = offers["COLLISION_REPORT"]
    assert (offer.is_free, offer.can_be_paid) == (False, True)
    assert offer.fee
    assert offer.fee.total_pence == 20796
    assert not offers["COLLISION_SCENE_PLAN"].can_be_paid
    assert offers["DISCLOSURE_SCHEME"].is_free
