"""A loan takes no gun off its owner's certificate, and the gun comes back; told on paper too."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.models import Certificate, Gun, HolderNotice
from bluelamp.services.firearms.rules.notices import NoticeInput
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=20)


@pytest.fixture
def certificate() -> Certificate:
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    return Certificate.objects.get(number=number)


def tell(certificate: Certificate, at: datetime = LATER, **changes: Any) -> str:
    """Record a notice of a loan of the only gun, and change its row as told."""
    own = {name: changes.pop(name) for name in ("told_on", "means") if name in changes}
    details: dict[str, Any] = {
        "kind": "passed-on",
        "way": "lent",
        "happened_on": at.date(),
        "gun_id": certificate.guns.get().id,
        "other_kind": "holder",
        "other_name": "Tom Reid",
        "other_address": "Home Farm, Otford",
        **changes,
    }
    reference = record_notice(
        actor=ike(), at=at, holder_id=certificate.holder_id, notice=NoticeInput(**details), **own
    )
    commands.act_on_notice(
        actor=ike(), at=at, reference=reference, outcome="register", reason="As told"
    )
    return reference


def give_back(certificate: Certificate, at: datetime) -> str:
    """Record that the gun is back."""
    return tell(
        certificate,
        at,
        kind="returned",
        way="",
        other_kind="",
        other_name="",
        other_address="",
    )


def test_it_works(certificate: Certificate) -> None:
    """Lent, renewed meanwhile, given back: the owner has it on the certificate all the time."""
    tell(certificate)
    gun = Gun.objects.get()
    assert (gun.status, gun.passed_to_name) == ("lent", "Tom Reid")
    assert lookups.get_certificate(actor=ike(), at=LATER, number=certificate.number).guns
    give_back(certificate, LATER + timedelta(days=30))
    gun.refresh_from_db()
    assert (gun.status, gun.passed_on, gun.passed_to_name) == ("held", None, "")


def test_a_sale_still_takes_it_off(certificate: Certificate) -> None:
    tell(certificate, way="sold")
    assert Gun.objects.get().status == "disposed"


def test_what_is_not_lent_cannot_come_back(certificate: Certificate) -> None:
    with pytest.raises(NotFound):
        give_back(certificate, LATER)


def test_a_renewal_takes_a_lent_gun_over(certificate: Certificate) -> None:
    tell(certificate)
    _, (number,) = licensing.grant(
        at=LATER, kind="renewal", certificates="shotgun", answers={"shotguns-held": []}
    )
    assert Gun.objects.get().certificate.number == number


def test_the_borrower_gives_it_back(certificate: Certificate) -> None:
    """On the borrower's certificate it is borrowed, and goes off it at the end."""
    borrowed: dict[str, Any] = {
        "kind": "acquired",
        "way": "lent",
        "happened_on": LATER.date(),
        "gun_type": "shotgun",
        "gun_make": "Browning",
        "gun_calibre": "20",
        "serial_number": "B 77",
        "other_kind": "holder",
        "other_name": "Tom Reid",
        "other_address": "Home Farm, Otford",
    }
    reference = record_notice(
        actor=ike(), at=LATER, holder_id=certificate.holder_id, notice=NoticeInput(**borrowed)
    )
    commands.act_on_notice(
        actor=ike(),
        at=LATER,
        reference=reference,
        outcome="register",
        reason="Seen",
        place_id=certificate.id,
    )
    gun = Gun.objects.get(serial_key="B77")
    assert gun.is_borrowed
    end = LATER + timedelta(days=9)
    reference = record_notice(
        actor=ike(),
        at=end,
        holder_id=certificate.holder_id,
        notice=NoticeInput(kind="returned", gun_id=gun.id, happened_on=end.date()),
    )
    assert HolderNotice.objects.get(reference=reference).due_on is None
    commands.act_on_notice(
        actor=ike(), at=end, reference=reference, outcome="register", reason="Told"
    )
    gun.refresh_from_db()
    assert (gun.status, gun.disposal, gun.passed_to_name) == ("disposed", "returned", "Tom Reid")


def test_a_letter_counts_from_the_day_it_came_in(certificate: Certificate) -> None:
    """Keyed ten days after it came, it is as late as the holder was, and not as we were."""
    happened, came = date(2026, 3, 10), date(2026, 3, 13)
    reference = tell(certificate, happened_on=happened, told_on=came, means="letter")
    notice = HolderNotice.objects.get(reference=reference)
    assert (notice.means, notice.due_on, notice.is_late) == ("letter", date(2026, 3, 17), False)
    detail = lookups.get_holder_notice(actor=ike(), at=LATER, reference=reference)
    assert detail.means == "letter"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"told_on": date(2026, 3, 24)}, "told_on"),
        ({"told_on": date(2016, 3, 1)}, "told_on"),
        ({"means": "online"}, "means"),
        ({"happened_on": date(2026, 3, 20), "told_on": date(2026, 3, 13)}, "happened_on"),
    ],
)
def test_what_is_wrong_is_said(
    certificate: Certificate, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        tell(certificate, **changes)
    assert field in refused.value.errors


def test_an_old_letter_does_not_undo_a_newer_move(certificate: Certificate) -> None:
    """The letter lay for a week. Meanwhile they told us of the next move."""

    def move(address: str, told_on: date) -> None:
        notice = NoticeInput(
            kind="address", happened_on=told_on, address=address, postcode="SE15 5LJ"
        )
        record_notice(
            actor=ike(),
            at=LATER,
            holder_id=certificate.holder_id,
            notice=notice,
            told_on=told_on,
            means="letter",
        )

    move("2 Lister Walk", LATER.date() - timedelta(days=1))
    move("9 Bellenden Road", LATER.date() - timedelta(days=8))
    address = Certificate.objects.get(id=certificate.id).holder.address
    assert address is not None
    assert address.address == "2 Lister Walk"
    move("3 Rye Lane", LATER.date())
    address = Certificate.objects.get(id=certificate.id).holder.address
    assert address is not None
    assert address.address == "3 Rye Lane"
