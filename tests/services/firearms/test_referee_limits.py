"""Whom an applicant may name as a referee, until when one can reply, and whom we write to."""

from datetime import timedelta

import pytest

from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms.commands import referees, starting
from bluelamp.services.firearms.commands.starting import MAX_MESSAGES_AN_HOUR
from bluelamp.services.firearms.lookups.progress import get_reply_form
from bluelamp.services.firearms.models import Application, Referee
from bluelamp.services.firearms.reads import hash_token
from tests.cast import INSTALLER, START
from tests.direct_writes import direct_writes
from tests.services.firearms.applications import AT, referee
from tests.services.firearms.test_submit_application import PUBLIC, reply, start, submit, tokens

pytestmark = pytest.mark.django_db
__all__ = ["tokens"]


@pytest.fixture(autouse=True)
def question_sets() -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


@pytest.mark.parametrize("stage", ["granted", "refused", "issued", "withdrawn"])
def test_it_works(tokens: list[str], stage: str) -> None:
    submit(start())
    with direct_writes():
        Application.objects.update(stage=stage)
    # The link of an application that is decided says that it has ended.
    with pytest.raises(NotFound):
        get_reply_form(actor=PUBLIC, at=AT, token=tokens[-1])
    with pytest.raises(NotFound):
        reply(tokens[-1])
    assert not Referee.objects.exclude(replied_at=None).exists()


def test_whoever_replied_is_still_thanked_after_the_decision(tokens: list[str]) -> None:
    submit(start())
    reply(tokens[-1])
    with direct_writes():
        Application.objects.update(stage="granted")
    assert get_reply_form(actor=PUBLIC, at=AT, token=tokens[-1]).has_replied


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([{"referee_email": "GRACE@example.org"}, {}], "referees.1.referee_email"),
        ([{}, {"referee_email": "Ann@Example.org"}], "referees.2.referee_email"),
        ([{"referee_phone": "+44 7700 900456"}, {}], "referees.1.referee_phone"),
        ([{}, {"referee_phone": "+44 7700 900222"}], "referees.2.referee_phone"),
    ],
)
def test_a_referee_is_neither_the_applicant_nor_the_other_one(
    changes: list[dict[str, str]], field: str
) -> None:
    rows = [
        referee("Ann", **{"referee_phone": "07700 900222", **changes[0]}),
        referee("Ben", **{"referee_phone": "07700 900333", **changes[1]}),
    ]
    with pytest.raises(Refused) as refused:
        submit(start(referees=rows))
    assert list(refused.value.errors) == [field]
    assert not Application.objects.exists()


@pytest.mark.parametrize("email", ["grace@example.org", "GRACE@example.org", "ben@example.org"])
def test_a_corrected_address_is_not_ones_own_or_the_other_referees(
    email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = submit(start(referees=[referee("Ann"), referee("Ben")]))
    monkeypatch.setattr(referees, "require_session", lambda **_: sent.application_id)
    row = Referee.objects.get(position=1)
    with pytest.raises(Refused):
        referees.resend_referee_link(
            actor=PUBLIC, at=AT, session_id=row.id, referee_id=row.id, email=email
        )
    with pytest.raises(Refused):
        referees.replace_referee(
            actor=PUBLIC,
            at=AT,
            session_id=row.id,
            referee_id=row.id,
            details=PersonInput(given_name="Cy", family_name="Lee", email=email),
        )
    row.refresh_from_db()
    assert row.email == "ann@example.org"


def test_a_new_referees_phone_is_not_the_applicants(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = submit(start(referees=[referee("Ann"), referee("Ben")]))
    monkeypatch.setattr(referees, "require_session", lambda **_: sent.application_id)
    row = Referee.objects.get(position=1)
    with pytest.raises(Refused) as refused:
        referees.replace_referee(
            actor=PUBLIC,
            at=AT,
            session_id=row.id,
            referee_id=row.id,
            details=PersonInput(
                given_name="Cy", family_name="Lee", email="cy@example.org", phone="07700 900456"
            ),
        )
    assert "phone" in refused.value.errors


def test_one_address_gets_few_messages_however_many_applications_are_begun() -> None:
    for number in range(MAX_MESSAGES_AN_HOUR * 2):
        email = "Ann@example.org" if number % 2 else "ann@example.org"
        started = starting.start_application(actor=PUBLIC, at=AT, kind="grant", email=email)
        # They can still apply: a stranger must not keep them from it.
        assert started.reference
    assert Message.objects.filter(template="firearms-saved").count() == MAX_MESSAGES_AN_HOUR
    starting.start_application(actor=PUBLIC, at=AT, kind="grant", email="ben@example.org")
    assert Message.objects.filter(template="firearms-saved").count() == MAX_MESSAGES_AN_HOUR + 1


def test_another_address_shows_nothing_of_what_was_typed(
    tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An applicant could otherwise read what a referee thinks, by correcting their address."""
    sent = submit(start(referees=[referee("Ann"), referee("Ben")]))
    monkeypatch.setattr(referees, "require_session", lambda **_: sent.application_id)
    row = Referee.objects.get(position=1)
    token = next(token for token in tokens if hash_token(token) == row.token_sha256)
    referees.save_reply(actor=PUBLIC, at=AT, token=token, texts={"worry": "He frightens me"})

    def typed_after_sending(email: str) -> dict[str, str]:
        later = AT + timedelta(hours=9)
        referees.resend_referee_link(
            actor=PUBLIC, at=later, session_id=row.id, referee_id=row.id, email=email
        )
        return dict(get_reply_form(actor=PUBLIC, at=later, token=tokens[-1]).texts)

    # The same referee goes on where they stopped.
    assert typed_after_sending(row.email.upper()) == {"worry": "He frightens me"}
    assert typed_after_sending("ann.new@example.org") == {}
