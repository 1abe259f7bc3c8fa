"""Forms that somebody is filling in: start, save, delete."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.lookups import FormDraftDetail, to_draft_detail
from bluelamp.foundation.forms.models import FormDraft, QuestionSetVersion
from bluelamp.foundation.forms.reads import find_draft_row, hash_secret
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.text import reject_unstorable

# Far more than any form asks for. A draft stores wrong answers too, but not without end.
MAX_TEXT_LENGTH = 20_000
MAX_TEXTS = 5_000


@command(permission="form.fill_in", act="form.draft_started", category=Category.COLLECTION)
def start_form_draft(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    version: int,
    subject: str = "",
    sources: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[FormDraftDetail, str]:
    """Start to fill in one version of a question set.

    Args:
        actor: Who fills it in. The draft of somebody who is signed in is theirs.
        at: The time.
        name: The question set.
        version: Its version, which the draft ends on.
        subject: What it is about, in the front end's own terms, so that its owner finds it again.
        sources: For each field that we can fill in: the text, and where it is from.

    Returns:
        The draft, and the secret that opens it: "" where it has an owner.
    """
    row = QuestionSetVersion.objects.filter(name=name, version=version).first()
    if row is None:
        raise NotFound("There is no such form.")
    secret = "" if actor.id else secrets.token_urlsafe(32)
    draft = FormDraft.objects.create(
        force=actor.force,
        question_set=row,
        subject=subject,
        texts={field: text for field, (text, _source) in (sources or {}).items()},
        sources=dict(sources or {}),
        owner_id=actor.id,
        secret_sha256=hash_secret(secret),
        started_at=at,
        saved_at=at,
    )
    record_act(draft, ref=str(row))
    return to_draft_detail(draft), secret


@command(permission="form.fill_in", act="form.draft_saved", category=Category.COLLECTION)
def save_form_draft(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    secret: str = "",
    texts: Mapping[str, str],
    removed_prefix: str = "",
) -> FormDraftDetail:
    """Store texts as they were typed, right or wrong, over those of the same fields.

    Args:
        actor: Who fills the form in.
        at: The time.
        draft_id: The draft.
        secret: What opens it, "" for its owner.
        texts: The text of each field.
        removed_prefix: Remove every field whose name begins so: the row of a repeated section.

    Raises:
        NotFound: There is no such draft, or it was last saved too long ago.
        Refused: A text cannot be stored, or there is too much.
    """
    draft = find_draft_row(actor=actor, at=at, draft_id=draft_id, secret=secret, lock=True)
    reject_unstorable(texts)
    for field, text in texts.items():
        if len(text) > MAX_TEXT_LENGTH:
            raise Refused("forms.draft_too_long", field=field, max_length=MAX_TEXT_LENGTH)
    others = {
        field: text
        for field, text in draft.texts.items()
        if not removed_prefix or not field.startswith(removed_prefix)
    }
    draft.texts = others | dict(texts)
    if len(draft.texts) > MAX_TEXTS:
        raise Refused("forms.draft_too_large")
    draft.saved_at = at
    draft.save(update_fields=["texts", "saved_at"])
    record_act(draft, detail={"fields": sorted(texts), "removed": removed_prefix})
    return to_draft_detail(draft)


@command(permission="form.fill_in", act="form.draft_deleted", category=Category.ERASURE)
def delete_form_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str = "") -> None:
    """Delete a draft at once. Raises NotFound where there is none for this actor."""
    draft = find_draft_row(actor=actor, at=at, draft_id=draft_id, secret=secret, lock=True)
    record_act(draft)
    draft.delete()
