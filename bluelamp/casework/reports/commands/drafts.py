"""Drafts of reports: start, save, delete."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.reports.lookups import DraftDetail, to_draft_detail
from bluelamp.casework.reports.models import ReportDraft
from bluelamp.casework.reports.questions import (
    current_questions,
    draft_questions,
    is_answer_field,
)
from bluelamp.casework.reports.reads import lock_draft_row
from bluelamp.casework.reports.rules import (
    DRAFT_LIFETIME,
    REPORTER_THINGS,
    KnownReporter,
    report_subject,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.prefill import fill_in_form
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.evidence.commands import withdraw_item

# Far more than any answer may have. A draft stores wrong answers too, but not without end.
MAX_STORED_ANSWER = 20_000
MAX_STORED_ANSWERS = 2_000


@command(permission="report.submit", act="report.draft_started", category=Category.COLLECTION)
def start_draft(
    *, actor: Actor, at: datetime, known: KnownReporter | None = None, source: str = ""
) -> tuple[DraftDetail, str]:
    """Start a draft of a report.

    Args:
        actor: Who reports.
        at: When.
        known: What to fill in, for somebody who follows an earlier case.
        source: Where that is from, as it stands in a sentence: "your case BL-7K2-M9Q-XA4".

    Returns:
        The draft, and the secret that opens it. Only the secret's hash is stored.
    """
    secret = secrets.token_urlsafe(32)
    question_set = current_questions(at)
    sources: dict[str, tuple[str, str]] = {}
    if known:
        facts = {thing: [known.facts] for thing in REPORTER_THINGS}
        sources = fill_in_form(question_set, facts, source=source, at=at)
    draft = ReportDraft.objects.create(
        force=actor.force,
        # A plain hash is enough: unlike a password, 256 random bits cannot be tried through.
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        question_set_version=question_set.version,
        answers={field: text for field, (text, _source) in sources.items()},
        sources=sources,
        known_person_id=known.person_id if known else None,
        started_at=at,
        expires_at=at + DRAFT_LIFETIME,
    )
    record_act(draft, detail={"case": known.reference} if known else {})
    return to_draft_detail(draft), secret


@command(permission="report.submit", act="report.draft_saved", category=Category.COLLECTION)
def save_draft_answers(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    secret: str,
    answers: Mapping[str, str],
    refused_post: Mapping[str, Any] | None = None,
) -> DraftDetail:
    """Store answers as typed, right or wrong, over those with the same names.

    Answers with unknown names are left out. `refused_post` is the whole form where it has errors,
    to be shown again: `step` is the step's name, `fields` what was typed. It replaces the last one.

    Raises:
        NotFound: There is no such draft, or it has expired.
        Refused: An answer cannot be stored at all, or has over 20,000 characters.
    """
    draft = lock_draft_row(draft_id=draft_id, secret=secret, at=at)
    question_set = draft_questions(draft)
    # What the form doesn't ask is left out: whoever posts it by hand cannot fill the draft.
    known_answers = {
        name: text for name, text in answers.items() if is_answer_field(question_set, name)
    }
    reject_unstorable(known_answers)
    for name, text in known_answers.items():
        if len(text) > MAX_STORED_ANSWER:
            raise Refused("reports.answer_too_long", field=name, max_length=MAX_STORED_ANSWER)
    draft.answers = {**draft.answers, **known_answers}
    if len(draft.answers) > MAX_STORED_ANSWERS:
        raise Refused("reports.draft_too_large")
    draft.refused_post = dict(refused_post) if refused_post else None
    reject_unstorable(draft.refused_post or {})
    draft.save(update_fields=["answers", "refused_post"])
    record_act(draft, detail={"fields": sorted(known_answers)})
    return to_draft_detail(draft)


@command(permission="report.submit", act="report.draft_item_dropped")
def remove_draft_item(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, item_id: UUID
) -> DraftDetail:
    """Remove an item from a draft. The evidence itself stays: it is never thrown away.

    Raises:
        NotFound: There is no such draft, or it has expired.
    """
    draft = lock_draft_row(draft_id=draft_id, secret=secret, at=at)
    if item_id not in draft.removed_item_ids:
        draft.removed_item_ids = [*draft.removed_item_ids, item_id]
        # It stops counting as one of the report's files, of which there may be so many.
        withdraw_item(subject=report_subject(draft_id), item_id=item_id, at=at)
    draft.save(update_fields=["removed_item_ids"])
    record_act(draft, detail={"item": str(item_id)})
    return to_draft_detail(draft)


@command(permission="report.submit", act="report.draft_forgotten", category=Category.ERASURE)
def delete_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> None:
    """Delete a draft at once, as whoever has its secret asks.

    Items that were handed in with it stay, and so does a report that was made of it.

    Raises:
        NotFound: There is no such draft, or it has expired.
    """
    draft = lock_draft_row(draft_id=draft_id, secret=secret, at=at)
    # Before it is deleted, while the record still has a row to name.
    record_act(draft)
    draft.delete()


@command(permission="report.submit", act="report.drafts_swept", category=Category.ERASURE)
def delete_expired_drafts(*, actor: Actor, at: datetime) -> int:
    """Delete the force's drafts that have expired, and return how many there were."""
    count, _ = ReportDraft.objects.filter(force=actor.force, expires_at__lte=at).delete()
    record_act(None, detail={"count": count})
    return count


@periodic(cron="23 3 * * *", name="reports.sweep_drafts", queue=Queue.BULK)
def delete_expired_drafts_every_night() -> None:
    """Delete the drafts that expired since last night, force by force."""
    at = clock.now()
    forces = ReportDraft.objects.filter(expires_at__lte=at).values_list("force", flat=True)
    # A command acts for one force.
    for force in sorted(set(forces)):
        actor = Actor.system("draft retention", force=force, permissions={"report.submit"})
        delete_expired_drafts(actor=actor, at=at)
