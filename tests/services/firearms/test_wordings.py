"""The wording of standard conditions: dated, corrected by staff, and that of the day of issue."""

from datetime import date, timedelta

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.condition_wordings import BUILT_IN, find_wording
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike

pytestmark = pytest.mark.django_db
TODAY = AT.date()
NEW = "The holder must sign this certificate when it comes."


def set_wording(
    text: str = NEW,
    in_force_from: date | None = TODAY,
    *,
    actor: Actor | None = None,
    certificate_kind: str = "shotgun",
) -> None:
    """Word the first condition of a certificate anew."""
    commands.set_condition_wording(
        actor=actor or _editor(),
        at=AT,
        code="sign",
        certificate_kind=certificate_kind,
        text=text,
        source="S.I. 1998/1941 rule 5(4)(i)",
        in_force_from=in_force_from,
    )


def _editor() -> Actor:
    return Actor.system("editor", force="01", permissions={"reference.edit"})


def texts_of(number: str) -> list[str]:
    """Return the conditions on a certificate."""
    certificate = Certificate.objects.get(number=number)
    return list(certificate.conditions.order_by("position").values_list("text", flat=True))


def test_it_works() -> None:
    """A certificate keeps what it said, whatever is in force later."""
    licensing.give_authority()
    _, (first,) = licensing.grant(certificates="shotgun")
    before = texts_of(first)
    assert "any shotguns to which this certificate relates" in before[1]
    assert "under the age of eighteen" in before[3]
    set_wording(in_force_from=AT.date() + timedelta(days=30))
    _, (second,) = licensing.grant(at=AT + timedelta(days=10), certificates="shotgun")
    _, (third,) = licensing.grant(at=AT + timedelta(days=40), certificates="shotgun")
    assert texts_of(second) == before
    assert texts_of(third) == [NEW, *before[1:]]
    assert texts_of(first) == before


def test_a_firearm_certificate_names_ammunition() -> None:
    wording = find_wording(BUILT_IN, "notify", "firearm", on=AT.date())
    assert wording is not None
    assert wording.is_confirmed
    assert "theft or loss of ammunition" in wording.text
    storage = find_wording(BUILT_IN, "storage", "firearm", on=AT.date())
    assert storage is not None
    assert storage.is_confirmed
    assert "in transit to or from a place in connection with its use" in storage.text
    # Read in the Scottish rules alone: the desk shows it as to be checked.
    sign = find_wording(BUILT_IN, "sign", "firearm", on=AT.date())
    assert sign is not None
    assert not sign.is_confirmed


def test_of_one_day_the_last_counts() -> None:
    set_wording("First")
    set_wording("Second")
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    assert texts_of(number)[0] == "Second"


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(Refused) as refused:
        set_wording("", AT.date() - timedelta(days=1))
    assert set(refused.value.errors) == {"text", "in_force_from"}
    with pytest.raises(NotPermitted):
        set_wording(actor=ike())
    with pytest.raises(NotFound):
        set_wording(certificate_kind="dealer")
