"""Temporary permits: issued on the spot under an authority, listed, and counted in public."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.payments.models import Payment
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.lookups.performance import get_performance
from bluelamp.services.firearms.models import AuthorityEntry, Certificate, Gun, TemporaryPermit
from bluelamp.services.firearms.rules.guns import OWNED
from bluelamp.services.firearms.rules.notices import NoticeInput
from bluelamp.services.firearms.rules.permits import PermitGun, PermitInput
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike, nell

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=20)
EXECUTOR = PersonInput(
    given_name="Ruth",
    family_name="Holloway",
    born_on=date(1985, 6, 1),
    address=LocationInput(address="2 Lister Walk\nPeckham", postcode="SE15 5LJ"),
)


@pytest.fixture
def number() -> str:
    """The number of Grace's firearm certificate."""
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="firearm")
    return number


def permit_for(number: str, **changes: Any) -> PermitInput:
    """Return a permit for the executor of the holder of a certificate, with its gun."""
    guns = Gun.objects.filter(certificate__number=number, status="held")
    details: dict[str, Any] = {
        "purpose": "estate",
        "from_number": number,
        "gun_ids": tuple(gun.id for gun in guns),
        "holder": EXECUTOR,
        "storage_address": "2 Lister Walk\nPeckham, SE15 5LJ",
        "expires_on": LATER.date() + timedelta(days=90),
        "reasons": "Executor, no adverse record",
        "risk": "low",
        **changes,
    }
    return PermitInput(**details)


def test_it_works(number: str, run_jobs: Callable[[], int]) -> None:
    manager = nell()
    permit_number = commands.issue_temporary_permit(
        actor=manager, at=LATER, permit=permit_for(number)
    )
    permit = Certificate.objects.get(number=permit_number)
    assert (permit.kind, permit.holder.name, permit.state) == (
        "temporary-permit",
        "Ruth Holloway",
        "in-force",
    )
    gun = permit.guns.get()
    assert (gun.serial_number, gun.acquired_from_name) == ("AB-1234", "Grace Holloway")
    texts = " ".join(permit.conditions.values_list("text", flat=True))
    assert "section 7 of the Firearms Act 1968" in texts
    assert "not be used" in texts
    assert "2 Lister Walk, Peckham, SE15 5LJ" in texts
    assert TemporaryPermit.objects.get(certificate=permit).authority.user.username == "nell"
    # It costs nothing.
    assert not Payment.objects.filter(payable_id=permit.id).exists()
    run_jobs()
    permit.refresh_from_db()
    assert permit.pdf_sha256
    assert lookups.is_certificate_valid(
        actor=public_actor(address="127.0.0.1"),
        at=LATER,
        code=permit.public_code,
    )


def test_it_is_counted_in_the_public_figures(number: str) -> None:
    before = get_performance(actor=ike(), on=LATER.date())
    commands.issue_temporary_permit(actor=nell(), at=LATER, permit=permit_for(number))
    after = get_performance(actor=ike(), on=LATER.date())
    assert (before.temporary_permits, after.temporary_permits) == (0, 1)
    assert after.in_force == before.in_force
    gone = get_performance(actor=ike(), on=LATER.date() + timedelta(days=91))
    assert gone.temporary_permits == 0


def test_one_that_ran_out_stays_in_the_list(number: str) -> None:
    """Somebody has the guns and no authority for them any more."""
    commands.issue_temporary_permit(actor=nell(), at=LATER, permit=permit_for(number))
    rows = lookups.list_permits(actor=ike(), at=LATER + timedelta(days=100))
    assert [row.days_left for row in rows] == [-10]


def test_a_late_renewal_ends_with_the_renewed_certificate(number: str) -> None:
    permit_number = commands.issue_temporary_permit(
        actor=nell(),
        at=LATER,
        permit=permit_for(number, purpose="late-renewal", holder=None, may_use=True),
    )
    licensing.grant(at=LATER, kind="renewal", certificates="firearm", answers={})
    permit = Certificate.objects.get(number=permit_number)
    assert permit.state == "replaced"
    assert permit.ended_on is not None


def test_without_a_line_of_the_table_nobody_issues_one(number: str) -> None:
    with pytest.raises(NotPermitted):
        commands.issue_temporary_permit(actor=ike(), at=LATER, permit=permit_for(number))
    with direct_writes():
        AuthorityEntry.objects.update(max_risk="low")
    with pytest.raises(NotPermitted):
        commands.issue_temporary_permit(
            actor=nell(), at=LATER, permit=permit_for(number, risk="medium")
        )
    assert not TemporaryPermit.objects.exists()


