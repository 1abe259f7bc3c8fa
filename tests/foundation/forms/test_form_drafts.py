"""Forms that somebody is filling in: begun, saved, opened and deleted."""

from datetime import datetime, timedelta

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.commands import (
    MAX_TEXT_LENGTH,
    MAX_TEXTS,
    delete_form_draft,
    load_question_set,
    put_in_force,
    save_form_draft,
    start_form_draft,
)
from bluelamp.foundation.forms.lookups import find_form_draft, get_form_draft
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.prefill import fill_in_form
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.retention import delete_expired_rows
from tests.cast import INSTALLER, signed_in
from tests.direct_writes import direct_writes
from tests.foundation.forms.sets import JOURNEY, lost_property

pytestmark = pytest.mark.django_db
GRACE = public_actor(address="127.0.0.1")


@pytest.fixture(autouse=True)
def _loaded(at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property(), in_force_from=london_date(at))


@pytest.fixture
def editor(db: None) -> Actor:
    """Joy, who may also load question sets and try them out."""
    from bluelamp.demo import cast

    return signed_in(cast.JOY)


def test_it_works(at: datetime) -> None:
    draft, secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    saved = save_form_draft(
        actor=GRACE, at=at, draft_id=draft.id, secret=secret, texts={"what": "My hat"}
    )
    assert saved.texts == {"what": "My hat"}
    opened = get_form_draft(actor=GRACE, at=at, draft_id=draft.id, secret=secret)
    assert (opened.texts, opened.question_set.version) == ({"what": "My hat"}, 1)
    row = FormDraft.objects.get()
    assert secret not in row.secret_sha256
    acts = AuditEntry.objects.filter(subject_id=row.id).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["form.draft_started", "form.draft_saved", "form.draft_read"]
    delete_form_draft(actor=GRACE, at=at, draft_id=draft.id, secret=secret)
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("secret", ["", "another", "\x00\ud800"])
def test_a_wrong_secret_opens_nothing(secret: str, at: datetime) -> None:
    draft, _secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    with pytest.raises(NotFound):
        get_form_draft(actor=GRACE, at=at, draft_id=draft.id, secret=secret)


def test_a_draft_of_staff_is_their_own(at: datetime, editor: Actor, ada: Actor) -> None:
    draft, secret = start_form_draft(
        actor=editor, at=at, name="lost-property", version=1, subject="try"
    )
    assert secret == ""
    assert find_form_draft(actor=editor, at=at, subject="try") == draft
    assert find_form_draft(actor=editor, at=at, subject="other") is None
    colleague = Actor(**{**_fields(ada), "permissions": ada.permissions | {"form.fill_in"}})
    for other in (colleague, GRACE):
        with pytest.raises(NotFound):
            get_form_draft(actor=other, at=at, draft_id=draft.id)


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


def test_it_ends_on_the_version_it_was_begun_on(at: datetime) -> None:
    draft, secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    load_question_set(actor=INSTALLER, at=at, file=lost_property(2))
    later = at + timedelta(days=1)
    put_in_force(
        actor=INSTALLER,
        at=later,
        name="lost-property",
        version=2,
        in_force_from=london_date(later),
    )
    opened = get_form_draft(actor=GRACE, at=later, draft_id=draft.id, secret=secret)
    assert opened.question_set.version == 1


def test_removed_fields(at: datetime) -> None:
    draft, secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    texts = {"cars.1.make": "Ford", "cars.10.make": "Fiat", "cars.rows": "1 10"}
    for options in ({"texts": texts}, {"texts": {"cars.rows": "10"}, "removed_prefix": "cars.1."}):
        saved = save_form_draft(
            actor=GRACE,
            at=at,
            draft_id=draft.id,
            secret=secret,
            **options,  # type: ignore[arg-type]
        )
    assert saved.texts == {"cars.10.make": "Fiat", "cars.rows": "10"}


@pytest.mark.parametrize(
    "texts",
    [
        {"what": "a\x00b"},
        {"what": "\ud800"},
        {"what": "x" * (MAX_TEXT_LENGTH + 1)},
        {f"field{number}": "" for number in range(MAX_TEXTS + 1)},
    ],
    ids=["NUL", "surrogate", "long", "many"],
)
def test_what_cannot_be_stored_is_refused(texts: dict[str, str], at: datetime) -> None:
    draft, secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    with pytest.raises(Refused):
        save_form_draft(actor=GRACE, at=at, draft_id=draft.id, secret=secret, texts=texts)


def test_known_answers_are_filled_in(at: datetime) -> None:
    sources = {"what": ("My hat", "your last report")}
    draft, secret = start_form_draft(
        actor=GRACE, at=at, name="lost-property", version=1, sources=sources
    )
    assert (draft.texts, draft.sources) == ({"what": "My hat"}, sources)
    assert draft.corrected_fields == []
    changed = save_form_draft(
        actor=GRACE, at=at, draft_id=draft.id, secret=secret, texts={"what": "My cap"}
    )
    assert changed.corrected_fields == ["what"]


def test_facts_fill_a_form_in(at: datetime) -> None:
    facts = {"applicant": [{"name": "Grace Holloway"}]}
    filled = fill_in_form(JOURNEY.question_set, facts, source="your account", at=at)
    assert filled == {"full_name": ("Grace Holloway", "your account")}


def test_it_is_deleted_when_it_was_not_saved_for_long(at: datetime) -> None:
    draft, secret = start_form_draft(actor=GRACE, at=at, name="lost-property", version=1)
    later = at + timedelta(days=90, seconds=1)
    with pytest.raises(NotFound):
        get_form_draft(actor=GRACE, at=later, draft_id=draft.id, secret=secret)
    with direct_writes():
        assert delete_expired_rows(FormDraft, later) == 1
