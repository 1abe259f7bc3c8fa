"""A renewal, a variation and a replacement begin with what we hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import get_form_draft
from bluelamp.foundation.forms.rules import TextSource, walk_sections, write_answers
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Person, PersonCorrection
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands import starting
from bluelamp.services.firearms.models import Application, Certificate, Gun
from bluelamp.services.firearms.rules.fees import choose_fees
from bluelamp.services.firearms.rules.renewing import KnownHolder, list_homes
from tests.cast import INSTALLER, START
from tests.direct_writes import direct_writes
from tests.services.firearms.applications import AT, complete_application
from tests.services.firearms.licensing import (
    check,
    decide,
    give_authority,
    ike,
    nell,
    recommend,
)
from tests.services.firearms.test_submit_application import PUBLIC, reply, start, submit, tokens

pytestmark = pytest.mark.django_db
__all__ = ["tokens"]

EIGHT_WEEKS_BEFORE = datetime(2031, 9, 30, 10, 0, tzinfo=UTC)
# What nobody but the applicant, that day, can say: their health, who they name, their face, and
# that it is all true.
FRESH = {
    "medical_conditions",
    "medical_report_from",
    "medical_consent",
    "referee_allowed",
    "referee_guide",
    "photo",
    "declaration",
    "signature",
}


@pytest.fixture
def holder(tokens: list[str], monkeypatch: pytest.MonkeyPatch) -> Person:
    """Grace, whose application for both certificates was granted, with a session of hers."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    give_authority(at=AT)
    sent = submit(start(app_firearm="grant", photo=["photo.jpg"]))
    for token in tokens[-2:]:
        reply(token)
    with direct_writes():
        # Nobody confirmed the fee of these tests, and nothing is granted unpaid.
        Application.objects.update(stage="complete", complete_at=AT, exemption="earlier-system")
    check(sent.reference, at=AT)
    recommend(sent.reference, at=AT)
    decide(sent.reference, at=AT)
    commands.issue_certificates(actor=nell(), at=AT + timedelta(days=4), reference=sent.reference)
    person = Application.objects.get().applicant
    monkeypatch.setattr(starting, "require_holder", lambda **_: person)
    return person


def read_draft(started: starting.StartedApplication, at: datetime) -> tuple[dict[str, Any], Any]:
    """Return the texts and the sources of a draft."""
    draft = get_form_draft(actor=PUBLIC, at=at, draft_id=started.draft_id, secret=started.secret)
    return draft.texts, draft


def list_questions_left(started: starting.StartedApplication, at: datetime) -> list[str]:
    """Return the ids of the questions that a draft asks and does not answer, but must be."""
    texts, draft = read_draft(started, at)
    source = TextSource(texts, at=at)
    steps = walk_sections(draft.question_set, source, today=london_date(at))
    problems = [problem for step in steps for page in step.pages for problem in page.problems] + [
        problem for step in steps for problem in step.problems
    ]
    return [problem.field.rpartition(".")[2] for problem in problems]


def renew(at: datetime = EIGHT_WEEKS_BEFORE) -> starting.StartedApplication:
    """Begin a renewal. Whose session it is says the fixture."""
    return starting.start_renewal(actor=PUBLIC, at=at, session_id=new_id())


def change(kind: str, certificate_kind: str = "firearm") -> starting.StartedApplication:
    """Begin a variation or a replacement."""
    number = Certificate.objects.get(kind=certificate_kind).number
    return starting.start_change(
        actor=PUBLIC, at=EIGHT_WEEKS_BEFORE, session_id=new_id(), number=number, kind=kind
    )


def test_it_works(holder: Person) -> None:
    left = list_questions_left(renew(), EIGHT_WEEKS_BEFORE)
    # 0 questions that we can answer: each of these is said afresh, one of them of two referees.
    assert set(left) <= FRESH
    assert len(left) == len(FRESH) + 1


def test_each_answer_says_where_it_is_from(holder: Person) -> None:
    texts, draft = read_draft(renew(), EIGHT_WEEKS_BEFORE)
    assert texts["surname"] == "Okafor"
    reference = Application.objects.get().reference
    assert draft.sources["title"] == ("Ms", f"your application {reference}")
    assert set(texts) == set(draft.sources)
    number = Certificate.objects.get(kind="firearm").number
    assert number in draft.sources["firearm_expires_on_year"][1]


def test_a_gun_that_came_and_one_that_went_are_the_certificates(holder: Person) -> None:
    firearm = Certificate.objects.get(kind="firearm")
    gone = Gun.objects.get(certificate=firearm, serial_number="TK12345")
    with direct_writes():
        Gun.objects.filter(id=gone.id).update(
            status="disposed", passed_on=date(2028, 1, 5), disposal="sold"
        )
        Gun.objects.create(
            certificate=firearm,
            status="held",
            type="rifle",
            action="bolt",
            make="Sako",
            model="85",
            calibre=".243",
            serial_number="SK 77",
            serial_key="SK77",
            good_reason="deer",
        )
    texts, _draft = read_draft(renew(), EIGHT_WEEKS_BEFORE)
    makes = [text for name, text in texts.items() if name.endswith(".held_make")]
    assert makes == ["Hardy", "Sako 85"]
    assert not set(list_questions_left(renew(), EIGHT_WEEKS_BEFORE)) - FRESH


