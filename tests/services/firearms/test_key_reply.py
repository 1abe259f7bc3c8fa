"""A referee's reply on paper: the same questions, the scan, who keyed it, and the same rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.commands.referees import add_referee
from bluelamp.services.firearms.models import Referee
from bluelamp.services.firearms.rules.applications import ApplicationInput
from tests.acts import within_command
from tests.cast import INSTALLER, START
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import ike, nell

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
CAME_IN = date(2026, 11, 25)
ANSWERS: dict[str, Any] = {
    "ref_terms": True,
    "ref_known": "Neighbours since 2012",
    "ref_known_years": 14,
    "ref_contact": "weekly",
    "ref_character": "Calm and careful",
    "ref_home": "no",
    "ref_work": "no",
    "ref_welfare": "no",
    "ref_concern": "no",
}


@pytest.fixture
def referee(reference: None) -> Referee:
    """Ben, one of two referees of an application on paper, who gave no e-mail address."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    reference_ = commands.receive_application(
        actor=ike(),
        at=AT - timedelta(days=3),
        application=ApplicationInput(
            kind="grant",
            certificates="shotgun",
            applicant=licensing.GRACE,
            question_set="form-201",
            question_set_version=1,
            answers=licensing.ANSWERS,
            channel="paper",
        ),
    )
    application = licensing.get(reference_)
    with within_command(ike()):
        for position, name in enumerate(("Ben", "Ruth"), start=1):
            add_referee(
                application,
                PersonInput(given_name=name, family_name="Adeyemi"),
                position,
                actor=ike(),
                at=AT,
            )
    return Referee.objects.get(position=1)


def scan() -> commands.Scan:
    return commands.Scan("reply.pdf", BytesIO(b"%PDF-1.7\nreply"), "application/pdf")


def begin(referee: Referee, **changes: Any) -> UUID:
    """Begin to key a reply."""
    details: dict[str, Any] = {
        "actor": ike(),
        "at": AT,
        "reference": referee.application.reference,
        "referee_id": referee.id,
        "received_on": CAME_IN,
        "scans": [scan()],
        **changes,
    }
    return commands.start_paper_reply(**details)


def fill_in(draft_id: UUID, **changes: Any) -> None:
    """Type all the answers."""
    texts = write_answers(built_in_question_set("referee-reply"), {**ANSWERS, **changes})
    save_form_draft(actor=ike(), at=AT, draft_id=draft_id, texts=texts)


def test_it_works(referee: Referee) -> None:
    draft_id = begin(referee)
    fill_in(draft_id)
    reference = commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)
    detail = lookups.get_application(actor=nell(), at=AT, reference=reference)
    ben, ruth = detail.referees
    assert (ben.paper_received_on, ben.keyed_by_name, ben.replied_at) == (CAME_IN, ike().name, AT)
    shown = [line for section in ben.sections for page in section.pages for line in page.rows]
    assert any("Neighbours since 2012" in line.lines for line in shown)
    assert ruth.replied_at is None
    files = lookups.list_application_files(actor=nell(), at=AT, reference=reference)
    assert [file.filename for file in files] == ["reply.pdf"]
    # It counts like one that came by the link.
    assert "referees" in detail.missing


def test_both_replies_are_no_gap_any_more(referee: Referee) -> None:
    for row in Referee.objects.order_by("position"):
        draft_id = begin(row)
        fill_in(draft_id)
        commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)
    reference = referee.application.reference
    assert (
        "referees" not in lookups.get_application(actor=nell(), at=AT, reference=reference).missing
    )


def test_begun_twice_it_is_one_draft(referee: Referee) -> None:
    first = begin(referee)
    assert begin(referee) == first
    reference = referee.application.reference
    files = lookups.list_application_files(actor=nell(), at=AT, reference=reference)
    assert len(files) == 1


def test_begun_again_with_another_day_it_has_that_day(referee: Referee) -> None:
    """Whoever typed the wrong day keeps what they keyed."""
    draft_id = begin(referee, received_on=CAME_IN - timedelta(days=30))
    fill_in(draft_id)
    assert begin(referee) == draft_id
    commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)
    assert Referee.objects.get(id=referee.id).paper_received_on == CAME_IN


def test_begun_again_the_day_is_checked_too(referee: Referee) -> None:
    begin(referee)
    with pytest.raises(Refused):
        begin(referee, received_on=AT.date() + timedelta(days=1))


def test_begun_again_without_a_day_it_goes_on(referee: Referee) -> None:
    assert begin(referee) == begin(referee, received_on=None, scans=[])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"scans": []}, {"scans"}),
        ({"received_on": None}, {"received_on"}),
        ({"received_on": date(2026, 11, 28)}, {"received_on"}),
    ],
)
def test_what_is_wrong_is_said(referee: Referee, changes: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        begin(referee, **changes)
    assert set(refused.value.errors) == fields


def test_an_answer_that_is_missing_is_asked_for(referee: Referee) -> None:
    draft_id = begin(referee)
    with pytest.raises(Refused):
        commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)
    referee.refresh_from_db()
    assert referee.replied_at is None


def test_not_twice(referee: Referee) -> None:
    draft_id = begin(referee)
    fill_in(draft_id)
    with direct_writes():
        Referee.objects.filter(id=referee.id).update(replied_at=AT)
    with pytest.raises(Conflict, match="replied"):
        commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)


def test_not_after_the_decision(referee: Referee) -> None:
    draft_id = begin(referee)
    fill_in(draft_id)
    commands.withdraw_application(
        actor=ike(), at=AT, reference=referee.application.reference, reason="By phone"
    )
    with pytest.raises(Conflict):
        commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)


def test_the_applicant_answers_for_nobody(referee: Referee) -> None:
    """Somebody of the force may apply, and has the permission to key."""
    namesake = replace(ike(), name=licensing.GRACE.given_name + " " + licensing.GRACE.family_name)
    with pytest.raises(Refused, match="own application"):
        begin(referee, actor=namesake)


def test_only_who_may_key_paper_and_only_their_own(referee: Referee) -> None:
    draft_id = begin(referee)
    fill_in(draft_id)
    colleague = replace(nell(), permissions=ike().permissions)
    with pytest.raises(NotFound):
        commands.submit_paper_reply(actor=colleague, at=AT, draft_id=draft_id)
    nobody = replace(ike(), permissions=frozenset({"form.fill_in"}))
    with pytest.raises(NotPermitted):
        begin(referee, actor=nobody)
