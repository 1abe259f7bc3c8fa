"""A paper form that names a certificate says whose it is, before anything of theirs changes."""

from uuid import UUID

import pytest
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.models import Application
from tests.cast import INSTALLER, START, browser
from tests.services.firearms import licensing
from tests.services.firearms.applications import complete_application
from tests.services.firearms.licensing import ike
from tests.web.desk.firearms.test_paper_pages import parts, text_of

pytestmark = pytest.mark.django_db


def test_it_works(reference: None) -> None:
    """One digit misread, and the form would go to somebody else's record."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    client = browser(cast.IKE)
    start = reverse("desk-firearms-paper")
    begun = client.post(
        start, {"kind": "renewal", "holder_number": number, **parts("received_on", 4)}
    )
    form = begun["Location"]
    assert "Grace Holloway, born 4 May 1980" in text_of(client, form)
    save_form_draft(
        actor=ike(),
        at=now(),
        draft_id=UUID(form.rstrip("/").rsplit("/", 1)[1]),
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )
    page = text_of(client, f"{form}check/")
    assert "Date of birth must be that of the holder" in page
    assert client.post(f"{form}check/").status_code != 302
    assert Application.objects.filter(channel="paper").count() == 0