def test_guns_that_are_on_none_of_our_certificates() -> None:
    licensing.give_authority()
    gun = PermitGun(type="rifle", make="BSA", calibre=".22", serial_number="L 42O")
    number = commands.issue_temporary_permit(
        actor=nell(), at=LATER, permit=permit_for("", from_number="", guns=(gun, PermitGun()))
    )
    row = Gun.objects.get(certificate__number=number)
    assert (row.serial_key, row.model) == ("1420", "Not stated")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"gun_ids": ()}, "gun_ids"),
        ({"guns": (PermitGun(type="rifle"),)}, "guns"),
        ({"storage_address": " "}, "storage_address"),
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": LATER.date() + timedelta(days=185)}, "expires_on"),
        ({"expires_on": LATER.date() - timedelta(days=1)}, "expires_on"),
        ({"reasons": ""}, "reasons"),
        ({"risk": ""}, "risk"),
        ({"holder": None}, "family_name"),
        ({"holder": PersonInput(family_name="Holloway")}, "family_name"),
        ({"purpose": "late-renewal"}, "family_name"),
    ],
)
def test_what_is_wrong_is_said(number: str, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        commands.issue_temporary_permit(
            actor=nell(), at=LATER, permit=permit_for(number, **changes)
        )
    assert set(refused.value.errors) == {field}


def test_a_gun_of_somebody_else_is_not_found(number: str) -> None:
    _, (other,) = licensing.grant(
        certificates="shotgun", applicant=PersonInput(given_name="Tom", family_name="Reid")
    )
    ids = tuple(Gun.objects.filter(certificate__number=other).values_list("id", flat=True))
    with pytest.raises(NotFound):
        commands.issue_temporary_permit(
            actor=nell(), at=LATER, permit=permit_for(number, gun_ids=ids)
        )


def late_permit(number: str) -> str:
    """Issue a permit to a holder whose renewal is late, with the guns of their certificate."""
    return commands.issue_temporary_permit(
        actor=nell(),
        at=LATER,
        permit=permit_for(number, purpose="late-renewal", holder=None, may_use=True),
    )


def test_a_permit_for_another_certificate_goes_on() -> None:
    """Both certificates ran out. One is renewed: the guns of the other still need the permit."""
    licensing.give_authority()
    _, numbers = licensing.grant(certificates="both")
    firearm, shotgun = sorted(numbers)
    with direct_writes():
        Certificate.objects.update(expires_on=LATER.date() - timedelta(days=1))
    permits = [late_permit(number) for number in (firearm, shotgun)]
    licensing.grant(at=LATER, kind="renewal", certificates="firearm", answers={})
    states = [Certificate.objects.get(number=number).state for number in permits]
    assert states == ["replaced", "in-force"]


def test_guns_of_a_permit_that_ended_are_on_the_certificate_alone(number: str) -> None:
    late_permit(number)
    _, (renewed,) = licensing.grant(at=LATER, kind="renewal", certificates="firearm", answers={})
    holder = lookups.get_certificate_holder(actor=ike(), at=LATER, number=renewed)
    assert [gun.certificate_number for gun in holder.guns] == [renewed]


def test_a_gun_that_is_lost_while_there_is_a_permit_does_not_come_back(number: str) -> None:
    """It stands on the permit and on the certificate before, which the renewal takes over."""
    permit_number = late_permit(number)
    gun = Gun.objects.get(certificate__number=permit_number)
    reference = record_notice(
        actor=ike(),
        at=LATER,
        holder_id=gun.certificate.holder_id,
        notice=NoticeInput(kind="gun-lost", way="stolen", happened_on=LATER.date(), gun_id=gun.id),
    )
    commands.act_on_notice(
        actor=ike(), at=LATER, reference=reference, outcome="register", reason="Told by phone"
    )
    _, (renewed,) = licensing.grant(at=LATER, kind="renewal", certificates="firearm", answers={})
    assert not Gun.objects.filter(serial_key="AB1234", status__in=OWNED).exists()
    assert not Gun.objects.filter(certificate__number=renewed, serial_key="AB1234").exists()


def test_a_gun_of_an_estate_is_counted_once(number: str) -> None:
    """On the certificate of whoever died it says who has it now."""
    permit = commands.issue_temporary_permit(actor=nell(), at=LATER, permit=permit_for(number))
    detail = lookups.get_certificate(actor=nell(), at=LATER, number=number)
    gun = next(gun for gun in detail.guns if gun.serial_number == "AB-1234")
    assert (gun.permit_number, gun.permit_holder) == (permit, "Ruth Holloway")
    # On the permit it is simply the executor's.
    [own] = lookups.get_certificate(actor=nell(), at=LATER, number=permit).guns
    assert (own.permit_number, own.acquired_from_name) == ("", "Grace Holloway")


def test_a_gun_of_a_late_renewal_is_chosen_once(number: str) -> None:
    commands.issue_temporary_permit(
        actor=nell(),
        at=LATER,
        permit=permit_for(number, purpose="late-renewal", holder=None),
    )
    holder = lookups.get_certificate_holder(actor=nell(), at=LATER, number=number)
    numbers = [gun.serial_number for gun in holder.guns if gun.serial_number]
    assert numbers == ["AB-1234"]
    assert [gun.certificate_number for gun in holder.guns if gun.serial_number] == [number]