def test_somebody_who_told_us_of_a_move_is_not_asked_where_they_live(holder: Person) -> None:
    known = KnownHolder(
        given_name="Grace",
        family_name="Okafor",
        born_on=None,
        gender="2",
        phone="",
        email="",
        occupation="",
        address="1 New Street",
        postcode="SE1 1AA",
        moved_on=date(2029, 5, 1),
    )
    homes = Application.objects.get().answers["homes"]
    rows = list_homes(homes, known)
    assert rows[0] == {
        "home_address": {"address": "1 New Street", "postcode": "SE1 1AA"},
        "lives_here": "yes",
        "lived_from": "2029-05-01",
    }
    assert rows[1]["lived_to"] == "2029-05-01"
    assert rows[1]["lives_here"] == "no"
    assert len(rows) == len(homes) + 1


def test_an_old_no_is_not_filled_in_after_a_refusal(holder: Person) -> None:
    with direct_writes():
        Certificate.objects.filter(kind="shotgun").update(
            state="revoked", ended_on=date(2028, 1, 5)
        )
    left = list_questions_left(renew(), EIGHT_WEEKS_BEFORE)
    assert "refused_revoked" in left


def test_referees_are_known_for_longer_now(holder: Person) -> None:
    texts, _draft = read_draft(renew(), EIGHT_WEEKS_BEFORE)
    assert texts["referees.1.referee_years"] == "10"  # 6, nearly five years ago
    assert texts["referees.1.referee_email"]


def test_a_variation_asks_what_changes_and_nothing_else(holder: Person) -> None:
    started = change("variation")
    left = list_questions_left(started, EIGHT_WEEKS_BEFORE)
    assert sorted(left) == ["declaration", "signature", "storage_changed", "wants_firearms"]
    texts, _draft = read_draft(started, EIGHT_WEEKS_BEFORE)
    assert texts["slots.1.slot_number"] == "2"
    assert texts["firearms-held.1.held_leaves"] == "keep"


def test_a_replacement_asks_what_happened_and_nothing_else(holder: Person) -> None:
    left = list_questions_left(change("replacement", "shotgun"), EIGHT_WEEKS_BEFORE)
    assert sorted(left) == ["declaration", "loss_details", "loss_kind", "lost_on_day", "signature"]


def test_only_ones_own_certificate_in_force_is_changed(
    holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused):
        change("variation", "shotgun")
    somebody_else = Person.objects.exclude(id=holder.id)[0]
    monkeypatch.setattr(starting, "require_holder", lambda **_: somebody_else)
    with pytest.raises(NotFound):
        change("replacement")


ONE_MORE = {"firearms-wanted": [{"wanted_number": 1, "wanted_type": "Rifle"}]}


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({}, ()),
        (ONE_MORE, ("FAC_VARIATION",)),
        # One for one, told of in time.
        ({**ONE_MORE, "slots": [{"slot_number": 1, "slot_keep": "no"}]}, ()),
        (
            {**ONE_MORE, "firearms-held": [{"held_leaves": "gone", "held_gone_on": "2026-11-21"}]},
            (),
        ),
        (
            {**ONE_MORE, "firearms-held": [{"held_leaves": "gone", "held_gone_on": "2026-11-19"}]},
            ("FAC_VARIATION",),
        ),
        # Not gone yet: today the number rises.
        ({**ONE_MORE, "firearms-held": [{"held_leaves": "leave"}]}, ("FAC_VARIATION",)),
        ({"more_guns": "yes"}, ("FAC_VARIATION",)),
    ],
)
def test_a_variation_costs_only_where_the_number_of_guns_rises(
    answers: dict[str, Any], codes: tuple[str, ...]
) -> None:
    assert choose_fees("variation", answers, on=date(2026, 11, 27)) == codes


def test_a_renewal_with_new_contact_details_is_the_holders(holder: Person) -> None:
    """With another address to write to it would be somebody else's, and extend nothing."""
    started = renew()
    texts, draft = read_draft(started, EIGHT_WEEKS_BEFORE)
    fresh = {
        **complete_application(),
        "medical_conditions": "no",
        "medical_report_from": "doctor",
        "photo": ["photo.jpg"],
    }
    answers = write_answers(
        draft.question_set, {name: fresh[name] for name in FRESH - {"referee_allowed"}}
    )
    referees = {f"referees.{row}.referee_allowed": "yes" for row in (1, 2)}
    moved = {
        "email": "grace.new@example.org",
        "homes.1.home_address_lines": "3 Rye Lane",
        "homes.1.home_address_postcode": "SE15 5BS",
    }
    assert set(moved) <= set(texts)
    save_form_draft(
        actor=PUBLIC,
        at=EIGHT_WEEKS_BEFORE,
        draft_id=started.draft_id,
        secret=started.secret,
        texts={**answers, **referees, **moved},
    )
    sent = submit(started, at=EIGHT_WEEKS_BEFORE)
    application = Application.objects.get(reference=sent.reference)
    assert (application.kind, application.applicant) == ("renewal", holder)
    holder.refresh_from_db()
    assert holder.email == "grace.new@example.org"
    assert holder.address is not None
    assert holder.address.in_one_line == "3 Rye Lane, SE15 5BS"
    correction = PersonCorrection.objects.get(person=holder)
    assert correction.reason == f"Application {sent.reference}"
    commands.mark_complete(
        actor=ike(), at=EIGHT_WEEKS_BEFORE, reference=sent.reference, reason="By post"
    )
    assert Certificate.objects.get(kind="firearm").extended_until is not None
