"""The demonstration has applications at every stage, and Grace's in the story."""

from collections import Counter
from datetime import datetime

import pytest

from bluelamp.demo import cast
from bluelamp.demo.firearms import COUNTS, record_firearms
from bluelamp.demo.incidents import Incident
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.models import Payment
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms.lookups import list_paper_drafts
from bluelamp.services.firearms.models import Application, AuthorityEntry, Certificate, Referee
from tests.acts import within_command
from tests.cast import INSTALLER, START, signed_in
from tests.foundation.payments.paying import confirm_fee

pytestmark = pytest.mark.django_db


def test_it_works(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of each, by the same code: what is left of Grace's certificate is ten weeks."""
    monkeypatch.setattr("bluelamp.demo.firearms.COUNTS", dict.fromkeys(COUNTS, 1))
    incident = Incident(
        offence_code="TH68006",
        kind="cycle-theft",
        narrative="My bike is gone.",
        happened_at=at,
        reported_at=at,
        place=LocationInput(address="1 Rye Lane", postcode="SE15 5BS"),
        person=PersonInput(given_name="Uma", family_name="Tarn", email="uma.tarn@example.com"),
    )
    sync_built_in_sets(actor=INSTALLER, at=START)
    confirm_fee("FAC_GRANT", 198_00)
    officer, manager = signed_in(cast.IKE), signed_in(cast.NELL)
    with within_command(INSTALLER):
        record_firearms(
            installer=INSTALLER, officer=officer, manager=manager, incidents=[incident], at=at
        )
    stages = Counter(Application.objects.values_list("stage", flat=True))
    assert set(stages) == set(COUNTS)
    assert stages["issued"] == stages["checks"] == 2
    certificate = Certificate.objects.get(holder__email_key=cast.GRACE.email)
    assert 8 * 7 < (certificate.expires_on - london_date(at)).days < 12 * 7
    assert Referee.objects.filter(application__applicant=certificate.holder).count() == 2
    payment = Payment.objects.get()
    assert (payment.state, payment.total_pence) == ("paid", 198_00)
    permit = Certificate.objects.get(kind="temporary-permit")
    assert permit.guns.count() == 1
    assert "section 7" in permit.conditions.earliest("position").text
    [draft] = list_paper_drafts(actor=officer, at=at)
    assert draft.name == "Howard Pike"
    assert AuthorityEntry.objects.filter(user__username=cast.NELL.username).exists()
