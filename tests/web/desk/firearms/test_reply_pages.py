"""The desk's pages for a referee's reply on paper, for gaps and for withdrawing."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands.referees import add_referee
from bluelamp.services.firearms.models import Referee
from bluelamp.services.firearms.rules.applications import ApplicationInput
from tests.acts import within_command
from tests.cast import INSTALLER, START, browser
from tests.services.firearms import licensing
from tests.services.firearms.licensing import ike
from tests.services.firearms.test_key_reply import ANSWERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def referee(reference: None) -> Referee:
    """Ben, a referee without an e-mail address."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    application = commands.receive_application(
        actor=ike(),
        at=now(),
        application=ApplicationInput(
            kind="grant",
            certificates="shotgun",
            applicant=licensing.GRACE,
            question_set="form-201",
            question_set_version=1,
            channel="paper",
        ),
    )
    with within_command(ike()):
        return add_referee(
            licensing.get(application),
            PersonInput(given_name="Ben", family_name="Adeyemi"),
            1,
            actor=ike(),
            at=now(),
        )


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def page_of(referee: Referee) -> str:
    return reverse("desk-firearms-application", kwargs={"reference": referee.application.reference})


def test_it_works(referee: Referee) -> None:
    """From the link on the application to the answers with the keyer's name."""
    client = browser(cast.IKE)
    url = reverse(
        "desk-firearms-reply-start",
        kwargs={"reference": referee.application.reference, "referee_id": referee.id},
    )
    assert url in text_of(client, page_of(referee))
    refused = client.post(url, {})
    assert refused.status_code == 422
    assert "Select a scan of the reply" in refused.content.decode()
    today = london_date(now())
    begun = client.post(
        url,
        {
            "scans": SimpleUploadedFile("reply.pdf", b"%PDF-1.7\nreply", "application/pdf"),
            "received_on_day": today.day,
            "received_on_month": today.month,
            "received_on_year": today.year,
        },
    )
    assert begun.status_code == 302
    form = begun["Location"]
    assert "answered about Grace Holloway on paper" in text_of(client, f"{form}pages/known/")
    posted = {"ref_known": "Work", "ref_known_years": "14", "ref_contact": "weekly"}
    assert client.post(f"{form}pages/known/", posted).status_code == 302
    save_form_draft(
        actor=ike(),
        at=now(),
        draft_id=UUID(form.rstrip("/").rsplit("/", 1)[1]),
        texts=write_answers(built_in_question_set("referee-reply"), ANSWERS),
    )
    sent = client.post(f"{form}check/")
    assert sent["Location"] == f"{page_of(referee)}?done=reply-keyed"
    page = text_of(client, sent["Location"])
    assert "Replied on paper" in page
    assert "Keyed by Ike" in page
    assert "reply.pdf" in text_of(browser(cast.NELL), page_of(referee))


def test_gaps_are_shown_and_need_a_reason(referee: Referee) -> None:
    client = browser(cast.IKE)
    page = text_of(client, page_of(referee))
    assert "Everything is here" not in page
    assert "Continue without these" in page
    url = reverse(
        "desk-firearms-act",
        kwargs={"reference": referee.application.reference, "verb": "complete"},
    )
    refused = client.post(url, {})
    assert refused.status_code == 422
    assert "Enter why it is complete" in refused.content.decode()
    assert client.post(url, {"complete_reason": "All by post"}).status_code == 302
    assert "All by post" in text_of(client, page_of(referee))


def test_withdraw_asks_how_they_told_us(referee: Referee) -> None:
    client = browser(cast.IKE)
    url = reverse(
        "desk-firearms-act",
        kwargs={"reference": referee.application.reference, "verb": "withdraw"},
    )
    refused = client.post(url, {})
    assert refused.status_code == 422
    assert "Enter how and when they told us" in refused.content.decode()
    done = client.post(url, {"withdraw_reason": "By phone on 3 March"})
    assert "Application withdrawn" in text_of(client, done["Location"])
